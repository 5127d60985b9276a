"""Parts of reasoning that need no Java."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, XSD, Graph, Literal

from dtrack.errors import MissingExtraError, ReasonerError
from dtrack.reasoning import Clash, ClashKind, hermit, reason
from dtrack.reasoning.hermit import Hermit, Task, find_hermit
from dtrack.reasoning.narrowing import smallest_contradiction
from dtrack.reasoning.ontologies import literal_for_hermit


def test_missing_java_is_named_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(MissingExtraError) as caught:
        reason([Graph()])

    assert "java" in str(caught.value).lower()
    assert "pip install 'dtrack[reason]'" in caught.value.remedy


def test_missing_owlready2_is_named_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hermit, "find_spec", lambda _name: None)

    with pytest.raises(MissingExtraError, match="owlready2") as caught:
        find_hermit()

    assert "pip install 'dtrack[reason]'" in caught.value.remedy


def program(folder: Path, script: str) -> Hermit:
    """A stand-in for Java that runs a shell script."""
    path = folder / "java"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return Hermit(str(path), "", seconds=0.5)


def test_reasoner_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    slow = program(tmp_path, "exec sleep 30")

    with pytest.raises(ReasonerError, match=r"did not end within 0\.5 seconds"):
        slow.ask(Task.CHECK, Graph())


def test_complaint_of_the_reasoner_is_passed_on(tmp_path: Path) -> None:
    faulty = program(tmp_path, "echo 'Exception in thread \"main\" Malformed: x' >&2; exit 1")

    with pytest.raises(ReasonerError, match="HermiT failed: Malformed: x"):
        faulty.ask(Task.CHECK, Graph())


def test_answer_is_read_from_the_reasoners_words(tmp_path: Path) -> None:
    words = [
        "EquivalentClasses( <http://www.w3.org/2002/07/owl#Nothing> <u:Empty> )",
        "EquivalentClasses( <u:A> <u:B> )",
        "SubClassOf( <u:A> <u:C> )",
        "SubObjectPropertyOf( <u:p> <u:q> )",
        "Type( <u:x> <u:A> )",
    ]
    speaking = program(tmp_path, "\n".join(f"echo '{line}'" for line in words))

    answer = speaking.ask(Task.CLASSIFY, Graph())

    assert answer.consistent
    assert {str(name) for name in answer.unsatisfiable} == {"u:Empty"}
    assert {str(a): sorted(map(str, b)) for a, b in answer.parents.items()} == {
        "u:A": ["u:B", "u:C"],
        "u:B": ["u:A"],
    }
    assert {str(a): sorted(map(str, b)) for a, b in answer.types.items()} == {"u:x": ["u:A"]}


@pytest.mark.parametrize(
    ("given_literal", "expected"),
    [
        (
            Literal("2014-10-17", datatype=XSD.date),
            Literal("2014-10-17T00:00:00", datatype=XSD.dateTime),
        ),
        (
            Literal("2014-10-17Z", datatype=XSD.date, normalize=False),
            Literal("2014-10-17T00:00:00Z", datatype=XSD.dateTime, normalize=False),
        ),
        (Literal("2020", datatype=XSD.gYear), Literal("2020", datatype=XSD.integer)),
        (Literal("plain"), Literal("plain")),
        (Literal("文", lang="zh"), Literal("文", lang="zh")),
        (Literal("0.7", datatype=XSD.decimal), Literal("0.7", datatype=XSD.decimal)),
        (
            Literal("P1Y", datatype=XSD.duration),
            Literal(f"P1Y^^{XSD.duration}", datatype=XSD.string),
        ),
    ],
)
def test_literals_are_written_in_datatypes_of_owl_2(
    given_literal: Literal, expected: Literal
) -> None:
    assert literal_for_hermit(given_literal).n3() == expected.n3()


@given(st.integers(1, 60), st.data())
def test_narrowing_finds_exactly_the_guilty(count: int, data: st.DataObject) -> None:
    guilty = data.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=3))
    calls = []

    def contradicts(items: Sequence[int]) -> bool:
        calls.append(len(items))
        return guilty <= set(items)

    assert set(smallest_contradiction(range(count), contradicts)) == guilty


def test_narrowing_of_one_among_many_takes_few_calls() -> None:
    calls = []

    def contradicts(items: Sequence[int]) -> bool:
        calls.append(items)
        return 700 in items

    assert smallest_contradiction(range(1000), contradicts) == [700]
    assert len(calls) <= 25


@pytest.mark.parametrize("kind", list(ClashKind))
def test_every_clash_can_be_told(kind: ClashKind) -> None:
    name = "https://w3id.org/dtrack/ontology#"

    clash = Clash(kind, name + "x", (name + "A", name + "B"), ("one", "other"), (str(RDF),))

    assert str(clash).endswith(f"in {RDF}")
