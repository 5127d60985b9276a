"""The data in a set of graphs as OWL sees it: types, links and values of things."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, BNode, Literal, URIRef

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node

    from dtrack.reasoning.schema import Schema


@dataclass(slots=True)
class Facts:
    """Statements about things; each kept once, whatever graphs hold it.

    ``misfits`` are (thing, property, value) where a link is a literal or a
    value is not one; ``undeclared`` counts what uses a term nobody declares.
    """

    types: dict[URIRef, set[URIRef]] = field(default_factory=lambda: defaultdict(set))
    links: set[tuple[URIRef, URIRef, URIRef]] = field(default_factory=set)
    values: set[tuple[URIRef, URIRef, Literal]] = field(default_factory=set)
    equalities: set[tuple[URIRef, URIRef, URIRef]] = field(default_factory=set)
    misfits: set[tuple[URIRef, URIRef, Node]] = field(default_factory=set)
    undeclared: Counter[str] = field(default_factory=Counter)

    @property
    def things(self) -> set[URIRef]:
        """Everything that is typed, linked or described."""
        ends = {end for s, _, o in self.links for end in (s, o)}
        return ends | set(self.types) | {s for s, _, _ in self.values}

    @property
    def size(self) -> int:
        """Number of statements."""
        return sum(map(len, self.types.values())) + len(self.links) + len(self.values)


def gather(graphs: Iterable[Graph], schema: Schema) -> Facts:
    """Facts of graphs, read with the terms that the schema declares."""
    facts = Facts()
    about_terms: frozenset[Node] = schema.terms | schema.nodes
    for graph in graphs:
        for subject, predicate, value in graph:
            if subject not in about_terms and isinstance(predicate, URIRef):
                _add(facts, schema, _name(subject), predicate, value)
    return facts


def _add(facts: Facts, schema: Schema, thing: URIRef, predicate: URIRef, value: Node) -> None:
    if predicate == RDF.type:
        _add_type(facts, schema, thing, value)
    elif predicate in schema.object_properties:
        if isinstance(value, Literal):
            facts.misfits.add((thing, predicate, value))
        else:
            facts.links.add((thing, predicate, _name(value)))
    elif predicate in schema.data_properties:
        if isinstance(value, Literal):
            facts.values.add((thing, predicate, value))
        else:
            facts.misfits.add((thing, predicate, value))
    elif predicate in {OWL.sameAs, OWL.differentFrom}:
        facts.equalities.add((thing, predicate, _name(value)))
    elif predicate not in schema.annotation_properties:
        facts.undeclared[str(predicate)] += 1


def _add_type(facts: Facts, schema: Schema, thing: URIRef, value: Node) -> None:
    if value in {OWL.NamedIndividual, OWL.Thing}:
        facts.types.setdefault(thing, set())
    elif isinstance(value, URIRef) and value in schema.classes:
        facts.types[thing].add(value)
    else:
        facts.undeclared[str(value)] += 1


def _name(node: Node) -> URIRef:
    """IRI of a thing; a blank node gets one for the time of the run."""
    return node if isinstance(node, URIRef) else URIRef(f"urn:dtrack:thing:{node}")


def is_blank(thing: str) -> bool:
    """True for a thing that had no IRI in the data."""
    return thing.startswith("urn:dtrack:thing:")


def origin(thing: URIRef) -> URIRef | BNode:
    """Node in the data that a thing stands for."""
    return BNode(thing.removeprefix("urn:dtrack:thing:")) if is_blank(thing) else thing
