"""The terminology in a set of graphs: which terms are declared, and what follows from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

_LOGICAL_TYPES = {
    OWL.Class,
    OWL.Restriction,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.SymmetricProperty,
    OWL.AsymmetricProperty,
    OWL.TransitiveProperty,
    OWL.ReflexiveProperty,
    OWL.IrreflexiveProperty,
    OWL.AllDisjointClasses,
    OWL.AllDisjointProperties,
    OWL.AllDifferent,
    RDFS.Datatype,
}
_NOT_LOGICAL = {
    OWL.versionInfo,
    OWL.versionIRI,
    OWL.priorVersion,
    OWL.imports,
    OWL.deprecated,
    OWL.backwardCompatibleWith,
    OWL.incompatibleWith,
    OWL.annotatedSource,
    OWL.annotatedProperty,
    OWL.annotatedTarget,
}
_RDFS_LOGICAL = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, RDF.first, RDF.rest}


@dataclass(frozen=True)
class Schema:
    """Logical axioms about terms, parted from annotations and from data."""

    graph: Graph
    """What was handed in in the words of RDF, RDFS and OWL; statements in other words are data."""

    @classmethod
    def read(cls, graphs: Iterable[Graph]) -> Schema:
        """Terminology of graphs taken together."""
        words = tuple(map(str, (RDF, RDFS, OWL)))
        kept = Graph()
        for graph in graphs:
            for subject, predicate, value in graph:
                if not str(predicate).startswith(words):
                    continue
                if predicate != RDF.type or str(value).startswith(words):
                    kept.add((subject, predicate, value))
        return cls(kept)

    def _declared(self, kind: URIRef) -> frozenset[URIRef]:
        terms = self.graph.subjects(RDF.type, kind)
        return frozenset(term for term in terms if isinstance(term, URIRef))

    @cached_property
    def classes(self) -> frozenset[URIRef]:
        """Named classes that are declared."""
        return self._declared(OWL.Class) - {OWL.Thing, OWL.Nothing}

    @cached_property
    def object_properties(self) -> frozenset[URIRef]:
        """Object properties that are declared."""
        return self._declared(OWL.ObjectProperty)

    @cached_property
    def data_properties(self) -> frozenset[URIRef]:
        """Datatype properties that are declared."""
        return self._declared(OWL.DatatypeProperty)

    @cached_property
    def annotation_properties(self) -> frozenset[URIRef]:
        """Annotation properties, declared and built in."""
        built_in = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, *_NOT_LOGICAL}
        return self._declared(OWL.AnnotationProperty) | built_in

    @cached_property
    def terms(self) -> frozenset[URIRef]:
        """All declared classes and properties, and the ontologies themselves."""
        return (
            self.classes
            | self.object_properties
            | self.data_properties
            | self._declared(OWL.AnnotationProperty)
            | self._declared(OWL.Ontology)
            | self._declared(RDFS.Datatype)
        )

    @cached_property
    def nodes(self) -> frozenset[BNode]:
        """Blank nodes that stand for class expressions, lists and axioms, not for things."""
        axioms = chain.from_iterable(
            self.graph.subjects(RDF.type, kind)
            for kind in (OWL.AllDisjointClasses, OWL.AllDisjointProperties, OWL.AllDifferent)
        )
        open_nodes: list[Node] = [*axioms, *self.terms]
        seen: set[BNode] = {node for node in open_nodes if isinstance(node, BNode)}
        while open_nodes:
            for value in self.graph.objects(open_nodes.pop()):
                if isinstance(value, BNode) and value not in seen:
                    seen.add(value)
                    open_nodes.append(value)
        return frozenset(seen)

    def axioms(self) -> Iterator[tuple[Node, URIRef, Node]]:
        """Logical triples about terms; annotations and ontology headers are left out."""
        about = self.nodes | (self.terms - self._declared(OWL.Ontology))
        silent = self._declared(OWL.AnnotationProperty) - self.object_properties
        for subject in about - silent:
            for predicate, value in self.graph.predicate_objects(subject):
                if not isinstance(predicate, URIRef):
                    continue
                if predicate == RDF.type:
                    if value in _LOGICAL_TYPES:
                        yield subject, predicate, value
                elif predicate in _RDFS_LOGICAL or (
                    predicate in OWL and predicate not in _NOT_LOGICAL
                ):
                    yield subject, predicate, value

    @cached_property
    def disjoint(self) -> frozenset[frozenset[URIRef]]:
        """Pairs of named classes stated to exclude each other."""
        pairs: set[frozenset[URIRef]] = set()
        groups = [
            *(self._list(value) for value in self.graph.objects(None, OWL.members)),
            *(self._list(value) for value in self.graph.objects(None, OWL.disjointUnionOf)),
            *(list(pair) for pair in self.graph.subject_objects(OWL.disjointWith)),
        ]
        for group in groups:
            named = [member for member in group if member in self.classes]
            pairs |= {frozenset(pair) for pair in combinations(named, 2)}  # type: ignore[arg-type]
        return frozenset(pairs)

    def _list(self, head: Node) -> list[Node]:
        return list(Collection(self.graph, head))

    def _stated_parents(self, name: URIRef) -> set[URIRef]:
        """Named classes that the axioms on a class make broader than it."""
        parents = set(self.graph.objects(name, RDFS.subClassOf))
        parents |= set(self.graph.objects(name, OWL.equivalentClass))
        parents |= set(self.graph.subjects(OWL.equivalentClass, name))
        for node in [parent for parent in parents if isinstance(parent, BNode)]:
            for members in self.graph.objects(node, OWL.intersectionOf):
                parents |= set(self._list(members))
        return {p for p in parents if isinstance(p, URIRef) and p in self.classes and p != name}

    @cached_property
    def asserted(self) -> dict[URIRef, frozenset[URIRef]]:
        """For each class those broader by the stated hierarchy alone, transitively."""
        return closure({name: self._stated_parents(name) for name in self.classes})

    def states(self, narrower: URIRef, broader: URIRef) -> bool:
        """True when a graph says itself that one class is a subclass of the other."""
        return (narrower, RDFS.subClassOf, broader) in self.graph

    @cached_property
    def implied(self) -> dict[URIRef, frozenset[tuple[URIRef, bool]]]:
        """For each object or data property those it implies; True = the other way round."""
        direct: dict[URIRef, set[tuple[URIRef, bool]]] = defaultdict(set)
        names = self.object_properties | self.data_properties
        for name in names:
            for broader in chain(
                self.graph.objects(name, RDFS.subPropertyOf),
                self.graph.objects(name, OWL.equivalentProperty),
                self.graph.subjects(OWL.equivalentProperty, name),
            ):
                if isinstance(broader, URIRef):
                    direct[name].add((broader, False))
                else:
                    inverses = self.graph.objects(broader, OWL.inverseOf)
                    direct[name] |= {(i, True) for i in inverses if isinstance(i, URIRef)}
            for inverse in chain(
                self.graph.objects(name, OWL.inverseOf), self.graph.subjects(OWL.inverseOf, name)
            ):
                if isinstance(inverse, URIRef):
                    direct[name].add((inverse, True))
            if (name, RDF.type, OWL.SymmetricProperty) in self.graph:
                direct[name].add((name, True))
        return {name: _follow(name, direct) for name in names}

    def having(self, characteristic: URIRef) -> frozenset[URIRef]:
        """Properties with a characteristic, such as owl:FunctionalProperty."""
        return self._declared(characteristic)

    @cached_property
    def typing(self) -> dict[URIRef, tuple[frozenset[URIRef], frozenset[URIRef]]]:
        """For each property the named classes that its subjects and its objects belong to."""
        found = {}
        for name, implied in self.implied.items():
            subjects: set[URIRef] = set()
            objects: set[URIRef] = set()
            for other, inverted in implied:
                domain = {c for c in self.graph.objects(other, RDFS.domain) if c in self.classes}
                ranges = {c for c in self.graph.objects(other, RDFS.range) if c in self.classes}
                subjects |= ranges if inverted else domain  # type: ignore[arg-type]
                objects |= domain if inverted else ranges  # type: ignore[arg-type]
            found[name] = (frozenset(subjects), frozenset(objects))
        return found

    def datatype(self, name: URIRef) -> URIRef | None:
        """Datatype that the range of a data property names, when it names one."""
        ranges = (value for value in self.graph.objects(name, RDFS.range))
        return next((value for value in ranges if isinstance(value, URIRef)), None)


def _follow(
    start: URIRef, direct: dict[URIRef, set[tuple[URIRef, bool]]]
) -> frozenset[tuple[URIRef, bool]]:
    seen = {(start, False)}
    todo = [(start, False)]
    while todo:
        name, turned = todo.pop()
        for other, inverted in direct.get(name, ()):
            step = (other, turned ^ inverted)
            if step not in seen:
                seen.add(step)
                todo.append(step)
    return frozenset(seen)


def closure(parents: dict[URIRef, set[URIRef]]) -> dict[URIRef, frozenset[URIRef]]:
    """All ancestors of each key; a key is no ancestor of itself."""
    result: dict[URIRef, frozenset[URIRef]] = {}
    for start in parents:
        seen: set[URIRef] = set()
        todo = list(parents[start])
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo.extend(parents.get(name, ()))
        result[start] = frozenset(seen - {start})
    return result
