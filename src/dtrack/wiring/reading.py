"""The way out for commands: answers, markers, dumps of the current store."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from dtrack.answer.answers import Answers
from dtrack.catalogue.values import sparql
from dtrack.errors import InputError, NoStoreError, NotFoundError, ParameterError, StoreError
from dtrack.model import Iri
from dtrack.resources import root_folder
from dtrack.sources import read_mapping_set
from dtrack.sources.ntriples import is_iri
from dtrack.sources.sssom_writing import write_mapping_set
from dtrack.stores.beside import opened
from dtrack.stores.building import current_marker, open_current
from dtrack.stores.markers import content_digest
from dtrack.stores.parsing import parse_turtle
from dtrack.stores.rdf_formats import rdf_format
from dtrack.terms import DERIVED_GRAPH, DT, HISTORY_GRAPHS, SKOS
from dtrack.wiring.beside import check_beside, overlap_beside, texts_beside
from dtrack.wiring.corpus import read_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dtrack.model import Store
    from dtrack.settings import Settings
    from dtrack.stores.building import LeasedStore
    from dtrack.stores.markers import Marker


@contextmanager
def open_answers(settings: Settings) -> Iterator[Answers]:
    """Answers from the current store. Raises NoStoreError before the first load."""
    store = open_current(settings.home)
    try:
        yield answers_from(store, store, settings)
    finally:
        store.close()


def answers_from(asked: Store, local: LeasedStore, settings: Settings) -> Answers:
    """Answers from a store, and from the indexes that lie beside its local copy."""
    return Answers(
        asked,
        read_catalogue(),
        root_folder("queries"),
        language=settings.language,
        open_index=lambda: opened(overlap_beside(), local, local.folder),
        open_texts=lambda: opened(texts_beside(), local, local.folder),
    )


def store_marker(settings: Settings, *, check: bool = False) -> Marker:
    """Marker of the current store; with ``check`` store and indexes are compared with it.

    Raises NoStoreError, and StoreError when the content is not what the marker
    says, or an index not what the store does.
    """
    marker = current_marker(settings.home)
    if check:
        store = open_current(settings.home)
        try:
            found = content_digest(store)
            faults = check_beside(store, store.folder)
        finally:
            store.close()
        if found != marker.digest:
            raise StoreError(
                "The store does not hold what was loaded into it.",
                remedy="Build it again with `dtrack rebuild`.",
            )
        if faults:
            raise StoreError(faults[0], remedy="Build it again with `dtrack rebuild`.")
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


def mapping_sets(settings: Settings) -> list[str]:
    """Graphs of the current store that are mapping sets."""
    store = open_current(settings.home)
    try:
        rows = store.select(
            f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s a <{DT}MappingSet> . "
            f"?g a <{DT}Record> }} }} ORDER BY ?g"
        )
        return [row["g"] for row in rows.texts()]
    finally:
        store.close()


def dump_mappings(settings: Settings, graph: str) -> bytes:
    """A mapping set as SSSOM TSV that reads back as the same graph.

    Raises NotFoundError, and InputError for what SSSOM has no place for.
    """
    store = open_current(settings.home)
    try:
        content = store.graph(graph)
        if not content:
            raise NotFoundError(f"The store has no graph <{graph}>.")
        rows = store.select(
            f"SELECT ?s ?l WHERE {{ ?s <{SKOS}prefLabel> ?l . FILTER(LANG(?l) = 'en') "
            f"{{ ?m <{DT}mappingSubject> ?s }} UNION {{ ?m <{DT}mappingObject> ?s }} }}"
        )
        labels = {row["s"]: row["l"] for row in rows.texts()}
    finally:
        store.close()
    body = write_mapping_set(graph, content, labels)
    if read_mapping_set(body, "dump", parse_turtle).ntriples != content:
        raise InputError(
            f"<{graph}> says more than SSSOM can hold.",
            remedy="Dump it as Turtle: `--format turtle --graph …`.",
        )
    return body


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
