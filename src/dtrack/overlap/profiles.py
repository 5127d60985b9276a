"""What each instrument says as a whole, and how close single directives come to it.

A profile is the set of values that any directive of an instrument has, on each
dimension. The closeness of a directive to a profile is the directive's side of
Lin's measure: how much of what it says finds an answer there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.overlap.corpus import VALUE_DIMENSIONS
from dtrack.overlap.counting import groups_of
from dtrack.overlap.ordering import distinct, occurring, ragged, stable_order
from dtrack.overlap.selection import DEFAULT
from dtrack.overlap.weights import DIMENSIONS, SUBJECT_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.selection import Selection
    from dtrack.overlap.similarity import Booleans, Floats, Measure, Places


FINISHED: Final = "totals"
"""Under which an index keeps the totals of the finished matrix."""
Met = tuple["Places", bool, tuple["Places", "Places"]]
PARTS: Final = "parts of totals"
"""Under which it keeps what they are made of, or those of the index before."""


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """What the matrix says of profiles over a selection, by places in ``index.instruments``.

    ``sizes[i]``: directives of ``i``. ``held[dimension][v, j]``: instrument ``j`` has
    value ``v``. ``overlapping[i, j]``: how many directives of ``i`` overlap with at least
    one of ``j``; ``closeness[i, j]`` is the sum of theirs to the profile of ``j``.
    """

    sizes: Places
    held: Mapping[str, Booleans]
    overlapping: Places
    closeness: Floats

    def same(self, other: Totals) -> bool:
        """Whether all figures are the same."""
        return self.held.keys() == other.held.keys() and all(
            np.array_equal(one, another)
            for one, another in [
                (self.sizes, other.sizes),
                (self.overlapping, other.overlapping),
                (self.closeness, other.closeness),
                *((self.held[name], other.held[name]) for name in self.held),
            ]
        )


def is_finished(index: OverlapIndex, selection: Selection, dimensions: Mapping[str, float]) -> bool:
    """Whether a selection, weighted so, is that of the finished matrix."""
    return selection == DEFAULT and dict(dimensions) == dict(index.weights.dimensions)


def totals(index: OverlapIndex, selection: Selection, dimensions: Mapping[str, float]) -> Totals:
    """Totals over a selection; those of the finished matrix are kept with the index."""
    if is_finished(index, selection, dimensions):
        return index.kept(FINISHED, (), lambda: _finished(index))
    return Profiles(index, selection, dimensions, narrow=True).totals


def _finished(index: OverlapIndex) -> Totals:
    """Totals of the finished matrix; what they are made of is kept for the next edit."""
    former = index.kept(PARTS, (), lambda: None)
    profiles = Profiles(index, DEFAULT, index.weights.dimensions, former)
    found = profiles.totals
    index.keep(PARTS, (), profiles.parts)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What totals were made of: where an edit leaves it as it was, it need not be made again.

    ``products`` are the sums of closeness by group and holder, by dimension. ``met`` tells
    how many directives overlap with a profile, by instruments; whether most do; and which
    do, or where most do, which do not.
    """

    holders: int
    rows: Places
    owner: Places
    stated: Places
    measures: Mapping[str, Measure]
    periods: tuple[Places, Places, int]
    has: Mapping[str, Booleans]
    close: Mapping[str, Floats]
    products: Mapping[str, Floats]
    met: Met


class Profiles:
    """Profiles of all instruments over a selection, and how close directives come to them.

    ``former`` are parts of the profiles of an index before an edit, over the same selection.
    With ``narrow`` only sets of values that occur in the selection are looked at, numbered
    anew; their parts are of no use after an edit.
    """

    def __init__(
        self,
        index: OverlapIndex,
        selection: Selection,
        dimensions: Mapping[str, float],
        former: Parts | None = None,
        *,
        narrow: bool = False,
    ) -> None:
        self._groups = groups_of(index, selection)
        self._index = index
        self._weights = {n: dimensions[n] for n in DIMENSIONS if dimensions[n] > 0}
        self._rows: Places = np.concatenate([np.zeros(0, np.int64), *self._groups])
        self._owner = index.owner[self._rows]
        self._number: dict[str, Places] = {
            name: index.columns.numbers[name][self._rows] for name in VALUE_DIMENSIONS
        }
        self._number["period"] = index.columns.period[self._rows]
        self._stated = index.presence[self._rows].astype(np.int64)
        self._periods = index.columns.periods, self._number["period"], index.now
        self._former = former
        self._same = frozenset() if former is None else self._unchanged(former)
        self._products: dict[str, Floats] = {}
        self._met: Met
        self._has = {name: self._held(name) for name in VALUE_DIMENSIONS}
        self._narrow = narrow
        self._close = {name: self._closeness(name) for name in self._weights}
        self._states = np.ones((len(DIMENSIONS), len(self._groups)), dtype=np.bool_)
        for name in VALUE_DIMENSIONS:
            self._states[DIMENSIONS.index(name)] = self._has[name].any(axis=0)

    @property
    def totals(self) -> Totals:
        """What the matrix says of them."""
        sizes = np.array([len(rows) for rows in self._groups], dtype=np.int64)
        return Totals(sizes, self._has, *self._summed())

    @property
    def parts(self) -> Parts:
        """What they are made of."""
        return Parts(
            len(self._groups),
            self._rows,
            self._owner,
            self._stated,
            dict(self._index.measures),
            self._periods,
            self._has,
            self._close,
            self._products,
            self._met,
        )

    def _unchanged(self, former: Parts) -> frozenset[str]:
        """Dimensions on which all rows state what they stated, and it tells as much."""
        same = former.holders == len(self._groups) and all(
            np.array_equal(one, other)
            for one, other in ((former.rows, self._rows), (former.owner, self._owner))
        )
        if not same:
            return frozenset()
        found = {n for n, m in self._index.measures.items() if former.measures.get(n) is m}
        (years, period, now), (were, was, then) = self._periods, former.periods
        if now == then and np.array_equal(years, were) and np.array_equal(period, was):
            found.add("period")
        return frozenset(found)

    def _held(self, name: str) -> Booleans:
        if self._former is not None and name in self._same:
            return self._former.has[name]
        sets, holders = self._index.columns.sets[name], len(self._groups)
        codes = self._number[name].astype(np.int64) * holders + self._owner
        number, holder = np.divmod(occurring(codes, len(sets) * holders), holders or 1)
        found = np.zeros((len(sets.values), holders), dtype=np.bool_)
        owner, place = ragged(sets.starts[number], sets.sizes[number])
        found[sets.flat[place], holder[owner]] = True
        return found

    def _closeness(self, name: str) -> Floats:
        """Closeness of each set (or period) to each profile on one dimension."""
        if self._former is not None and name in self._same:
            return self._former.close[name]
        if name == "period":
            return self._years()
        measure = self._index.measures[name]
        reach = measure.reach(self._has[name])
        if self._narrow:
            used, self._number[name] = np.unique(self._number[name], return_inverse=True)
            shared, total = measure.sets.totals_of(used, reach), measure.set_ic[used, None]
        else:
            shared, total = measure.sets.totals(reach), measure.set_ic[:, None]
        found: Floats = np.divide(shared, total, out=np.zeros_like(shared), where=total > 0)
        return found

    def _years(self) -> Floats:
        """Share of the years of each period in which each instrument has a directive."""
        periods, now = self._index.columns.periods, self._index.now
        found = np.zeros((len(periods), len(self._groups)))
        if not len(periods):
            return found
        start = periods[:, 0]
        end = np.maximum(start, np.where(periods[:, 1] == 0, now, periods[:, 1]))
        origin = int(start.min())
        for holder, rows in enumerate(self._groups):
            edges = np.zeros(int(end.max()) - origin + 2)
            used = distinct(self._index.columns.period[rows])
            np.add.at(edges, start[used] - origin, 1)
            np.add.at(edges, end[used] - origin + 1, -1)
            covered = np.concatenate([[0], np.cumsum(np.cumsum(edges) > 0)])
            found[:, holder] = covered[end - origin + 1] - covered[start - origin]
        return found / (end - start + 1)[:, None]

    def _totals(self) -> Floats:
        """Weight of what is stated on both sides, by what a directive states and by profile."""
        bits = np.arange(1 << len(DIMENSIONS))
        totals = np.zeros((len(bits), len(self._groups)))
        for name, weight in self._weights.items():
            bit = DIMENSIONS.index(name)
            totals += weight * ((bits >> bit & 1)[:, None] & self._states[bit])
        return totals

    def _summed(self) -> tuple[Places, Floats]:
        holders = len(self._groups)
        stated, totals = self._stated, self._totals()
        self._met = self._who_meets(holders)
        counts, most, places = self._met
        if most:
            # All by their sets, in one product; then those that do not overlap are taken off.
            sums = self._all(totals) - self._of(places, stated, totals)
        else:
            sums = self._of(places, stated, totals)
        sums[counts == 0] = 0.0
        return counts, sums

    def _who_meets(self, holders: int) -> Met:
        if self._former is not None and self._same.issuperset(SUBJECT_DIMENSIONS):
            return self._former.met
        over = self._overlapping()
        counts = _counted(over, self._owner, holders)
        most = 2 * int(counts.sum()) >= len(self._rows) * holders
        if most:
            over ^= np.packbits(np.ones(holders, np.bool_), bitorder="little")[:, None]
        return counts, most, _places(over)

    def _overlapping(self) -> NDArray[np.uint8]:
        """Which instruments the directive of each row overlaps with: a bit each.

        The bits of eight instruments, and of all rows, lie together.
        """
        found = np.zeros((-(-len(self._groups) // 8), len(self._rows)), dtype=np.uint8)
        for name in SUBJECT_DIMENSIONS:
            if name in self._weights:
                bits = np.packbits(self._close[name] > 0, axis=1, bitorder="little")
                for byte, of_sets in zip(found, np.ascontiguousarray(bits.T), strict=True):
                    byte |= of_sets[self._number[name]]
        return found

    def _all(self, totals: Floats) -> Floats:
        holders, patterns = len(self._groups), len(totals)
        self._products = self._summed_by_group(holders, patterns)
        share = np.divide(1.0, totals, out=np.zeros_like(totals), where=totals > 0)
        summed = np.zeros((holders, holders))
        for name, weight in self._weights.items():
            bit = DIMENSIONS.index(name)
            stated = (np.arange(patterns) >> bit & 1)[:, None] & self._states[bit]
            found = self._products[name].reshape(holders, patterns, holders)
            summed += (found * (weight * share * stated)).sum(axis=1)
        return summed

    def _summed_by_group(self, holders: int, patterns: int) -> dict[str, Floats]:
        """By dimension, sums of closeness by instrument and what is stated, and by profile."""
        if self._narrow:
            return self._summed_by_column(holders, patterns)
        from scipy import sparse

        former = self._former
        if former is not None and not np.array_equal(former.stated, self._stated):
            former = None
        group = self._owner.astype(np.int32) * patterns + self._stated.astype(np.int32)
        order = stable_order(group)
        sizes = np.bincount(group, minlength=holders * patterns)
        starts, ones = np.concatenate([[0], np.cumsum(sizes)]), np.ones(len(group))
        found = {}
        for name in self._weights:
            if former is not None and name in self._same and name in former.products:
                found[name] = former.products[name]
                continue
            close = self._close[name]
            held = (ones, self._number[name][order], starts)
            times = sparse.csr_array(held, shape=(holders * patterns, len(close)))
            found[name] = np.asarray(times @ close)
        return found

    def _summed_by_column(self, holders: int, patterns: int) -> dict[str, Floats]:
        """The same, added in the same order, without a library that takes long to import."""
        group = self._owner.astype(np.int64) * patterns + self._stated
        found: dict[str, Floats] = {}
        for name in self._weights:
            close = np.ascontiguousarray(self._close[name].T)
            number, size = self._number[name], holders * patterns
            found[name] = np.zeros((size, holders))
            for column, of in enumerate(close):
                found[name][:, column] = np.bincount(group, of[number], minlength=size)
        return found

    def _of(self, entries: tuple[Places, Places], stated: Places, totals: Floats) -> Floats:
        """Sum of the closeness of some directives to some profiles."""
        row, holder = entries
        found = np.zeros(len(row))
        for name, weight in self._weights.items():
            bit = DIMENSIONS.index(name)
            both = (stated[row] >> bit & 1) & self._states[bit][holder]
            found += weight * both * self._close[name][self._number[name][row], holder]
        total = totals[stated[row], holder]
        found = np.divide(found, total, out=np.zeros_like(found), where=total > 0)
        codes = self._owner[row].astype(np.int64) * len(self._groups) + holder
        size = len(self._groups) ** 2
        summed = np.zeros(size)
        np.add.at(summed, codes, found)
        return summed.reshape(len(self._groups), len(self._groups))


def in_common(one: Booleans, other: Booleans) -> Places:
    """For each column of one and each of another, in how many rows both are true.

    Exact, and by words of bits: to multiply so small matrices, the library's threads would
    wait for each other.
    """
    words = -(-len(one) // 64)
    sides = []
    for flags in (one, other):
        padded = np.zeros((flags.shape[1], 64 * words), dtype=np.bool_)
        padded[:, : len(flags)] = flags.T
        sides.append(np.packbits(padded, axis=1).view(np.uint64))
    mine, theirs = sides
    found = np.zeros((len(mine), len(theirs)), dtype=np.int64)
    for place, row in enumerate(mine):
        found[place] = np.bitwise_count(row & theirs).sum(axis=1)
    return found


def _counted(over: NDArray[np.uint8], owner: Places, holders: int) -> Places:
    """How many rows of each owner have each bit."""
    found = np.zeros((holders, 8 * len(over)), dtype=np.int64)
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
    for place, byte in enumerate(over):
        codes = owner.astype(np.int64) << 8 | byte
        times = np.bincount(codes, minlength=holders << 8).reshape(holders, 256)
        found[:, 8 * place : 8 * place + 8] = times @ bits.astype(np.int64)
    return found[:, :holders]


def _places(bits: NDArray[np.uint8]) -> tuple[Places, Places]:
    """Row and place of each bit that is set."""
    rows = np.flatnonzero(np.bitwise_or.reduce(bits, axis=0))
    some, columns = np.nonzero(np.unpackbits(bits[:, rows].T, axis=1, bitorder="little"))
    return rows[some], columns
