"""HermiT finds the ontology consistent, every class able to have members, and the right order."""

from __future__ import annotations

import pytest
from rdflib import Graph

from dtrack.reasoning import Reasoning, ontologies, reason
from dtrack.reasoning.facts import gather
from dtrack.reasoning.hermit import Task, find_hermit
from dtrack.reasoning.schema import Schema

DT = "https://w3id.org/dtrack/ontology#"
# What neighbours publish about their own terms, as far as it could clash with ours.
PUBLISHED = """
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
prov:Entity a owl:Class . prov:Activity a owl:Class ; owl:disjointWith prov:Entity .
prov:Agent a owl:Class . prov:Organization a owl:Class ; rdfs:subClassOf prov:Agent .
prov:wasGeneratedBy a owl:ObjectProperty ; rdfs:domain prov:Entity ; rdfs:range prov:Activity .
prov:wasAttributedTo a owl:ObjectProperty ; rdfs:domain prov:Entity ; rdfs:range prov:Agent .
prov:wasDerivedFrom a owl:ObjectProperty ; rdfs:domain prov:Entity ; rdfs:range prov:Entity .
prov:specializationOf a owl:ObjectProperty ; rdfs:domain prov:Entity ; rdfs:range prov:Entity .
prov:wasAssociatedWith a owl:ObjectProperty ; rdfs:domain prov:Activity ; rdfs:range prov:Agent .
skos:Concept a owl:Class ; owl:disjointWith skos:ConceptScheme , skos:Collection .
skos:ConceptScheme a owl:Class . skos:Collection a owl:Class ; owl:disjointWith skos:ConceptScheme .
skos:inScheme a owl:ObjectProperty ; rdfs:range skos:ConceptScheme .
skos:semanticRelation a owl:ObjectProperty ; rdfs:domain skos:Concept ; rdfs:range skos:Concept .
skos:mappingRelation a owl:ObjectProperty ; rdfs:subPropertyOf skos:semanticRelation .
skos:broader a owl:ObjectProperty ; rdfs:subPropertyOf skos:semanticRelation .
skos:related a owl:ObjectProperty ; rdfs:subPropertyOf skos:semanticRelation .
skos:topConceptOf a owl:ObjectProperty ; rdfs:domain skos:Concept ;
    rdfs:subPropertyOf skos:inScheme .
org:Post a owl:Class . org:Organization a owl:Class . foaf:Agent a owl:Class .
org:heldBy a owl:ObjectProperty ; rdfs:domain org:Post ; rdfs:range foaf:Agent .
eli:realizes a owl:ObjectProperty ; rdfs:domain eli:LegalExpression ; rdfs:range eli:LegalResource .
eli:LegalExpression a owl:Class . eli:LegalResource a owl:Class .
"""
EXPECTED = [
    ("Convention", "TreatyBasedInstrument"),
    ("Protocol", "TreatyBasedInstrument"),
    ("Agreement", "TreatyBasedInstrument"),
    ("TimeBoundDirective", "OperativeDirective"),
    ("TimeBoundDirective", "TimeBoundElement"),
]


@pytest.fixture(scope="module")
def result(java: str, ontology: list[Graph]) -> Reasoning:
    return reason(ontology)


def test_ontology_with_alignments_is_consistent_and_every_class_can_have_members(
    result: Reasoning,
) -> None:
    assert result.consistent
    assert result.coherent
    assert result.unsatisfiable == ()
    assert result.clashes == ()
    assert result.classes > 100


def test_hierarchy_holds_more_than_was_asserted(result: Reasoning) -> None:
    assert {(DT + a, DT + b) for a, b in EXPECTED} <= set(result.subclasses)


def test_alignments_reach_the_classes_below(result: Reasoning) -> None:
    eli = "http://data.europa.eu/eli/ontology#LegalResource"

    assert (DT + "Protocol", eli) in result.subclasses
    assert result.subclass_axioms > 50


def test_nothing_follows_that_should_not(result: Reasoning) -> None:
    """Only the defined classes have a new place: no class slips under another by accident."""
    ours = {(a, b) for a, b in result.subclasses if a.startswith(DT) and b.startswith(DT)}

    assert ours == {(DT + a, DT + b) for a, b in EXPECTED}


def test_every_term_is_seen(result: Reasoning) -> None:
    assert result.undeclared == {}


def test_what_neighbours_say_of_their_own_terms_does_not_clash(
    java: str, ontology: list[Graph], corpus: list[Graph]
) -> None:
    graphs = [*ontology, Graph().parse(data=PUBLISHED, format="turtle"), *corpus]
    schema = Schema.read(graphs)
    facts = gather(graphs, schema)
    hermit = find_hermit()

    classified = hermit.ask(Task.CLASSIFY, ontologies.terms(schema))
    checked = hermit.ask(Task.CHECK, ontologies.whole(schema, facts))

    assert classified.unsatisfiable == set()
    assert len(schema.disjoint) > len(Schema.read(ontology).disjoint)
    assert checked.consistent
