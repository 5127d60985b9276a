"""Small papers in our own words, in English and Chinese: what is read in each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from dtrack.extraction.as_json import as_json
from dtrack.extraction.documents import read_document
from dtrack.extraction.outline import outline
from dtrack.extraction.papers import Paper, bundled_paper_words
from dtrack.extraction.papers.values import Part
from dtrack.sources.documents import read_file
from dtrack.stores.parsing import parse_turtle

TEXTS = Path(__file__).parent / "texts"


@cache
def read(name: str) -> Paper:
    words = bundled_paper_words(parse_turtle)
    (paper,) = read_document(read_file(TEXTS / f"{name}.txt"), words).texts
    assert isinstance(paper, Paper)
    return paper


def part(name: str, number: str) -> Part:
    return next(part for part in read(name).parts if part.number == number)


@pytest.mark.parametrize(
    ("name", "kind", "language", "numbers"),
    [
        ("options-en", "options-paper", "en",
         "1 1.1 1.1.a 1.1.b 1.1.c 1.2 1.2.a 2 2.1 2.1.a 2.1.b 2.2 2.2.a"),
        ("statement-en", "statement", "en", "preamble-1 1 1.1 1.2 2 2.1 2.2 3 3.1 3.2 3.3 3.4"),
        ("statement-zh", "statement", "zh", "1 1.1 1.2 2 2.1 3 3.1 3.2 3.3"),
        ("position-en", "position-paper", "en", "preamble-1 1 1.a 1.b 2 2.a 2.b"),
        ("position-zh", "position-paper", "zh", "1 1.1 1.2 2 2.1"),
        ("consensus-zh", "consensus", "zh", "preamble-1 1 1.1 1.2 2 2.1 2.2 2.3"),
    ],
)  # fmt: skip
def test_kind_language_and_numbers(name: str, kind: str, language: str, numbers: str) -> None:
    paper = read(name)

    assert (paper.kind, paper.language) == (kind, language)
    assert [part.number for part in paper.provisions] == numbers.split()


@pytest.mark.parametrize(
    ("name", "title", "issuers", "adopted"),
    [
        ("options-en", "Options for joint work among the chemicals and wastes conventions",
         ("unep",), ""),
        ("statement-en", "Statement of the World Wide Fund for Nature on rivers without barriers",
         ("wwf",), "2025-07-31"),
        ("consensus-zh", "关于共同保护黄海候鸟湿地的盐城共识", ("nfga",), "2031-05-06"),
        ("position-en",
         "Position paper of the Government of Japan for the second summit on peatlands",
         ("gov-japan",), ""),
        ("position-zh", "守护高原草原：乌兹别克斯坦立场文件", ("gov-uzbekistan",), ""),
    ],
)  # fmt: skip
def test_head(name: str, title: str, issuers: tuple[str, ...], adopted: str) -> None:
    paper = read(name)

    assert (paper.title, paper.issuers, paper.adopted) == (title, issuers, adopted)


@pytest.mark.parametrize(
    ("number", "verb", "doers", "beside"),
    [
        ("1.1.b", "should", ("parties",), ()),
        ("1.1.c", "invites", ("gef",), ()),
        ("1.2.a", "should", ("unep",), ("regional-centres",)),
        ("2.1.b", "should", ("undp", "world-bank"), ("unct",)),
        ("2.2.a", "should", ("mea-secretariats", "partners"), ("donors",)),
    ],
)
def test_actions_in_english_tell_doers_from_those_beside(
    number: str, verb: str, doers: tuple[str, ...], beside: tuple[str, ...]
) -> None:
    action = part("options-en", number)

    assert (action.elements[0].verb, action.elements[0].addressees) == (verb, doers)
    assert action.beside == beside


def test_citations_of_an_options_paper_stand_where_they_are_made() -> None:
    cited = {
        (each.number, citation.path, citation.pinpoint)
        for each in read("options-en").parts
        for citation in each.citations
    }

    assert cited == {
        ("preface", "decision/basel-bc-14-12", ""),
        ("preface", "resolution/unga-res-70-1", "annex"),
        ("1.1.b", "decision/stockholm-sc-9-11", "4"),
    }


def test_option_without_letters_has_one_action_of_its_own() -> None:
    action = part("options-en", "1.2.a")

    assert not action.number_known
    assert action.parent == "1.2"


def test_calls_take_the_verb_of_their_cue_and_name_whom_they_call() -> None:
    calls = [part("statement-en", f"3.{n}").elements[0] for n in range(1, 5)]

    assert [(call.verb, call.addressees) for call in calls] == [
        ("calls-upon", ("parties",)),
        ("calls-upon", ("dev-banks",)),
        ("calls-upon", ("governments",)),
        ("hopes", ()),
    ]
    assert part("statement-en", "2.2").instruments == ("ramsar", "cms", "cbd")
    assert part("statement-zh", "3.1").elements[0].addressees == ("parties",)


def test_points_below_a_chapter_of_common_work_are_needs() -> None:
    needs = part("consensus-zh", "2.1")

    assert [(e.verb, e.inherited_from) for e in needs.elements] == [("needs-to", "2")]
    assert part("consensus-zh", "1.1").elements == ()


def test_consensus_counts_those_who_took_part_and_says_who_is_unknown() -> None:
    words = bundled_paper_words(parse_turtle)
    extraction = read_document(read_file(TEXTS / "consensus-zh.txt"), words)

    assert dict(read("consensus-zh").counts) == {
        "countries": 8, "organizations": 5, "participants": 120,
    }  # fmt: skip
    assert read("consensus-zh").supporters == ("wwf", "ifaw")
    assert [item.text for item in extraction.unclaimed] == ["湿地国际"]


@pytest.mark.parametrize(
    ("name", "number", "figures"),
    [
        ("options-en", "preface", [(4, "options", "", False), (7, "actions", "", False),
                                   (120, "Parties", "2015", True),
                                   (310, "inventories", "2015", False)]),
        ("statement-en", "1.1", [(80, "%", "1970", False)]),
        ("position-en", "1.b", [(12500, "ha", "", False), (18, "%", "", True)]),
        ("position-en", "2.a", [(6000, "ha", "2030", False), (20000000, "USD", "", False)]),
        ("position-zh", "1.2", [(450000, "ha", "", False), (12, "%", "", False)]),
        ("consensus-zh", "1.1", [(240, "候鸟", "", True), (17, "濒临灭绝", "", False)]),
    ],
)  # fmt: skip
def test_figures_have_value_unit_year_and_whether_they_are_exact(
    name: str, number: str, figures: list[tuple[float, str, str, bool]]
) -> None:
    found = {(float(f.value), f.unit, f.year, f.about) for f in part(name, number).figures}

    assert found == set(figures)


@pytest.mark.parametrize(
    ("name", "number", "asserted"),
    [
        ("position-en", "1.a", ["measure", "measure", "measure"]),
        ("position-en", "1.b", ["claim", "claim"]),
        ("position-en", "2.a", ["commitment", "commitment"]),
        ("position-zh", "1.1", ["measure", "measure"]),
        ("position-zh", "1.2", ["measure", "claim", "claim"]),
        ("position-zh", "2.1", ["commitment", "commitment"]),
    ],
)
def test_measures_commitments_and_claims(name: str, number: str, asserted: list[str]) -> None:
    assert [one.kind for one in part(name, number).assertions] == asserted


def test_claims_say_which_target_and_commitments_by_when() -> None:
    claims = [one for one in part("position-en", "1.b").assertions if one.targets]
    (restore, _) = part("position-en", "2.a").assertions

    assert [claim.targets for claim in claims] == [("aichi-15",)]
    assert restore.year == "2030"
    assert part("position-zh", "1.2").assertions[2].targets == ("aichi-15",)


def test_json_and_outline_hold_what_was_read() -> None:
    words = bundled_paper_words(parse_turtle)
    extraction = read_document(read_file(TEXTS / "position-en.txt"), words)

    (text,) = as_json(extraction)["texts"]
    lines = "\n".join(outline(extraction))

    assert text["kind"] == "position-paper"
    assert text["issuers"] == ["gov-japan"]
    commitment = next(p for p in text["provisions"] if p["number"] == "2.a")["assertions"][0]
    assert (commitment["kind"], commitment["year"]) == ("commitment", "2030")
    assert "claim on aichi-15" in lines
    assert "issued by gov-japan" in lines


def test_a_decision_is_still_a_decision() -> None:
    words = bundled_paper_words(parse_turtle)
    gold = Path(__file__).parents[1] / "gold" / "tuning" / "own-zh-cbd-17-12.txt"

    (text,) = read_document(read_file(gold), words).texts

    assert text.kind == "decision"


def test_a_letter_is_no_paper(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear colleague,\n\nThe fish is late.\n\nYours\n", encoding="utf-8")

    extraction = read_document(read_file(file), bundled_paper_words(parse_turtle))

    assert extraction.texts == ()
