"""The way out for commands: answers, markers, dumps of the current store."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from dtrack.answer import Answers
from dtrack.catalogue.values import sparql
from dtrack.errors import NoStoreError, NotFoundError, ParameterError, StoreError
from dtrack.model import Iri
from dtrack.resources import root_folder
from dtrack.stores.building import content_digest, current_marker, open_current
from dtrack.stores.rdf_formats import rdf_format
from dtrack.terms import DERIVED_GRAPH, HISTORY_GRAPHS
from dtrack.validation.shapes import is_iri
from dtrack.wiring.corpus import read_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dtrack.model import Store
    from dtrack.settings import Settings
    from dtrack.stores.building import Marker


@contextmanager
def open_answers(settings: Settings) -> Iterator[Answers]:
    """Answers from the current store. Raises NoStoreError before the first load."""
    store = open_current(settings.home)
    try:
        yield Answers(store, read_catalogue(), root_folder("queries"), language=settings.language)
    finally:
        store.close()


def store_marker(settings: Settings, *, check: bool = False) -> Marker:
    """Marker of the current store; with ``check`` its digest is computed again.

    Raises NoStoreError, and StoreError when the content is not what the marker says.
    """
    marker = current_marker(settings.home)
    if check:
        store = open_current(settings.home)
        try:
            found = content_digest(store)
        finally:
            store.close()
        if found != marker.digest:
            raise StoreError(
                "The store does not hold what was loaded into it.",
                remedy="Build it again with `dtrack rebuild`.",
            )
    return marker


def graphs_about(settings: Settings, iri: str) -> list[str]:
    """Record graphs that say something about a thing now; none where there is no store."""
    try:
        store = open_current(settings.home)
    except NoStoreError:
        return []
    try:
        return graphs_in(store, iri)
    finally:
        store.close()


def graphs_in(store: Store, iri: str) -> list[str]:
    """Record graphs of a store that say something about a thing. Raises ParameterError."""
    if not is_iri(iri):
        raise ParameterError(f"'{iri[:80]}' is no IRI.", remedy="Give an absolute IRI.")
    rows = store.select(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ {sparql(Iri(iri))} ?p ?o }} }}")
    graphs = (row["g"] for row in rows.texts())
    return sorted(g for g in graphs if g != DERIVED_GRAPH and not g.startswith(HISTORY_GRAPHS))


def dump_graphs(settings: Settings, form: str, graphs: Sequence[str]) -> bytes:
    """RDF of the current store, or of some of its graphs. Raises NotFoundError."""
    store = open_current(settings.home)
    try:
        known = store.graphs()
        for graph in graphs:
            if graph not in known:
                raise NotFoundError(
                    f"The store has no graph <{graph}>.",
                    remedy="`dtrack query changes_since` lists the records with their graphs.",
                )
        return rdf_format(form).write({iri: store.graph(iri) for iri in graphs or known})
    finally:
        store.close()
