"""Which shapes choose focus nodes themselves, and which nodes of a graph they choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import OWL, RDF, RDFS, SH, URIRef

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_DECLARED: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
ADVANCED: Final = (SH.target,)
"""Targets that only pySHACL understands."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets that a shape declares."""

    classes: tuple[Node, ...] = ()
    nodes: tuple[Node, ...] = ()
    subjects_of: tuple[Node, ...] = ()
    objects_of: tuple[Node, ...] = ()

    @property
    def by_property(self) -> bool:
        """Whether what a node has to do with a property makes it a target."""
        return bool(self.subjects_of or self.objects_of)


def targets_of(graph: Graph, shape: Node) -> Targets:
    """Targets of a shape; a shape that is a class targets its instances."""
    classes = set(graph.objects(shape, SH.targetClass))
    if set(graph.objects(shape, RDF.type)) & {RDFS.Class, OWL.Class}:
        classes.add(shape)
    return Targets(
        classes=tuple(sorted(classes, key=str)),
        nodes=tuple(sorted(graph.objects(shape, SH.targetNode), key=str)),
        subjects_of=tuple(sorted(graph.objects(shape, SH.targetSubjectsOf), key=str)),
        objects_of=tuple(sorted(graph.objects(shape, SH.targetObjectsOf), key=str)),
    )


def targeting_shapes(graph: Graph) -> tuple[Node, ...]:
    """Shapes with targets, named ones first, in order of their names."""
    found: set[Node] = set()
    for predicate in (*_DECLARED, *ADVANCED):
        found.update(graph.subjects(predicate))
    for kind in (SH.NodeShape, SH.PropertyShape):
        for shape in graph.subjects(RDF.type, kind):
            if set(graph.objects(shape, RDF.type)) & {RDFS.Class, OWL.Class}:
                found.add(shape)
    return tuple(sorted(found, key=lambda shape: (not isinstance(shape, URIRef), str(shape))))


def focus_nodes(shapes: Graph, data: Graph) -> set[Node]:
    """All nodes of a graph that some shape targets."""
    found: set[Node] = set()
    for shape in targeting_shapes(shapes):
        targets = targets_of(shapes, shape)
        found.update(targets.nodes)
        for name in targets.classes:
            for kind in data.transitive_subjects(RDFS.subClassOf, name):
                found.update(data.subjects(RDF.type, kind))
        for predicate in targets.subjects_of:
            found.update(data.subjects(predicate))
        for predicate in targets.objects_of:
            found.update(data.objects(None, predicate))
    return found
