"""The overlap matrix as a table: rows of cells with their colour step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dtrack.answer.views import CellView, MatrixView, Named

STEPS = 10


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A cell: ``own`` counts provisions on the diagonal; ``step`` is its colour, 0 to 9."""

    row: Named
    column: Named
    own: int | None
    cell: CellView | None
    step: int


def table(view: MatrixView) -> list[tuple[Named, list[MatrixCell]]]:
    """Rows of the matrix, filled on both sides of its diagonal."""
    cells = {frozenset((cell.row, cell.column)): cell for cell in view.cells}
    directives = {item.instrument.key: item.directives for item in view.coverage}
    highest = max((cell.mean for cell in view.cells), default=0.0)

    def at(row: Named, column: Named) -> MatrixCell:
        if row.key == column.key:
            return MatrixCell(row, column, directives.get(row.key, 0), None, 0)
        cell = cells[frozenset((row.key, column.key))]
        return MatrixCell(row, column, None, cell, _step(cell.mean, highest))

    return [(row, [at(row, column) for column in view.instruments]) for row in view.instruments]


def _step(score: float, highest: float) -> int:
    """Colour step: 0 for nothing, 9 for the highest score."""
    if not score or not highest:
        return 0
    return max(1, min(STEPS - 1, round(score / highest * (STEPS - 1))))
