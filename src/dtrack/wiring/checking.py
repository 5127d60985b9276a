"""Checking what is not in the store yet: records, anybody's data, axioms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph, URIRef

from dtrack.reasoning import reason
from dtrack.resources import root_folder
from dtrack.sources import read_folder
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle
from dtrack.validation.compiled import validate_store
from dtrack.validation.reading import graph_of, read_turtle
from dtrack.validation.reference import validate_graph
from dtrack.validation.shapes import ONTOLOGY_STYLE, bundled_shapes, read_shapes
from dtrack.wiring.corpus import bundled_corpus

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from dtrack.model import Progress, Record, Report
    from dtrack.reasoning import Reasoning


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
