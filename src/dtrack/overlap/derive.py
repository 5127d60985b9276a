"""The derived graph: what follows from the records, published for SPARQL users.

Closures, current statuses and coverage come from the CONSTRUCT queries in
``queries/derive``; alignments and the finished matrix from the same index
that answers the API, so both read the same figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dtrack.model import Revision, no_progress
from dtrack.overlap.index import OverlapIndex
from dtrack.overlap.matrix import matrix
from dtrack.overlap.selection import Selection
from dtrack.terms import BASE, DERIVED_GRAPH, DT, QB, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dtrack.model import Progress, Store
    from dtrack.overlap.matrix import Cell

MATRIX_DATASET: Final = f"{BASE}/id/dataset/overlap-matrix"
_OBSERVATIONS: Final = f"{BASE}/id/observation/overlap"
_DIRECTIONS: Final = ("forward", "backward")


def _link(subject: str, predicate: str, target: str) -> str:
    return f"<{subject}> <{predicate}> <{target}> ."


def _value(subject: str, predicate: str, lexical: str, datatype: str) -> str:
    return f'<{subject}> <{predicate}> "{lexical}"^^<{XSD}{datatype}> .'


def _decimal(number: float) -> str:
    """Six digits, without the trailing zeros that storage would drop."""
    text = f"{number:.6f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def _local(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def alignment_triples(index: OverlapIndex) -> Iterator[str]:
    """``dt:Alignment`` nodes for every pair of values that a mapping connects, both ways.

    Gives lines of N-Triples, like matrix_triples().
    """
    for mapping in index.tables.mappings:
        ends = (mapping.subject, mapping.object)
        for direction, (source, target) in zip(_DIRECTIONS, (ends, ends[::-1]), strict=True):
            link = index.alignments.between(source, target)
            if link is None or mapping not in link.mappings:
                continue
            node = f"{mapping.iri}/{direction}"
            weight = index.weights.alignments[mapping.relation] * mapping.confidence
            yield _link(node, f"{RDF}type", f"{DT}Alignment")
            yield _link(node, f"{DT}alignedFrom", source)
            yield _link(node, f"{DT}alignedTo", target)
            yield _value(node, f"{DT}alignmentWeight", _decimal(weight), "decimal")
            yield _link(node, f"{DT}viaMapping", mapping.iri)


def _observation(cell: Cell, *, turned: bool) -> Iterator[str]:
    row, column = (cell.column, cell.row) if turned else (cell.row, cell.column)
    mine, theirs = (1, 0) if turned else (0, 1)
    node = f"{_OBSERVATIONS}/{_local(row)}/{_local(column)}"
    yield _link(node, f"{RDF}type", f"{QB}Observation")
    yield _link(node, f"{QB}dataSet", MATRIX_DATASET)
    yield _link(node, f"{DT}rowInstrument", row)
    yield _link(node, f"{DT}columnInstrument", column)
    for name, count in (
        ("directivesRow", cell.directives[mine]),
        ("directivesColumn", cell.directives[theirs]),
        ("overlappingRow", cell.overlapping[mine]),
        ("overlappingColumn", cell.overlapping[theirs]),
        ("overlappingPairs", cell.pairs),
        ("sharedTargetCount", cell.counts[0]),
        ("alignedTargetCount", cell.counts[1]),
        ("sharedThemeCount", cell.counts[2]),
        ("sharedActorCount", cell.counts[3]),
    ):
        yield _value(node, f"{DT}{name}", str(count), "integer")
    for name, number in (
        ("jaccard", cell.jaccard),
        ("meanScore", cell.mean),
        ("topScore", cell.top),
    ):
        yield _value(node, f"{DT}{name}", _decimal(number), "decimal")


def matrix_triples(index: OverlapIndex) -> Iterator[str]:
    """The matrix over all instruments as ``qb:Observation``s, one for each order of two."""
    yield _link(MATRIX_DATASET, f"{RDF}type", f"{QB}DataSet")
    for cell in matrix(index, Selection()).cells:
        for turned in (False, True):
            yield from _observation(cell, turned=turned)


def _is_scored(line: bytes) -> bool:
    """Whether a line comes from the index, not from a rule."""
    subject = line[1 : line.index(b">")].decode()
    return subject.startswith((MATRIX_DATASET, _OBSERVATIONS)) or (
        subject.endswith(tuple(f"/{direction}" for direction in _DIRECTIONS))
    )


def _canonical(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in sorted(set(lines)))


def refresh(store: Store, queries: Path, progress: Progress = no_progress) -> OverlapIndex:
    """Derive everything anew and put it into the derived graph; gives the index.

    ``queries`` is the root folder of queries. No rule reads what another one
    gives, so what was derived before need not go first; only differences are
    written.
    """
    rules = sorted((queries / "derive").glob("*.rq"))
    steps = len(rules) + 2
    ruled: list[bytes] = []
    for done, rule in enumerate(rules):
        progress(f"Deriving {rule.stem.replace('_', ' ')}", done, steps)
        ruled += store.construct(rule.read_text(encoding="utf-8")).splitlines()
    # The index reads closures, so they come first; its own former findings stay until then.
    former = (line for line in store.graph(DERIVED_GRAPH).splitlines() if _is_scored(line))
    store.apply(Revision(0, {DERIVED_GRAPH: _canonical([*ruled, *former])}))
    progress("Scoring pairs of provisions", len(rules), steps)
    index = OverlapIndex.built(store, queries)
    scored = (line.encode() for line in (*alignment_triples(index), *matrix_triples(index)))
    progress("Publishing the overlap matrix", len(rules) + 1, steps)
    store.apply(Revision(0, {DERIVED_GRAPH: _canonical([*ruled, *scored])}))
    progress("Derived", steps, steps)
    return index


def load_index(store: Store, queries: Path) -> OverlapIndex:
    """Index of what a store holds; its derived graph is taken as it is."""
    return OverlapIndex.built(store, queries)
