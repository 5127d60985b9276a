"""The one place that says which: which store, which engine, which folders."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rdflib import Graph, URIRef

from dtrack.answer import Answers
from dtrack.catalogue import Catalogue
from dtrack.curate import Curator, Rules, load
from dtrack.errors import NotFoundError, StoreError
from dtrack.journal import Journal
from dtrack.model import Edit
from dtrack.overlap import refresh
from dtrack.publish.plots import heat_map
from dtrack.reasoning import reason
from dtrack.resources import root_folder
from dtrack.sources import Corpus, read_folder
from dtrack.stores.building import (
    content_digest,
    current_folder,
    current_marker,
    open_current,
)
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle
from dtrack.stores.rdf_formats import RDF_FORMATS, rdf_format
from dtrack.stores.readers import ReaderPool
from dtrack.validation.compiled import validate_store
from dtrack.validation.reading import graph_of, read_turtle
from dtrack.validation.reference import validate_graph
from dtrack.validation.shapes import ONTOLOGY_STYLE, bundled_shapes, read_shapes

__all__ = [
    "RDF_FORMATS",
    "Service",
    "bundled_corpus",
    "draw_matrix",
    "dump_graphs",
    "load_corpus",
    "open_answers",
    "open_service",
    "read_catalogue",
    "reason_over",
    "store_marker",
    "validate_foreign",
    "validate_ours",
]

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from dtrack.answer.views import MatrixView
    from dtrack.curate import Loading
    from dtrack.model import Progress, Record, Report, Store
    from dtrack.reasoning import Reasoning
    from dtrack.settings import Settings
    from dtrack.stores.building import Marker
    from dtrack.validation.shapes import Shapes


BUNDLED = "bundled corpus"
"""Name of the source that ships with dtrack."""


@lru_cache(maxsize=1)
def read_catalogue() -> Catalogue:
    """The catalogue of this installation. Raises CatalogueError with file and line."""
    return Catalogue.read(root_folder("queries") / "catalogue")


def bundled_corpus(data: Path | None = None) -> Corpus:
    """Source of the ontology and a data folder, by default the bundled one."""
    return Corpus(root_folder("ontology"), data or root_folder("data"), parse_turtle)


def open_journal(settings: Settings) -> Journal:
    """Journal of a home: the database that is set, else a file in the home."""
    file = settings.home.absolute() / "journal.sqlite"
    return Journal.open(settings.journal_url or f"sqlite:///{file}")


def gate(store: Store, shapes: Shapes, changed: Mapping[str, tuple[bytes, bytes]]) -> Report:
    """Interim: what a change touches."""
    return validate_store(
        store, shapes, {s for pair in changed.values() for t in pair for s in _subjects_of(t)}
    )


def _subjects_of(text: bytes) -> set[str]:
    return {line[1 : line.index(b">")].decode() for line in text.splitlines()}


def shapes_version(shapes: Shapes) -> str:
    """Interim."""
    return "0" * 12


def _rules() -> Rules:
    """How changes are checked, and what follows from them."""
    shapes = bundled_shapes()
    queries = root_folder("queries")
    return Rules(
        audit=lambda store, places, progress: validate_store(
            store, shapes, places=places, progress=progress
        ),
        gate=lambda store, changed: gate(store, shapes, changed),
        derive=lambda store, progress: refresh(store, queries, progress),
        shapes=shapes_version(shapes),
    )


@contextmanager
def open_curator(settings: Settings) -> Iterator[Curator]:
    """Curator of a home and its journal."""
    with open_journal(settings) as journal:
        yield Curator(settings.home, journal, _rules(), settings.base_iri)


def load_corpus(
    settings: Settings,
    data: Path | None,
    progress: Progress,
    *,
    agent: str = "dtrack init",
    overwrite: bool = False,
) -> Loading:
    """Load a data folder, by default the bundled one, as a source, and build the store anew.

    Raises SyntaxProblem, NotConformingError, StoreLockedError; then store and
    journal stay as they were.
    """
    edit = Edit(
        {},
        agent=agent,
        reason=f"Load {'the bundled corpus' if data is None else data.name}",
        source=BUNDLED if data is None else f"folder {data.name}",
        door="import",
    )
    with open_curator(settings) as curator:
        return load(
            curator,
            bundled_corpus(data).read(progress),
            edit,
            complete=True,
            overwrite=overwrite,
            progress=progress,
        )


@contextmanager
def open_answers(settings: Settings) -> Iterator[Answers]:
    """Answers from the current store. Raises NoStoreError before the first load."""
    store = open_current(settings.home)
    try:
        yield Answers(store, read_catalogue(), root_folder("queries"), language=settings.language)
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class Service:
    """What the server answers from: one store as it was when the service started."""

    settings: Settings
    answers: Answers
    readers: ReaderPool
    marker: Marker
    store: Store

    def close(self) -> None:
        """End the query processes and let go of the store."""
        self.readers.close()
        self.store.close()


def open_service(settings: Settings) -> Service:
    """Open the current store for serving. Raises NoStoreError before the first load."""
    store = open_current(settings.home)
    readers = ReaderPool(
        current_folder(settings.home),
        settings.query_workers,
        settings.query_seconds,
        settings.query_rows,
    )
    answers = Answers(store, read_catalogue(), root_folder("queries"), language=settings.language)
    return Service(settings, answers, readers, current_marker(settings.home), store)


def draw_matrix(view: MatrixView, path: Path) -> None:
    """Draw a matrix of conventions as SVG or PNG. Raises InputError, MissingExtraError."""
    values: dict[tuple[str, str], float] = {}
    captions: dict[tuple[str, str], str] = {}
    for item in view.coverage:
        captions[item.instrument.key, item.instrument.key] = f"({item.directives})"
    for cell in view.cells:
        for pair in ((cell.row, cell.column), (cell.column, cell.row)):
            if cell.pairs:
                values[pair] = cell.mean
            captions[pair] = (
                f"{cell.mean:.2f}\n{len(cell.shared_targets)} / {len(cell.shared_themes)}"
                if cell.pairs
                else "none\nfound"
            )
    heat_map(
        path,
        [instrument.key for instrument in view.instruments],
        values,
        captions,
        title="Where decisions of conventions overlap",
        caption="Each cell: mean score, then shared targets / shared themes. "
        "On the diagonal: operative provisions compared.",
    )


def _with_bundled(paths: Sequence[Path], progress: Progress) -> tuple[list[Record], set[str]]:
    """Bundled records with those of the paths in place of, or beside, their own graphs.

    The second value names the graphs that the paths are about: all, without paths.
    """
    records = {record.graph: record for record in bundled_corpus().read(progress)}
    asked: set[str] = set()
    for path in paths:
        for record in read_folder(path, parse_turtle):
            asked.add(record.graph)
            records[record.graph] = record
    return list(records.values()), asked or set(records)


def validate_ours(paths: Sequence[Path], progress: Progress, *, reference: bool = False) -> Report:
    """Report on records of ours, files or folders, by our shapes; without paths on the corpus.

    A record is checked together with the bundled corpus it refers to. The
    ontology folder is checked by the style rules for ontologies too. Raises
    SyntaxProblem for a file that cannot be read.
    """
    ontology = root_folder("ontology").resolve()
    if [path.resolve() for path in paths] == [ontology]:
        return _validate_ontology(ontology)
    records, asked = _with_bundled(paths, progress)
    if reference:
        graph, places = graph_of(records)
        return validate_graph(graph, bundled_shapes(), places)
    store = EmbeddedStore.in_memory()
    store.load(records, progress)
    focus = None if len(asked) == len(records) else _subjects(records, asked)
    return validate_store(store, bundled_shapes(), focus, _places(records), progress)


def _places(records: Sequence[Record]) -> dict[str, str]:
    """File of each graph."""
    return {record.graph: record.place for record in records}


def _subjects(records: Sequence[Record], graphs: Collection[str]) -> set[str]:
    """IRIs that some graphs say something about."""
    return {
        line[1 : line.index(b">")].decode()
        for record in records
        if record.graph in graphs
        for line in record.ntriples.splitlines()
    }


def _validate_ontology(ontology: Path) -> Report:
    graph = read_turtle(ontology / "dtrack.ttl")
    style = read_shapes([ontology.parent / "shapes" / ONTOLOGY_STYLE])
    places = {str(subject): f"{ontology.name}/dtrack.ttl" for subject in graph.subjects()}
    return validate_graph(graph, style, places)


def validate_foreign(shapes: Sequence[Path], data: Sequence[Path]) -> Report:
    """Report of the reference engine on anybody's data and shapes, all Turtle files."""
    graph = Graph()
    for path in data:
        read_turtle(path, graph)
    return validate_graph(graph, read_shapes(shapes))


def reason_over(paths: Sequence[Path], progress: Progress) -> Reasoning:
    """What HermiT finds over the bundled corpus and further records.

    Raises MissingExtraError without Java or owlready2.
    """
    records, _ = _with_bundled(paths, progress)
    graphs = []
    for done, record in enumerate(records):
        progress("Preparing for the reasoner", done, len(records))
        graphs.append(_graph_with_axioms(record))
    progress("HermiT is reasoning", 0, 1)
    return reason(graphs)


def _graph_with_axioms(record: Record) -> Graph:
    """Record as an rdflib graph; the ontology's from its file.

    Records are skolemised, but an OWL restriction is a blank node by definition.
    """
    graph = Graph(identifier=URIRef(record.graph))
    if record.place.startswith("ontology/") and "/codes/" not in record.place:
        return read_turtle(root_folder("ontology").parent / record.place, graph)
    return graph.parse(data=record.ntriples, format="nt")


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
                remedy="Build it again with `dtrack init`.",
            )
    return marker


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
