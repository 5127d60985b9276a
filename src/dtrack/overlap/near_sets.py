"""Which sets of a dimension are nearly the same: a similarity join over sparse products.

What each member of a set gains from each member of another one, summed, is a product
of sparse matrices, and no less than what one side shares with the other. Sets whose
sum says that they may reach a threshold are compared in full; none that does is missed.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dtrack.overlap.ordering import distinct, ragged, stable_order

if TYPE_CHECKING:
    from scipy import sparse

    from dtrack.overlap.similarity import Booleans, Floats, Measure, Places

_CHUNK: Final = 1_000_000
"""Products that are made at a time."""
_SLACK: Final = 1e-9
_LEVELS: Final = (0.6, 0.65, 0.72, 0.8, 0.9)
"""Similarities above which all pairs are kept together: the higher, the fewer."""
_NONE: Final[Places] = np.zeros(0, dtype=np.int64)
_MOST_PRODUCTS: Final = 200_000_000
"""Products past which all sets are not compared at once."""


class NearSets(NamedTuple):
    """Pairs of sets with their similarity, by their places among the sets that were asked for."""

    first: Places
    second: Places
    similar: Floats

    def of(self, those: Places | Booleans | slice) -> NearSets:
        """Some of them."""
        return NearSets(self.first[those], self.second[those], self.similar[those])


def near_sets(
    measure: Measure, threshold: float, first: Places, second: Places, most: int
) -> NearSets | None:
    """Pairs of one of some sets and one of others that are at least so similar.

    None for a threshold of 0, or where more products than ``most`` would be made.
    """
    if threshold - _SLACK <= 0:
        return None
    join = _Join(measure, first, second)
    return None if join.products[-1] > most else join.near(threshold)


class _Join:
    """What some sets gain from others, in parts that make about as many products each.

    ``halved``: both are the same sets, and each two of them are looked at once.
    """

    def __init__(
        self, measure: Measure, first: Places, second: Places, *, halved: bool = False
    ) -> None:
        self._measure, self._first, self._second, self._halved = measure, first, second, halved
        self._reach = _members(measure, first) @ measure.links
        self._theirs = _members(measure, second)
        times = np.bincount(self._theirs.indices, minlength=self._theirs.shape[1])
        self.products = np.concatenate([[0], np.cumsum(times[self._reach.indices])])

    def near(self, threshold: float) -> NearSets:
        """Pairs that are at least so similar, by the place of the first."""
        threshold -= _SLACK
        made = self.products[self._reach.indptr]
        cuts = distinct(
            np.append(np.searchsorted(made, np.arange(0, made[-1] + 1, _CHUNK)), len(self._first))
        )
        rows, columns, similar = [_NONE], [_NONE], [np.zeros(0)]
        for start, stop in itertools.pairwise(cuts.tolist()):
            row, column = self._likely(threshold, start, stop)
            found = self._measure.of_pairs(self._first[row], self._second[column], differing=True)
            near = np.flatnonzero(found >= threshold)
            rows.append(row[near])
            columns.append(column[near])
            similar.append(found[near])
        return NearSets(np.concatenate(rows), np.concatenate(columns), np.concatenate(similar))

    def _likely(self, threshold: float, start: int, stop: int) -> tuple[Places, Places]:
        """Pairs of some of the first that may be so similar."""
        begin = start if self._halved else 0
        part = self._reach[start:stop] @ self._theirs[begin:].T
        # A similarity is what both share, once for either side, by the sum of what they tell.
        least = threshold / 2 * self._measure.set_ic
        sizes = np.diff(part.indptr)
        least_of_row = np.repeat(least.take(self._first[start:stop]), sizes)
        least_of_column = least.take(self._second[begin:]).take(part.indices)
        kept = np.flatnonzero(part.data >= least_of_row + least_of_column)
        row = np.repeat(np.arange(start, stop), sizes).take(kept)
        column = part.indices.take(kept).astype(np.int64) + begin
        if not self._halved:
            return row, column
        upper = np.flatnonzero(column >= row)
        return row.take(upper), column.take(upper)


class NearTable:
    """Which sets of a dimension are nearly the same, found once and looked up many times.

    Between all instruments, the same sets meet again and again.
    """

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._linked = measure.links.astype(np.bool_)
        self._levels: list[_Level] = []
        numbers = np.arange(len(measure.sets), dtype=np.int64)
        join = _Join(measure, numbers, numbers, halved=True)
        if join.products[-1] > _MOST_PRODUCTS:
            return
        found = _both_ways(join.near(_LEVELS[0]))
        for threshold in _LEVELS:
            found = found.of(found.similar >= threshold - _SLACK)
            starts = np.searchsorted(found.first, np.append(numbers, len(numbers)))
            self._levels.append(_Level(threshold, starts, found))

    def near(self, threshold: float, first: Places, second: Places, most: int) -> NearSets | None:
        """What near_sets() gives, in another order."""
        level = next((each for each in self._levels[::-1] if each.threshold <= threshold), None)
        if level is None:
            return near_sets(self._measure, threshold, first, second, most)
        if self._may_exceed(most, first, second):
            join = _Join(self._measure, first, second)
            if join.products[-1] > most:
                return None
        begin = level.starts[first]
        owner, entry = ragged(begin, level.starts[first + 1] - begin)
        place = np.full(len(self._measure.sets), -1)
        place[second] = np.arange(len(second))
        other, similar = place.take(level.pairs.second.take(entry)), level.pairs.similar.take(entry)
        kept = np.flatnonzero((other >= 0) & (similar >= threshold - _SLACK))
        return NearSets(owner.take(kept), other.take(kept), similar.take(kept))

    def _may_exceed(self, most: int, first: Places, second: Places) -> bool:
        """Whether a join may make more products: some of them are counted more than once here."""
        sets = self._measure.sets
        return int(sets.counted(first) @ (self._linked @ sets.counted(second))) > most


def _both_ways(found: NearSets) -> NearSets:
    """Pairs of which each was found once, also the other way round, by the first."""
    turned = found.of(found.first != found.second)
    first = np.concatenate([found.first, turned.second])
    order = stable_order(first)
    return NearSets(
        first[order],
        np.concatenate([found.second, turned.first])[order],
        np.concatenate([found.similar, turned.similar])[order],
    )


class _Level(NamedTuple):
    """All pairs of sets that are at least so similar; ``starts`` says where those of each begin."""

    threshold: float
    starts: Places
    pairs: NearSets


def _members(measure: Measure, numbers: Places) -> sparse.csr_array:
    """Which values each of some sets has: sets by values."""
    from scipy import sparse

    sets = measure.sets
    owner, entry = ragged(sets.starts[numbers], sets.sizes[numbers])
    shape = (len(numbers), len(sets.values))
    # With short places, as links has them, products are made faster.
    places = owner.astype(np.int32), sets.flat[entry]
    return sparse.csr_array((np.ones(len(owner)), places), shape=shape)
