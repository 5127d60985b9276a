"""What a reader of Chinese alone meets: names for keys, and the signs of the language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dtrack.model import Record
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import BASE
from dtrack.web.app import create_app
from dtrack.web.texts import relation_words, words
from serving import HEAD, TestClient, small_service

HTML = {"Accept": "text/html"}
EMPTY = f"""{HEAD}
<id/framework/empty> a dt:Framework ; dt:shortName "Empty" ; dt:frameworkOf <id/instrument/cbd> ;
    skos:prefLabel "A framework without targets"@en, "没有目标的框架"@zh .
<codes/actor/nobody> a skos:Concept, dt:Actor ; skos:inScheme <codes/actor> ;
    skos:notation "nobody" ; skos:prefLabel "nobody"@en, "无人"@zh ;
    skos:definition "Whom no text addresses."@en .
"""
PAGES = [
    "/", "/overlaps", "/overlaps/cbd/cms", "/decisions", "/doc/decision/cbd-cop-12-19",
    "/doc/target/aichi-5", "/doc/framework/aichi", "/doc/instrument/cbd", "/instruments",
    "/doc/meeting/cbd-cop-12", "/meetings", "/frameworks", "/gaps/aichi", "/leads/aichi",
    "/codes/theme/wetlands", "/codes/actor/parties", "/deadlines", "/network", "/find?q=marine",
    "/patterns", "/near/cbd-cop-12-19/1", "/compare?a=XII/19&b=XII/20", "/sparql", "/codes",
]  # fmt: skip
TAG = re.compile(r"<[^>]*>")
COLON = re.compile(r"[^ ]*[\u4e00-\u9fff]: ")


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    """Client over the small corpus, a framework without targets, and an actor told in English."""
    graph = f"{BASE}/graph/framework/empty"
    more = Record(graph, parse_turtle(EMPTY.encode(), f"{BASE}/", "empty"), "empty")
    with TestClient(create_app(small_service(root, more))) as client:
        yield client


def read(client: TestClient, path: str, language: str = "zh") -> str:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}", headers=HTML)
    assert answer.status_code == 200, path
    return answer.text


@pytest.mark.parametrize("path", PAGES)
def test_colons_are_those_of_the_language(client, path):
    main = read(client, path).partition("<main")[2]

    assert COLON.findall(TAG.sub("", main)) == []


def test_instruments_are_named_in_the_language(client, monkeypatch):
    joint = {
        "meeting": f"{BASE}/id/meeting/joint", "name": "Joint", "start": "2014-10-06",
        "end": "", "city": "", "instruments": "CBD; CMS; XYZ", "texts": "0",
    }  # fmt: skip
    with monkeypatch.context() as patched:
        patched.setattr("dtrack.web.lists.catalogue", lambda *_, **__: [joint])
        assert "· 生物多样性公约；移栖物种公约；XYZ<" in read(client, "/meetings")
        assert "· CBD; CMS; XYZ<" in read(client, "/meetings", "en")
    assert '<span class="help">生物多样性公约</span>' in read(client, "/frameworks")
    assert '<span class="help">CBD</span>' in read(client, "/frameworks", "en")


def test_patterns_name_instruments_not_their_keys(client):
    page = read(client, "/patterns?group=all")

    assert "<summary>移栖物种公约</summary>" in page
    assert "<summary>CMS</summary>" not in page
    assert "移栖物种公约 1<" in read(client, "/patterns?group=all&kind=common")


def test_page_of_a_framework_without_targets_leads_to_no_gaps(client):
    for page in ("/doc/framework/empty", "/gaps", "/"):
        assert "/gaps/empty" not in read(client, page)
    assert "/gaps/aichi" in read(client, "/gaps")
    assert "/gaps/aichi" in read(client, "/doc/framework/aichi")
    assert client.get("/gaps/empty", headers=HTML).status_code == 404


@pytest.mark.parametrize(
    ("language", "relation", "said"),
    [("en", "succeeds", "follows"), ("zh", "succeeds", "接续自"), ("zh", "succeededBy", "后继为")],
)
def test_relations_of_evidence_have_words(language, relation, said):
    assert relation_words(language, relation) == said


def lead(client: TestClient, path: str, language: str) -> tuple[str | None, str]:
    found = re.search(r'<p class="lead"(?: lang="(\w+)")?>([^<]*)<', read(client, path, language))
    assert found is not None, path
    return found[1], found[2]


def test_definition_in_english_says_so(client):
    assert lead(client, "/codes/actor/nobody", "zh") == ("en", "Whom no text addresses.")
    assert lead(client, "/codes/actor/nobody", "en") == (None, "Whom no text addresses.")


@pytest.mark.parametrize("code", ["theme/wetlands", "actor/aarhus-mop"])
def test_concept_is_defined_in_the_language(client, code):
    told, said = lead(client, f"/codes/{code}", "zh")

    assert (told, said[-1]) == (None, "。")
    assert lead(client, f"/codes/{code}", "en")[1].endswith(".")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_dataset_names_kinds_and_services(client, language):
    main = read(client, "/dataset", language).partition("<main")[2].partition("</main>")[0]
    kinds = re.findall(r'<th scope="row">([^<]+)</th>', main)
    services = re.findall(r'<li><a href="/[^"]*">([^<]+)</a></li>', main)

    assert words()[language]["service_sparql"] in services
    assert len(services) == 5
    if language == "zh":
        assert {"决定", "文书", "文书组", "框架"} <= set(kinds)
        assert not [kind for kind in kinds if re.fullmatch(r"[a-z-]+", kind)]
    else:
        assert {"decision", "group of instruments", "framework"} <= set(kinds)
