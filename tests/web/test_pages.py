"""Pages: they hold what they should, in both languages, and nothing that runs."""

from __future__ import annotations

import re
import tomllib
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from dtrack.answer.views import CellView, MatrixView, Named
from dtrack.errors import StoreError
from dtrack.web import rendering, texts
from dtrack.web.links import href
from dtrack.web.matrix import table
from serving import HOSTILE

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGES = [
    "/", "/overlaps/cbd/cms", "/overlaps/cbd/ramsar", "/overlaps/cms/cbd?offset=0", "/gaps/aichi",
    "/doc/decision/cbd-cop-12-19", "/doc/decision/cms-res-11-10", "/doc/instrument/cbd",
    "/doc/meeting/cbd-cop-12", "/doc/target/aichi-5", "/codes/theme/wetlands",
    "/codes/actor/parties", "/find?q=nothing-at-all", "/find?q=marine", "/sparql", "/validate",
    "/overlaps", "/overlaps?group=all&measure=pairs&theme=wetlands&since=2000&until=&ended=true",
    "/overlaps?group=rio", "/near/cbd-cop-12-19/1", "/gaps", "/gaps/aichi?group=all&actor=parties",
    "/decisions", "/decisions?kind=resolution", "/decisions?q=nothing-at-all", "/instruments",
    "/meetings", "/meetings?instrument=cbd", "/frameworks", "/themes", "/actors", "/compare",
    "/compare?a=XII/19&b=XII/20", "/options", "/deadlines",
    "/deadlines?actor=parties",
    "/desk", "/desk/new", "/screen", "/patterns?group=all", "/patterns?kind=clusters&group=all",
    "/patterns?kind=conflicts", "/patterns?kind=common&group=all", "/leads/aichi",
    "/screen?text=1.+Invites+Parties+to+restore+wetlands.&instrument=cbd",
    "/network", "/figures", "/ask?example=citations_of", "/ask?query=SELECT+nonsense",
    "/ask?query=SELECT+*+%7B+%3Fs+a+%3Fo+%7D+ORDER+BY+%3Fs+LIMIT+3", "/doc/framework/aichi",
    "/doc/body/cbd-cop",
    "/docs",
    "/nothing", "/doc/decision/nothing", "/overlaps/cbd/nothing",
]  # fmt: skip
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Page(HTMLParser):
    """What matters of a page: links, faults of nesting, things that could run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.language = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> stays open" for tag in self._open]

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        local = tag == "script" and (
            given.get("src", "").startswith("/static/")
            # Data for search engines, which no browser runs.
            or given.get("type") == "application/ld+json"
        )
        if tag in {"script", "style", "iframe", "object"} and not local:
            self.faults.append(f"<{tag}>")
        self.faults += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag == "th" and given.get("scope") not in {"row", "col"}:
            self.faults.append("a heading cell without scope")
        if tag == "html":
            self.language = given.get("lang", "")
        if "id" in given:
            self.ids.append(given["id"])
        self.links += [value for name, value in attrs if name in {"href", "src", "action"}]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID and (not self._open or self._open.pop() != tag):
            self.faults.append(f"</{tag}> closes nothing")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("address", PAGES)
def test_page_is_sound(client, address, language):
    mark = "&" if "?" in address else "?"
    response = client.get(f"{address}{mark}lang={language}", headers=HTML)

    page = Page(response.text)
    assert response.headers["content-type"].startswith("text/html")
    assert page.faults == []
    assert page.language == language
    assert len(page.ids) == len(set(page.ids))
    assert all(re.match(r"(/|#|https?://)", link) for link in page.links), page.links


@pytest.mark.parametrize(
    "start",
    [
        "/",
        "/overlaps/cbd/cms",
        "/gaps/aichi",
        "/doc/decision/cbd-cop-12-19",
        "/doc/target/aichi-5",
        "/doc/instrument/cbd",
        "/doc/meeting/cbd-cop-12",
        "/decisions",
    ],
)
def test_links_lead_somewhere(client, start):
    page = Page(client.get(f"{start}?lang=zh", headers=HTML).text)

    # The small corpus has a theme that the code list lacks.
    inside = {link for link in page.links if link.startswith("/") and "marine-areas" not in link}
    broken = {link for link in inside if client.get(link, headers=HTML).status_code != 200}

    assert len(inside) > 5
    assert broken == set()


def test_start_page_shows_the_matrix_and_what_is_covered(client):
    text = client.get("/", headers=HTML).text

    assert '<a href="/overlaps/cbd/cms">' in text
    assert "none found" in text
    assert "heat-9" in text
    assert "Reviewed by a second person" in text


def test_pairs_stand_side_by_side_with_their_evidence(client):
    text = client.get("/overlaps/cbd/cms", headers=HTML).text

    assert "XII/19, 1" in text
    assert "Resolution 11.10, 1" in text
    assert "Aichi 5" in text


def test_gaps_name_the_targets_that_nobody_serves(client):
    text = client.get("/gaps/aichi", headers=HTML).text

    assert "(3)" in text
    assert 'class="gap"' in text


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "en"),
        ({"Accept-Language": "zh-TW, en;q=0.4"}, "zh"),
        ({"Accept-Language": "sw, fr"}, "en"),
    ],
)
def test_page_is_in_the_language_preferred(client, headers, language):
    response = client.get("/", headers={**HTML, **headers})

    assert response.headers["content-language"] == language
    assert f'<html lang="{language}">' in response.text


def test_language_chosen_is_kept_in_links(client):
    page = Page(client.get("/?lang=zh", headers=HTML).text)

    assert "/overlaps/cbd/cms?lang=zh" in page.links


def test_thing_leads_to_its_document(client):
    response = client.get("/id/decision/cbd-cop-12-19", follow_redirects=False)
    provision = client.get("/doc/provision/cbd-cop-12-19/1", follow_redirects=False)

    assert response.status_code == 303
    assert response.headers["location"] == "/doc/decision/cbd-cop-12-19"
    assert provision.headers["location"] == "/doc/decision/cbd-cop-12-19#p-1"
    kept = client.get(
        "/doc/provision/cbd-cop-12-19/1?lang=zh", headers=HTML, follow_redirects=False
    )
    assert kept.headers["location"] == "/doc/decision/cbd-cop-12-19?lang=zh#p-1"
    assert client.get("/id/decision/nothing").status_code == 404


def test_provision_by_itself_says_where_it_stands_and_leads_to_the_desk(client):
    page = client.get("/doc/provision/cbd-cop-12-19/1.html", headers=HTML).text

    assert "<h1>XII/19, 1</h1>" in page
    assert "Asks for wetlands work." in page
    assert "/desk/status?thing=cbd-cop-12-19%2F1" in page
    assert "/desk/status" not in client.get("/doc/meeting/cbd-cop-12.html", headers=HTML).text


def test_symbol_leads_to_its_page_and_words_to_candidates(client):
    symbol = client.get("/find?q=XII/19", follow_redirects=False)
    words = client.get("/find?q=restor", headers=HTML)

    assert symbol.headers["location"] == "/doc/decision/cbd-cop-12-19"
    assert "XII/19: Restoration" in re.sub(r"<[^>]+>", "", words.text)


@pytest.mark.parametrize(
    ("words", "language", "label"),
    [("restor", "en", "XII/19: Restoration"), ("marin", "en", "marine areas"),
     ("湿地公", "zh", "湿地公约"),
     ("work wetl", "en", "XII/19 1"), ("Conv Migra", "en", "Convention on Migratory Species")],
)  # fmt: skip
def test_beginnings_of_words_find_all_kinds_of_things(client, words, language, label):
    page = client.get("/find", params={"q": words, "lang": language}, headers=HTML)

    assert label in re.sub(r"<[^>]+>", "", page.text)


def test_browsers_get_errors_as_pages_and_programs_as_problems(client):
    page = client.get("/doc/decision/nothing", headers=HTML)
    problem = client.get("/doc/decision/nothing")

    assert page.status_code == problem.status_code == 404
    assert "<h1>" in page.text
    assert problem.headers["content-type"] == "application/problem+json"


def test_words_of_records_cannot_run(client):
    for address in ("/doc/decision/cms-res-11-10", "/overlaps/cbd/cms", "/find?q=script"):
        text = client.get(address, headers=HTML).text
        data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
        assert not any("<" in block for block in data)
        text = re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", text)
        assert "<script" not in text
        assert "&lt;script&gt;" in text
        assert 'href="javascript:' not in text


@pytest.mark.parametrize(
    "place",
    ["/find?q={}", "/overlaps/cbd/{}", "/gaps/{}", "/doc/{}", "/doc/decision/{}", "/codes/{}",
     "/doc/provision/x/{}", "/id/{}", "/?lang={}", "/overlaps/cbd/cms?theme={}", "/{}"],
)  # fmt: skip
def test_hostile_text_is_shown_or_refused(client, place):
    for text in HOSTILE:
        response = client.get(place.format(quote(text, safe="")), headers=HTML)
        assert response.status_code in {200, 400, 404}, (place, text, response.status_code)
        if response.headers["content-type"].startswith("text/html"):
            assert Page(response.text).faults == [], (place, text)


@pytest.mark.parametrize(
    ("iri", "address"),
    [
        ("https://w3id.org/dtrack/id/decision/x", "/doc/decision/x"),
        ("https://w3id.org/dtrack/codes/theme/x", "/codes/theme/x"),
        ("https://example.org/x", "https://example.org/x"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("urn:isbn:1", "urn:isbn:1"),
        ("doi:10.1000/182", "https://doi.org/10.1000/182"),
        ("javascript:alert(1)", ""),
        ("JavaScript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("https://x\njavascript:alert(1)", ""),
    ],
)
def test_only_safe_iris_become_links(iri, address):
    assert href(iri) == address


def test_languages_have_the_same_words():
    tables = {
        path.stem: tomllib.loads(path.read_text("utf-8")) for path in texts.FOLDER.glob("*.toml")
    }

    assert {"en", "zh"} <= tables.keys()
    for table_of in tables.values():
        assert table_of.keys() == tables["en"].keys()
        assert all(table_of.values())


def test_colours_run_from_nothing_to_the_highest_score():
    def cell(row: str, column: str, mean: float) -> CellView:
        return CellView(row, column, 1, 1, 1, 1, 1, 0.0, mean, mean, 0, 0, 0, 0, [], [], [], [])

    names = [Named(f"urn:{key}", key, key) for key in "abc"]
    view = MatrixView(names, [cell("a", "b", 0.5), cell("a", "c", 0.0), cell("b", "c", 0.1)], [])

    rows = table(view)

    assert [[each.step for each in cells] for _, cells in rows] == [[0, 9, 0], [9, 0, 2], [0, 2, 0]]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The remote store does not answer. See that it runs and that DTRACK_STORE_URL"),
        ("zh", "远程存储库没有应答。请确认其正在运行，且 DTRACK_STORE_URL 正确；"),
    ],
)
@pytest.mark.parametrize("asked", ["aims_in", "codes_in"])
def test_page_says_that_the_store_does_not_answer(client, monkeypatch, language, said, asked):
    def down(*_: object) -> None:
        raise StoreError(
            "The remote store does not answer.",
            remedy="See that it runs and that DTRACK_STORE_URL is right; nothing was lost.",
        )

    monkeypatch.setattr(rendering, asked, down)

    page = client.get(f"/desk?lang={language}", headers=HTML)

    assert page.status_code == 503
    assert said in page.text
    assert page.headers["retry-after"]
