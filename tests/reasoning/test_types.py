"""Types of things: what HermiT infers, and that blurring values loses none of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from rdflib import OWL, Graph
from rdflib.term import Node

from dtrack.reasoning import Reasoning, ontologies, reason
from dtrack.reasoning.clashes import types_of_things
from dtrack.reasoning.facts import gather
from dtrack.reasoning.hermit import Task, find_hermit
from dtrack.reasoning.schema import Schema, closure

DT = "https://w3id.org/dtrack/ontology#"
ID = "https://w3id.org/dtrack/id/"
RECORD = """
<id/decision/d> a dt:Decision ; dt:symbol "XII/19" ; dt:adopted "2014-10-17"^^xsd:date ;
    dt:instrument <id/instrument/cbd> ; dt:adoptedAt <id/meeting/m> ; dt:repeals <id/decision/old> .
<id/instrument/cbd> a dt:Convention ; dt:governingBody <id/body/cop> .
<id/provision/d/4> a dt:OperativeProvision , dt:Paragraph ; dt:partOf <id/decision/d> ;
    dt:addressesTarget <id/target/t> ; dt:sortKey "2.0004" ; dt:summary "Words."@en .
<id/element/d/4/1> a dt:Element ; dt:elementOf <id/provision/d/4> ; dt:sequence 1 ;
    dt:verb <codes/verb/requests> ; dt:kind <codes/kind/operational> ;
    dt:addressee <codes/actor/parties> ; dt:deadline "2015-12-31"^^xsd:date .
<id/element/d/4/2> a dt:Element ; dt:kind <codes/kind/informational> ;
    dt:inheritedFrom <id/element/d/4/1> ; dt:deadlineMeeting <id/meeting/m13> .
<id/tagging/d/4/t> a dt:Tagging ; dt:tagged <id/provision/d/4> ; dt:tag <id/target/t> ;
    dt:taggingState <codes/tagging-state/accepted> ; dt:confidence 0.7 .
<id/tagging/d/4/u> a dt:Tagging ; dt:taggingState <codes/tagging-state/proposed> .
<http://metadata.un.org/sdg/14.2> a dt:Target ; dt:ofFramework <http://metadata.un.org/sdg> ;
    dt:dueYear "2030"^^xsd:gYear .
<id/status/d/4> a dt:StatusAssertion ; dt:statusOf <id/provision/d/4> .
"""


@pytest.fixture(scope="module")
def graphs(ontology: list[Graph], record: Callable[..., Graph]) -> list[Graph]:
    return [*ontology, record(RECORD)]


@pytest.fixture(scope="module")
def result(java: str, graphs: list[Graph]) -> Reasoning:
    return reason(graphs)


def test_things_get_the_classes_that_are_defined_for_them(result: Reasoning) -> None:
    found = {
        (thing.removeprefix(ID), name.removeprefix(DT))
        for thing, name in result.types
        if name.startswith(DT)
    }

    assert result.consistent
    assert {
        ("decision/d", "RevisingText"),
        ("instrument/cbd", "TreatyBasedInstrument"),
        ("body/cop", "GoverningBody"),
        ("provision/d/4", "TargetedProvision"),
        ("element/d/4/1", "OperativeDirective"),
        ("element/d/4/1", "TimeBoundDirective"),
        ("element/d/4/2", "TimeBoundElement"),
        ("element/d/4/2", "InheritingElement"),
        ("tagging/d/4/t", "AcceptedTagging"),
        ("http://metadata.un.org/sdg/14.2", "SustainableDevelopmentTarget"),
        ("meeting/m13", "Meeting"),
    } <= found
    assert (
        not {
            ("element/d/4/2", "OperativeDirective"),
            ("element/d/4/2", "TimeBoundDirective"),
            ("tagging/d/4/u", "AcceptedTagging"),
            ("decision/old", "RevisingText"),
        }
        & found
    )
    assert ("http://metadata.un.org/sdg/14.2", "http://metadata.un.org/sdg/ontology#Target") in (
        result.types
    )
    assert result.inferred_facts == len(result.types) + result.subclass_axioms
    assert result.members(DT + "AcceptedTagging") == (ID + "tagging/d/4/t",)


def test_stated_types_are_not_counted_as_inferred(result: Reasoning) -> None:
    assert (ID + "decision/d", DT + "Decision") not in result.types
    assert (ID + "decision/d", DT + "Text") in result.types


def test_blurring_finds_the_same_types_as_the_whole(java: str, graphs: list[Graph]) -> None:
    schema = Schema.read(graphs)
    facts = gather(graphs, schema)
    hermit = find_hermit()
    hierarchy = closure(hermit.ask(Task.CLASSIFY, ontologies.terms(schema)).parents)

    def types(graph: Iterable[tuple[Node, Node, Node]]) -> set[tuple[str, str]]:
        nearest = hermit.ask(Task.REALISE, graph).types
        return {
            (str(thing), str(name))
            for thing, classes in nearest.items()
            for name in classes.union(*(hierarchy.get(c, frozenset()) for c in classes))
            if name != OWL.Thing and not str(thing + name).count(ontologies.PRIVATE)
        }

    whole = types(ontologies.whole(schema, facts))

    assert len(whole) > 60
    assert types(ontologies.blurred(schema, facts)) == whole


def test_our_own_reading_never_says_more_than_hermit(
    result: Reasoning, graphs: list[Graph]
) -> None:
    schema = Schema.read(graphs)
    facts = gather(graphs, schema)
    stated = {(str(t), str(c)) for t, classes in facts.types.items() for c in classes}

    ours = {(str(t), str(c)) for t, cs in types_of_things(schema, facts).items() for c in cs}

    assert len(ours) > 20
    assert ours <= stated | set(result.types)


def test_restrictions_on_values_are_blurred_without_inventing_members(
    java: str, ontology: list[Graph], record: Callable[..., Graph]
) -> None:
    """ "Only whole numbers" and "the value 1" say nothing once values are vague."""
    terms = record(
        """
        dt:Whole a owl:Class ; owl:equivalentClass [ a owl:Restriction ;
            owl:onProperty dt:figureValue ; owl:allValuesFrom xsd:integer ] .
        dt:First a owl:Class ; owl:equivalentClass [ a owl:Restriction ;
            owl:onProperty dt:sequence ; owl:hasValue 1 ] .
        dt:Counted a owl:Class ; owl:equivalentClass [ a owl:Restriction ;
            owl:onProperty dt:figureValue ; owl:someValuesFrom rdfs:Literal ] .
        <id/figure/f> a dt:Figure ; dt:figureValue 2.5 ; dt:sequence 2 .
        """
    )

    result = reason([*ontology, terms])

    assert result.consistent
    assert ID + "figure/f" in result.members(DT + "Counted")
    assert result.members(DT + "Whole") == ()
    assert result.members(DT + "First") == ()


def test_what_no_graph_declares_is_counted(
    java: str, ontology: list[Graph], record: Callable[..., Graph]
) -> None:
    odd = record(
        """<id/decision/x> a dt:Decision , <http://example.org/Odd> ;
        <http://example.org/p> "a" , "b" ; skos:prefLabel "X"@en ."""
    )

    result = reason([*ontology, odd])

    assert result.consistent
    assert result.undeclared == {"http://example.org/p": 2, "http://example.org/Odd": 1}


def test_blank_things_are_reasoned_over_but_not_listed(
    java: str, ontology: list[Graph], record: Callable[..., Graph]
) -> None:
    blank = record("[] a dt:Element ; dt:kind <codes/kind/operational> .")
    clash = record("[] a dt:Decision , dt:Statement .")

    assert reason([*ontology, blank]).members(DT + "OperativeDirective") == ()
    assert not reason([*ontology, clash]).consistent
