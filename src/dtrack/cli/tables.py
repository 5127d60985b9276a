"""Answers as tables on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from dtrack.model import plain
from dtrack.terms import compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.answer.views import (
        CellView,
        CoverageView,
        GapsView,
        MatrixView,
        OverlapView,
        ProvisionView,
        SharedView,
    )
    from dtrack.model import Rows


def rows_table(rows: Rows) -> Table:
    """Rows of a query; IRIs with known prefixes are abbreviated."""
    table = Table(show_edge=False, pad_edge=False)
    for column in rows.columns:
        table.add_column(column, overflow="fold")
    for row in rows.rows:
        table.add_row(*(Text(compact(plain(term))) for term in row))
    return table


def matrix_table(matrix: MatrixView) -> Table:
    """Matrix with the mean score of each cell, shaded."""
    table = Table(show_edge=False, pad_edge=False, show_lines=False)
    table.add_column("")
    for instrument in matrix.instruments:
        table.add_column(instrument.key, justify="right", no_wrap=True)
    cells = {frozenset((cell.row, cell.column)): cell for cell in matrix.cells}
    counts = {item.instrument.key: item.directives for item in matrix.coverage}
    for row in matrix.instruments:
        line: list[Text] = [Text(row.key, style="bold")]
        for column in matrix.instruments:
            if row == column:
                line.append(Text(f"({counts.get(row.key, 0)})", style="dim"))
            else:
                line.append(_shaded(cells[frozenset((row.key, column.key))]))
        table.add_row(*line)
    return table


def _shaded(cell: CellView) -> Text:
    if not cell.pairs:
        return Text("·", style="dim")
    level = min(int(cell.mean * 10), 9)
    style = "bold" if level >= 5 else ""
    return Text(
        f"{cell.mean:.2f} {cell.shared_target_count}/{cell.shared_theme_count}", style=style
    )


def coverage_table(coverage: Sequence[CoverageView]) -> Table:
    """What has been read of each instrument."""
    table = Table(show_edge=False, pad_edge=False, title="Coverage", title_justify="left")
    table.add_column("instrument")
    for name in ("directives here", "texts", "with directives", "tagged", "reviewed"):
        table.add_column(name, justify="right")
    for item in coverage:
        table.add_row(
            item.instrument.key,
            str(item.directives),
            str(item.texts_recorded),
            str(item.texts_with_directives),
            str(item.texts_tagged),
            str(item.texts_reviewed),
        )
    return table


def _provision_lines(provision: ProvisionView) -> list[str]:
    head = f"{provision.instrument.key} {provision.symbol}, {provision.number}"
    asks = ", ".join(provision.verbs)
    whom = ", ".join(provision.addressees)
    return [f"{head}  [{asks}{' → ' + whom if whom else ''}]", f"  {provision.summary}"]


def evidence_lines(pair: OverlapView) -> list[str]:
    """A pair and all its evidence, as lines of text."""
    lines = [f"score {pair.score:.2f}"]
    for side in (pair.first, pair.second):
        lines += [f"  {line}" for line in _provision_lines(side)]
    for dimension in pair.dimensions:
        if not dimension.present:
            lines.append(f"    {dimension.name}: not stated on both sides")
            continue
        lines.append(
            f"    {dimension.name}: {dimension.similarity:.2f} (weight {dimension.weight:g})"
        )
        for value in dimension.shared:
            what = value.first.label
            if value.relation != "same":
                what = f"{value.first.label} {value.relation} {value.second.label}"
            lines.append(f"      {what}  [counts {value.weight:.2f}, ic {value.ic:.2f}]")
            lines += [f"        {line}" for line in _asserted(value)]
    return lines


def _asserted(value: SharedView) -> list[str]:
    """Who asserted the mapping, and who put each side to its value."""
    lines = [
        f"mapped by {m.author} ({m.predicate}, confidence {m.confidence:g}, {m.review_state})"
        for m in value.mappings
    ]
    sides = (("first", value.first_taggings), ("second", value.second_taggings))
    lines += [
        f"{side} tagged by {t.author or 'the source'} ({t.method}, confidence {t.confidence:g}, "
        f"{t.review_state})"
        for side, taggings in sides
        for t in taggings
    ]
    return lines


def gaps_table(gaps: GapsView) -> Table:
    """Targets against instruments: direct + mapped directives in each cell."""
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("target")
    for instrument in gaps.instruments:
        table.add_column(instrument.key, justify="right")
    for row in gaps.rows:
        served = {cell.instrument: cell for cell in row.served_by}
        line = [Text(f"{row.notation}  {row.target.label}")]
        for instrument in gaps.instruments:
            cell = served.get(instrument.key)
            if cell is None:
                line.append(Text("·", style="dim"))
            else:
                line.append(Text(f"{cell.direct}" + (f"+{cell.aligned}" if cell.aligned else "")))
        table.add_row(*line)
    return table
