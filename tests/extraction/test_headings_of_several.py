"""Headings that name several texts, who adopted one, or a recommendation; and what is none."""

from __future__ import annotations

import pytest

from dtrack.extraction import extract
from dtrack.sources.documents import read_document

BODY = """
The Conference of the Parties,

1. Invites Parties to report on wells;
"""
RANGES = {
    "en": """Decisions 21.70 to 21.72
Wells and springs

Directed to Parties
21.70 Parties are invited to report on wells, as in Decision 21.71.

Decision 21.71 Directed to the Secretariat
The Secretariat shall:
a) report on wells; and
b) publish the report.

21.72
Directed to the Standing Committee
The Standing Committee shall review the report.
""",
    "zh": """第21.70至21.72号决定
水井与泉

21.70 请缔约方报告水井情况。

第21.71号决定
秘书处应：
a) 提出报告；
b) 公布报告。

21.72 常务委员会应审查报告。
""",
}


def texts(lexicon, words: str):
    extraction = extract(read_document(words.encode(), "text.txt"), lexicon)
    assert not extraction.unclaimed
    return extraction.texts


@pytest.mark.parametrize("language", RANGES)
def test_each_text_of_a_range_is_one_of_its_own(lexicon, language):
    found = texts(lexicon, RANGES[language])

    assert [t.slug for t in found] == [f"cites-dec-21-7{n}" for n in range(3)]
    assert [[p.number for p in t.provisions] for t in found] == [
        ["n-1"],
        ["n-1", "n-1.a", "n-1.b"],
        ["n-1"],
    ]
    asked = [t.provisions[0].elements[0].addressees for t in found]
    assert asked == [("parties",), ("cites-secretariat",), ("cites-sc",)]
    title = {"en": "Wells and springs", "zh": "水井与泉"}[language]
    assert all(t.title.startswith(title) for t in found)


@pytest.mark.parametrize(
    ("heading", "instrument", "kind", "symbol"),
    [
        ("Decisions 21.70 to 21.73\nWells", "cites", "decision", "21.70"),
        ("Decisions 21.70–21.73 Wells", "cites", "decision", "21.70"),
        ("Resolution 12/2031 of the Governing Body. Wells", "itpgrfa", "resolution", "12/2031"),
        ("Resolution 12/2031 of the Governing Body\nWells", "itpgrfa", "resolution", "12/2031"),
        ("Resolution 5/14 adopted by UNEA on 2 March 2031\nWells", "unea", "resolution", "5/14"),
        ("Decision 15/4 of the Conference of the Parties: Wells", "cbd", "decision", "15/4"),
        ("Resolution 14.7 of the CMS COP\nWells", "cms", "resolution", "14.7"),
        ("Recommendation 6.3: Wells", "ramsar", "recommendation", "6.3"),
        ("SBSTTA recommendation 24/6: Wells", "cbd", "recommendation", "24/6"),
        ("CBD/SBSTTA/REC/24/6\n24/6. Wells", "", "recommendation", "24/6"),
        ("Recommendation XVIII/3. Wells", "", "recommendation", "XVIII/3"),
    ],
)  # fmt: skip
def test_a_heading_may_say_more_than_a_symbol(one, heading, instrument, kind, symbol):
    text = one(f"{heading}\n{BODY}")

    assert (text.instrument, text.kind, text.symbol) == (instrument, kind, symbol)
    assert text.title == "Wells"
    assert [p.number for p in text.provisions] == ["1"]


@pytest.mark.parametrize(
    ("heading", "instrument", "kind", "symbol"),
    [
        ("第21.70号决定至第21.73号决定\n水井", "cites", "decision", "21.70"),
        ("管理机构第12/2031号决议：水井", "itpgrfa", "resolution", "12/2031"),
        ("科咨机构第24/6号建议\n水井", "cbd", "recommendation", "24/6"),
        ("第15/4号决定，缔约方大会通过\n水井", "cbd", "decision", "15/4"),
        ("Décisions 21.70 à 21.73\n水井", "cites", "decision", "21.70"),
        ("Resolución 12/2031 del Órgano Rector. 水井", "itpgrfa", "resolution", "12/2031"),
    ],
)
def test_headings_in_other_languages_may_say_more_too(one, heading, instrument, kind, symbol):
    text = one(f"{heading}\n\n缔约方大会，\n\n1. 请缔约方报告水井情况；\n")

    assert (text.instrument, text.kind, text.symbol) == (instrument, kind, symbol)
    assert text.title == "水井"


def test_several_recommendations_are_several_texts(lexicon):
    body = "The Subsidiary Body on Scientific, Technical and Technological Advice,\n"
    words = "".join(
        f"Recommendation 24/{n}\nWells\n\n{body}\n1. Welcomes the report.\n\n" for n in (1, 2)
    )

    assert [t.symbol for t in texts(lexicon, words)] == ["24/1", "24/2"]


@pytest.mark.parametrize(
    "line",
    [
        "Decisions 21.70 to 21.72",
        "Recommendation 3.1: Keep wells clean",
        "Decision 15/9 of the Conference of the Parties",
        "Resolution 12/2031 of the Governing Body. Wells",
        "21.71 Directed to the Secretariat",
    ],
)
def test_a_line_in_the_list_of_an_annex_begins_no_text(one, line):
    text = one(f"Decision 15/4\nWells\n{BODY}\nAnnex\nLIST\n\n{line}\n\n1. Parties may help.\n")

    assert text.symbol == "15/4"
    assert text.provisions[-1].text == "Parties may help."


@pytest.mark.parametrize(
    "line",
    [
        "Decisions 21.70 to 21.72 remain in force.",
        "Decision 15/4 of the Conference of the Parties was welcome;",
        "Recommendation 24/6 is welcomed by many;",
    ],
)
def test_sentences_about_texts_are_no_headings(lexicon, line):
    assert extract(read_document(f"Wells\n\n{line}\n".encode(), "text.txt"), lexicon).texts == ()
