"""/api/v1: each address gives what it should, and refuses what it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.terms import BASE
from dtrack.web.app import create_app
from serving import HOSTILE, TestClient, mapping_record, small_service

ENGLISH = "Convention on Biological Diversity"
GOOD = {
    "/api/v1/overlaps?group=biodiversity": lambda r: len(r["cells"]) == 3,
    "/api/v1/overlaps?instrument=cbd&instrument=cms": lambda r: r["cells"][0]["pairs"] == 1,
    "/api/v1/overlaps/cbd/cms": lambda r: r["total"] == 1 and r["pairs"][0]["score"] > 0.5,
    "/api/v1/overlaps/near/cbd-cop-12-19/1": lambda r: len(r["pairs"]) >= 1,
    "/api/v1/overlaps/at/target/aichi-5": lambda r: len(r["provisions"]) == 2,
    "/api/v1/overlaps/at/theme/wetlands": lambda r: len(r["provisions"]) == 2,
    "/api/v1/overlaps/at/theme/wetlands?limit=1": lambda r: (
        r["total"] == 2 and sum(r["counts"].values()) == 2 and len(r["provisions"]) == 1
    ),
    "/api/v1/overlaps?values=0": lambda r: (
        r["cells"][0]["shared_themes"] == [] and r["cells"][0]["shared_theme_count"] > 0
    ),
    "/api/v1/overlaps/facets": lambda r: (
        r["directives"] == r["active"] > 1 and r["instruments"][0]["value"]["key"] == "cbd"
    ),
    "/api/v1/overlaps/facets?status=ended": lambda r: r["active"] == 0,
    "/api/v1/overlaps/facets?on=1990-01-01": lambda r: r["directives"] == 0,
    "/api/v1/overlaps/facets?target=aichi-5&force=invitation": lambda r: r["directives"] > 0,
    "/api/v1/overlaps/common?theme=wetlands": lambda r: len(r["values"]) == r["total"] > 0,
    "/api/v1/overlaps/duplicates": lambda r: r["total"] == len(r["groups"]),
    "/api/v1/overlaps/clusters?least=2": lambda r: (
        len(r["groups"][0]["instruments"]) == 2 and r["groups"][0]["provisions"][0]["summary"]
    ),
    "/api/v1/overlaps/conflicts": lambda r: r["conflicts"] == [],
    "/api/v1/leads/aichi": lambda r: any(t["candidates"] for t in r["targets"]),
    "/api/v1/reporting-modules": lambda r: (r["parties"], r["memberships"]) == ([], 0),
    "/api/v1/gaps/aichi?group=biodiversity": lambda r: len(r["empty"]) == 3,
    "/api/v1/resolve?symbol=XII/19": lambda r: r[0]["key"] == "cbd-cop-12-19",
    "/api/v1/queries": lambda r: any(q["name"] == "decision_outline" for q in r),
    "/api/v1/queries/decision_outline?decision=XII/19": lambda r: r["rows"][0]["number"] == "1",
    "/api/v1/instruments": lambda r: [i["key"] for i in r["items"]] == ["cbd", "cms", "ramsar"],
    "/api/v1/instruments/cbd": lambda r: r["governing_bodies"][0]["key"] == "cbd-cop",
    "/api/v1/meetings?instrument=cms": lambda r: len(r["items"]) == 1,
    "/api/v1/meetings/cbd-cop-12": lambda r: r["session"] == "12",
    "/api/v1/decisions?instrument=cbd": lambda r: len(r["items"]) == 2,
    "/api/v1/decisions?q=mArInE": lambda r: r["items"][0]["key"] == "cbd-cop-12-20",
    "/api/v1/decisions?kind=resolution": lambda r: r["items"] == [],
    "/api/v1/decisions/cbd-cop-12-19": lambda r: r["provisions"][0]["verbs"] == ["invites"],
    "/api/v1/decisions/decision/cbd-cop-12-19": lambda r: r["symbol"] == "XII/19",
    "/api/v1/decisions/XII/19": lambda r: r["key"] == "cbd-cop-12-19",
    "/api/v1/decisions/https://w3id.org/dtrack/id/decision/cbd-cop-12-19": lambda r: r["key"],
    "/api/v1/decisions?year=2014&theme=wetlands": lambda r: len(r["items"]) == 2,
    "/api/v1/decisions?year=2013": lambda r: r["items"] == [] and r["facets"] is None,
    "/api/v1/decisions?status=retired": lambda r: r["items"] == [],
    "/api/v1/decisions?facets=true&kind=decision&limit=1": lambda r: (
        {f["value"]: f["count"] for f in r["facets"]["instrument"]} == {"cbd": 2, "cms": 1}
        and r["facets"]["year"] == [{"value": "2014", "label": "2014", "count": 3}]
        and r["facets"]["theme"][0]["label"] == "wetlands"
        and r["facets"]["kind"][0]["count"] == 3
    ),
    "/api/v1/provisions?theme=wetlands": lambda r: len(r["items"]) == 2,
    "/api/v1/provisions?actor=parties&verb=invites&target=aichi-4": lambda r: (
        [i["text"]["key"] for i in r["items"]] == ["cbd-cop-12-20"]
    ),
    "/api/v1/provisions?text=XII/19&kind=operational": lambda r: r["items"][0]["number"] == "1",
    "/api/v1/provisions?instrument=ramsar": lambda r: r["items"] == [],
    "/api/v1/search?q=restor": lambda r: (
        "cbd-cop-12-19" in [i["key"] for i in r["items"]] and r["next"] is None
    ),
    "/api/v1/search?q=XII/19": lambda r: r["items"][0]["kind"] == "Decision",
    "/api/v1/search?q=%E6%B9%BF%E5%9C%B0&lang=zh&limit=1": lambda r: (
        r["items"][0]["label"] == "湿地" and r["next"]
    ),
    "/api/v1/search?q=work+wetl&kind=OperativeProvision&facets=true": lambda r: (
        [i["label"] for i in r["items"]] == ["XII/19 1", "Resolution 11.10 1"]
        and {f["value"]: f["count"] for f in r["facets"]["instrument"]} == {"cbd": 1, "cms": 1}
    ),
    "/api/v1/search?q=wetl+nothing": lambda r: r["items"] == [],
    "/api/v1/deadlines?since=2015-01-01&until=2020-12-31": lambda r: (
        [(i["due"], i["provision"]["symbol"]) for i in r["items"]] == [("2015-06-30", "XII/19")]
    ),
    "/api/v1/deadlines?actor=parties&instrument=cms": lambda r: r["items"] == [],
    "/context.jsonld": lambda r: r["@context"]["iri"] == "@id",
    "/api/v1/frameworks/aichi": lambda r: r["items"] == 5 == len(r["targets"]),
    "/api/v1/provisions/cbd-cop-12-19/1": lambda r: r["targets"][0]["key"] == "aichi-5",
    "/api/v1/frameworks": lambda r: r["items"][0]["items"] == 5,
    "/api/v1/targets?framework=aichi": lambda r: len(r["items"]) == 5,
    "/api/v1/targets/aichi-5": lambda r: len(r["served_by"]) == 2,
    "/api/v1/themes?top=true": lambda r: all(not i["broader"] for i in r["items"]) and r["items"],
    "/api/v1/themes/wetlands": lambda r: r["broader"] and r["definition"],
    "/api/v1/actors?limit=1000": lambda r: any(i["key"] == "parties" for i in r["items"]),
    "/api/v1/actors/parties": lambda r: r["label"] == "Parties",
    "/health/live": lambda r: r["status"] == "ok",
    "/health/ready": lambda r: r["status"] == "ok",
    "/version": lambda r: r["digest"] and r["revision"] == 0,
}

UNKNOWN = [
    "/api/v1/overlaps/cbd/nothing", "/api/v1/overlaps/near/cbd-cop-12-19/99",
    "/api/v1/overlaps/at/target/nothing", "/api/v1/overlaps/at/theme/nothing",
    "/api/v1/overlaps?group=nothing", "/api/v1/overlaps?instrument=nothing",
    "/api/v1/leads/nothing", "/api/v1/overlaps/effect?mapping=nothing",
    "/api/v1/reporting-modules?party=nothing", "/api/v1/reporting-modules?module=nothing",
    "/api/v1/overlaps?force=nothing", "/api/v1/overlaps?target=nothing",
    "/api/v1/overlaps?actor=nothing", "/api/v1/gaps/nothing", "/api/v1/resolve?symbol=nothing",
    "/api/v1/queries/nothing", "/api/v1/instruments/nothing", "/api/v1/decisions/nothing",
    "/api/v1/provisions/cbd-cop-12-19/99", "/api/v1/targets/nothing", "/api/v1/themes/nothing",
    "/api/v1/actors/nothing", "/api/v1/meetings?instrument=nothing",
    "/api/v1/targets?framework=nothing", "/api/v1/nothing", "/nothing", "/api/v1/instruments/",
    "/api/v1/search?q=x&theme=nothing", "/api/v1/deadlines?actor=nothing",
    "/api/v1/meetings/nothing", "/api/v1/frameworks/nothing", "/api/v1/provisions?verb=nothing",
    "/api/v1/themes/https://w3id.org/dtrack/id/instrument/cbd",
]  # fmt: skip

FAULTY = [
    "/api/v1/overlaps?since=x", "/api/v1/overlaps?since=2020&until=2010",
    "/api/v1/overlaps?instrument=cbd&instrument=cbd", "/api/v1/overlaps?weight=actor",
    "/api/v1/overlaps?weight=colour=1", "/api/v1/overlaps?weight=actor=-1",
    "/api/v1/overlaps?weight=actor=nan", "/api/v1/overlaps?weight=target=0&weight=theme=0",
    "/api/v1/overlaps?ended=maybe", "/api/v1/overlaps/cbd/cbd",
    "/api/v1/overlaps?status=maybe", "/api/v1/overlaps?on=soon", "/api/v1/overlaps/effect",
    "/api/v1/overlaps/clusters?least=1", "/api/v1/overlaps?values=-1",
    "/api/v1/overlaps/cbd/cms?offset=-1",
    "/api/v1/overlaps/cbd/cms?limit=1001", "/api/v1/decisions?limit=0", "/api/v1/decisions?limit=x",
    "/api/v1/decisions?cursor=!!!", "/api/v1/decisions?cursor=WzFd", "/api/v1/decisions?colour=red",
    "/api/v1/search", "/api/v1/search?q=", "/api/v1/search?q=x&colour=red",
    "/api/v1/deadlines?since=soon", "/api/v1/decisions?year=20", "/api/v1/decisions?status=A%20B",
    "/api/v1/provisions?cursor=x", "/api/v1/instruments?lang=!",
    "/api/v1/resolve", "/api/v1/resolve?symbol=",
    "/api/v1/queries/decision_outline", "/api/v1/queries/decision_outline?colour=red",
    "/api/v1/queries/decision_outline?decision=XII/19&decision=XII/20",
]  # fmt: skip


@pytest.mark.parametrize("address", GOOD)
def test_address_answers(client, address):
    response = client.get(address)

    assert response.status_code == 200, response.text
    media = "application/ld+json" if address == "/context.jsonld" else "application/json"
    assert response.headers["content-type"] == media
    assert GOOD[address](response.json())


@pytest.mark.parametrize("address", UNKNOWN)
def test_unknown_key_is_not_found(client, address):
    response = client.get(address)

    assert response.status_code == 404, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"]


@pytest.mark.parametrize("address", FAULTY)
def test_faulty_parameter_is_refused_with_what_to_do(client, address):
    response = client.get(address)

    assert response.status_code == 400, response.text
    problem = response.json()
    assert problem["detail"]
    assert problem["type"].startswith("https://")


def test_every_address_of_the_description_has_a_good_case(client):
    import re

    own = {
        "Records", "Frameworks and codes", "Overlap", "Catalogue", "Finding", "Linked data",
        "Operations",
    }  # fmt: skip
    paths = client.get("/openapi.json").json()["paths"]
    described = [p for p, of in paths.items() if own & set(of.get("get", {}).get("tags", ()))]
    described.remove("/metrics")  # it is no JSON
    described.remove("/api/v1/overlaps/effect")  # it needs a mapping: see the test after this one
    patterns = {
        path: re.compile(re.sub(r"\{(\w+)\}", r".+", path) + r"(\?.*)?$") for path in described
    }

    missing = [
        path
        for path, pattern in patterns.items()
        if not any(pattern.fullmatch(address) for address in GOOD)
    ]

    assert len(described) > 20
    assert missing == []


@pytest.mark.parametrize(
    "path",
    ["instruments", "meetings", "decisions", "targets", "themes", "actors", "frameworks",
     "provisions"],
)  # fmt: skip
def test_pages_reach_the_end_and_hold_each_item_once(client, path):
    whole = client.get(f"/api/v1/{path}?limit=1000").json()["items"]
    found, address = [], f"/api/v1/{path}?limit=2&lang=zh"
    if path in {"themes", "actors"}:
        address = f"/api/v1/{path}?limit=37&lang=zh"
    while address:
        response = client.get(address)
        page = response.json()
        found += page["items"]
        assert (page["next"] is None) == ("link" not in response.headers)
        if page["next"]:
            assert response.headers["link"] == f'<{page["next"]}>; rel="next"'
        address = page["next"]

    assert [item["iri"] for item in found] == [item["iri"] for item in whole]
    assert len({item["iri"] for item in found}) == len(whole) > 0


def test_pairs_go_on_in_a_link(client):
    response = client.get("/api/v1/overlaps/cbd/cms?limit=1")

    assert "link" not in response.headers
    assert response.json()["total"] == 1


@pytest.mark.parametrize(
    ("address", "headers", "label"),
    [
        ("/api/v1/instruments/cbd?lang=zh", {}, "生物多样性公约"),
        ("/api/v1/instruments/cbd", {"Accept-Language": "zh-CN, en;q=0.5"}, "生物多样性公约"),
        ("/api/v1/instruments/cbd", {"Accept-Language": "en;q=0.2, zh;q=0.9"}, "生物多样性公约"),
        ("/api/v1/instruments/cbd?lang=en", {"Accept-Language": "zh"}, ENGLISH),
        ("/api/v1/instruments/cbd?lang=sw", {}, ENGLISH),
        ("/api/v1/instruments/cbd", {"Accept-Language": ";;q=,zz="}, ENGLISH),
    ],
)  # fmt: skip
def test_labels_are_in_the_language_wanted(client, address, headers, label):
    response = client.get(address, headers=headers)

    assert response.json()["label"] == label
    assert response.headers["content-language"]


@pytest.mark.parametrize(
    ("accept", "start"),
    [("text/csv", "provision,number"), ("text/tab-separated-values", "provision\tnumber")],
)
def test_rows_of_a_query_come_as_tables_too(client, accept, start):
    response = client.get(
        "/api/v1/queries/decision_outline?decision=XII/19", headers={"Accept": accept}
    )

    assert response.headers["content-type"].startswith(accept)
    assert response.text.startswith(start)


@pytest.mark.parametrize(
    "address",
    ["/api/v1/instruments", "/api/v1/overlaps", "/api/v1/queries/decision_outline?decision=XII/19"],
)
def test_other_formats_are_not_acceptable(client, address):
    response = client.get(address, headers={"Accept": "image/png"})

    assert response.status_code == 406
    assert response.headers["content-type"] == "application/problem+json"


PLACES = [
    "/api/v1/overlaps?group={}", "/api/v1/overlaps?instrument={}", "/api/v1/overlaps?framework={}",
    "/api/v1/overlaps?theme={}", "/api/v1/overlaps?actor={}", "/api/v1/overlaps?since={}",
    "/api/v1/overlaps?ended={}", "/api/v1/overlaps?weight={}", "/api/v1/overlaps?lang={}",
    "/api/v1/overlaps/cbd/{}", "/api/v1/overlaps/near/{}", "/api/v1/overlaps/near/x/{}",
    "/api/v1/overlaps/at/target/{}", "/api/v1/overlaps/at/theme/{}", "/api/v1/gaps/{}",
    "/api/v1/resolve?symbol={}", "/api/v1/queries/{}",
    "/api/v1/queries/decision_outline?decision={}",
    "/api/v1/queries/decision_outline?decision=XII/19&lang={}",
    "/api/v1/instruments/{}", "/api/v1/instruments?cursor={}", "/api/v1/instruments?limit={}",
    "/api/v1/meetings?instrument={}", "/api/v1/decisions/{}", "/api/v1/decisions?kind={}",
    "/api/v1/decisions?q={}", "/api/v1/decisions?instrument={}", "/api/v1/provisions/{}/1",
    "/api/v1/search?q={}", "/api/v1/search?q=x&kind={}", "/api/v1/search?q=x&status={}",
    "/api/v1/deadlines?actor={}", "/api/v1/deadlines?since={}", "/api/v1/decisions?theme={}",
    "/api/v1/decisions?status={}", "/api/v1/decisions?year={}", "/api/v1/provisions?text={}",
    "/api/v1/provisions?verb={}", "/api/v1/meetings/{}", "/api/v1/frameworks/{}",
    "/api/v1/provisions/x/{}", "/api/v1/targets/{}", "/api/v1/targets?framework={}",
    "/api/v1/themes/{}", "/api/v1/themes?top={}", "/api/v1/actors/{}", "/sparql?query={}",
    "/sparql?query=ASK%20%7B%7D&format={}", "/sparql?default-graph-uri={}",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_hostile_text_never_breaks_anything(client, place):
    from urllib.parse import quote

    before = client.get("/api/v1/decisions?limit=1000").text
    for text in HOSTILE:
        response = client.get(place.format(quote(text, safe="")))
        assert response.status_code in {200, 400, 404, 406}, (place, text, response.text)
        if response.status_code != 200:
            assert response.headers["content-type"] == "application/problem+json"
            assert "Traceback" not in response.text
    assert client.get("/api/v1/decisions?limit=1000").text == before


def test_effect_of_a_mapping_names_the_cells_that_hang_on_it(root: Path) -> None:
    mapping = f"{BASE}/id/mapping/made-up/1"
    service = small_service(root, mapping_record("aichi-4", "aichi-5"))

    with TestClient(create_app(service)) as client:
        answer = client.get("/api/v1/overlaps/effect", params={"mapping": mapping})

    found = answer.json()
    assert answer.status_code == 200
    assert found["mapping"]["iri"] == mapping
    ends = [{cell["row"]["key"], cell["column"]["key"]} for cell in found["cells"]]
    assert ends == [{"cbd", "cms"}]
