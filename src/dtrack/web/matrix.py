"""The overlap matrix as a table: groups of rows and columns, cells with their colour step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dtrack.answer.views import CellView, MatrixView, Named

STEPS = 10

MEASURES: Final[Mapping[str, Callable[[CellView], float]]] = {
    "mean": lambda cell: cell.mean,
    "top": lambda cell: cell.top,
    "pairs": lambda cell: float(cell.pairs),
    "shared_targets": lambda cell: float(cell.shared_target_count),
    "shared_themes": lambda cell: float(cell.shared_theme_count),
    "jaccard": lambda cell: cell.jaccard,
}
"""What a cell can show, by name."""

COUNTED: Final = frozenset({"pairs", "shared_targets", "shared_themes"})
"""Measures that are whole numbers."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A cell: ``own`` counts provisions on the diagonal; ``step`` is its colour, 0 to 9."""

    row: Named
    column: Named
    own: int | None
    cell: CellView | None
    step: int
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in the order of the columns; ``groups`` are names with how many stand in each."""

    columns: list[Named]
    groups: list[tuple[str, int]]
    rows: list[tuple[Named, list[MatrixCell]]]

    def starts(self, place: int) -> tuple[str, int] | None:
        """Group whose first row a place is."""
        at = 0
        for group in self.groups:
            if at == place:
                return group
            at += group[1]
        return None


def table(view: MatrixView, measure: str = "mean") -> list[tuple[Named, list[MatrixCell]]]:
    """Rows of the matrix, filled on both sides of its diagonal."""
    return grouped(view, [], "", measure).rows


def grouped(
    view: MatrixView,
    groups: Sequence[tuple[str, Sequence[str]]],
    others: str,
    measure: str = "mean",
) -> Table:
    """The matrix with its instruments by group; one in several groups stands in the first."""
    value = MEASURES[measure]
    cells = {frozenset((cell.row, cell.column)): cell for cell in view.cells}
    directives = {item.instrument.key: item.directives for item in view.coverage}
    highest = max((value(cell) for cell in view.cells), default=0.0)

    def at(row: Named, column: Named) -> MatrixCell:
        if row.key == column.key:
            return MatrixCell(row, column, directives.get(row.key, 0), None, 0)
        cell = cells[frozenset((row.key, column.key))]
        return MatrixCell(row, column, None, cell, _step(value(cell), highest), value(cell))

    columns, spans = _by_group(view.instruments, groups, others)
    return Table(
        columns, spans, [(row, [at(row, column) for column in columns]) for row in columns]
    )


def _by_group(
    instruments: Sequence[Named], groups: Sequence[tuple[str, Sequence[str]]], others: str
) -> tuple[list[Named], list[tuple[str, int]]]:
    left = list(instruments)
    columns: list[Named] = []
    spans: list[tuple[str, int]] = []
    for name, members in [*groups, (others, [each.iri for each in instruments])]:
        found = [each for each in left if each.iri in members]
        if found:
            spans.append((name, len(found)))
        columns += found
        left = [each for each in left if each not in found]
    return columns, spans


def _step(score: float, highest: float) -> int:
    """Colour step: 0 for nothing, 9 for the highest score."""
    if not score or not highest:
        return 0
    return max(1, min(STEPS - 1, round(score / highest * (STEPS - 1))))
