"""What the index has found, as triples of the derived graph: alignments and the matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.overlap.index import ALIGNED
from dtrack.overlap.matrix import matrix
from dtrack.overlap.selection import Selection
from dtrack.terms import BASE, DT, QB, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.matrix import Cell

MATRIX_DATASET: Final = f"{BASE}/id/dataset/overlap-matrix"
_OBSERVATIONS: Final = f"{BASE}/id/observation/overlap"
_DIRECTIONS: Final = ("forward", "backward")
_INTEGERS: Final = (
    *("directivesRow", "directivesColumn", "overlappingRow", "overlappingColumn"),
    *("overlappingPairs", "sharedTargetCount", "alignedTargetCount"),
    *("sharedThemeCount", "sharedActorCount"),
)
_DECIMALS: Final = ("jaccard", "meanScore", "topScore")
_PROPERTIES: Final = (
    *((name, "integer") for name in _INTEGERS),
    *((name, "decimal") for name in _DECIMALS),
)
PUBLISHED: Final = "published"
"""Under which an index keeps what it adds to the derived graph."""

Figures = tuple[str, ...]


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

    Gives lines of N-Triples, without their ends.
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


def _figures(cell: Cell) -> Figures:
    """What is published of a cell, as lexical forms, in the order of ``_PROPERTIES``."""
    counts = (*cell.directives, *cell.overlapping, cell.pairs, *cell.counts)
    return (
        *(str(count) for count in counts),
        *(_decimal(figure) for figure in (cell.jaccard, cell.mean, cell.top)),
    )


def _turned(figures: Figures) -> Figures:
    """The same of a cell seen from its other side."""
    one, other, over_one, over_other, *rest = figures
    return (other, one, over_other, over_one, *rest)


def _node(row: str, column: str) -> str:
    return f"{_OBSERVATIONS}/{_local(row)}/{_local(column)}"


def _identity(row: str, column: str) -> Iterator[str]:
    """What an observation is of."""
    node = _node(row, column)
    yield _link(node, f"{RDF}type", f"{QB}Observation")
    yield _link(node, f"{QB}dataSet", MATRIX_DATASET)
    yield _link(node, f"{DT}rowInstrument", row)
    yield _link(node, f"{DT}columnInstrument", column)


def _values(row: str, column: str, figures: Figures, others: Figures | None) -> Iterator[str]:
    """Figures of an observation; where there are ``others``, those that differ from them."""
    for place, ((name, datatype), lexical) in enumerate(zip(_PROPERTIES, figures, strict=True)):
        if others is None or lexical != others[place]:
            yield _value(_node(row, column), f"{DT}{name}", lexical, datatype)


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """What an index adds to the derived graph: lines of the alignments, figures of each cell.

    Of each two instruments there is one cell; it is published as seen from both.
    """

    aligned: frozenset[bytes]
    cells: Mapping[tuple[str, str], Figures]

    def lines(self) -> set[bytes]:
        """All lines of N-Triples."""
        found = {f"{_link(MATRIX_DATASET, f'{RDF}type', f'{QB}DataSet')}\n".encode()}
        return found.union(self.aligned, self._of(self.cells, {}))

    def beside(self, former: Published) -> set[bytes]:
        """Lines that a former one does not have."""
        aligned = self.aligned is not former.aligned
        found = set(self.aligned - former.aligned) if aligned else set()
        return found.union(self._of(self.cells, former.cells))

    @staticmethod
    def _of(
        cells: Mapping[tuple[str, str], Figures], former: Mapping[tuple[str, str], Figures]
    ) -> Iterator[bytes]:
        for (row, column), figures in cells.items():
            others = former.get((row, column))
            if figures == others:
                continue
            for one, other, mine, theirs in (
                (row, column, figures, others),
                (column, row, _turned(figures), _turned(others) if others else None),
            ):
                if theirs is None:
                    yield from (f"{line}\n".encode() for line in _identity(one, other))
                yield from (f"{line}\n".encode() for line in _values(one, other, mine, theirs))


def published(index: OverlapIndex) -> Published:
    """What an index adds to the derived graph.

    The alignments are those of the index before an edit, where they follow from the
    same mappings.
    """

    def aligned() -> frozenset[bytes]:
        return frozenset(f"{line}\n".encode() for line in alignment_triples(index))

    def found() -> Published:
        cells = {(cell.row, cell.column): _figures(cell) for cell in _cells(index)}
        return Published(index.kept(ALIGNED, (), aligned), cells)

    return index.kept(PUBLISHED, (), found)


def _cells(index: OverlapIndex) -> Iterable[Cell]:
    return matrix(index, Selection()).cells


def is_scored(line: bytes) -> bool:
    """Whether a line comes from the index, not from a rule."""
    subject = line[1 : line.index(b">")].decode()
    return subject.startswith((MATRIX_DATASET, _OBSERVATIONS)) or (
        subject.endswith(tuple(f"/{direction}" for direction in _DIRECTIONS))
    )
