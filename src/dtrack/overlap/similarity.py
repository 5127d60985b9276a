"""Similarity of sets of values on one dimension.

Information content is Resnik's: ``ic(v) = -ln(n(v) / N) / ln N``, with ``n``
counted over the value and all narrower ones and ``N`` the directives of the
corpus; it lies between 0 (everybody has it) and 1 (one directive has it).
The similarity of two sets is Lin's::

    sim(A, B) = (sum over a in A of best(a, B) + sum over b in B of best(b, A))
                / (sum of ic over A + sum of ic over B)
    best(a, B) = max over b in B of weight(a, b) * min(ic(a), ic(b))

with ``weight`` 1 for identical values and less for aligned ones (alignment.py).
It is 1 exactly when both have the same values, and 0 when nothing is aligned.
"""

from __future__ import annotations

import math
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from dtrack.overlap.ordering import ragged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scipy import sparse

    from dtrack.overlap.alignment import Alignments
    from dtrack.overlap.value_sets import ValueSets

Floats = NDArray[np.float64]
Places = NDArray[np.integer[Any]]
Booleans = NDArray[np.bool_]
_SMALL: Final = 4
"""Members up to which sets are compared member by member."""
_MANY: Final = 2000
"""Pairs from which on that is quicker."""
_FEW: Final = 100
"""Sets of which every two are compared once and for all."""


def information_content(
    sets: ValueSets, counts: Places, ancestors: Mapping[str, frozenset[str]]
) -> Floats:
    """Information content of each value, given how many directives have each set."""
    total = int(counts.sum())
    size = len(sets.values)
    if total < 2 or not size:
        return np.ones(size)
    # Those that have a value itself; each set has it once.
    number = np.bincount(sets.flat, weights=counts[sets.owner], minlength=size)
    narrower: dict[int, list[int]] = {}
    for place, value in enumerate(sets.values):
        for up in ancestors.get(value, ()):
            if up != value and (above := sets.position.get(up)) is not None:
                narrower.setdefault(above, []).append(place)
    for place, below in narrower.items():
        # A set counts once for a value, by however many of its members it has it.
        number[place] = counts[sets.holding(np.array([place, *below]))].sum()
    # + 0.0 turns the -0.0 of a value that everybody has into 0.0
    logarithms = {n: -math.log(n / total) / math.log(total) + 0.0 for n in set(number.tolist())}
    return np.array([logarithms[n] for n in number.tolist()])


class Measure:
    """Similarity on one dimension: ``gain[a, b]`` is ``weight(a, b) * min(ic(a), ic(b))``."""

    def __init__(self, sets: ValueSets, ic: Floats, alignments: Alignments) -> None:
        self.sets = sets
        self.ic = ic
        self.weights, self.mapped = alignments.tables(sets.values)
        """Weight of every two values, and whether a mapping connects them."""
        self.gain = self.weights * np.minimum.outer(ic, ic)
        self.linked = self.gain > 0
        self.set_ic = sets.sums(ic)

    @cached_property
    def links(self) -> sparse.csr_array:
        """Gains without their zeros."""
        # It takes longer to import than most questions to answer, and few ask for this.
        from scipy import sparse

        return sparse.csr_array(self.gain)

    @cached_property
    def telling(self) -> Places:
        """Places of all values, the most telling first; of equals the first one first."""
        return np.argsort(-self.ic, kind="stable")

    @cached_property
    def mapped_pairs(self) -> tuple[Places, Places, Places]:
        """Pairs that a mapping connects, one side and the other, and their order by weight.

        The strongest comes first; of equals the first one.
        """
        one, other = np.nonzero(self.mapped)
        return one, other, np.argsort(-self.weights[one, other], kind="stable")

    def against(self, number: int) -> Floats:
        """Similarity of one set with every set."""
        found = np.zeros(len(self.sets))
        members = self.sets.members(number)
        if not members.size:
            return found
        gains = self.gain[members]
        # Most sets have no value linked to one of these, and share nothing.
        near = self.sets.holding(np.flatnonzero(gains.max(axis=0)))
        owner, entry = ragged(self.sets.starts[near], self.sets.sizes[near])
        places, starts = self.sets.flat[entry], np.searchsorted(owner, np.arange(len(near)))
        if near.size:
            shared = np.add.reduceat(gains.max(axis=0)[places], starts)
            for gain in gains:
                shared += np.maximum.reduceat(gain[places], starts)
            found[near] = _ratio(shared, self.set_ic[near] + self.set_ic[number])
        return found

    def of_pairs(self, first: Places, second: Places, *, differing: bool = False) -> Floats:
        """Similarity of pairs of sets; 0 where one is empty.

        ``differing``: no pair comes twice, so none needs to be looked for.
        """
        if len(self.sets) <= _FEW:
            return self._every_two.take(first * len(self.sets) + second)
        found = np.zeros(len(first))
        equal = first == second
        same = np.flatnonzero(equal)
        found[same] = self.set_ic.take(first.take(same)) > 0
        # Where no value of one is linked to one of the other they share nothing; nor do empty ones.
        reached, held = self._signs
        linked = (reached.take(first) & held.take(second)) != 0
        apart = np.flatnonzero(linked & ~equal)
        if not apart.size:
            return found
        first, second = first.take(apart), second.take(apart)
        # Of so few pairs hardly any comes twice.
        if differing or len(first) < 4 * len(self.sets):
            found[apart] = self._compared(first, second)
            return found
        codes = first * len(self.sets) + second
        codes, back = np.unique(codes, return_inverse=True)
        found[apart] = self._compared(*np.divmod(codes, len(self.sets)))[back]
        return found

    @cached_property
    def _signs(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """For each set, a sign of the values linked to its own, and one of its own.

        A value has one of 64 bits, so where two signs have none in common, nothing is linked.
        """
        size = len(self.ic)
        bits = np.uint64(1) << (np.arange(size) * 64 // max(size, 1)).astype(np.uint64)
        linked = np.bitwise_or.reduce(np.where(self.linked, bits, np.uint64(0)), axis=1)
        return self.sets.joined(linked), self.sets.joined(bits)

    @cached_property
    def _every_two(self) -> Floats:
        """Similarity of every two sets, where they are few."""
        size = len(self.sets)
        found = np.zeros((size, size))
        one, other = np.indices((size - 1, size - 1)).reshape(2, -1) + 1
        found[one, other] = self._compared(one, other)
        found[np.diag_indices(size)] = self.set_ic > 0
        return found

    @cached_property
    def closest(self) -> float:
        """How similar two different sets are at most; 1 where there are too many to look."""
        if len(self.sets) > _FEW:
            return 1.0
        found = self._every_two.copy()
        np.fill_diagonal(found, 0.0)
        return float(found.max(initial=0.0))

    def _compared(self, first: Places, second: Places) -> Floats:
        """Similarity of pairs of sets that are not empty."""
        if len(first) < _MANY:
            shared = self._one_way(first, second) + self._one_way(second, first)
        else:
            shared = self._by_sizes(first, second)
        return _ratio(shared, self.set_ic.take(first) + self.set_ic.take(second))

    def _by_sizes(self, first: Places, second: Places) -> Floats:
        """What pairs of sets share, both ways: most are small, and many have the same sizes."""
        mine, theirs = self.sets.sizes.take(first), self.sets.sizes.take(second)
        shared = np.zeros(len(first))
        kinds = np.where((mine <= _SMALL) & (theirs <= _SMALL), mine * (_SMALL + 1) + theirs, 0)
        for kind in np.flatnonzero(np.bincount(kinds)).tolist():
            those = np.flatnonzero(kinds == kind)
            one, other = first.take(those), second.take(those)
            if kind:
                shared[those] = self._member_by_member(one, other, *divmod(kind, _SMALL + 1))
            else:
                shared[those] = self._one_way(one, other) + self._one_way(other, one)
        return shared

    def _member_by_member(self, first: Places, second: Places, mine: int, theirs: int) -> Floats:
        """What pairs of sets of so many members share, both ways.

        To the last bit as _one_way() has it, so that the same pair always scores the same.
        """
        flat, starts = self.sets.flat, self.sets.starts
        width = np.int64(len(self.gain))
        ones = [flat.take(starts.take(first) + at) * width for at in range(mine)]
        others = [flat.take(starts.take(second) + at) for at in range(theirs)]
        # The gain of two values is the same both ways.
        gains = [[self.gain.take(one + other) for other in others] for one in ones]
        there = [reduce(np.maximum, row) for row in gains]
        back = [reduce(np.maximum, column) for column in zip(*gains, strict=True)]
        return _added(there) + _added(back)

    def _one_way(self, first: Places, second: Places) -> Floats:
        """Sum of the best gains of the members of each first set with the second."""
        sets = self.sets
        owner, entry = ragged(sets.starts[first], sets.sizes[first])
        others = second[owner]
        which, place = ragged(sets.starts[others], sets.sizes[others])
        gains = self.gain[sets.flat[entry][which], sets.flat[place]]
        sizes = sets.sizes[others]
        best = np.maximum.reduceat(gains, np.cumsum(sizes) - sizes)
        sizes = sets.sizes[first]
        summed: Floats = np.add.reduceat(best, np.cumsum(sizes) - sizes)
        return summed

    def table(self, first: Places, second: Places) -> Floats:
        """Similarity of each of some sets with each of others."""
        mine = self._shared(first, second)
        shared = mine + (mine if np.array_equal(first, second) else self._shared(second, first)).T
        return _ratio(shared, self.set_ic[first][:, None] + self.set_ic[second])

    def _shared(self, first: Places, second: Places) -> Floats:
        """What the members of each first set find in each second one."""
        owner, entry = ragged(self.sets.starts[first], self.sets.sizes[first])
        values, back = np.unique(self.sets.flat[entry], return_inverse=True)
        best = np.ascontiguousarray(self._best(second, values).T)
        found = np.zeros((len(first), len(second)))
        rank = (
            np.arange(len(owner))
            - (np.cumsum(self.sets.sizes[first]) - self.sets.sizes[first])[owner]
        )
        for at in range(int(rank.max(initial=-1)) + 1):
            those = np.flatnonzero(rank == at)
            found[owner[those]] += best[back[those]]
        return found

    def _best(self, numbers: Places, values: Places) -> Floats:
        """For each of some sets and each of some values, the set's best gain for it."""
        found = np.zeros((len(numbers), len(values)))
        gain = np.ascontiguousarray(self.gain[:, values])
        for which, places in self.sets.by_rank(numbers):
            found[which] = np.maximum(found[which], gain[places])
        return found

    def reach(self, held: Booleans) -> Floats:
        """For each value, the best gain among the values that each of several holders has.

        ``held[v, j]`` tells whether holder ``j`` has value ``v``.
        """
        found = np.zeros(held.shape)
        for holder in range(held.shape[1]):
            # By rows, which lie together; the gain of two values is the same both ways.
            found[:, holder] = self.gain[held[:, holder]].max(axis=0, initial=0.0)
        return found


def _added(parts: Sequence[Floats]) -> Floats:
    """Sum of parts in the order in which numpy adds the entries of a short run."""
    head, *rest = parts
    return head + reduce(np.add, rest) if rest else head


def _ratio(shared: Floats, total: Floats) -> Floats:
    # Values that every directive has carry no information: 0 / 0 means nothing shared.
    found: Floats = np.divide(shared, total, out=np.zeros_like(shared), where=total > 0)
    return found


def period_table(periods: NDArray[np.int32], now: int) -> Floats:
    """Jaccard index of every two spans of years; an open span runs to ``now``."""
    start = periods[:, 0]
    end = np.maximum(start, np.where(periods[:, 1] == 0, now, periods[:, 1]))
    common = np.minimum.outer(end, end) - np.maximum.outer(start, start) + 1
    span = np.maximum.outer(end, end) - np.minimum.outer(start, start) + 1
    similarity: Floats = np.clip(common, 0, None) / span
    return similarity
