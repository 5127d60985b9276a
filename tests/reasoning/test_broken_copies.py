"""Deliberately broken copies of the ontology, and broken records, are each caught by HermiT."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib import Graph

from dtrack.reasoning import ClashKind, reason

DT = "https://w3id.org/dtrack/ontology#"
ID = "https://w3id.org/dtrack/id/"

TERMS = {
    "a class under two disjoint ones": (
        "dt:Declaration a owl:Class ; rdfs:subClassOf dt:Decision , dt:Statement .",
        {"Declaration"},
    ),
    "a class moved under what excludes it": (
        "dt:Option rdfs:subClassOf dt:Element .",
        {"Option"},
    ),
    "a class that excludes its own parent": (
        "dt:Target owl:disjointWith dt:FrameworkItem .",
        {"Target", "SustainableDevelopmentTarget"},
    ),
    "a definition that cannot be met": (
        """dt:Timeless a owl:Class ; rdfs:subClassOf dt:TimeBoundElement ,
             [ a owl:Restriction ; owl:onProperty dt:deadline ; owl:maxCardinality 0 ] ,
             [ a owl:Restriction ; owl:onProperty dt:deadlineMeeting ; owl:maxCardinality 0 ] .""",
        {"Timeless"},
    ),
    "a range that its restriction contradicts": (
        """dt:Misdirected a owl:Class ; rdfs:subClassOf [ a owl:Restriction ;
             owl:onProperty dt:addressee ; owl:someValuesFrom dt:Meeting ] .""",
        {"Misdirected"},
    ),
}
RECORDS = {
    "one thing that is decision and statement": (
        "<id/decision/x> a dt:Decision , dt:Statement .",
        ClashKind.DISJOINT,
        "decision/x",
        {"AdoptedText", "NonBindingText"},
    ),
    "a preambular provision that is operative": (
        "<id/provision/x/1> a dt:PreambularProvision , dt:OperativeProvision .",
        ClashKind.DISJOINT,
        "provision/x/1",
        {"PreambularProvision", "OperativeProvision"},
    ),
    "a provision with a verb of its own": (
        "<id/provision/x/1> a dt:OperativeProvision ; dt:verb <codes/verb/invites> .",
        ClashKind.DISJOINT,
        "provision/x/1",
        {"Element", "Subdivision"},
    ),
    "a curator's status with a word of the publisher": (
        "<id/status/x> a dt:CuratedStatus ; dt:publishedStatus <codes/published-status/active> .",
        ClashKind.DISJOINT,
        "status/x",
        {"CuratedStatus", "PublishedStatus"},
    ),
    "a meeting as addressee": (
        "<id/element/x> dt:addressee <id/meeting/m> . <id/meeting/m> a dt:Meeting .",
        ClashKind.DISJOINT,
        "meeting/m",
        {"Actor", "Meeting"},
    ),
    "a tagging of two things that cannot be one": (
        """<id/tagging/x> a dt:Tagging ; dt:tag <id/target/t> , <codes/theme/h> .
           <id/target/t> a dt:Target . <codes/theme/h> a dt:Theme .""",
        ClashKind.DISJOINT,
        "",
        {"FrameworkItem", "Theme"},
    ),
    "an element in two places": (
        "<id/element/x> a dt:Element ; dt:sequence 1 , 2 .",
        ClashKind.FUNCTIONAL,
        "element/x",
        {"sequence"},
    ),
    "two provisions that are part of each other": (
        """<id/provision/a> dt:partOf <id/provision/b> .
           <id/provision/b> dt:partOf <id/provision/a> .""",
        ClashKind.ASYMMETRIC,
        "provision/a",
        {"partOf"},
    ),
    "a decision that supersedes itself": (
        "<id/decision/x> a dt:Decision ; dt:supersedes <id/decision/x> .",
        ClashKind.IRREFLEXIVE,
        "decision/x",
        {"supersedes"},
    ),
    "a symbol that is no plain string": (
        '<id/decision/x> a dt:Decision ; dt:symbol "XII/19"@en .',
        ClashKind.VALUE,
        "decision/x",
        {"symbol"},
    ),
    "a protocol that is non-binding, by what is inferred alone": (
        "<id/instrument/x> a dt:Protocol , dt:NonBindingInstrument .",
        ClashKind.DISJOINT,
        "instrument/x",
        {"NonBindingInstrument", "TreatyBasedInstrument"},
    ),
}


@pytest.mark.parametrize("fault", TERMS)
def test_class_that_can_have_no_members_is_found(
    fault: str, java: str, ontology: list[Graph], record: Callable[..., Graph]
) -> None:
    turtle, expected = TERMS[fault]

    result = reason([*ontology, record(turtle)])

    assert result.consistent
    assert not result.coherent
    assert {iri.removeprefix(DT) for iri in result.unsatisfiable} == expected


@pytest.mark.parametrize("fault", RECORDS)
def test_contradicting_record_is_found_and_named(
    fault: str, java: str, ontology: list[Graph], record: Callable[..., Graph]
) -> None:
    turtle, kind, thing, terms = RECORDS[fault]

    result = reason(
        [*ontology, record(turtle, "broken"), record("<id/decision/y> a dt:Decision .")]
    )

    assert not result.consistent
    clash = result.clashes[0]
    assert clash.kind is kind
    assert clash.thing == ID + thing or not thing
    assert {term.removeprefix(DT) for term in clash.terms} == terms
    assert clash.records == ("https://w3id.org/dtrack/graph/decision/broken",)
    assert str(clash)


def test_member_of_a_class_that_can_have_none_is_named(
    java: str, ontology: list[Graph], record: Callable[..., Graph]
) -> None:
    turtle, _ = TERMS["a definition that cannot be met"]

    result = reason([*ontology, record(turtle + "<id/element/x> a dt:Timeless .")])

    assert not result.consistent
    assert [clash.kind for clash in result.clashes] == [ClashKind.UNSATISFIABLE]
    assert "can have no members" in str(result.clashes[0])


def test_contradiction_that_only_hermit_sees_is_narrowed_to_its_records(
    java: str, ontology: list[Graph], record: Callable[..., Graph]
) -> None:
    """An option's text is an options paper by a restriction that our own rules do not read."""
    guilty = [
        record("<id/option/x> a dt:Option ; dt:ofText <id/decision/d> .", "option"),
        record("<id/decision/d> a dt:Decision .", "text"),
    ]
    innocent = [record(f"<id/decision/{n}> a dt:Decision .", f"other-{n}") for n in range(4)]

    result = reason([*ontology, *innocent, *guilty])

    assert not result.consistent
    clash = result.clashes[0]
    assert clash.kind is ClashKind.UNEXPLAINED
    assert clash.records == (
        "https://w3id.org/dtrack/graph/decision/option",
        "https://w3id.org/dtrack/graph/decision/text",
    )


def test_ontology_that_contradicts_itself_blames_no_record(
    java: str, ontology: list[Graph], record: Callable[..., Graph]
) -> None:
    nonsense = """dt:Record owl:equivalentClass [ a owl:Class ; owl:complementOf dt:Record ] .
        <id/decision/x> a dt:Decision ."""

    result = reason([*ontology, record(nonsense)])

    assert not result.consistent
    assert [(clash.kind, clash.records) for clash in result.clashes] == [
        (ClashKind.UNEXPLAINED, ())
    ]
