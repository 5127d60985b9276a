"""Directives of several instruments that say the same, or the contrary, of the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dtrack.overlap.columns import PERMISSIVE, RESTRICTIVE
from dtrack.overlap.ordering import distinct
from dtrack.overlap.selection import select
from dtrack.overlap.weights import SUBJECT_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.overlap.corpus import Directive
    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.selection import Selection
    from dtrack.overlap.similarity import Booleans, Places


@dataclass(frozen=True, slots=True)
class Group:
    """Directives that have the same values on some dimensions.

    ``rows`` are theirs in the index; ``values`` what they share, by dimension.
    """

    values: Mapping[str, tuple[str, ...]]
    instruments: tuple[str, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A target or theme on which some directives permit and others restrict, in one period."""

    dimension: str
    value: str
    permitting: tuple[Directive, ...]
    restricting: tuple[Directive, ...]


def duplicates(index: OverlapIndex, selection: Selection) -> tuple[Group, ...]:
    """Directives of two or more instruments with the same targets, actors and force.

    Their periods overlap: each has one of another instrument at whose time it held.
    """
    return index.kept(
        "duplicates",
        selection,
        lambda: tuple(
            group
            for group in _alike(index, selection, ("target", "actor", "verb"), 2, all_stated=True)
            if _at_one_time(index, group.rows)
        ),
        limit=32,
    )


def clusters(index: OverlapIndex, selection: Selection, instruments: int = 3) -> tuple[Group, ...]:
    """Directives of so many instruments that have the same targets and the same themes."""
    return index.kept(
        "clusters",
        (selection, instruments),
        lambda: _alike(index, selection, SUBJECT_DIMENSIONS, instruments, all_stated=False),
        limit=32,
    )


def _alike(
    index: OverlapIndex,
    selection: Selection,
    names: Sequence[str],
    least: int,
    *,
    all_stated: bool,
) -> tuple[Group, ...]:
    """Groups by what is the same: of most instruments first, then the most telling."""
    rows = np.flatnonzero(select(selection, index))
    numbers = np.column_stack([index.columns.numbers[name][rows] for name in names])
    stated = numbers > 0
    kept = stated.all(axis=1) if all_stated else stated.any(axis=1)
    rows, numbers = rows[kept], numbers[kept]
    order = np.lexsort(numbers.T[::-1])
    rows, numbers = rows[order], numbers[order]
    new = np.ones(len(rows), dtype=np.bool_)
    new[1:] = (numbers[1:] != numbers[:-1]).any(axis=1)
    starts = np.append(np.flatnonzero(new), len(rows))
    found = []
    for place in _of_several(index, rows, starts, least).tolist():
        first, after = int(starts[place]), int(starts[place + 1])
        found.append((numbers[first].tolist(), rows[first:after].tolist()))
    groups = [_group(index, names, numbers, rows) for numbers, rows in found]
    return tuple(sorted(groups, key=lambda g: (-len(g.instruments), -_telling(index, g), g.rows)))


def _of_several(index: OverlapIndex, rows: Places, starts: Places, least: int) -> Places:
    """Groups, by place, whose rows are of at least so many instruments."""
    sizes = np.diff(starts)
    group = np.repeat(np.arange(len(sizes)), sizes)
    pairs = distinct(group * max(1, len(index.instruments)) + index.owner[rows])
    holders = np.bincount(pairs // max(1, len(index.instruments)), minlength=len(sizes))
    found: Places = np.flatnonzero(holders >= least)
    return found


def _group(
    index: OverlapIndex, names: Sequence[str], numbers: Sequence[int], rows: Sequence[int]
) -> Group:
    return Group(
        {
            name: index.columns.sets[name].names(number)
            for name, number in zip(names, numbers, strict=True)
            if number
        },
        tuple(index.instruments[place] for place in sorted({int(index.owner[r]) for r in rows})),
        tuple(rows),
    )


def _telling(index: OverlapIndex, group: Group) -> float:
    return sum(index.ic(name, value) for name, values in group.values.items() for value in values)


def _spans(index: OverlapIndex, rows: Sequence[int]) -> tuple[Places, Places]:
    """First and last years of rows."""
    periods = index.columns.periods[index.columns.period[list(rows)]]
    first = periods[:, 0]
    return first, np.maximum(first, np.where(periods[:, 1] == 0, index.now, periods[:, 1]))


def _at_one_time(index: OverlapIndex, rows: Sequence[int]) -> bool:
    """Whether each row has one of another instrument with a year in common."""
    return bool(_meeting(index, rows, rows).any(axis=1).all())


def _meeting(index: OverlapIndex, rows: Sequence[int], others: Sequence[int]) -> Booleans:
    """Which rows have a year in common with which others of another instrument."""
    (start, end), (begin, stop) = _spans(index, rows), _spans(index, others)
    apart = index.owner[list(rows)][:, None] != index.owner[list(others)]
    found: Booleans = apart & (start[:, None] <= stop) & (begin <= end[:, None])
    return found


def conflicts(index: OverlapIndex, selection: Selection) -> tuple[Conflict, ...]:
    """Objects on which instruments permit and restrict at one time, the most telling first."""

    def make() -> tuple[Conflict, ...]:
        chosen = select(selection, index)
        sides = [
            np.flatnonzero(chosen & ((index.columns.flags & bit) > 0))
            for bit in (PERMISSIVE, RESTRICTIVE)
        ]
        found = []
        for name in SUBJECT_DIMENSIONS:
            sets = index.columns.sets[name]
            held = [_by_value(index, name, rows) for rows in sides]
            for value in sorted(held[0].keys() & held[1].keys()):
                meeting = _meeting(index, held[0][value], held[1][value])
                permitting = np.array(held[0][value])[meeting.any(axis=1)].tolist()
                restricting = np.array(held[1][value])[meeting.any(axis=0)].tolist()
                if permitting:
                    found.append(
                        Conflict(
                            name,
                            sets.values[value],
                            tuple(index.directives(permitting)),
                            tuple(index.directives(restricting)),
                        )
                    )
        found.sort(key=lambda c: (c.dimension, -index.ic(c.dimension, c.value), c.value))
        return tuple(found)

    return index.kept("conflicts", selection, make, limit=32)


def _by_value(index: OverlapIndex, name: str, rows: Places) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    sets, numbers = index.columns.sets[name], index.columns.numbers[name]
    for row in rows.tolist():
        for value in sets.members(int(numbers[row])).tolist():
            found.setdefault(value, []).append(row)
    return found
