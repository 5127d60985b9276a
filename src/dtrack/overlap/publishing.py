"""What the index has found, as triples of the derived graph: alignments and the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dtrack.overlap.index import ALIGNED
from dtrack.overlap.matrix import matrix
from dtrack.overlap.selection import Selection
from dtrack.terms import BASE, DERIVED_GRAPH, DT, QB, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.model import Store
    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.matrix import Cell

MATRIX_DATASET: Final = f"{BASE}/id/dataset/overlap-matrix"
_OBSERVATIONS: Final = f"{BASE}/id/observation/overlap"
_DIRECTIONS: Final = ("forward", "backward")


def _link(subject: str, predicate: str, target: str) -> str:
    return f"<{subject}> <{predicate}> <{target}> ."


def _value(subject: str, predicate: str, lexical: str, datatype: str) -> str:
    return f'<{subject}> <{predicate}> "{lexical}"^^<{XSD}{datatype}> .'


def _decimal(number: float) -> str:
    """Six digits, without the trailing zeros and the point that storage would drop."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


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


def scored_lines(index: OverlapIndex) -> set[bytes]:
    """All lines of N-Triples that an index adds to the derived graph."""

    def lines() -> set[bytes]:
        return aligned_lines(index) | {f"{line}\n".encode() for line in matrix_triples(index)}

    return index.kept("scored lines", (), lines)


def aligned_lines(index: OverlapIndex) -> set[bytes]:
    """Lines of the alignments; an index after an edit has those before, where they are the same."""

    def lines() -> set[bytes]:
        return {f"{line}\n".encode() for line in alignment_triples(index)}

    return index.kept(ALIGNED, (), lines)


def former_lines(store: Store, former: OverlapIndex) -> set[bytes]:
    """Lines that an index has added to the derived graph of a store, which are there still.

    They are looked up where making them again would mean to score everything again.
    """
    if former.has("scored lines", ()):
        return scored_lines(former)
    lines = store.graph(DERIVED_GRAPH).splitlines(keepends=True)
    return {line for line in lines if is_scored(line)}


def is_scored(line: bytes) -> bool:
    """Whether a line comes from the index, not from a rule."""
    subject = line[1 : line.index(b">")].decode()
    return subject.startswith((MATRIX_DATASET, _OBSERVATIONS)) or (
        subject.endswith(tuple(f"/{direction}" for direction in _DIRECTIONS))
    )
