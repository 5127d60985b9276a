"""The scorer counts as it says, on cases counted by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extraction import evaluate, gold_texts
from extraction.gold_forms import (
    annex_form,
    number_form,
    pinpoint_forms,
    section_form,
    symbol_form,
    target_form,
    time_forms,
)
from extraction.gold_scores import ASPECTS, best_text, score, score_text
from extraction.gold_texts import Citation, Directive, GoldText, Paragraph


@pytest.mark.parametrize(
    ("form", "given", "expected"),
    [
        (annex_form, None, ""),
        (annex_form, "Annex", "1"),
        (annex_form, "Annex II", "2"),
        (annex_form, "附件二", "2"),
        (number_form, "4 (b) (ii)", "4.b.ii"),
        (number_form, "annex-1.2.a", "2.a"),
        (section_form, "II. Finance", "ii"),
        (section_form, "Finance", ""),
        (section_form, "二、资金", "二"),
        (section_form, "资金", ""),
        (symbol_form, "XII/28", "12/28"),
        (symbol_form, "UNEP/CBD/COP/DEC/XII/28", "12/28"),
        (symbol_form, "Resolution Conf. 16.6 (Rev. CoP18)", "conf. 16.6"),
        (symbol_form, "XIII.4", "13.4"),
        (symbol_form, "1/CP.21", "1/cp.21"),
        (symbol_form, "A/RES/73/284", "73/284"),
        (target_form, "AICHI-TARGET-04", "aichi-4"),
        (target_form, "https://w3id.org/dtrack/id/target/gbf-2", "gbf-2"),
        (target_form, "14.2", "sdg-14.2"),
    ],
)
def test_forms_make_equal_what_is_the_same(form: object, given: object, expected: str) -> None:
    assert form(given) == expected


def test_pinpoints_and_times_have_one_form() -> None:
    assert pinpoint_forms("paragraphs 139 and 141") == {"139", "141"}
    assert pinpoint_forms(["11–13", "4 (d)"]) == {"11", "12", "13", "4.d"}
    assert pinpoint_forms("Annex II") == pinpoint_forms(["annex-II"]) == {"annex.2"}
    assert pinpoint_forms("V") == pinpoint_forms(["section-V"]) == {"section.5"}
    assert time_forms("2028") == {"2028-12-31"}
    assert time_forms(["unfccc-sbi-50", "2019-06"]) == {"unfccc-sbi-50", "2019-06-30"}
    assert time_forms({"date": "2019-06-30", "meeting": None, "recurrence": "annual"}) == {
        "2019-06-30"
    }
    assert time_forms(None) == time_forms("as soon as possible") == set()


def case(*paragraphs: Paragraph, covers: tuple[str, ...] = ("preamble", "body")) -> GoldText:
    return GoldText(
        "case",
        "tuning",
        "en",
        Path("case.txt"),
        True,
        "cbd",
        "decision",
        "17/1",
        covers,
        paragraphs,
    )


INVITES = Paragraph(
    "2",
    "operative",
    kind="operational",
    directives=(Directive("notes"), Directive("invites", ("parties", "gef"))),
    deadlines=(("unfccc-sbi-50", "2019-06"), ("2020",)),
)


def provision(number: str | None, *elements: dict, **more: object) -> dict:
    return {"number": number, "kind": "operative", "elements": list(elements), **more}


def element(verb: str, *addressees: str, kind: str = "operational", **more: object) -> dict:
    return {"verb": verb, "kind": kind, "addressees": list(addressees), **more}


def test_equal_paragraphs_score_one() -> None:
    found = provision(
        "2",
        element("notes", kind="informational"),
        element("invites", "parties", "gef", deadline=["2019-06-30", "2020"]),
    )

    result = score(case(INVITES), [found])

    assert result.slips == []
    assert {aspect: result.counts[aspect].f1 for aspect in ("verbs", "addressees", "kind")} == {
        "verbs": 1.0,
        "addressees": 1.0,
        "kind": 1.0,
    }
    assert result.counts["deadlines"].right == 2


def test_a_missing_verb_an_odd_one_and_a_wrong_addressee_are_counted() -> None:
    found = provision("2", element("invites", "parties", "fao"), element("urges"))

    counts = score(case(INVITES), [found]).counts

    assert (counts["verbs"].right, counts["verbs"].extra, counts["verbs"].missing) == (1, 1, 1)
    assert counts["addressees"].precision == 0.5
    assert counts["addressees"].recall == 0.5
    assert counts["deadlines"].missing == 2


def test_a_paragraph_lost_and_one_invented_count_against_structure() -> None:
    result = score(case(INVITES), [provision("3", element("decides"))])

    structure = result.counts["structure"]
    assert (structure.right, structure.extra, structure.missing) == (0, 1, 1)
    assert (result.counts["verbs"].extra, result.counts["verbs"].missing) == (1, 2)
    assert result.counts["kind"].f1 == 0.0


def test_what_gold_does_not_cover_is_not_counted() -> None:
    found = [
        provision("2", element("notes"), element("invites", "parties", "gef")),
        provision("9", element("decides")),
        provision("1", element("shall"), annex="Annex"),
    ]

    result = score(case(INVITES, covers=("body 1-5",)), found)

    assert result.counts["structure"].extra == 0
    assert result.counts["verbs"].extra == 0


def test_between_listed_paragraphs_nothing_is_counted() -> None:
    found = [provision("2", element("notes"), element("invites", "parties", "gef")), provision("3")]

    assert score(case(INVITES, covers=("listed",)), found).counts["structure"].extra == 0


def test_paragraphs_of_an_annex_are_not_those_of_the_body() -> None:
    gold = case(
        Paragraph("1", "operative", kind="operational", directives=(Directive("adopts"),)),
        Paragraph("1", "operative", "annex", None, "operational", (Directive("shall"),)),
        covers=("body", "annex"),
    )

    right = score(
        gold, [provision("1", element("adopts")), provision("1", element("shall"), annex="I")]
    )
    wrong = score(gold, [provision("1", element("adopts")), provision("1", element("shall"))])

    assert right.slips == []
    assert wrong.counts["structure"].missing == 1


def test_preambular_and_unnumbered_paragraphs_are_matched_by_order() -> None:
    gold = case(
        Paragraph(
            "preamble-1", "preambular", kind="informational", directives=(Directive("recalls"),)
        ),
        Paragraph(
            "preamble-2", "preambular", kind="informational", directives=(Directive("notes"),)
        ),
        Paragraph("n-1", "operative", kind="operational", directives=(Directive("urges"),)),
    )
    found = [
        {
            "number": None,
            "kind": "preambular",
            "elements": [element("recalls", kind="informational")],
        },
        {"number": "2", "kind": "preambular", "elements": [element("notes", kind="informational")]},
        provision(None, element("urges")),
    ]

    assert score(gold, found).slips == []


def test_a_wrong_citation_does_not_count_as_a_wrong_relation_too() -> None:
    gold = case(
        Paragraph(
            "1",
            "operative",
            citations=cited(("cbd", "X/31", "recalls", ("5",)), ("cbd", "15/4", "cites", ())),
        )
    )
    found = provision(
        "1",
        citations=[
            {"symbol": "10/31", "instrument": "cbd", "relation": "cites", "pinpoint": "5"},
            {"symbol": "15/5", "instrument": "cbd", "relation": "cites", "pinpoint": "1"},
        ],
    )

    counts = score(gold, [found]).counts

    assert (counts["citations"].right, counts["citations"].extra) == (1, 1)
    assert (counts["relations"].right, counts["relations"].extra) == (0, 1)
    assert (counts["pinpoints"].right, counts["pinpoints"].extra) == (1, 0)


def cited(*parts: tuple[str, str, str, tuple[str, ...]]) -> tuple:
    return tuple(Citation(*each) for each in parts)


def test_the_text_with_the_same_symbol_and_kind_is_taken() -> None:
    gold = case(INVITES)
    resolution = {"symbol": "17/1", "kind": "resolution", "provisions": []}
    decision = {"symbol": "XVII/1", "kind": "decision", "provisions": []}

    assert best_text(gold, [resolution, decision]) is decision
    assert best_text(gold, [{"symbol": "17/2"}, {"symbol": "17/3"}]) is None
    assert best_text(gold, []) is None


def test_what_a_text_is_said_to_be_is_counted_once_a_text() -> None:
    gold = case(INVITES)
    said = {"instrument": "cbd", "kind": "resolution", "symbol": "XVII/1", "provisions": []}

    assert score_text(gold, {**said, "kind": "decision"}).counts["texts"].f1 == 1.0
    wrong = score_text(gold, said).counts["texts"]
    assert (wrong.right, wrong.extra, wrong.missing) == (0, 1, 1)
    assert score_text(gold, None).counts["texts"].missing == 1


def test_evaluation_says_what_it_skips_and_what_failed(tmp_path: Path) -> None:
    there = tmp_path / "there.txt"
    there.write_text("text", encoding="utf-8")
    lost = case(INVITES)
    broken = GoldText(**{**as_fields(lost), "identifier": "broken", "path": there})
    said: list[str] = []

    def fails(path: Path) -> list[dict]:
        raise RuntimeError("exit code 1: no")

    groups = evaluate.evaluate([lost, broken], fails, lambda split, line: said.append(line))

    assert [line.split(" ", 1)[0] for line in said] == ["FAILED", "SKIPPED", "NOT"]
    assert groups[("tuning", "all")].counts["verbs"].missing == 2


def as_fields(text: GoldText) -> dict:
    return {name: getattr(text, name) for name in GoldText.__slots__}


def test_errors_and_figures_are_printed_for_the_split_asked() -> None:
    found = provision("2", element("invites", "parties"), element("notes", kind="informational"))
    groups = {("tuning", "all"): score(case(INVITES), [found])}

    assert "case 2 addressees: -invites:gef" in evaluate.errors(groups, "tuning")
    assert evaluate.errors(groups, "test") == []
    lines = evaluate.table(groups)
    assert lines[0] == "tuning, all: 1 texts, 1 paragraphs"
    assert len([line for line in lines if line.strip()]) == 2 + len(ASPECTS)
    figures = json.loads(evaluate.as_json(groups))
    assert figures["tuning"]["all"]["addressees"]["recall"] == 0.5


def test_a_split_without_texts_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tuning").mkdir()
    (tmp_path / "tuning" / "case.yaml").write_text("id: case", encoding="utf-8")
    monkeypatch.setattr(gold_texts, "GOLD", tmp_path)
    monkeypatch.setattr(evaluate, "read_all", list)

    evaluate.main([])
    told = capsys.readouterr().out

    assert "no test split now" in told
    assert "no tuning split" not in told
