"""What things without a label are called on the pages that tell all about a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dtrack.model import Record
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import BASE
from dtrack.web.app import create_app
from dtrack.web.sayings import said_in
from serving import HEAD, TestClient, mapping_record, small_service

HTML = {"Accept": "text/html"}
MORE = f"""{HEAD}
<id/position-paper/ponds> a dt:PositionPaper ;
    dt:documentType <codes/document-type/position-paper> ;
    dcterms:title "On ponds"@en, "论池塘"@zh ;
    dt:summary "A paper."@en, "一份文件。"@zh ; dt:datePrecision "meeting" ;
    foaf:page <https://example.org/papers/ponds.html> .
<id/provision/ponds/preamble-1> a dt:PreambularProvision ; dt:number "preamble-1" ;
    dt:ofText <id/position-paper/ponds> .
<id/claim/ponds/dug> a dt:ProgressClaim ; dt:ofText <id/position-paper/ponds> ;
    dt:summary "Claims that ponds were dug."@en, "称已挖池塘。"@zh .
<id/citation/ponds/1> a dt:Citation ; dt:citing <id/provision/ponds/preamble-1> ;
    dt:cited <id/decision/cbd-cop-12-19> .
<id/tagging/ponds/1> a dt:Tagging ; dt:tagged <id/provision/cbd-cop-12-19/1> ;
    dt:tag <codes/theme/wetlands> .
<id/observation/ponds> dt:rowInstrument <id/instrument/cbd> ;
    dt:columnInstrument <id/instrument/ramsar> ; a dt:Measure .
<id/silent/ponds> a dt:Measure ; dt:ofText <id/position-paper/ponds> .
"""


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    """Client over the small corpus with a paper and what hangs on it."""
    graph = f"{BASE}/graph/position-paper/ponds"
    more = Record(graph, parse_turtle(MORE.encode(), f"{BASE}/", "ponds"), "ponds")
    service = small_service(root, more, mapping_record("aichi-5", "aichi-4"))
    with TestClient(create_app(service)) as client:
        yield client


@pytest.mark.parametrize(
    ("thing", "english", "chinese"),
    [
        ("citation/ponds/1", "On ponds, preamble 1 → XII/19", "论池塘，序言第 1 段 → XII/19"),
        ("tagging/ponds/1", "XII/19, 1: wetlands", "XII/19，1：湿地"),
        ("element/cbd-cop-12-19/1/1", "XII/19, 1: invites", "XII/19，1：邀请"),
        ("mapping/made-up/1", "Aichi 5 → Aichi 4", "爱知 5 → 爱知 4"),
        ("claim/ponds/dug", "Claims that ponds were dug.", "称已挖池塘。"),
        ("observation/ponds", "Convention on Biological Diversity – Convention on Wetlands",
         "生物多样性公约 – 湿地公约"),
        ("silent/ponds", "ponds", "ponds"),
    ],
)  # fmt: skip
def test_thing_is_headed_by_what_it_is(client, thing, english, chinese):
    for language, name in (("en", english), ("zh", chinese)):
        page = client.get(f"/doc/{thing}?lang={language}", headers=HTML).text
        assert re.search(r"<h1>(.*?)</h1>", page)[1] == name


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/doc/position-paper/ponds", "论池塘，序言第 1 段</a>"),
        ("/doc/position-paper/ponds", "称已挖池塘。</a>"),
        ("/doc/position-paper/ponds", ">example.org/papers/ponds.html</a>"),
        ("/doc/position-paper/ponds", "<td>以会议闭幕日代替</td>"),
        ("/doc/decision/cbd-cop-12-19", ">论池塘，序言第 1 段 → XII/19</a>"),
        ("/codes/theme/wetlands", ">XII/19，1：湿地</a>"),
        ("/graph/decision/cbd-cop-12-19", "<h1>XII/19</h1>"),
    ],
)
def test_lists_of_what_is_recorded_name_things(client, path, said):
    assert said in client.get(f"{path}?lang=zh", headers=HTML).text


def test_a_text_keeps_its_title(client):
    page = client.get("/doc/position-paper/ponds?lang=zh", headers=HTML).text

    assert "<h1>论池塘</h1>" in page
    assert "一份文件。，" not in page


def test_reason_of_the_first_revision_is_told_in_the_language():
    assert said_in("zh", "Load the bundled corpus").text == "载入随附语料"
