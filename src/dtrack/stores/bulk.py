"""Many triples at once, past transactions: N-Quads for the engine's bulk loader.

Each triple of a shown graph stands in the text twice, in its graph and in the
default graph, which is the union (see dtrack.stores.changes). While the engine
parses and sorts one portion, the next is read.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import pyoxigraph as engine

from dtrack.stores.changes import is_shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PORTION: Final = 64 << 20
"""Bytes of N-Quads that are handed over at once."""

MANY: Final = 5_000
"""Triples that are sooner loaded in bulk than written in a transaction."""


def bulk_load(store: engine.Store, graphs: Iterable[tuple[str, bytes]]) -> None:
    """Load graphs, given as IRI and canonical N-Triples, and the union of those shown."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="bulk") as loader:
        under_way: Future[None] | None = None
        for portion in _portions(graphs):
            if under_way is not None:
                under_way.result()
            under_way = loader.submit(
                store.bulk_load, input=portion, format=engine.RdfFormat.N_QUADS
            )
        if under_way is not None:
            under_way.result()


def _portions(graphs: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """N-Quads of graphs and their union, in portions."""
    portion = bytearray()
    for graph, ntriples in graphs:
        # A line feed ends a line of N-Triples and stands nowhere else in it.
        portion += ntriples.replace(b" .\n", f" <{graph}> .\n".encode())
        if is_shown(graph):
            portion += ntriples
        if len(portion) >= PORTION:
            yield bytes(portion)
            portion.clear()
    if portion:
        yield bytes(portion)
