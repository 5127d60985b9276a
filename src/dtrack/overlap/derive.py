"""The derived graph: what follows from the records, published for SPARQL users.

Closures, current statuses and coverage come from the CONSTRUCT queries in
``queries/derive``; alignments and the finished matrix from the same index
that answers the API, so both read the same figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph, Namespace, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.namespace import QB, RDF, XSD

from dtrack.model import Revision, no_progress
from dtrack.overlap.corpus import read_corpus
from dtrack.overlap.index import OverlapIndex
from dtrack.overlap.questions import matrix
from dtrack.overlap.selection import Selection
from dtrack.terms import BASE, DERIVED_GRAPH, DT

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.model import Progress, Store
    from dtrack.overlap.questions import Cell

dt = Namespace(DT)
MATRIX_DATASET = URIRef(f"{BASE}/id/dataset/overlap-matrix")


def _decimal(number: float) -> RdfLiteral:
    """Six digits, without the trailing zeros that storage would drop."""
    text = f"{number:.6f}".rstrip("0")
    return RdfLiteral(text + "0" if text.endswith(".") else text, datatype=XSD.decimal)


def _local(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def alignment_triples(index: OverlapIndex) -> Graph:
    """``dt:Alignment`` nodes for every pair of values that a mapping connects, both ways."""
    graph = Graph()
    for mapping in index.corpus.mappings:
        for suffix, source, target in (
            ("forward", mapping.subject, mapping.object),
            ("backward", mapping.object, mapping.subject),
        ):
            link = index.alignments.between(source, target)
            if link is None or mapping not in link.mappings:
                continue
            node = URIRef(f"{mapping.iri}/{suffix}")
            strength = index.weights.alignments[mapping.relation]
            graph.add((node, RDF.type, dt.Alignment))
            graph.add((node, dt.alignedFrom, URIRef(source)))
            graph.add((node, dt.alignedTo, URIRef(target)))
            graph.add((node, dt.alignmentWeight, _decimal(strength * mapping.confidence)))
            graph.add((node, dt.viaMapping, URIRef(mapping.iri)))
    return graph


def _observe(graph: Graph, cell: Cell, *, turned: bool) -> None:
    row, column = (cell.column, cell.row) if turned else (cell.row, cell.column)
    mine, theirs = (1, 0) if turned else (0, 1)
    node = URIRef(f"{BASE}/id/observation/overlap/{_local(row)}/{_local(column)}")
    graph.add((node, RDF.type, QB.Observation))
    graph.add((node, QB.dataSet, MATRIX_DATASET))
    graph.add((node, dt.rowInstrument, URIRef(row)))
    graph.add((node, dt.columnInstrument, URIRef(column)))
    for name, count in (
        ("directivesRow", cell.directives[mine]),
        ("directivesColumn", cell.directives[theirs]),
        ("overlappingRow", cell.overlapping[mine]),
        ("overlappingColumn", cell.overlapping[theirs]),
        ("overlappingPairs", cell.pairs),
        ("sharedTargetCount", len(cell.shared_targets)),
        ("alignedTargetCount", len(cell.aligned_targets)),
        ("sharedThemeCount", len(cell.shared_themes)),
        ("sharedActorCount", len(cell.shared_actors)),
    ):
        graph.add((node, dt[name], RdfLiteral(count)))
    for name, number in (
        ("jaccard", cell.jaccard),
        ("meanScore", cell.mean),
        ("topScore", cell.top),
    ):
        graph.add((node, dt[name], _decimal(number)))


def matrix_triples(index: OverlapIndex) -> Graph:
    """The matrix over all instruments as ``qb:Observation``s, one for each order of two."""
    graph = Graph()
    graph.add((MATRIX_DATASET, RDF.type, QB.DataSet))
    for cell in matrix(index, Selection()).cells:
        for turned in (False, True):
            _observe(graph, cell, turned=turned)
    return graph


def _ntriples(graph: Graph) -> bytes:
    return graph.serialize(format="nt", encoding="utf-8")


def _canonical(*parts: bytes) -> bytes:
    lines = {line for part in parts for line in part.splitlines() if line.strip()}
    return b"".join(line + b"\n" for line in sorted(lines))


def refresh(store: Store, queries: Path, progress: Progress = no_progress) -> OverlapIndex:
    """Derive everything anew and put it into the derived graph; gives the index.

    ``queries`` is the root folder of queries. The derived graph is emptied
    first, so that nothing is derived from what was derived before.
    """
    store.apply(Revision(0, {DERIVED_GRAPH: None}))
    rules = sorted((queries / "derive").glob("*.rq"))
    steps = len(rules) + 2
    parts: list[bytes] = []
    for done, rule in enumerate(rules):
        progress(f"Deriving {rule.stem.replace('_', ' ')}", done, steps)
        parts.append(store.construct(rule.read_text(encoding="utf-8")))
    store.apply(Revision(0, {DERIVED_GRAPH: _canonical(*parts)}))
    progress("Scoring pairs of provisions", len(rules), steps)
    index = OverlapIndex(read_corpus(store, queries / "index"))
    parts += [_ntriples(alignment_triples(index)), _ntriples(matrix_triples(index))]
    progress("Publishing the overlap matrix", len(rules) + 1, steps)
    store.apply(Revision(0, {DERIVED_GRAPH: _canonical(*parts)}))
    progress("Derived", steps, steps)
    return index


def load_index(store: Store, queries: Path) -> OverlapIndex:
    """Index of what a store holds; its derived graph is taken as it is."""
    return OverlapIndex(read_corpus(store, queries / "index"))
