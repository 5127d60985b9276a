"""The bundled corpus: all of it is read by HermiT, and one bad record in it is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib import Graph

from dtrack.reasoning import ClashKind, Reasoning, reason

DT = "https://w3id.org/dtrack/ontology#"


@pytest.fixture(scope="module")
def result(java: str, ontology: list[Graph], corpus: list[Graph]) -> Reasoning:
    return reason([*ontology, *corpus])


def test_corpus_is_consistent(result: Reasoning) -> None:
    assert result.consistent, [str(clash) for clash in result.clashes[:10]]


def test_all_of_the_corpus_is_read(result: Reasoning, corpus: list[Graph]) -> None:
    assert len(corpus) > 600
    assert result.individuals > 8000
    assert result.statements > 60000
    assert result.undeclared == {}


def test_useful_facts_are_inferred(result: Reasoning) -> None:
    assert result.inferred_facts > 10000
    assert len(result.members(DT + "OperativeDirective")) > 500
    assert len(result.members(DT + "TimeBoundDirective")) > 50
    assert len(result.members(DT + "TreatyBasedInstrument")) > 20
    assert len(result.members(DT + "SustainableDevelopmentTarget")) > 50


def test_no_two_things_are_taken_for_one(result: Reasoning) -> None:
    assert result.merged == ()


def test_one_bad_record_among_all_is_found(
    java: str, ontology: list[Graph], corpus: list[Graph], record: Callable[..., Graph]
) -> None:
    bad = record("<id/decision/cbd-cop-12-19> a dt:Statement .", "bad")

    result = reason([*ontology, *corpus, bad])

    assert not result.consistent
    assert [clash.kind for clash in result.clashes] == [ClashKind.DISJOINT]
    assert str(result.clashes[0]).startswith(
        "https://w3id.org/dtrack/id/decision/cbd-cop-12-19 cannot be both "
        "dt:AdoptedText and dt:NonBindingText (stated to be dt:Decision; "
        "stated to be dt:Statement)"
    )
    assert "https://w3id.org/dtrack/graph/decision/bad" in result.clashes[0].records
