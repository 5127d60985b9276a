"""Changing a graph of a store for the length of a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from dtrack.model import Revision
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle

Changed = Mapping[str, tuple[bytes, bytes]]
"""What a gate is told: graph → N-Triples before and after."""


@contextmanager
def changed_to(store: EmbeddedStore, graphs: Mapping[str, bytes]) -> Iterator[Changed]:
    """Graphs with other content; afterwards they are as they were."""
    before = {graph: store.graph(graph) for graph in graphs}
    store.apply(Revision(1, {graph: after or None for graph, after in graphs.items()}))
    try:
        yield {graph: (before[graph], after) for graph, after in graphs.items()}
    finally:
        store.apply(Revision(2, {graph: was or None for graph, was in before.items()}))


@contextmanager
def written(store: EmbeddedStore, graph: str, turtle: str) -> Iterator[Changed]:
    """One graph with the content of a Turtle text."""
    with changed_to(store, {graph: parse_turtle(turtle.encode())}) as changed:
        yield changed


def subjects_of(changed: Changed) -> set[str]:
    """IRIs that changed graphs describe, or did."""
    return {
        line[1 : line.index(b">")].decode()
        for contents in changed.values()
        for content in contents
        for line in content.splitlines()
    }
