"""Contradictions that we name ourselves, and in words a curator can act on. No Java needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib import Graph

from dtrack.reasoning import Clash, ClashKind
from dtrack.reasoning.clashes import find_clashes
from dtrack.reasoning.facts import gather
from dtrack.reasoning.schema import Schema


@pytest.fixture
def clashes(ontology: list[Graph], record: Callable[..., Graph]) -> Callable[[str], list[Clash]]:
    def find(turtle: str) -> list[Clash]:
        graphs = [*ontology, record(turtle)]
        schema = Schema.read(graphs)
        return find_clashes(schema, gather(graphs, schema), schema.asserted, ())

    return find


@pytest.mark.parametrize(
    ("turtle", "words"),
    [
        (
            "<id/x> a dt:Decision , dt:Statement .",
            (
                "cannot be both dt:AdoptedText and dt:NonBindingText "
                "(stated to be dt:Decision; stated to be dt:Statement)"
            ),
        ),
        (
            "<id/x> a dt:Meeting . <id/e> dt:addressee <id/x> .",
            (
                "cannot be both dt:Actor and dt:Meeting (dt:Actor since it is dt:addressee of "
                "<https://w3id.org/dtrack/id/e>; stated to be dt:Meeting)"
            ),
        ),
        (
            "<id/x> a dt:Decision ; dt:verb <id/v> .",
            (
                "cannot be both dt:Element and dt:Text "
                "(dt:Element since it has dt:verb; stated to be dt:Decision)"
            ),
        ),
        (
            '<id/x> a dt:Decision ; dt:session "12" .',
            (
                "cannot be both dt:Meeting and dt:Text "
                "(dt:Meeting since it has dt:session; stated to be dt:Decision)"
            ),
        ),
        (
            "<id/x> owl:sameAs <id/y> . <id/x> a dt:Decision . <id/y> a dt:Meeting .",
            (
                "cannot be both dt:Meeting and dt:Text (stated to be dt:Meeting under the name "
                "<https://w3id.org/dtrack/id/y>; stated to be dt:Decision under the name "
                "<https://w3id.org/dtrack/id/x>)"
            ),
        ),
        (
            "<id/x> dt:governingBody <id/b> . <id/b> a dt:Secretariat .",
            (
                "cannot be both dt:GoverningBody and dt:Secretariat (dt:GoverningBody since it is "
                "dt:governingBody of <https://w3id.org/dtrack/id/x>; stated to be dt:Secretariat)"
            ),
        ),
        (
            "<id/x> dt:governingBody <id/b> . <id/b> a dt:Meeting .",
            (
                "cannot be both dt:Body and dt:Meeting (dt:Body since it is "
                "dt:governingBody of <https://w3id.org/dtrack/id/x>; stated to be dt:Meeting)"
            ),
        ),
        (
            '<id/x> a dt:Element ; dt:addressee "Parties" .',
            'has a dt:addressee that cannot be ("Parties" is a literal, not a thing)',
        ),
        (
            "<id/x> a dt:Decision ; dt:symbol <id/y> .",
            (
                "has a dt:symbol that cannot be "
                "(<https://w3id.org/dtrack/id/y> is a thing, not a literal)"
            ),
        ),
        (
            '<id/x> a dt:Element ; dt:sequence "1" .',
            'has a dt:sequence that cannot be ("1" is no xsd:integer)',
        ),
        (
            '<id/x> a dt:Element ; dt:sequence 1 , "2"^^xsd:int .',
            "has more than one dt:sequence",
        ),
        (
            "<id/x> a dt:Provision ; dt:partOf <id/x> .",
            "is dt:partOf of itself",
        ),
        (
            "<id/x> dt:succeededBy <id/y> . <id/y> dt:succeededBy <id/x> .",
            "is dt:succeededBy of something, and that of it (<https://w3id.org/dtrack/id/y>)",
        ),
    ],
)
def test_contradiction_is_told(
    turtle: str, words: str, clashes: Callable[[str], list[Clash]]
) -> None:
    assert any(words in str(clash) for clash in clashes(turtle)), clashes(turtle)


@pytest.mark.parametrize(
    "turtle",
    [
        "<id/x> a dt:Decision ; dt:adoptedAt <id/m> . <id/m> a dt:Meeting .",
        "<id/x> a dt:Forum , dt:GoverningBody .",
        "<id/x> a dt:Element ; dt:sequence 1 , 01 .",
        '<id/x> dt:figureValue 2 , "3"^^xsd:int , 2.50 .',
        "<id/t> a dt:Tagging ; dt:tag <id/a> , <id/b> . <id/a> a dt:Target . <id/b> a dt:Target .",
        "<id/x> dt:cooperatesWith <id/y> . <id/y> dt:cooperatesWith <id/x> .",
        "<id/x> dt:cites <id/x> .",
    ],
)
def test_what_is_no_contradiction_is_let_pass(
    turtle: str, clashes: Callable[[str], list[Clash]]
) -> None:
    assert clashes(turtle) == []


def test_ill_typed_literal_is_a_clash(
    clashes: Callable[[str], list[Clash]], caplog: pytest.LogCaptureFixture
) -> None:
    found = clashes('<id/x> a dt:Element ; dt:sequence "one"^^xsd:integer .')

    assert [clash.kind for clash in found] == [ClashKind.VALUE]
    assert "is ill-typed" in str(found[0])
