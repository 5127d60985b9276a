"""Which sets of a dimension are nearly the same: a similarity join over sparse products.

What each member of a set gains from each member of another one, summed, is a product
of sparse matrices, and no less than what one side shares with the other. Sets whose
sum says that they may reach a threshold are compared in full; none that does is missed.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dtrack.overlap.ordering import distinct, ragged

if TYPE_CHECKING:
    from scipy import sparse

    from dtrack.overlap.similarity import Booleans, Floats, Measure, Places

_CHUNK: Final = 4_000_000
"""Products that are made at a time."""
_SLACK: Final = 1e-9
_LEVELS: Final = (0.5, 0.65, 0.8)
"""Similarities above which all pairs are kept together: the higher, the fewer."""
_MOST_PRODUCTS: Final = 200_000_000
"""Products past which all sets are not compared at once."""


class NearSets(NamedTuple):
    """Pairs of sets, by number, with their similarity."""

    first: Places
    second: Places
    similar: Floats

    def of(self, those: Places | Booleans) -> NearSets:
        """Some of them."""
        return NearSets(self.first[those], self.second[those], self.similar[those])


def near_sets(
    measure: Measure, threshold: float, first: Places, second: Places, most: int
) -> NearSets | None:
    """Pairs of one of some sets and one of others that are at least so similar.

    None for a threshold of 0, or where more products than ``most`` would be made.
    """
    from scipy import sparse

    threshold -= _SLACK
    if threshold <= 0:
        return None
    reach = _members(measure, first) @ measure.links
    theirs = sparse.csr_array(_members(measure, second).T)
    products = np.concatenate([[0], np.cumsum(np.diff(theirs.indptr)[reach.indices])])
    if products[-1] > most:
        return None
    # Rows are cut so that each part makes about as many products.
    made = products[reach.indptr]
    cuts = distinct(
        np.append(np.searchsorted(made, np.arange(0, made[-1] + 1, _CHUNK)), len(first))
    )
    ic, other_ic = measure.set_ic[first], measure.set_ic[second]
    ones, others, similar = [], [], []
    for start, stop in itertools.pairwise(cuts):
        part = (reach[start:stop] @ theirs).tocoo()
        row, column = part.coords
        row = row + start
        kept = 2 * part.data >= threshold * (ic[row] + other_ic[column])
        one, other = first[row[kept]], second[column[kept]]
        found = measure.of_pairs(one, other, differing=True)
        near = found >= threshold
        ones.append(one[near])
        others.append(other[near])
        similar.append(found[near])
    none = np.zeros(0, dtype=np.int64)
    return NearSets(
        np.concatenate([none, *ones]),
        np.concatenate([none, *others]),
        np.concatenate([np.zeros(0), *similar]),
    )


class NearTable:
    """Which sets of a dimension are nearly the same, found once and looked up many times.

    Between all instruments, the same sets meet again and again.
    """

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        numbers = np.arange(len(measure.sets), dtype=np.int64)
        members = _members(measure, numbers)
        self._reach = members @ measure.links
        self._reach.data[:] = 1.0
        self._values = members
        self._levels: list[_Level] = []
        found = near_sets(measure, _LEVELS[0], numbers, numbers, _MOST_PRODUCTS)
        for threshold in _LEVELS if found else ():
            found = found and found.of(found.similar >= threshold - _SLACK)
            if found:
                starts = np.searchsorted(found.first, np.append(numbers, len(numbers)))
                self._levels.append(_Level(threshold, starts, found))

    def near(self, threshold: float, first: Places, second: Places, most: int) -> NearSets | None:
        """What near_sets() gives, in another order."""
        level = next((each for each in self._levels[::-1] if each.threshold <= threshold), None)
        if level is None:
            return near_sets(self._measure, threshold, first, second, most)
        chosen = np.zeros(len(self._measure.sets))
        chosen[second] = 1.0
        if (self._reach @ (chosen @ self._values))[first].sum() > most:
            return None
        begin = level.starts[first]
        _, entry = ragged(begin, level.starts[first + 1] - begin)
        held = chosen[level.pairs.second[entry]] > 0
        return level.pairs.of(entry[held & (level.pairs.similar[entry] >= threshold - _SLACK)])


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
    return sparse.csr_array((np.ones(len(owner)), (owner, sets.flat[entry])), shape=shape)
