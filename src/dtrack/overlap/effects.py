"""What hangs on one mapping: the cells of the matrix and the gaps that would change without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.errors import NotFoundError
from dtrack.overlap.carried_leaders import carry_leaders
from dtrack.overlap.counting import carry_over
from dtrack.overlap.gaps import gaps
from dtrack.overlap.matrix import Cell, matrix
from dtrack.overlap.moving import moves

if TYPE_CHECKING:
    from dtrack.overlap.corpus import MappingRecord
    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.selection import Selection


@dataclass(frozen=True, slots=True)
class GapChange:
    """Directives that serve a target, directly and by mappings, with a mapping and without it."""

    target: str
    instrument: str
    before: tuple[int, int]
    after: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Effect:
    """A mapping with the cells, as they are and as they would be, and the gaps it changes."""

    mapping: MappingRecord
    cells: tuple[tuple[Cell, Cell], ...]
    gaps: tuple[GapChange, ...]


def effect(index: OverlapIndex, mapping: str, selection: Selection) -> Effect:
    """What would change if a mapping were withdrawn. Raises NotFoundError."""
    record = next((m for m in index.tables.mappings if m.iri == mapping), None)
    if record is None:
        raise NotFoundError(
            f"No mapping has the IRI <{mapping}>.",
            remedy="Overlap answers with --json name the mappings they use.",
        )
    without = index.withdrawing(frozenset({mapping}))
    moved = moves(index.columns, without.columns, frozenset())
    carry_over(index, without, moved)
    carry_leaders(index, without, moved)
    before, after = matrix(index, selection), matrix(without, selection)
    return Effect(
        record,
        tuple(
            (one, other)
            for one, other in zip(before.cells, after.cells, strict=True)
            if _figures(one) != _figures(other)
        ),
        tuple(_gap_changes(index, without, record, selection)),
    )


def _figures(cell: Cell) -> tuple[object, ...]:
    return (
        cell.overlapping,
        cell.pairs,
        cell.counts,
        *(round(figure, 9) for figure in (cell.jaccard, cell.mean, cell.top)),
    )


def _gap_changes(
    index: OverlapIndex, without: OverlapIndex, record: MappingRecord, selection: Selection
) -> list[GapChange]:
    items = index.tables.items
    frameworks = {items[end].framework for end in (record.subject, record.object) if end in items}
    found = []
    for framework in sorted(frameworks):
        try:
            sides = [gaps(side, framework, selection).cells for side in (index, without)]
        except NotFoundError:
            continue
        for key in sorted(sides[0].keys() | sides[1].keys()):
            before, after = (side.get(key, (0, 0)) for side in sides)
            if before != after:
                found.append(GapChange(*key, before, after))
    return found
