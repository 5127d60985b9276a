"""Plots of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.publish.plots import heat_map

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.answer.views import MatrixView


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
                f"{cell.mean:.2f}\n{cell.shared_target_count} / {cell.shared_theme_count}"
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
