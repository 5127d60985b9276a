"""Directives counted by value: facets of a selection, and what instruments share under a theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dtrack.overlap.columns import ACTIVE
from dtrack.overlap.corpus import VALUE_DIMENSIONS
from dtrack.overlap.gaps import set_counts
from dtrack.overlap.ordering import distinct, ragged
from dtrack.overlap.questions import count
from dtrack.overlap.selection import select

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.selection import Selection
    from dtrack.overlap.similarity import Booleans, Places


@dataclass(frozen=True, slots=True)
class Facets:
    """How many directives of a selection each value has.

    ``values`` counts by dimension, each with narrower ones included, most first;
    ``years`` by year of adoption; ``active`` and ``ended`` are the two statuses.
    """

    directives: int
    instruments: Mapping[str, int]
    values: Mapping[str, Mapping[str, int]]
    years: Mapping[int, int]
    active: int
    ended: int


@dataclass(frozen=True, slots=True)
class CommonValue:
    """A value that directives of two or more instruments have, with how many of each."""

    dimension: str
    value: str
    counts: Mapping[str, int]


def facets(index: OverlapIndex, selection: Selection) -> Facets:
    """Counts of a selection by instrument, target, theme, actor, force, year and status."""

    def make() -> Facets:
        chosen = select(selection, index)
        periods = np.bincount(index.columns.period[chosen], minlength=len(index.columns.periods))
        years: dict[int, int] = {}
        for year, number in zip(
            index.columns.periods[:, 0].tolist(), periods.tolist(), strict=True
        ):
            if number:
                years[year] = years.get(year, 0) + number
        whole = int(periods.sum())
        active = int(np.count_nonzero(index.columns.flags[chosen] & ACTIVE))
        return Facets(
            whole,
            count(index, selection),
            {name: _counted(index, selection, name) for name in VALUE_DIMENSIONS},
            dict(sorted(years.items())),
            active,
            whole - active,
        )

    return index.kept("facets", selection, make, limit=64)


def _counted(index: OverlapIndex, selection: Selection, name: str) -> dict[str, int]:
    values, sets, places = _covered(index, name)
    rows = select(selection, index)
    size = len(index.columns.sets[name])
    per_set = np.bincount(index.columns.numbers[name][rows], minlength=size)
    number = np.bincount(places, weights=per_set[sets], minlength=len(values)).astype(int).tolist()
    found = [(value, n) for value, n in zip(values, number, strict=True) if n]
    return dict(sorted(found, key=lambda item: (-item[1], item[0])))


def _covered(index: OverlapIndex, name: str) -> tuple[tuple[str, ...], Places, Places]:
    """Values and all broader ones; and each pair of a set and a value that it has or is below."""

    def make() -> tuple[tuple[str, ...], Places, Places]:
        sets, ancestors = index.columns.sets[name], index.tables.ancestors
        above = [{value, *ancestors.get(value, ())} for value in sets.values]
        values = tuple(sorted(set().union(*above)))
        position = {value: place for place, value in enumerate(values)}
        widths = np.array([len(found) for found in above], dtype=np.int64)
        flat = np.array([position[v] for found in above for v in sorted(found)], dtype=np.int64)
        starts = np.cumsum(widths) - widths
        owner, entry = ragged(starts[sets.flat], widths[sets.flat])
        codes = distinct(sets.owner[owner].astype(np.int64) * len(values) + flat[entry])
        return values, *np.divmod(codes, max(1, len(values)))

    return index.kept("covered", name, make)


def holders(index: OverlapIndex, selection: Selection, name: str) -> Places:
    """How many directives of each instrument have each value itself: instruments by values."""

    def make() -> Places:
        sets = index.columns.sets[name]
        counts = set_counts(index, selection, name)
        place, number = np.nonzero(counts)
        owner, entry = ragged(sets.starts[number], sets.sizes[number])
        codes = place[owner] * max(1, len(sets.values)) + sets.flat[entry]
        times = counts[place, number][owner]
        size = len(index.instruments) * len(sets.values)
        found: Places = np.bincount(codes, weights=times, minlength=size).astype(np.int64)
        return found.reshape(len(index.instruments), len(sets.values))

    return index.kept("holders", (selection, name), make, limit=64)


def common(index: OverlapIndex, selection: Selection) -> tuple[CommonValue, ...]:
    """Actors, targets and further themes that instruments share in a selection.

    Themes that are the selection's own, or above or below it, say nothing further
    and are left out. Shared by most instruments first, then the most telling.
    """
    found = []
    for name in ("actor", "target", "theme"):
        numbers = holders(index, selection, name)
        several = (numbers > 0).sum(axis=0)
        kept = np.flatnonzero((several > 1) & _further(index, selection, name))
        for place in kept.tolist():
            column = numbers[:, place].tolist()
            counts = {n: k for n, k in zip(index.instruments, column, strict=True) if k}
            found.append(CommonValue(name, index.columns.sets[name].values[place], counts))
    found.sort(key=lambda c: (-len(c.counts), -index.ic(c.dimension, c.value), c.value))
    return tuple(found)


def _further(index: OverlapIndex, selection: Selection, name: str) -> Booleans:
    values, ancestors = index.columns.sets[name].values, index.tables.ancestors
    theme = selection.theme if name == "theme" else None
    return np.array(
        [
            theme is None
            or not (
                value == theme
                or theme in ancestors.get(value, ())
                or value in ancestors.get(theme, ())
            )
            for value in values
        ],
        dtype=np.bool_,
    )
