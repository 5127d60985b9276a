"""A report as text in two languages, and as JSON."""

from __future__ import annotations

import json

import pytest
from rdflib import XSD, Graph, Literal

from dtrack.model import Finding, Report, Severity
from dtrack.validation.report import LANGUAGES, as_json, as_text, summary
from dtrack.validation.writing import turtle_text

FINDINGS = tuple(
    Finding(
        severity=severity,
        focus=f"https://w3id.org/dtrack/id/decision/cbd-cop-12-{number}",
        shape="https://w3id.org/dtrack/shapes#AdoptedTextShape-adopted",
        component="http://www.w3.org/ns/shacl#DatatypeConstraintComponent",
        path="https://w3id.org/dtrack/ontology#adopted",
        value="2014-10",
        messages={"en": "Give a date.", "zh": "请给出日期。"},
        place=f"data/{number}.ttl" if number < 3 else "",
    )
    for number, severity in enumerate((Severity.VIOLATION, Severity.WARNING, Severity.INFO), 1)
)
REPORT = Report(FINDINGS, focus_nodes=7, shapes=250, by_reference=("<x>: reason",))


@pytest.mark.parametrize(("language", "message"), [("en", "Give a date."), ("zh", "请给出日期。")])
def test_text_says_where_and_what_to_write(language: str, message: str) -> None:
    text = as_text(REPORT, language)

    assert text.count(message) == 3
    assert "data/1.ttl" in text
    assert "id/decision/cbd-cop-12-1 dt:adopted = 2014-10" in text
    assert "<x>: reason" in text
    assert text.endswith(summary(REPORT, language) + "\n")


def test_unknown_language_falls_back_to_english() -> None:
    assert as_text(REPORT, "fr") == as_text(REPORT, "en")
    assert LANGUAGES == ("en", "zh")


def test_summary_counts_by_severity() -> None:
    assert summary(REPORT).startswith("Does not conform: 1 violations, 1 warnings, 1 notes")
    assert "不符合要求：1 项违规" in summary(REPORT, "zh")


def test_summary_of_nothing_checked_does_not_claim_success() -> None:
    nothing = Report((), focus_nodes=0, shapes=250)

    assert "onforms" not in summary(nothing)
    assert "符合要求" not in summary(nothing, "zh")


def test_limit_hides_findings_but_counts_them() -> None:
    text = as_text(REPORT, limit=1)

    assert text.count("Give a date.") == 1
    assert "2 more" in text
    assert "1 warnings" in text


def test_long_and_broken_values_stay_on_one_line() -> None:
    finding = Finding(Severity.INFO, "urn:a", "urn:s", "urn:c#Component", value="x\n" * 500)

    lines = as_text(Report((finding,), 1, 1)).splitlines()

    assert all(len(line) < 160 for line in lines)
    assert any("Component" in line for line in lines)


def test_json_holds_everything() -> None:
    read = json.loads(as_json(REPORT))

    assert (read["conforms"], read["focus_nodes"], read["shapes"]) == (False, 7, 250)
    assert read["findings"][0]["messages"] == {"en": "Give a date.", "zh": "请给出日期。"}
    assert [finding["severity"] for finding in read["findings"]] == ["Violation", "Warning", "Info"]
    assert read["by_reference"] == ["<x>: reason"]


@pytest.mark.parametrize(
    "value",
    [
        Literal("0.7 again", datatype=XSD.decimal),
        Literal('a"\n', datatype=XSD.integer),
        Literal("2020-13", datatype=XSD.date),
        Literal("twelve", datatype=XSD.double),
    ],
)
def test_a_value_that_its_datatype_does_not_have_is_written_as_it_is(value: Literal) -> None:
    graph = Graph()
    graph.add((XSD.string, XSD.string, value))

    read = Graph().parse(data=turtle_text(graph)).value(XSD.string, XSD.string)

    assert isinstance(read, Literal)
    assert (str(read), read.datatype) == (str(value), value.datatype)
