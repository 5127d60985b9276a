"""A text is pasted at the desk, read, corrected, proposed, reviewed, published, taken back."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import make_home
from serving import TestClient
from web.desks import HTML, Desk, fields_of, opened

ENGLISH = """Decision XII/97
Care of made-up wells <script>alert(1)</script>

The Conference of the Parties,

Recalling decision XII/98,

1. Urges Parties to carry out ecosystem restoration of degraded wetlands by 2031;

2. Requests the Executive Secretary to report on it.
"""
CHINESE = """缔约方大会，

1. 敦促缔约方恢复退化的湿地；

2. 请执行秘书就此提出报告。
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Desk]:
    with opened(make_home(tmp_path_factory, tmp_path_factory.mktemp("desk-text"), root)) as desk:
        yield desk


def test_text_is_shown_beside_what_was_read_from_it(desk):
    page = desk.read(ENGLISH).text
    fields = fields_of(page)

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert re.search(r'<li value="8">1\. Urges Parties', page)
    assert (fields["p1.d0.verb"], fields["p1.d0.to"], fields["p1.d0.by"]) == (
        "urges", "parties", "2031",
    )  # fmt: skip
    assert fields["p0.c0.symbol"] == "XII/98"
    assert fields["tag.p1.wetlands"] == ""
    for shown in (page, desk.get("/desk/text")):
        ids = re.findall(r' id="([^"]+)"', shown)
        assert len(ids) == len(set(ids)) > 8


@pytest.mark.parametrize(
    ("language", "directive", "meeting"),
    [
        ("en", "Directive 1: urges → Parties", "CBD COP 12"),
        ("zh", "指令 1：敦促 → 缔约方", "《生物多样性公约》缔约方大会第十二届会议"),
    ],
)
def test_keys_in_fields_are_told_in_words_beside_them(desk, language, directive, meeting):
    token = fields_of(desk.get("/desk/text"))["token"]
    about = {"instrument": "cbd", "symbol": "XII/96", "meeting": "cbd-cop-12"}
    content = "1. Urges Parties to restore wetlands;"
    fields = {"token": token, "content": content, **about}
    page = desk.send(fields, f"/desk/text?lang={language}").text

    assert f"<legend>{directive}</legend>" in page
    assert f"<dd>{meeting}</dd>" in page
    assert f'<option value="cbd-cop-12">{meeting}</option>' in page


def test_corrected_text_is_published_seen_and_taken_back(desk):
    content = ENGLISH.replace("Decision XII/97", "Resolution 11.96")
    fields = fields_of(desk.read(content, instrument="cms", adopted="2014-11-09").text)
    fields |= {
        "p1.d0.verb": "invites", "p1.d0.to": "parties, research-institutions",
        "tag.p1.wetlands": "accept", "p1.summary": "Asks for care.", "p2.tags": "aichi-15",
        "p0.c0.relation": "reaffirms",
    }  # fmt: skip
    made = desk.send(fields)
    assert made.status_code == 303, made.text
    number = made.headers["location"].rpartition("/")[2]
    client = desk.nobody
    assert pairs(client) == 0
    row = "/api/v1/decisions/cms-res-11-96"

    assert client.get(row).status_code == 404
    assert desk.act("ann", number, "submit").status_code == 303
    assert desk.act("ann", number, "approve").status_code == 403
    assert desk.act("ben", number, "approve").status_code == 303
    assert desk.act("cat", number, "publish").status_code == 303
    told = client.get(row).text
    assert "Asks for care." in told
    assert "cms-res-11-96" in client.get("/api/v1/decisions").text
    assert "cms-res-11-96" in client.get("/feed.atom").text
    for said in ('"verbs":["invites"]', "research-institutions", "aichi-15", "wetlands"):
        assert said in told
    assert "reaffirms" in client.get("/doc/provision/cms-res-11-96/preamble-1.ttl").text
    assert pairs(client) > 0
    assert desk.act("cat", number, "revert").status_code == 303
    assert client.get(row).status_code in {404, 410}
    assert "cms-res-11-96" not in client.get("/api/v1/decisions").text
    assert pairs(client) == 0


def pairs(client: TestClient) -> int:
    """Pairs in which the two conventions meet, by the overlap matrix."""
    cells = client.get("/api/v1/overlaps").json()["cells"]
    return sum(cell["pairs"] for cell in cells if {cell["row"], cell["column"]} == {"cbd", "cms"})


def test_chinese_text_without_a_heading_takes_it_from_the_form(desk):
    about = {"instrument": "cbd", "symbol": "XII/96", "kind": "decision", "meeting": "cbd-cop-12"}
    fields = fields_of(desk.read(CHINESE, **about).text)
    made = desk.send(fields)

    assert fields["p0.d0.verb"] == "urges"
    assert fields["p1.d0.to"] == "executive-secretary"
    assert made.status_code == 303, made.text
    assert "敦促缔约方" in desk.get(made.headers["location"])


def test_what_does_not_conform_is_told_beside_the_field_and_the_form_is_kept(desk):
    fields = fields_of(desk.read(ENGLISH).text) | {"p1.d0.to": "governments", "note": "Look at it."}
    fields |= {"p0.summary": "Recalls.", "p2.summary": "Asks for a report."}
    del fields["with-words"]
    total = desk.get("/desk").count("<h3>")
    answer = desk.send(fields)
    kept = fields_of(answer.text)

    assert answer.status_code == 422
    assert re.search(r'id="told-p1\.summary">[^<]*summary', answer.text)
    assert 'aria-describedby="told-p1.summary"' in answer.text
    assert 'id="told-p0.summary"' not in answer.text
    assert {name: kept.get(name) for name in fields} == fields
    assert "with-words" not in kept
    assert desk.get("/desk").count("<h3>") == total


def test_fields_that_cannot_be_read_are_told_where_they_are(desk):
    fields = fields_of(desk.read(ENGLISH).text)
    answer = desk.send(
        fields | {"p1.d0.verb": "<b>sings", "p1.d0.to": "nobody", "p1.d0.by": "2031-02-30",
                  "p0.c0.symbol": "no such", "p2.tags": "aichi-77"}
    )  # fmt: skip

    assert answer.status_code == 400
    for place in ("p1.d0.verb", "p1.d0.to", "p1.d0.by", "p0.c0.symbol", "p2.tags"):
        assert f'id="told-{place}"' in answer.text
    assert "<b>sings" not in answer.text


def test_document_is_read_and_what_was_not_understood_is_marked(desk):
    token = fields_of(desk.get("/desk/text"))["token"]
    lines = [*ENGLISH.splitlines(), "Some stray words <i>that nobody understands."]
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
    answer = desk.browsers["ann"].post(
        "/desk/text", headers=HTML,
        files={"token": (None, token), "symbol": (None, "XII/95"), "content": (None, ""),
               "file": ("../<b>.html", f"<html><body>{body}</body></html>".encode())},
    )  # fmt: skip
    fields = fields_of(answer.text)

    assert answer.status_code == 200
    assert fields["name"] == "<b>.html"
    assert re.search(r'class="unclaimed">Some stray words &lt;i&gt;', answer.text)
    assert "<dd>decision XII/95</dd>" in answer.text
    number = desk.send(fields | {"p1.tags": "wetlands"}).headers["location"]
    assert "cbd-cop-12-95" in desk.get(number)


def test_no_text_no_key_and_another_form_are_refused(desk):
    assert desk.read("").status_code == 400
    assert desk.read("Nothing of a decision.").status_code == 400
    assert desk.send({"token": "0" * 64, "content": ENGLISH}).status_code == 403
    assert 'type="password"' in desk.nobody.get("/desk/text", headers=HTML).text
    fields = fields_of(desk.read(ENGLISH).text)
    for lines in ('[["x"]]', "[]", "[" * 9000, '[["\\ud800", Infinity, 0, true, ""]]'):
        assert desk.send(fields | {"lines": lines}).status_code == 400
    assert "整理文本" in desk.get("/desk/text?lang=zh")
