"""Shapes outside the compiled subset, run on the reference engine over a store's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import OWL, RDF, RDFS, SH, Graph

from dtrack.validation.reading import parse_turtle
from dtrack.validation.shapes import Shapes
from dtrack.validation.targets import ADVANCED, targeting_shapes

if TYPE_CHECKING:
    from collections.abc import Collection

    from rdflib.term import Node

    from dtrack.model import Store
    from dtrack.validation.results import Result

_TARGETS: Final = (
    *(SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf),
    *ADVANCED,
)
_ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def results_outside(
    store: Store, shapes: Shapes, outside: Collection[Node], focus: Collection[str] | None
) -> list[Result]:
    """Results of pySHACL for the shapes named, on all of a store or on some nodes."""
    # Our own shapes are compiled whole, and then pySHACL is not needed.
    from dtrack.validation.reference import results_of

    data = parse_turtle(store.construct(_ALL), "urn:dtrack:store", "store")
    results, _ = results_of(data, _reduced(shapes, outside))
    if focus is None:
        return results
    return [result for result in results if str(result.focus) in focus]


def _reduced(shapes: Shapes, outside: Collection[Node]) -> Shapes:
    """Shapes graph in which only some shapes choose focus nodes."""
    graph = Graph()
    for prefix, namespace in shapes.graph.namespaces():
        graph.bind(prefix, namespace)
    for triple in shapes.graph:
        graph.add(triple)
    for shape in targeting_shapes(shapes.graph):
        if shape not in outside:
            for predicate in _TARGETS:
                graph.remove((shape, predicate, None))
            for kind in (RDFS.Class, OWL.Class):
                graph.remove((shape, RDF.type, kind))
    return Shapes(graph)
