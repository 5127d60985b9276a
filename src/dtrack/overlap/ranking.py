"""The best pairs of two groups of directives, exactly, without scoring all of them.

Small groups are scored whole. For large ones: a pair that scores at least
``1 - lost`` cannot lose more than that on any one dimension, so its sets there
are nearly the same (near_sets.py). Such pairs are found by a join, and scored;
where they are enough, no other pair can be better, else more may be lost.
"""

from __future__ import annotations

import itertools
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dtrack.overlap.near_sets import NearSets, NearTable, near_sets
from dtrack.overlap.ordering import distinct, occurring, ragged, stable_order
from dtrack.overlap.scoring import Scored, promising, scored, together
from dtrack.overlap.weights import DIMENSIONS, SUBJECT_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.similarity import Floats, Places

SMALL: Final = 120_000
"""Pairs that are scored whole."""
_LOSSES: Final = (0.0, 0.02, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.35)
_MOST: Final = 6_000_000
"""Pairs and products past which looking is dearer than scoring all."""
_CHUNK: Final = 1_000_000
_LOT: Final = 200_000
"""Pairs that are looked at at a time: so few that they stay near the processor."""
_FEW: Final = 16
"""Verbs up to which rows are parted by them."""
_SLACK: Final = 1e-9
_ALL: Final = slice(None)
NO_TABLES: Final[Mapping[str, NearTable]] = MappingProxyType({})


def best_pairs(
    index: OverlapIndex,
    first: Places,
    second: Places,
    dimensions: Mapping[str, float],
    wanted: int,
    tables: Mapping[str, NearTable] = NO_TABLES,
) -> Scored:
    """Pairs of rows of two groups apart, best first: at least so many, or all there are."""
    size = len(first) * len(second)
    if size > SMALL:
        hint = (wanted, tuple(sorted(dimensions.items())), size.bit_length())
        likely = float(likely_loss(np.array([size]))[0])
        # Where it was enough before, or is likely to be: less is seldom worth trying.
        begin = index.kept("losses", hint, lambda: int(np.searchsorted(_LOSSES, likely)))
        for place in [*range(begin, len(_LOSSES)), *range(begin - 1, -1, -1)]:
            found = pairs_losing(index, first, second, dimensions, _LOSSES[place], tables)
            if found is not None and len(found) >= wanted:
                index.keep("losses", hint, place)
                return found.best()
            if found is not None and place < begin:
                # More would be too many to look at, and less is not enough.
                break
    return _all_scored(index, first, second, dimensions, wanted).best()


def likely_loss(products: Places) -> Floats:
    """What the best pairs of two groups are likely to lose, by how many pairs there are.

    Only where looking begins, as seen on corpora of the bench: the fewer pairs, the
    less alike the best of them.
    """
    found: Floats = 0.42 - 0.11 * np.log10(np.maximum(products, 1) / 10_000)
    return np.maximum(found, 0.0)


def pairs_losing(
    index: OverlapIndex,
    first: Places,
    second: Places,
    dimensions: Mapping[str, float],
    lost: float,
    tables: Mapping[str, NearTable] = NO_TABLES,
) -> Scored | None:
    """All pairs that score at least ``1 - lost``; None where too many would be looked at.

    ``tables`` are of what is nearly the same on each dimension, where much is asked for.
    """
    joins, looked_at = [], 0
    for rows, others, shared in _patterns(index, first, second, dimensions):
        name = max((n for n in shared if n in SUBJECT_DIMENSIONS), key=lambda n: dimensions[n])
        threshold = 1 - lost * sum(dimensions[n] for n in shared) / dimensions[name]
        joined = _joined(index, rows, others, name, threshold, tables)
        looked_at += len(joined) if joined else 0
        # All are counted before one is looked at: those counted in vain cost little.
        if joined is None or looked_at > _MOST:
            return None
        joins.append((joined, shared, name))
    parts = [
        scored(index, *promising(index, lot, shared, dimensions, lost, name), dimensions)
        for joined, shared, name in joins
        for lot in joined.lots(*_kinds(index, shared, dimensions, lost))
    ]
    found = together(parts)
    return found.at(found.scores >= 1 - lost - _SLACK)


def _patterns(
    index: OverlapIndex, first: Places, second: Places, dimensions: Mapping[str, float]
) -> Iterator[tuple[Places, Places, tuple[str, ...]]]:
    """Groups of rows that state the same dimensions, two by two, with what both state."""
    weighed, subjects = index.dimension_bits(dimensions)
    sides = []
    for rows in (first, second):
        stated = index.presence[rows] & weighed
        places = {
            bits: np.flatnonzero(stated == bits)
            for bits in occurring(stated, 1 << len(DIMENSIONS)).tolist()
        }
        sides.append([(bits, rows.take(those)) for bits, those in places.items()])
    for mine, rows in sides[0]:
        for theirs, others in sides[1]:
            if mine & theirs & subjects:
                shared = mine & theirs
                yield rows, others, tuple(n for i, n in enumerate(DIMENSIONS) if shared >> i & 1)


def _joined(
    index: OverlapIndex,
    rows: Places,
    others: Places,
    name: str,
    threshold: float,
    tables: Mapping[str, NearTable],
) -> _Joined | None:
    """Pairs whose sets on one dimension are so similar; None where too many.

    A pair that loses no more than so much in all loses no more than that on one dimension.
    """
    numbers = index.columns.numbers[name]
    mine, theirs = _Held.of(numbers, rows), _Held.of(numbers, others)
    if name in tables:
        near = tables[name].near(threshold, mine.sets, theirs.sets, _MOST)
    else:
        near = near_sets(index.measures[name], threshold, mine.sets, theirs.sets, _MOST)
    return None if near is None else _Joined(mine, theirs, near)


def _kinds(
    index: OverlapIndex, shared: tuple[str, ...], dimensions: Mapping[str, float], lost: float
) -> tuple[NDArray[np.int32], int] | tuple[None, int]:
    """Verbs of all rows, and how many there are, where to have another one loses too much."""
    measure = index.measures["verb"]
    lost *= sum(dimensions[name] for name in shared)
    if "verb" not in shared or len(measure.sets) > _FEW:
        return None, 1
    if dimensions["verb"] * (1 - measure.closest) <= lost + _SLACK:
        return None, 1
    return index.columns.numbers["verb"], len(measure.sets)


class _Joined:
    """Pairs of rows whose sets are among some pairs of sets, made a lot at a time."""

    def __init__(self, mine: _Held, theirs: _Held, near: NearSets) -> None:
        self._mine, self._theirs, self._near = mine, theirs, near
        self._ends = np.cumsum(mine.sizes[near.first] * theirs.sizes[near.second])

    def __len__(self) -> int:
        """Count the pairs of rows."""
        return int(self._ends[-1]) if len(self._ends) else 0

    def lots(
        self, kinds: NDArray[np.int32] | None = None, many: int = 1
    ) -> Iterator[tuple[Places, Places, Floats]]:
        """Pairs of rows, with the similarity of their sets.

        ``kinds`` of rows, of which there are so many, leave only pairs of the same kind.
        """
        mine, theirs = self._mine, self._theirs
        if kinds is not None:
            mine, theirs = mine.parted(kinds, many), theirs.parted(kinds, many)
        cuts = np.searchsorted(self._ends, np.arange(_LOT, len(self) + _LOT, _LOT), "right")
        for start, stop in itertools.pairwise(distinct(np.append(0, cuts)).tolist()):
            one, other, similar = self._near.of(slice(start, stop))
            if kinds is not None:
                one, other = (np.add.outer(n * many, np.arange(many)).ravel() for n in (one, other))
                kept = np.flatnonzero(mine.sizes.take(one) * theirs.sizes.take(other))
                one, other = one.take(kept), other.take(kept)
                similar = similar.take(kept // many)
            # First the rows of one side, each with a set of the other; then the rows of that.
            owner, row = ragged(mine.starts.take(one), mine.sizes.take(one))
            other = other.take(owner)
            sizes = theirs.sizes.take(other)
            place = np.arange(int(sizes.sum()))
            place += np.repeat(theirs.starts.take(other) - (np.cumsum(sizes) - sizes), sizes)
            yield (
                np.repeat(mine.rows.take(row), sizes),
                theirs.rows.take(place),
                np.repeat(similar.take(owner), sizes),
            )


class _Held(NamedTuple):
    """Rows by the set that they have on a dimension: where those of each begin, and how many."""

    sets: Places
    rows: Places
    starts: Places
    sizes: Places

    @classmethod
    def of(cls, numbers: NDArray[np.int32], rows: Places) -> _Held:
        """Rows by their numbers."""
        held = numbers.take(rows)
        order = stable_order(held)
        held = held.take(order)
        starts = np.flatnonzero(np.diff(held, prepend=-1))
        return cls(held.take(starts), rows.take(order), starts, np.diff(starts, append=len(held)))

    def parted(self, kinds: NDArray[np.int32], many: int) -> _Held:
        """The same rows by set and kind: those of set ``s`` and kind ``k`` at ``s * many + k``."""
        owner = np.repeat(np.arange(len(self.sets)) * many, self.sizes)
        codes = owner + kinds.take(self.rows)
        sizes = np.bincount(codes, minlength=len(self.sets) * many)
        rows = self.rows.take(stable_order(codes))
        return _Held(self.sets, rows, np.cumsum(sizes) - sizes, sizes)


def _all_scored(
    index: OverlapIndex,
    first: Places,
    second: Places,
    dimensions: Mapping[str, float],
    wanted: int,
) -> Scored:
    """Best pairs of two groups by scoring all, and all that draw with the last of them."""
    table = ScoreTable(index, first, second, dimensions)
    step = max(1, _CHUNK // max(1, len(second)))
    kept = together([])
    for start in range(0, len(first), step):
        scores = table.rows(start, start + step)
        floor = _floor(kept.scores, wanted)
        place, other = np.nonzero(scores >= floor) if floor > 0 else np.nonzero(scores > 0)
        part = Scored(first[place + start], second[other], scores[place, other])
        kept = together([kept, part])
        if len(kept) > 2 * wanted:
            kept = kept.at(kept.scores >= _floor(kept.scores, wanted))
    # What is left below the last floor is not complete.
    kept = kept.at(kept.scores >= _floor(kept.scores, wanted))
    # Scored again as every pair is, so that the same pair always has the same score.
    return scored(index, kept.first, kept.second, dimensions)


def _floor(scores: Floats, wanted: int) -> float:
    """Score below which nothing is among the best so many; 0 where there are fewer."""
    if len(scores) < wanted:
        return 0.0
    return float(np.partition(scores, len(scores) - wanted)[len(scores) - wanted]) - _SLACK


class ScoreTable:
    """Scores of every row of one group with every row of another, made a few rows at a time."""

    def __init__(
        self,
        index: OverlapIndex,
        first: Places,
        second: Places,
        dimensions: Mapping[str, float],
    ) -> None:
        weights = {name: dimensions[name] for name in DIMENSIONS if dimensions[name] > 0}
        self._stated = index.presence[first], index.presence[second]
        self._totals = _totals(weights)
        # Subjects come first in DIMENSIONS, so the sum of theirs tells whether there is one.
        self._subjects = sum(name in SUBJECT_DIMENSIONS for name in weights)
        self._parts: list[tuple[Floats, Places, Places]] = []
        for name, weight in weights.items():
            if name == "period":
                periods = index.columns.period
                self._parts.append((weight * index.periods, periods[first], periods[second]))
                continue
            numbers = index.columns.numbers[name]
            mine, rows = np.unique(numbers[first], return_inverse=True)
            theirs, columns = np.unique(numbers[second], return_inverse=True)
            table = index.measures[name].table(mine, theirs)
            self._parts.append((weight * table, rows, columns))

    def rows(self, start: int, stop: int, chosen: Places | slice = _ALL) -> Floats:
        """Scores of a run of the first group with the second, or with those chosen of it.

        0 = no subject shared.
        """
        mine, theirs = self._stated[0][start:stop], self._stated[1][chosen]
        summed: Floats = np.zeros((len(mine), len(theirs)))
        subject = summed > 0
        for place, (table, rows, columns) in enumerate(self._parts, 1):
            summed += np.take(table[rows[start:stop]], columns[chosen], axis=1)
            if place == self._subjects:
                subject = summed > 0
        total = np.take(self._totals[mine], theirs, axis=1)
        scores: Floats = np.divide(summed, total, out=np.zeros_like(summed), where=subject)
        return scores


def _totals(weights: Mapping[str, float]) -> Floats:
    """Weight of the dimensions that both state, by what either states: a bit a dimension."""
    bits = np.arange(1 << len(DIMENSIONS))
    both = bits[:, None] & bits
    found = np.zeros(both.shape)
    for name, weight in weights.items():
        found += weight * (both >> DIMENSIONS.index(name) & 1)
    return found
