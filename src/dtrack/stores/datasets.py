"""Which graphs a query reads, where the request says so (SPARQL 1.1 Protocol, 2.1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as engine

from dtrack.errors import QueryError


@dataclass(frozen=True, slots=True)
class Dataset:
    """Graphs that make up the default graph, and those that GRAPH finds.

    Naming any goes before FROM and FROM NAMED in the query. IRIs name graphs
    of the store, and nothing is ever fetched. ``base`` is that of relative IRIs.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    base: str | None = None

    @property
    def is_named(self) -> bool:
        """Whether the request says which graphs are read."""
        return bool(self.default or self.named)


WHOLE: Final = Dataset()
"""What the query itself says; else all that is in the store."""


def named_node(iri: str) -> engine.NamedNode:
    """Name of a graph. Raises QueryError for what is no absolute IRI."""
    try:
        return engine.NamedNode(iri)
    except ValueError:
        raise QueryError(
            f"'{iri[:200]}' is no absolute IRI, so it names no graph.",
            remedy="Give the whole IRI of a graph.",
        ) from None
