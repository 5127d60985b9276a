"""How many pairs of directives overlap: counted exactly, by bits, without scoring one.

Whether two directives overlap does not depend on how telling a value is (as
long as it tells anything), only on whether two of their values are linked. For
each value a row of bits says which directives have a value linked to it; the
bits of a directive are those of its values together, and are counted.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.overlap.ordering import different
from dtrack.overlap.selection import DEFAULT, Selection, select
from dtrack.overlap.weights import SUBJECT_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.moving import Moves
    from dtrack.overlap.similarity import Places

_BLOCK: Final = 100_000
"""Words of bits that are counted at a time: so few that they stay near the processor."""
_MANY: Final = 20_000
"""Directives from which on it pays to count those of each two instruments once."""
_FEW: Final = 300
"""Classes up to which rows of bits cost more than they save."""


class Bits:
    """Rows of bits over some directives, each group of them from a whole word on."""

    def __init__(
        self, index: OverlapIndex, groups: Sequence[Places], subjects: Sequence[str]
    ) -> None:
        sizes = np.array([-(-len(rows) // 64) for rows in groups], dtype=np.int64)
        self._index = index
        self._filled = np.flatnonzero(sizes)
        self._groups = len(groups)
        self._starts = (np.cumsum(sizes) - sizes)[self._filled]
        self.words = int(sizes.sum())
        places = [
            np.arange(len(rows)) + 64 * at
            for rows, at in zip(groups, np.cumsum(sizes) - sizes, strict=True)
        ]
        rows = np.concatenate([np.zeros(0, np.int64), *groups])
        place = np.concatenate([np.zeros(0, np.int64), *places])
        self._of = {name: self._values(name, rows, place) for name in subjects}

    def _values(self, name: str, rows: Places, place: Places) -> NDArray[np.uint64]:
        """For each value, which of the directives have one linked to it."""
        measure = self._index.measures[name]
        numbers = self._index.columns.numbers[name][rows]
        found = np.zeros((len(measure.ic), self.words), dtype=np.uint64)
        for value, linked in enumerate(measure.linked):
            flags = np.zeros(64 * self.words, dtype=np.bool_)
            flags[place] = measure.sets.any_of(linked)[numbers]
            found[value] = np.packbits(flags, bitorder="little").view(np.uint64)
        return found

    def counts(self, classes: NDArray[np.int32], since: int = 0) -> NDArray[np.int64]:
        """For each class of directives (a set number a subject), how many it overlaps with.

        One column a group; nothing is counted of groups before ``since``.
        """
        found = np.zeros((len(classes), self._groups), dtype=np.int64)
        filled = self._filled[self._filled >= since]
        if not len(filled) or not len(classes):
            return found
        starts = self._starts[-len(filled) :]
        first = int(starts[0])
        step = max(1, _BLOCK // (self.words - first))
        for start in range(0, len(classes), step):
            part = classes[start : start + step]
            found[start : start + step, filled] = np.add.reduceat(
                np.bitwise_count(self._bits(part, first)), starts - first, axis=1, dtype=np.int64
            )
        return found

    def _bits(self, classes: NDArray[np.int32], first: int) -> NDArray[np.uint64]:
        """Which directives each class overlaps with, from a word on."""
        found = np.zeros((len(classes), self.words - first), dtype=np.uint64)
        for numbers, (name, values) in zip(classes.T, self._of.items(), strict=True):
            for which, members in self._index.columns.sets[name].by_rank(numbers):
                if len(which) == len(found):
                    found |= values[members, first:]
                else:
                    found[which] |= values[members, first:]
        return found


def subjects_of(dimensions: Mapping[str, float]) -> tuple[str, ...]:
    """Dimensions that make pairs, by the weights."""
    return tuple(name for name in SUBJECT_DIMENSIONS if dimensions[name] > 0)


def classes_of(index: OverlapIndex, rows: Places, subjects: Sequence[str]) -> NDArray[np.int32]:
    """Set numbers of rows on each subject."""
    return np.column_stack([index.columns.numbers[name][rows] for name in subjects])


def groups_of(index: OverlapIndex, selection: Selection) -> list[Places]:
    """Rows of a selection, instrument by instrument."""
    rows = np.flatnonzero(select(selection, index))
    cuts = np.searchsorted(rows, index.bounds)
    return [rows[low:high] for low, high in itertools.pairwise(cuts)]


def overlaps_of(
    index: OverlapIndex, rows: Places, groups: Sequence[Places], subjects: Sequence[str]
) -> NDArray[np.int64]:
    """For the rows of each instrument together, with how many of each group they overlap."""
    found = np.zeros((len(index.instruments), len(groups)), dtype=np.int64)
    if not len(rows) or not groups:
        return found
    keys = np.column_stack([index.owner[rows], classes_of(index, rows, subjects)])
    wanted, times = different(keys)
    classes, back = np.unique(wanted[:, 1:], axis=0, return_inverse=True)
    if len(classes) <= _FEW:
        counts = _one_by_one(index, classes, groups, subjects)
    else:
        counts = Bits(index, groups, subjects).counts(classes)
    np.add.at(found, wanted[:, 0], counts[back.ravel()] * times[:, None])
    return found


def _overlaps_among(
    index: OverlapIndex, groups: Sequence[Places], subjects: Sequence[str]
) -> NDArray[np.int64]:
    """What overlaps_of() gives for all rows of groups, one an instrument: each two once."""
    found = np.zeros((len(groups), len(groups)), dtype=np.int64)
    bits = Bits(index, groups, subjects)
    for place, rows in enumerate(groups):
        classes, times = different(classes_of(index, rows, subjects))
        found[place] = times @ bits.counts(classes, place)
    return found + np.triu(found, 1).T


def _one_by_one(
    index: OverlapIndex,
    classes: NDArray[np.int32],
    groups: Sequence[Places],
    subjects: Sequence[str],
) -> NDArray[np.int64]:
    """What Bits.counts() gives, for a few classes, without rows of bits to be made first."""
    rows = np.concatenate(groups)
    sizes = np.array([len(group) for group in groups])
    cuts = np.concatenate([[0], np.cumsum(sizes)])
    numbers = {name: index.columns.numbers[name][rows] for name in subjects}
    linked = {name: index.measures[name].linked for name in subjects}
    found = np.zeros((len(classes), len(groups)), dtype=np.int64)
    for at, key in enumerate(classes.tolist()):
        overlap = np.zeros(len(rows), dtype=np.bool_)
        for name, number in zip(subjects, key, strict=True):
            sets = index.columns.sets[name]
            if number:
                overlap |= sets.any_of(np.logical_or.reduce(linked[name][sets.members(number)]))[
                    numbers[name]
                ]
        found[at] = np.diff(np.concatenate([[0], np.cumsum(overlap)])[cuts])
    return found


def pair_counts(
    index: OverlapIndex, selection: Selection, subjects: tuple[str, ...]
) -> NDArray[np.int64]:
    """Pairs of every two instruments that overlap, in the order of ``index.instruments``."""

    def make() -> NDArray[np.int64]:
        groups = groups_of(index, selection)
        rows = np.concatenate([np.zeros(0, np.int64), *groups])
        if len(rows) > _MANY:
            return _overlaps_among(index, groups, subjects)
        return overlaps_of(index, rows, groups, subjects)

    return index.kept("pair counts", (selection, subjects), make)


def count_pairs(
    index: OverlapIndex,
    row: str,
    column: str,
    selection: Selection,
    dimensions: Mapping[str, float],
) -> int:
    """Pairs of two instruments that overlap."""
    if row not in index.instruments or column not in index.instruments:
        return 0
    places = [index.instruments.index(name) for name in (row, column)]
    subjects = subjects_of(dimensions)
    if is_default(selection, row, column) and index.has("pair counts", (DEFAULT, subjects)):
        return int(pair_counts(index, DEFAULT, subjects)[places[0], places[1]])

    def make() -> int:
        groups = groups_of(index, selection)
        first, second = (groups[place] for place in places)
        return int(overlaps_of(index, first, [second], subjects).sum())

    return index.kept("pair count", (selection, subjects, frozenset((row, column))), make)


def is_default(selection: Selection, row: str, column: str) -> bool:
    """Whether a selection takes from two instruments what the finished matrix takes."""
    named = set(selection.instruments)
    return replace(selection, instruments=()) == DEFAULT and (not named or {row, column} <= named)


def carry_over(old: OverlapIndex, new: OverlapIndex, moved: Moves) -> None:
    """Give an index the counts of the one before; pairs of what has changed are counted anew.

    ``moved`` says what became of the rows of the one before.
    """
    key = (DEFAULT, SUBJECT_DIMENSIONS)
    if not old.has("pair counts", key):
        return
    values = {name: _relinked(old, new, name) for name in SUBJECT_DIMENSIONS}
    gone, come = moved.gone, moved.come
    if not any(values.values()):
        gone, come = _unlike(old, gone, new, come)
    gone, come = _concerned(old, gone, values), _concerned(new, come, values)
    if max(len(gone), len(come)) > len(new) // 4 + _FEW:
        return
    place = {name: i for i, name in enumerate(new.instruments)}
    kept = [(i, place[name]) for i, name in enumerate(old.instruments) if name in place]
    counts = np.zeros((len(place), len(place)), dtype=np.int64)
    was = pair_counts(old, *key) - _pairs_with(old, gone)
    for i, a in kept:
        for j, b in kept:
            counts[a, b] = was[i, j]
    new.keep("pair counts", key, counts + _pairs_with(new, come))


def _unlike(
    old: OverlapIndex, gone: Places, new: OverlapIndex, come: Places
) -> tuple[Places, Places]:
    """Rows that went and came without those that are like each other in what is counted."""
    sides = [(old, gone.tolist()), (new, come.tolist())]
    if max(len(rows) for _, rows in sides) > _FEW:
        return gone, come
    said = [[_counted_as(index, row) for row in rows] for index, rows in sides]
    both = Counter(said[0]) & Counter(said[1])
    kept: list[list[int]] = []
    for (_, rows), keys in zip(sides, said, strict=True):
        left = both.copy()
        kept.append([])
        for row, key in zip(rows, keys, strict=True):
            if left[key]:
                left[key] -= 1
            else:
                kept[-1].append(row)
    return np.array(kept[0], dtype=np.int64), np.array(kept[1], dtype=np.int64)


def _counted_as(index: OverlapIndex, row: int) -> Hashable:
    """All by which pairs of a row are counted."""
    columns = index.columns
    sets = [columns.sets[n].names(int(columns.numbers[n][row])) for n in SUBJECT_DIMENSIONS]
    return index.instruments[index.owner[row]], bool(select(DEFAULT, index)[row]), *sets


def _relinked(old: OverlapIndex, new: OverlapIndex, name: str) -> set[str]:
    """Values of both that are linked with others of both in one way before and another after."""
    before, after = old.measures[name], new.measures[name]
    if before.sets.values == after.sets.values:
        if old.alignments is new.alignments and np.array_equal(before.ic > 0, after.ic > 0):
            return set()
        differs = before.linked != after.linked
        return {after.sets.values[place] for place in np.flatnonzero(differs.any(axis=1))}
    both = sorted(before.sets.position.keys() & after.sets.position.keys())
    here = [before.sets.position[value] for value in both]
    there = [after.sets.position[value] for value in both]
    differs = before.linked[np.ix_(here, here)] != after.linked[np.ix_(there, there)]
    return {both[place] for place in np.flatnonzero(differs.any(axis=1))}


def _concerned(index: OverlapIndex, rows: Places, values: Mapping[str, set[str]]) -> Places:
    """Some rows, and those with some values, as far as the finished matrix takes them."""
    columns = index.columns
    chosen = np.zeros(len(index), dtype=np.bool_)
    chosen[rows] = True
    for name, some in values.items():
        sets = columns.sets[name]
        if some:
            flags = np.array([value in some for value in sets.values], dtype=np.bool_)
            chosen |= sets.any_of(flags)[columns.numbers[name]]
    return np.flatnonzero(chosen & select(DEFAULT, index))


def _pairs_with(index: OverlapIndex, rows: Places) -> NDArray[np.int64]:
    """Pairs of every two instruments of which at least one is among some rows."""
    if not len(rows):
        return np.zeros((len(index.instruments), len(index.instruments)), dtype=np.int64)
    groups = groups_of(index, DEFAULT)
    one = overlaps_of(index, rows, groups, SUBJECT_DIMENSIONS)
    among = [group[np.isin(group, rows)] for group in groups]
    return one + one.T - overlaps_of(index, rows, among, SUBJECT_DIMENSIONS)
