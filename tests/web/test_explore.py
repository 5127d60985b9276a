"""What the pages for exploring say: comparisons, filters, figures, plurals, days."""

from __future__ import annotations

import csv
import html
import io
import re
import subprocess
import sys
import tomllib

import pytest

from dtrack.extraction.tagging import bundled_themes
from dtrack.screen import screening
from dtrack.screen.weighing import default_weights
from dtrack.terms import BASE
from dtrack.web import texts
from dtrack.web.marking import changes, shared_words
from dtrack.web.texts import wordings

HTML = {"Accept": "text/html"}


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def marked(pieces, kind: str = "same") -> list[str]:
    return [piece.text for piece in pieces if piece.kind == kind]


def test_shared_words_are_those_of_one_stem():
    first, second = shared_words("Restore the wetlands soon.", "A wetland is being restored.")

    assert marked(first) == ["Restore", "wetlands"]
    assert marked(second) == ["wetland", "restored"]
    assert "".join(piece.text for piece in first) == "Restore the wetlands soon."


def test_chinese_shares_two_signs_and_more():
    first, _ = shared_words("恢复生态系统的费用", "生态系统与费力")

    assert marked(first) == ["生态系统"]


def test_changes_say_what_went_and_what_came():
    before, after = changes("Report by 2015 again", "Report by 2020 again")

    assert (marked(before, "removed"), marked(after, "added")) == (["2015"], ["2020"])


@pytest.mark.parametrize(
    ("language", "one", "many", "day", "month"),
    [
        ("en", "1 pair", "1,234 pairs", "17 Oct 2014", "Oct 2014"),
        ("zh", "1 对", "1,234 对", "2014年10月17日", "2014年10月"),
    ],
)
def test_plurals_and_days_are_those_of_the_language(language, one, many, day, month):
    own = wordings()[language]

    assert (own.count("pairs", 1), own.count("pairs", 1234)) == (one, many)
    assert (own.day("2014-10-17"), own.day("2014-10"), own.day("2014")) == (day, month, "2014")


def test_languages_count_the_same_things():
    tables = [tomllib.loads(p.read_text("utf-8"))["counts"] for p in texts.FOLDER.glob("*.toml")]

    assert len(tables) > 1
    assert all(table.keys() == tables[0].keys() for table in tables)
    assert all("other" in forms for table in tables for forms in table.values())


def test_filter_narrows_the_matrix_and_is_kept_on_the_way_down(client):
    page = client.get("/overlaps?group=biodiversity&theme=wetlands&since=", headers=HTML).text

    assert '<option value="wetlands" selected>' in page
    assert 'href="/overlaps/cbd/ramsar?theme=wetlands"' in page or "none found" in page
    assert client.get("/overlaps?since=soon", headers=HTML).status_code == 400
    assert client.get("/overlaps?measure=beauty", headers=HTML).status_code == 400


def test_matrix_has_its_instruments_by_group(client):
    page = client.get("/overlaps?group=all", headers=HTML).text

    assert page.count('scope="colgroup"') == page.count('scope="rowgroup"')


def test_target_says_who_serves_it_and_through_what(client):
    text = words_of(client.get("/doc/target/aichi-5", headers=HTML))

    assert "Who addresses it" in text
    assert "XII/19, 1" in text
    assert "directly" in text


def test_decision_has_its_verbs_in_words_and_says_how_to_cite_it(client):
    text = words_of(client.get("/doc/decision/cbd-cop-12-19?lang=zh", headers=HTML))

    assert "邀请" in text
    assert "2014年10月17日" in text
    assert "https://w3id.org/dtrack/id/decision/cbd-cop-12-19" in text


def test_instrument_page_tells_what_is_covered_and_with_whom_it_overlaps(client):
    page = client.get("/doc/instrument/cbd", headers=HTML).text

    assert "/overlaps/cbd/cms" in page
    assert "Reviewed by a second person" in page


def test_two_texts_are_compared_provision_by_provision(client):
    page = client.get("/compare?a=XII/19&b=XII/20", headers=HTML).text

    assert page.count('class="pair"') >= 1
    assert "/doc/provision/cbd-cop-12-19/1" in page
    assert client.get("/compare?a=XII/19&b=nothing", headers=HTML).status_code == 404


def test_texts_are_narrowed_by_what_the_facets_count(client):
    everything = client.get("/decisions", headers=HTML).text
    narrowed = client.get("/decisions?instrument=cbd", headers=HTML).text

    assert 'href="/decisions?instrument=cbd"' in everything
    assert "XII/19" in narrowed
    assert "11.10" not in re.sub(r'placeholder="[^"]*"', "", narrowed)


@pytest.mark.parametrize("path", ["/figures", "/network", "/doc/instrument/cbd", "/"])
def test_nothing_moves_when_images_come(client, path):
    images = re.findall(r"<img [^>]+>", client.get(path, headers=HTML).text)

    assert images or path not in {"/figures", "/network"}
    for image in images:
        assert re.search(r' width="\d+" height="\d+"', image), image


@pytest.mark.parametrize("name", ["matrix", "gaps", "timeline", "verbs", "network"])
def test_figure_comes_drawn_and_as_data(client, name):
    svg = client.get(f"/figures/{name}.svg")
    data = client.get(f"/figures/{name}.csv")
    table = list(csv.reader(io.StringIO(data.text)))

    assert svg.headers["content-type"] == "image/svg+xml"
    assert "script" not in svg.headers["content-security-policy"]
    assert b"<svg" in svg.content
    assert svg.content == client.get(f"/figures/{name}.svg").content
    assert len(table) > 1 or name == "network"
    assert len({len(row) for row in table}) == 1


def test_figure_is_a_png_too_and_no_other_format(client):
    assert client.get("/figures/matrix.png").content.startswith(b"\x89PNG")
    assert client.get("/figures/matrix.gif").status_code == 404
    assert client.get("/figures/nothing.svg").status_code == 404


def test_each_figure_says_in_words_what_it_shows(client):
    page = client.get("/figures", headers=HTML).text

    told = re.findall(r'<img [^>]*alt="([^"]*)"', page)
    assert len(told) == 5
    assert all(told)


def test_pages_start_without_the_drawing_library():
    code = "import sys, dtrack.web.app; sys.exit('matplotlib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


QUERY = "SELECT ?s WHERE { ?s a <https://w3id.org/dtrack/ontology#Decision> } ORDER BY ?s"


def test_query_is_answered_as_a_table_with_files_and_a_permalink(client):
    page = client.get("/ask", params={"query": QUERY}, headers=HTML).text

    assert 'href="/doc/decision/cbd-cop-12-19"' in page
    assert "format=csv" in page
    assert "/ask?query=SELECT" in page


def test_query_that_does_not_parse_is_shown_with_its_line(client):
    page = client.get("/ask", params={"query": "SELECT *\nWHERE {"}, headers=HTML)

    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.text
    assert re.search(r"Line \d", page.text)


@pytest.mark.parametrize(("query", "told"), [("ASK {}", "Yes"), ("ASK { <a:b> <a:b> 1 }", "No")])
def test_question_of_yes_and_no_is_answered_so(client, query, told):
    assert told in words_of(client.get("/ask", params={"query": query}, headers=HTML))


def test_questions_of_the_catalogue_are_told_in_the_language(client):
    english, chinese = (
        re.search(r'<section aria-labelledby="catalogue">.*</section>', page.text, re.DOTALL)[0]
        for page in (client.get(f"/sparql?lang={tag}", headers=HTML) for tag in ("en", "zh"))
    )
    told = "哪些文本引用某一文本，该文本又引用哪些文本，附引用关系和具体位置。"
    example = client.get("/ask?example=citations_of&lang=zh", headers=HTML).text

    assert "Which texts cite a text, and which it cites" in english
    assert "Citations by and of its provisions" in english
    assert told in chinese
    assert "其条款和各版本的引用与被引用都计在内" in chinese
    assert 'lang="en"' not in chinese
    assert f"# {told}\n" in example


def test_each_question_of_the_catalogue_opens_as_sparql_that_runs(client):
    names = re.findall(r"/ask\?example=(\w+)", client.get("/sparql", headers=HTML).text)

    assert len(names) > 10
    for name in names:
        page = client.get("/ask", params={"example": name}, headers=HTML).text
        query = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
        answer = client.get("/sparql", params={"query": html.unescape(query.group(1))})
        assert answer.status_code == 200, (name, answer.text[:300])


def test_only_the_page_of_the_editor_takes_style_of_its_own(client):
    policies = [client.get(path, headers=HTML).headers["content-security-policy"]
                for path in ("/sparql", "/", "/doc/decision/cbd-cop-12-19")]  # fmt: skip

    assert ["unsafe-inline" in policy for policy in policies] == [True, False, False]
    assert not any("script-src" in policy for policy in policies)


DRAFT = """The Conference of the Parties,

1. Invites Parties to restore wetlands by 31 December 2031;

2. Decides that this decision supersedes decision XII/19.
"""


def test_draft_is_screened_with_evidence_and_a_link(client):
    page = client.post(
        "/screen", files={"draft": ("", DRAFT), "instrument": ("", "cbd")}, headers=HTML
    )
    link = re.search(r'href="(/screen\?text=[^"]+)"', page.text)

    assert page.status_code == 200
    assert "XII/19" in words_of(page)
    assert "supersedes" in words_of(page)
    again = client.get(html.unescape(link.group(1)), headers=HTML)
    assert "supersedes XII/19" in words_of(again)


@pytest.mark.parametrize(
    ("language", "heading", "missed"),
    [
        ("en", "Close, but below a threshold, so not counted:", r"repeats: score 0\.\d{3} < 0\.99"),
        ("zh", "接近但未达阈值，不计入：", r"重复：得分 0\.\d{3} < 0\.99"),
    ],
)
def test_what_a_draft_comes_close_to_is_told_below_what_it_meets(
    client, monkeypatch, language, heading, missed
):
    figures = default_weights()._replace(repeats=0.99, alike=0.99, object=0.0, near=0.1)
    monkeypatch.setattr(screening, "default_weights", lambda: figures)

    page = client.post(f"/screen?lang={language}", files={"draft": ("", DRAFT)}, headers=HTML)

    said = html.unescape(words_of(page).partition(heading)[2])
    assert re.search(missed, said), said[:300]
    counts = re.search(r"<dt>(?:repeats|重复)</dt><dd>(\d+)</dd>", page.text)
    assert counts is not None
    assert counts[1] == "0"


def test_draft_that_cannot_be_read_is_named_beside_the_field(client):
    empty = client.post("/screen", files={"draft": ("", "")}, headers=HTML)
    unknown = client.get("/screen?text=1.+Invites&instrument=nobody", headers=HTML)

    for page in (empty, unknown):
        assert page.status_code == 400
        assert 'aria-describedby="fault"' in page.text
    assert "nobody" in unknown.text


def test_words_are_learnt_while_a_draft_is_pasted(client):
    bundled_themes.cache_clear()
    client.get("/screen", headers=HTML)

    assert bundled_themes.cache_info().currsize == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/decisions?instrument=cbd", "Convention or forum: Convention on Biological Diversity <"),
        ("/decisions?instrument=cbd&lang=zh", "公约或论坛：生物多样性公约 <"),
        ("/decisions?theme=wetlands&lang=zh", "主题：湿地 <"),
        ("/find?q=restoration&instrument=cbd&lang=zh", "公约或论坛：生物多样性公约 <"),
        ("/doc/target/aichi-5?lang=zh", "<h1>具体目标 5 · 爱知 5</h1>"),
        ("/gaps/aichi?lang=zh", "<b>具体目标 5</b>"),
        ("/gaps/aichi", "<b>Target 5</b>"),
    ],
)
def test_codes_are_told_by_their_labels(client, path, said):
    assert said in client.get(path, headers=HTML).text


def test_network_is_told_in_the_language(client, monkeypatch):
    given = {
        "cross_convention_citations": [{
            "citing_instrument": f"{BASE}/id/instrument/cbd", "citing_texts": "1",
            "cited_instrument": f"{BASE}/id/instrument/cms", "cited_texts": "1",
            "citations": "2", "example": "2/17 cites SS.XII/3",
        }],
        "cooperation_arrangements": [{
            "arrangement": f"{BASE}/id/arrangement/plan", "label": "Plan", "kind": "memorandum",
            "instruments": "CBD; XYZ", "since": "", "ended": "",
        }],
        "instruments_overview": [{"short_name": "CBD", "name": "生物多样性公约"}],
    }  # fmt: skip
    monkeypatch.setattr("dtrack.web.tracking.catalogue", lambda _service, name, **_: given[name])

    page = client.get("/network?lang=zh", headers=HTML).text

    assert "<td>2/17 引用 SS.XII/3</td>" in page
    assert "生物多样性公约；XYZ" in page
