"""The OData service: ECOLEX's query as it is, options, both formats, errors, honest dates."""

from __future__ import annotations

import contextlib
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtrack.errors import ParameterError
from dtrack.model import Edit
from dtrack.publish.odata import options as odata_options
from dtrack.publish.odata.filtering import read_filter
from dtrack.publish.odata.sets import SETS
from publish_homes import Told

ECOLEX = (
    "/odata/Decisions?$filter=updated gt datetime'2014-01-01T00:00:00'"
    "&$expand=title,longTitle,keywords,content,files,summary"
    "&$orderby=updated asc&$format=json&$top=20&$skip=0"
)
"""What ECOLEX sends, with a day of its own."""


def ask(told: Told, address: str, status: int = 200, **headers: str) -> Any:
    answer = told.client.get(f"/odata/{address}", headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def ids(told: Told, address: str) -> list[str]:
    return [each["id"] for each in ask(told, address)["d"]["results"]]


def ticks(text: str) -> datetime:
    match = re.fullmatch(r"/Date\((-?\d+)\)/", text)
    assert match
    return datetime.fromtimestamp(int(match[1]) / 1000, UTC)


def test_ecolex_harvests_as_it_is(told: Told) -> None:
    answer = told.client.get(ECOLEX)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json;odata=verbose;charset=utf-8"
    results = answer.json()["d"]["results"]
    # The edited one was changed last; the withdrawn one is no more.
    assert [each["id"] for each in results] == ["cbd-cop-12-19", "cbd-cop-12-20"]
    first = results[0]
    assert first["treaty"] == "cbd"
    assert first["number"] == "XII/19"
    assert (first["type"], first["status"]) == ("decision", "adopted")
    assert ticks(first["published"]) == datetime(2014, 10, 17, tzinfo=UTC)
    assert first["link"] == "https://example.org/cbd-cop-12-19"
    titles = {each["language"]: each["value"] for each in first["title"]["results"]}
    assert titles == {"en": "Restoration", "zh": "Restoration 中文"}
    assert {each["term"] for each in first["keywords"]["results"]} == {"wetlands"}
    assert first["meetingId"] == "cbd-cop-12"
    for name in ("longTitle", "content", "files", "summary"):
        assert first[name] == {"results": []}


def test_updated_is_when_a_thing_last_changed(told: Told) -> None:
    journal = told.node.current().journal
    first, last = ask(told, "Decisions?$orderby=updated")["d"]["results"]
    late = datetime.fromisoformat(journal.facts(2).at)

    assert (late - ticks(last["updated"])).total_seconds() < 0.001
    assert ticks(first["updated"]) < ticks(last["updated"])
    later = ticks(last["updated"]).isoformat().removesuffix("+00:00")
    assert ids(told, f"Decisions?$filter=updated gt datetime'{later}'") == []
    assert ids(told, f"Decisions?$filter=updated ge datetime'{later}'") == ["cbd-cop-12-20"]


def test_updated_of_things_that_share_a_record(changing: Told) -> None:
    """A meeting in the record of an instrument is no newer for what happened beside it."""
    graph = "https://w3id.org/dtrack/graph/instrument/cbd"
    desk, journal = changing.node.desk, changing.node.current().journal
    before = ask(changing, "Meetings('cbd-cop-12')")["d"]["updated"]
    content = journal.content(journal.heads([graph])[graph].digest)
    desk.write(Edit({graph: content.replace(b"1992-05-22", b"1992-05-23")}, "ana", "Day", "desk"))
    beside = ask(changing, "Meetings('cbd-cop-12')")["d"]["updated"]
    treaty = ask(changing, "Treaties('cbd')")["d"]
    content = journal.content(journal.heads([graph])[graph].digest)
    desk.write(Edit({graph: content.replace(b"2014-10-06", b"2014-10-07")}, "ana", "Day", "desk"))
    own = ask(changing, "Meetings('cbd-cop-12')")["d"]

    assert beside == before
    assert ticks(treaty["updated"]) > ticks(before)
    assert ticks(own["updated"]) > ticks(before)
    assert ticks(own["start"]) == datetime(2014, 10, 7, tzinfo=UTC)


FILTERS = {
    "number eq 'XII/19'": ["cbd-cop-12-19"],
    "number in ('XII/19', 'XII/20')": ["cbd-cop-12-19", "cbd-cop-12-20"],
    "substringof('seas', title)": ["cbd-cop-12-20"],
    "contains(tolower(title), 'RESTORATION')": [],
    "contains(toupper(title), 'RESTORATION') and treaty eq 'cbd'": ["cbd-cop-12-19"],
    "not startswith(number, 'XII/1')": ["cbd-cop-12-20"],
    "year(published) eq 2014 and month(published) lt 11": ["cbd-cop-12-19", "cbd-cop-12-20"],
    "published gt 2014-10-16": ["cbd-cop-12-19", "cbd-cop-12-20"],
    "published lt datetime'2014-10-17T00:00:00'": [],
    "title/any(t: t/language eq 'zh' and contains(t/value, 'Restor'))": ["cbd-cop-12-19"],
    "keywords/all(k: k/term ne 'wetlands')": ["cbd-cop-12-20"],
    "files/any()": [],
    "published in (2014-10-17, 2014-10-18)": ["cbd-cop-12-19", "cbd-cop-12-20"],
    "legalForce eq null": ["cbd-cop-12-19", "cbd-cop-12-20"],
    "legalForce gt 'a' or meetingUrl ne null": [],
    "length(number) add 1 eq 7": ["cbd-cop-12-19", "cbd-cop-12-20"],
    "length(legalForce) gt 1": [],
    "number gt 5": [],
    "number eq 'it''s'": [],
    "number eq 'datetime''2014'": [],
}


@pytest.mark.parametrize("text", FILTERS)
def test_filter(told: Told, text: str) -> None:
    address = f"Decisions?$filter={text}&$orderby=id"
    assert ids(told, address) == FILTERS[text]


FAULTY = [
    "number eq", "colour eq 'red'", "nothing(number)", "number eq 'open", "paragraphs/any()",
    "geo.length(number) eq 1", "content eq 'x'", "x" * 5000, "(" * 3000, "t/language eq 'en'",
    "title/any(t: u/language eq 'en')", "number eq 'a'; drop", "' } INSERT DATA { <a:b>",
]  # fmt: skip


@pytest.mark.parametrize("text", FAULTY, ids=range(len(FAULTY)))
def test_faulty_filters_are_refused_in_odata_form(told: Told, text: str) -> None:
    said = ask(told, f"Decisions?$filter={text}", 400)["error"]

    assert said["message"]["lang"] == "en"
    assert said["message"]["value"]
    assert said["code"]


@pytest.mark.parametrize(
    "text",
    ["updated gt '2014-01-01T00:00:00'", "'2014-01-01' lt published", "updated eq 5",
     "treaty eq 'cbd' and not (published le 'yesterday')",
     "published in ('2014-10-17', '2014-10-18')"],
)  # fmt: skip
def test_a_time_beside_text_is_refused_and_says_how_to_write_it(told: Told, text: str) -> None:
    said = ask(told, f"Decisions?$filter={text}", 400)["error"]["message"]["value"]

    assert "is a time" in said
    assert "datetime'2026-01-01T00:00:00'" in said


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    with contextlib.suppress(ParameterError):
        assert callable(read_filter(text, SETS["Decisions"]))


def test_options(told: Told) -> None:
    page = ask(told, "Decisions?$inlinecount=allpages&$top=1&$orderby=number desc&$select=number")

    assert page["d"]["__count"] == "2"
    assert "__next" not in page["d"]
    (only,) = page["d"]["results"]
    assert {*only} == {"__metadata", "number"}
    assert only["number"] == "XII/20"
    assert ids(told, "Decisions?$orderby=number&$skip=1") == ["cbd-cop-12-20"]
    assert ids(told, "Decisions?$top=0") == []
    assert told.client.get("/odata/Decisions/$count").text == "2"
    assert told.client.get("/odata/Decisions/$count?$filter=number eq 'XII/19'").text == "1"
    for wrong in (
        "$top=-1", "$top=x", "$skip=1.5", "$expand=author", "$select=author", "$orderby=author",
        "$orderby=number up", "$inlinecount=some", "$count=2", "$search=x", "$skiptoken=!",
        "$skiptoken=W10", "$top=1&$top=2",
    ):  # fmt: skip
        assert ask(told, f"Decisions?{wrong}", 400)["error"]["code"], wrong
    ask(told, "Decisions?$format=atom", 406)


def test_pages_follow_each_other(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odata_options, "PAGE", 2)
    address, seen, pages = "http://testserver/odata/Treaties?$orderby=titleEnglish desc", [], 0
    while address:
        found = told.client.get(address).json()["d"]
        seen += [each["id"] for each in found["results"]]
        following = found.get("__next")
        address = urljoin(address, following) if following else ""
        pages += 1

    assert pages == 2
    assert seen == ["ramsar", "cms", "cbd"]
    # What is asked for in all is given over several pages.
    first = told.client.get("/odata/Treaties?$top=3").json()["d"]
    rest = told.client.get(urljoin("/odata/Treaties", first["__next"])).json()["d"]
    assert len(first["results"]) + len(rest["results"]) == 3
    assert "__next" not in rest


def test_pages_go_on_when_something_is_withdrawn_between(
    changing: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(odata_options, "PAGE", 1)
    first = ask(changing, "Treaties?$orderby=id")["d"]
    graph = "https://w3id.org/dtrack/graph/instrument/cbd"
    changing.node.desk.write(Edit({graph: None}, "ana", "Gone", "desk"))
    rest = ask(changing, first["__next"])["d"]

    assert first["results"][0]["id"] == "cbd"
    assert rest["results"][0]["id"] == "ramsar"


def test_one_entity_and_its_parts(told: Told) -> None:
    one = ask(told, "Decisions('cbd-cop-12-19')?$expand=paragraphs,taggings")["d"]
    (paragraph,) = one["paragraphs"]["results"]
    deferred = one["title"]["__deferred"]["uri"]

    assert paragraph["number"] == "1"
    assert (paragraph["verbs"], paragraph["addressees"]) == ("invites", "parties")
    assert paragraph["deadline"] == "2015-06-30"
    assert paragraph["summary"] == "Asks for wetlands work."
    titles = told.client.get(deferred.removeprefix("https://w3id.org/dtrack")).json()["d"]
    assert {each["language"] for each in titles["results"]} == {"en", "zh"}
    assert ask(told, "Decisions('cbd-cop-12-19')/number")["d"] == {"number": "XII/19"}
    assert ask(told, "Decisions(id='cbd-cop-12-19')")["d"]["id"] == "cbd-cop-12-19"
    for nothing in (
        "Decisions('x')", "Decisions('it''s')", "Nothing", "Decisions('cbd-cop-12-19')/author",
        "Decisions/title", "Decisions('a')('b')", "Decisions(1)", "$batch",
    ):  # fmt: skip
        assert ask(told, nothing, 404)["error"]["code"] == "NotFound", nothing


def test_version_4(told: Told) -> None:
    page = ask(told, "Decisions?$count=true&$expand=title&$top=1", **{"OData-Version": "4.0"})
    also = ask(told, "Decisions?$format=application/json;odata.metadata=minimal")
    service = ask(told, "", accept="application/json;odata.metadata=minimal")
    wrong = ask(told, "Decisions?$top=x", 400, **{"OData-MaxVersion": "4.01"})

    assert page["@odata.context"].endswith("/odata/$metadata#Decisions")
    assert page["@odata.count"] == 2
    assert page["value"][0]["published"] == "2014-10-17T00:00:00Z"
    assert [each["language"] for each in page["value"][0]["title"]] == ["en", "zh"]
    assert len(also["value"]) == 2
    assert "title" not in also["value"][0]
    assert {each["name"] for each in service["value"]} == SETS.keys()
    assert isinstance(wrong["error"]["message"], str)


@pytest.mark.parametrize("version", [3, 4])
def test_metadata_describes_every_property(told: Told, version: int) -> None:
    headers = {"OData-Version": "4.0"} if version == 4 else {}
    answer = told.client.get("/odata/$metadata", headers=headers)
    root = ET.fromstring(answer.content)
    space = re.search(r'xmlns="([^"]*/edm)"', answer.text)
    assert space
    types = {each.get("Name"): each for each in root.iter(f"{{{space[1]}}}EntityType")}

    assert answer.headers["content-type"].startswith("application/xml")
    for entity_set in SETS.values():
        described = types[entity_set.entity]
        simple = {p.get("Name") for p in described.iter(f"{{{space[1]}}}Property")}
        many = {p.get("Name") for p in described.iter(f"{{{space[1]}}}NavigationProperty")}
        assert (simple, many) == ({*entity_set.simple}, {*entity_set.many})
        shown = ask(told, entity_set.name)["d"]["results"]
        assert all({*each} <= {"__metadata", *entity_set.names} for each in shown)


def test_service_document_and_304(told: Told) -> None:
    assert ask(told, "")["d"]["EntitySets"] == [*SETS]
    first = told.client.get("/odata/Decisions")
    again = told.client.get("/odata/Decisions", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert json.loads(first.content)["d"]["results"]
