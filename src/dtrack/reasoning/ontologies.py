"""The three ontologies that HermiT is asked about, each as much as its question needs.

*Terms*: axioms alone, to classify. *Whole*: axioms and every fact, literals
included, to check consistency. *Blurred*: axioms and facts with values made
vague, to find the types of things: HermiT takes 7 s to check 100,000
statements with literals, but more than 400 s to sort their things into
classes; with nominals and values blurred it takes 6.

Blurring only ever weakens axioms, so every type found is entailed. What it can
miss: types that hang on a particular literal, or on two IRIs being one nominal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final

    from rdflib.term import Node

    from dtrack.reasoning.facts import Facts
    from dtrack.reasoning.schema import Schema

    Triple = tuple[Node, Node, Node]

PRIVATE: Final = "urn:dtrack:private:"
"""Start of the names that only the blurred ontology knows."""

_SOME_VALUE: Final = URIRef(f"{PRIVATE}value")
_OWL_DATATYPES: Final = frozenset(
    XSD[name]
    for name in (
        *("anyURI", "base64Binary", "boolean", "byte", "dateTime", "dateTimeStamp", "decimal"),
        *("double", "float", "hexBinary", "int", "integer", "language", "long", "Name", "NCName"),
        *("negativeInteger", "NMTOKEN", "nonNegativeInteger", "nonPositiveInteger"),
        *("normalizedString", "positiveInteger", "short", "string", "token", "unsignedByte"),
        *("unsignedInt", "unsignedLong", "unsignedShort"),
    )
) | {RDF.XMLLiteral, RDF.PlainLiteral, RDFS.Literal, OWL.real, OWL.rational}
_STAND_INS: Final = {
    XSD.date: XSD.dateTime,
    XSD.gYear: XSD.integer,
    RDF.langString: RDF.PlainLiteral,
}
_DATE = re.compile(r"(-?\d{4,}-\d\d-\d\d)(.*)")
_YEAR = re.compile(r"(-?\d{4,}).*")


def literal_for_hermit(literal: Literal) -> Literal:
    """Literal with a datatype of OWL 2: a date as its midnight, a year as a number."""
    lexical, datatype = str(literal), literal.datatype
    if literal.language or datatype is None or datatype in _OWL_DATATYPES:
        return literal
    if datatype == XSD.date and (match := _DATE.fullmatch(lexical)):
        return Literal(f"{match[1]}T00:00:00{match[2]}", datatype=XSD.dateTime, normalize=False)
    if datatype == XSD.gYear and (match := _YEAR.fullmatch(lexical)):
        return Literal(match[1], datatype=XSD.integer, normalize=False)
    return Literal(f"{lexical}^^{datatype}", datatype=XSD.string)


def _datatype_for_hermit(node: Node) -> Node:
    if isinstance(node, URIRef):
        if node in _STAND_INS:
            return _STAND_INS[node]
        if node in XSD and node not in _OWL_DATATYPES:
            return XSD.string
    return literal_for_hermit(node) if isinstance(node, Literal) else node


def _axioms(schema: Schema) -> Graph:
    graph = Graph()
    graph.add((BNode(), RDF.type, OWL.Ontology))
    for subject, predicate, value in schema.axioms():
        graph.add((subject, predicate, _datatype_for_hermit(value)))
    for nominal in set(graph.objects(None, OWL.hasValue)):
        if isinstance(nominal, URIRef):
            graph.add((nominal, RDF.type, OWL.NamedIndividual))
    return graph


def terms(schema: Schema) -> Iterator[Triple]:
    """Axioms alone."""
    yield from _axioms(schema)


def whole(schema: Schema, facts: Facts) -> Iterator[Triple]:
    """Axioms and every fact that can be written in OWL 2."""
    yield from _axioms(schema)
    yield from _about_things(facts)
    for thing, name, value in facts.values:
        if not value.ill_typed:
            yield thing, name, literal_for_hermit(value)


def blurred(schema: Schema, facts: Facts) -> Iterator[Triple]:
    """Axioms and facts in which every literal is "some value" and no class names a thing."""
    graph = _axioms(schema)
    _blur_nominals(graph)
    _blur_restrictions(graph, schema)
    for name in schema.data_properties:
        graph.remove((name, None, None))
        graph.add((name, RDF.type, OWL.ObjectProperty))
        for predicate in (RDFS.subPropertyOf, OWL.equivalentProperty, RDFS.domain):
            for value in schema.graph.objects(name, predicate):
                graph.add((name, predicate, value))
    yield from graph
    yield from _about_things(facts)
    yield _SOME_VALUE, RDF.type, OWL.NamedIndividual
    for thing, name in {(thing, name) for thing, name, _ in facts.values}:
        yield thing, name, _SOME_VALUE


def _about_things(facts: Facts) -> Iterator[Triple]:
    for thing in facts.things:
        yield thing, RDF.type, OWL.NamedIndividual
    for thing, classes in facts.types.items():
        for name in classes:
            yield thing, RDF.type, name
    yield from facts.links
    yield from facts.equalities


def _blur_nominals(graph: Graph) -> None:
    """Say "some member of a class that holds x" where a restriction names x."""
    for restriction, nominal in list(graph.subject_objects(OWL.hasValue)):
        if isinstance(nominal, URIRef):
            holder = URIRef(f"{PRIVATE}holding:{nominal}")
            graph.remove((restriction, OWL.hasValue, nominal))
            graph.add((restriction, OWL.someValuesFrom, holder))
            graph.add((holder, RDF.type, OWL.Class))
            graph.add((nominal, RDF.type, holder))


def _blur_restrictions(graph: Graph, schema: Schema) -> None:
    """Keep "has some value"; put an unknown class for other restrictions on values."""
    unknown: list[Node] = []
    for restriction, name in graph.subject_objects(OWL.onProperty):
        if name in schema.data_properties:
            if (restriction, OWL.someValuesFrom, RDFS.Literal) in graph:
                graph.remove((restriction, OWL.someValuesFrom, RDFS.Literal))
                graph.add((restriction, OWL.someValuesFrom, OWL.Thing))
            else:
                unknown.append(restriction)
    _replace(graph, unknown)
    _replace(graph, list(graph.subjects(RDF.type, RDFS.Datatype)))


def _replace(graph: Graph, expressions: Iterable[Node]) -> None:
    for number, expression in enumerate(expressions):
        name = URIRef(f"{PRIVATE}unknown:{number}:{expression}")
        graph.remove((expression, None, None))
        graph.add((name, RDF.type, OWL.Class))
        for subject, predicate in list(graph.subject_predicates(expression)):
            graph.remove((subject, predicate, expression))
            graph.add((subject, predicate, name))
