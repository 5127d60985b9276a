"""Changes of an ordinary dataset, as the standards' own tests expect: no union, no gate.

Blank nodes stay blank, a graph may be empty, and the default graph is one that
can be written to.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import pyoxigraph as engine

from dtrack.errors import NotFoundError
from dtrack.stores.datasets import named_node
from dtrack.stores.updating import UpdateText, readable, run

if TYPE_CHECKING:
    from collections.abc import Iterable


class Change(StrEnum):
    """What is done to one graph."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


def update(store: engine.Store, text: UpdateText) -> None:
    """Run an update. Raises QueryError."""
    for operation in readable(text):
        run(store, operation, text)


def change_graph(
    store: engine.Store, graph: str | None, change: Change, triples: Iterable[engine.Triple]
) -> bool:
    """Change one graph (None = the default one); whether it was there before.

    Raises NotFoundError when there is no such graph to remove.
    """
    name = name_of(graph)
    existed = has_graph(store, name)
    if change is Change.REMOVE and not existed:
        raise no_graph(graph)
    if change is not Change.ADD:
        store.remove_graph(name)
    if change is not Change.REMOVE:
        if isinstance(name, engine.NamedNode):
            store.add_graph(name)
        store.extend(engine.Quad(t.subject, t.predicate, t.object, name) for t in triples)
    return existed


def name_of(graph: str | None) -> engine.NamedNode | engine.DefaultGraph:
    """Name of a graph, None being the default one. Raises QueryError for what is no IRI."""
    return engine.DefaultGraph() if graph is None else named_node(graph)


def has_graph(store: engine.Store, name: engine.NamedNode | engine.DefaultGraph) -> bool:
    """Whether a graph is there; the default one always is."""
    return isinstance(name, engine.DefaultGraph) or store.contains_named_graph(name)


def no_graph(graph: str | None) -> NotFoundError:
    """Error for a graph that is not there."""
    return NotFoundError(
        f"There is no graph <{graph}>.",
        remedy="SELECT DISTINCT ?g { GRAPH ?g { } } lists the graphs.",
    )
