"""The ontology stays inside OWL 2 DL, with and without the alignments."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef

DT = "https://w3id.org/dtrack/ontology#"
KINDS = {
    "class": OWL.Class,
    "object property": OWL.ObjectProperty,
    "datatype property": OWL.DatatypeProperty,
    "annotation property": OWL.AnnotationProperty,
}
BUILT_IN = (str(OWL), str(RDF), str(RDFS))
DATATYPES = {XSD.string, XSD.integer, XSD.decimal, XSD.boolean, XSD.dateTime, XSD.anyURI}
AXIOMS = {
    *(RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range),
    *(OWL.equivalentClass, OWL.disjointWith, OWL.inverseOf, OWL.onProperty),
    *(OWL.someValuesFrom, OWL.allValuesFrom, RDF.first),
}


@pytest.fixture(scope="module", params=["alone", "with alignments"])
def graph(request: pytest.FixtureRequest, ontology: Graph, alignments: dict[str, Graph]) -> Graph:
    everything = Graph()
    everything += ontology
    if request.param == "with alignments":
        for alignment in alignments.values():
            everything += alignment
    return everything


def declared(graph: Graph, kind: URIRef) -> set[URIRef]:
    return {term for term in graph.subjects(RDF.type, kind) if isinstance(term, URIRef)}


def test_there_are_terms_of_each_kind(ontology: Graph) -> None:
    counts = {name: len(declared(ontology, kind)) for name, kind in KINDS.items()}

    assert counts["class"] > 80
    assert counts["object property"] > 90
    assert counts["datatype property"] > 55


def test_no_term_is_of_two_kinds(graph: Graph) -> None:
    for one, other in combinations(KINDS, 2):
        assert not declared(graph, KINDS[one]) & declared(graph, KINDS[other]), (one, other)


def test_every_predicate_is_declared(graph: Graph) -> None:
    properties = set().union(*(declared(graph, kind) for kind in list(KINDS.values())[1:]))
    used = {p for p in graph.predicates() if not str(p).startswith(BUILT_IN)}

    assert len(used) > 10
    assert used <= properties


def test_every_name_in_an_axiom_is_declared(graph: Graph) -> None:
    terms = set().union(*(declared(graph, kind) for kind in KINDS.values()))
    named = [
        end
        for s, p, o in graph
        if p in AXIOMS
        for end in (s, o)
        if isinstance(end, URIRef) and not str(end).startswith((*BUILT_IN, str(XSD)))
    ]

    assert len(named) > 300
    assert set(named) <= terms


def test_only_datatypes_of_owl_2_stand_in_axioms(graph: Graph) -> None:
    datatypes = {
        o
        for s, p, o in graph
        if p in AXIOMS and isinstance(o, URIRef) and str(o).startswith((str(XSD), str(RDF)))
    } - {RDF.nil}

    assert datatypes
    assert datatypes <= DATATYPES


def test_datatype_properties_have_no_characteristic_but_functional(graph: Graph) -> None:
    allowed = {OWL.DatatypeProperty, OWL.FunctionalProperty}

    for name in declared(graph, OWL.DatatypeProperty):
        assert set(graph.objects(name, RDF.type)) <= allowed, name


def test_ranges_fit_the_kind_of_property(graph: Graph) -> None:
    classes = declared(graph, OWL.Class)

    for name in declared(graph, OWL.ObjectProperty):
        for end in graph.objects(name, RDFS.range):
            assert end in classes or isinstance(end, BNode), name
    for name in declared(graph, OWL.DatatypeProperty):
        for end in graph.objects(name, RDFS.range):
            assert end in DATATYPES, name


def test_properties_are_under_properties_of_their_kind(graph: Graph) -> None:
    pairs = [
        (kind, broader)
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for name in declared(graph, kind)
        for broader in graph.objects(name, RDFS.subPropertyOf)
        if isinstance(broader, URIRef)
    ]

    assert pairs
    assert all((broader, RDF.type, kind) in graph for kind, broader in pairs)


def test_nothing_is_imported(graph: Graph) -> None:
    assert (None, OWL.imports, None) not in graph


def test_blank_nodes_are_expressions_and_lists_only(graph: Graph) -> None:
    nodes = {s for s in graph.subjects() if isinstance(s, BNode)}

    assert nodes
    for node in nodes:
        kinds = set(graph.objects(node, RDF.type))
        assert kinds & {OWL.Class, OWL.Restriction, OWL.AllDisjointClasses} or any(
            (node, p, None) in graph for p in (RDF.first, OWL.inverseOf)
        )


def test_each_subject_is_one_block_under_a_banner(ontology_file: Path) -> None:
    text = ontology_file.read_text(encoding="utf-8")
    subjects = re.findall(r"^(dt:\w+) ", text, flags=re.MULTILINE)
    before_first = text.split("\ndt:", 1)[0]

    assert len(subjects) > 230
    assert len(subjects) == len(set(subjects))
    assert before_first.rstrip().endswith("#" * 78)


def test_terms_are_in_reading_order(ontology_file: Path) -> None:
    text = ontology_file.read_text(encoding="utf-8")
    kinds = re.findall(r"^dt:\w+ a (owl:\w+)", text, flags=re.MULTILINE)

    assert list(dict.fromkeys(kinds)) == [
        "owl:Class",
        "owl:ObjectProperty",
        "owl:DatatypeProperty",
    ]
    assert kinds == sorted(kinds, key=list(dict.fromkeys(kinds)).index)


def test_every_text_has_a_language(ontology: Graph) -> None:
    skos = "http://www.w3.org/2004/02/skos/core#"
    texts = [
        o
        for _, p, o in ontology
        if isinstance(o, Literal) and (p == RDFS.label or str(p).startswith(skos))
    ]

    assert len(texts) > 1000
    assert all(text.language in {"en", "zh"} for text in texts)
