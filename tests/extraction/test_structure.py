"""Rules of structure on texts of our own, and on the official ones beside the checkout."""

from __future__ import annotations

import json

import pytest

from dtrack.cli.main import run
from dtrack.extraction import extract
from dtrack.extraction.graph import Origin, record
from dtrack.sources.documents import read_document, read_file

VOLUME = """Contents
\tDecision\t\tPage
\t1/CP.35\tFirst matter\t\t2
\t2/CP.35\tSecond matter, with a title that goes on
in the next line\t\t3
\tResolution
\t1/CP.35\tThanks\t\t4

Decision 1/CP.35
First matter

\tThe Conference of the Parties,
\tRecalling decision 1/CP.21,
I.\tA part
\t1.\tDecides to act:
\t\t(h)\tHere;
\t\t(i)\tThere;
\t\t\t(i)\tBelow;
3rd plenary meeting
14 November 2030
Annex
Terms
I.\tOne
\t1.\tThe secretariat shall help.
II.\tTwo
\t1.\tParties may help.
Decision 2/CP.35
Second matter
\tThe Conference of the Parties,
\t1.\tNotes the matter.
Resolution 1/CP.35
Thanks
\tThe Conference of the Parties,
\t1.\tThanks the host.
"""


def test_a_volume_is_cut_as_its_table_of_contents_says(lexicon):
    extraction = extract(read_document(VOLUME.encode(), "volume.txt"), lexicon)

    names = [(text.kind, text.symbol, text.slug) for text in extraction.texts]
    assert names == [
        ("decision", "1/CP.35", "unfccc-cp-35-1"),
        ("decision", "2/CP.35", "unfccc-cp-35-2"),
        ("resolution", "1/CP.35", "unfccc-cp-35-res-1"),
    ]
    assert len(extraction.contents.listed) == 3
    assert not extraction.contents.missing + extraction.contents.doubled
    assert extraction.unclaimed == ()
    assert extraction.texts[0].adopted == "2030-11-14"


def test_a_letter_i_after_h_is_a_letter_and_numbers_that_restart_take_their_section(lexicon):
    first = extract(read_document(VOLUME.encode(), "volume.txt"), lexicon).texts[0]

    keys = [provision.key for provision in first.provisions]
    assert keys == ["preamble-1", "1", "1.h", "1.i", "1.i.i", "annex-I.1", "annex-II.1"]


def test_hard_line_breaks_page_breaks_and_footnotes_are_healed(one):
    words = (
        "17/12. Ponds\n\nThe Conference of the Parties,\n\n"
        "1. Requests the Executive Secretary to prepare a guide on the care of the ponds of\n"
        "old towns,1 and to send it to all Parties before the next meeting of the Confer-\n"
        "\n1 A footnote at the foot of the page.\n\n12\n\n"
        "ence of the Parties, as far as the resources of the trust fund allow for such tasks;\n\n"
        "2. Notes the delay of the report that was asked for at the meeting before the last\n"
        "one and that is still not ready for the reasons that the host has explained to us.\n"
    )

    text = one(words)

    first, second = text.provisions
    assert "Conference of the Parties, as far" in first.text
    assert first.footnotes == ("A footnote at the foot of the page.",)
    assert "towns, and" in first.text
    assert second.number == "2"


def test_chinese_seed_equals_the_curated_structure(shared, lexicon):
    path = next((shared / "data" / "seeds").glob("002_*"))

    text = extract(read_file(path), lexicon).texts[0]

    numbers = [provision.number for provision in text.provisions]
    assert numbers == [
        *(f"preamble-{n}" for n in (1, 2, 3)),
        *"1234",
        *(f"4.{letter}" for letter in "abcdefgh"),
        *"5678",
    ]
    cited = [c.symbol for p in text.provisions for c in p.citations]
    assert cited == ["IX/5", "IX/18", "X/31", "XI/16", "XI/24", "XI/16"]


def test_every_volume_is_accounted_for(shared, lexicon):
    volumes = sorted((shared / "data" / "unfccc_decisions").glob("*.txt"))

    assert len(volumes) == 21
    for path in volumes:
        extraction = extract(read_file(path), lexicon)
        contents = extraction.contents
        assert len(contents.listed) == len(extraction.texts), path.name
        assert not contents.missing + contents.doubled + contents.unlisted, path.name
        assert len(extraction.unclaimed) < 0.01 * extraction.lines, path.name


def test_decision_1_cp_21_has_139_paragraphs(shared, lexicon):
    path = next((shared / "data" / "unfccc_decisions").glob("cp2015*decision_1.txt"))

    text = extract(read_file(path), lexicon).texts[0]

    numbers = [p.number for p in text.provisions if (p.part, p.level) == ("operative", "paragraph")]
    assert numbers == [str(n) for n in range(1, 140)]


def test_a_record_says_where_each_provision_stands(shared, lexicon):
    path = next((shared / "data" / "seeds").glob("002_*"))
    text = extract(read_file(path), lexicon).texts[0]

    made = record(text, Origin("https://example.org/source", "seed.txt", "2026-11-21"), lexicon)

    lines = made.ntriples.decode().splitlines()
    assert made.graph.endswith("/graph/decision/cbd-cop-12-19")
    assert sum("#sourcePlace" in line for line in lines) == 1 + len(text.provisions)
    assert sum("#readBy" in line for line in lines) == 1
    assert sum("#text>" in line for line in lines) == len(text.provisions)
    assert sum("#inheritedFrom" in line for line in lines) == 8


@pytest.mark.parametrize("flag", [[], ["--json"]])
def test_extract_prints_what_a_file_says(tmp_path, capsys, flag):
    path = tmp_path / "volume.txt"
    path.write_text(VOLUME, encoding="utf-8")

    assert run(["extract", str(path), *flag]) == 0

    output = capsys.readouterr().out
    if flag:
        answer = json.loads(output)
        assert [text["symbol"] for text in answer["texts"]] == ["1/CP.35", "2/CP.35", "1/CP.35"]
        assert answer["unclaimed"] == []
    else:
        assert "3 listed, 0 missing" in output


def test_a_document_without_decision_is_refused(tmp_path, capsys):
    path = tmp_path / "page.html"
    path.write_text("<html><body><p>A recipe for soup.</p></body></html>", encoding="utf-8")

    assert run(["extract", str(path)]) == 2

    assert "no decision" in capsys.readouterr().err
