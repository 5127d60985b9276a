"""The best pairs of two groups of directives, exactly, without scoring all of them.

Small groups are scored whole. For large ones: a pair that scores at least
``1 - lost`` cannot lose more than that on any one dimension, so its sets there
are nearly the same (near_sets.py). Such pairs are found by a join, and scored;
where they are enough, no other pair can be better, else more may be lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.overlap.near_sets import NearSets, near_sets
from dtrack.overlap.scoring import Scored, promising, scored, together
from dtrack.overlap.similarity import Floats, Places, ragged
from dtrack.overlap.weights import DIMENSIONS, SUBJECT_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.overlap.index import OverlapIndex

SMALL: Final = 60_000
"""Pairs that are scored whole."""
_LOSSES: Final = (0.01, 0.02, 0.035, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15)
_OFTEN: Final = 40
_DEAR: Final = 10_000_000
_MOST: Final = 6_000_000
_CHUNK: Final = 1_000_000
_SLACK: Final = 1e-9
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)


def best_pairs(
    index: OverlapIndex,
    first: Places,
    second: Places,
    dimensions: Mapping[str, float],
    wanted: int,
) -> Scored:
    """Pairs of rows of two groups apart, best first: at least so many, or all there are."""
    if len(first) * len(second) > SMALL:
        hint = (wanted, tuple(sorted(dimensions.items())), (len(first) * len(second)).bit_length())
        # Where it was enough before: less is seldom worth trying, more is found by going on.
        begin = index.kept("losses", hint, lambda: len(_LOSSES))
        for place, lost in enumerate(_LOSSES):
            if place < begin < len(_LOSSES):
                continue
            found = _losing(index, first, second, dimensions, lost)
            if found is None:
                break
            if len(found) >= wanted:
                index.keep("losses", hint, min(begin, place))
                return found.best()
    return _all_scored(index, first, second, dimensions, wanted).best()


def pairs_losing(
    index: OverlapIndex, rows: Places, dimensions: Mapping[str, float], lost: float
) -> Scored | None:
    """All pairs of rows of different instruments that score at least ``1 - lost``.

    None where too many would be looked at.
    """
    return _losing(index, rows, rows, dimensions, lost, apart=True)


def _losing(
    index: OverlapIndex,
    first: Places,
    second: Places,
    dimensions: Mapping[str, float],
    lost: float,
    *,
    apart: bool = False,
) -> Scored | None:
    """All pairs that score at least ``1 - lost``; None where too many would be looked at.

    ``apart``: both groups are the same, and pairs of one instrument do not count.
    """
    parts, looked_at = [], 0
    for rows, others, shared in _patterns(index, first, second, dimensions):
        near = _near(index, shared, dimensions, lost, None if apart else (rows, others))
        joined = _joined(index, rows, others, near)
        looked_at += len(joined[0]) if joined else _MOST + 1
        if looked_at > _MOST or joined is None:
            return None
        if apart:
            other = index.owner[joined[0]] < index.owner[joined[1]]
            joined = joined[0][other], joined[1][other]
        for start in range(0, len(joined[0]), _CHUNK):
            rows, others = (side[start : start + _CHUNK] for side in joined)
            part = promising(index, rows, others, dimensions, 1 - lost)
            parts.append(scored(index, *part, dimensions))
    return together(parts).without_doubles()


def _near(
    index: OverlapIndex,
    shared: tuple[str, ...],
    dimensions: Mapping[str, float],
    lost: float,
    sides: tuple[Places, Places] | None,
) -> dict[str, NearSets | None]:
    """Near sets of each dimension that both sides state, of all sets where that is affordable.

    Where it is on no dimension: of the sets of the two groups of rows alone.
    """
    total = sum(dimensions[name] for name in shared)
    found = {
        name: _near_anywhere(index, name, 1 - lost * total / dimensions[name])
        for name in shared
        if name in index.measures
    }
    if sides is None or any(found[name] is not None for name in found if name != "verb"):
        return found
    for name in found:
        numbers = index.columns.numbers[name]
        first, second = (np.unique(numbers[side]).astype(np.int64) for side in sides)
        threshold = 1 - lost * total / dimensions[name]
        found[name] = near_sets(index.measures[name], threshold, (first, second))
    return found


def _near_anywhere(index: OverlapIndex, name: str, threshold: float) -> NearSets | None:
    """Near sets among all; what is dear to find is found once an index is asked often."""
    measure = index.measures[name]
    kept = index.kept("near", (name, threshold), lambda: near_sets(measure, threshold))
    asked: list[int] = index.kept("near asked", (name, threshold), lambda: [0])
    asked[0] += 1
    if kept is None and asked[0] == _OFTEN:
        kept = near_sets(measure, threshold, most=_DEAR)
        index.keep("near", (name, threshold), kept)
    return kept


def _patterns(
    index: OverlapIndex, first: Places, second: Places, dimensions: Mapping[str, float]
) -> Iterator[tuple[Places, Places, tuple[str, ...]]]:
    """Groups of rows that state the same dimensions, two by two, with what both state."""
    weighed, subjects = index.dimension_bits(dimensions)
    sides = []
    for rows in (first, second):
        stated = index.presence[rows] & weighed
        sides.append([(int(bits), rows[stated == bits]) for bits in np.unique(stated)])
    for mine, rows in sides[0]:
        for theirs, others in sides[1]:
            if mine & theirs & subjects:
                shared = mine & theirs
                yield rows, others, tuple(n for i, n in enumerate(DIMENSIONS) if shared >> i & 1)


def _joined(
    index: OverlapIndex, rows: Places, others: Places, near: Mapping[str, NearSets | None]
) -> tuple[Places, Places] | None:
    """Pairs whose sets are near on every dimension given; None where they are too many."""
    place = np.arange(len(rows))
    keys = np.zeros(len(rows), dtype=np.uint64)
    sought = np.zeros(len(others), dtype=np.uint64)
    for name, sets in near.items():
        if sets is None:
            continue
        numbers = index.columns.numbers[name]
        mine = numbers[rows[place]]
        if int(sets.sizes[mine].sum()) > _MOST:
            return None
        owner, entry = ragged(sets.starts[mine], sets.sizes[mine])
        place = place[owner]
        keys = keys[owner] * _FACTOR + sets.near[entry].astype(np.uint64)
        sought = sought * _FACTOR + numbers[others].astype(np.uint64)
    order = np.argsort(sought, kind="stable")
    low = np.searchsorted(sought, keys, sorter=order)
    counts = np.searchsorted(sought, keys, side="right", sorter=order) - low
    if int(counts.sum()) > _MOST:
        return None
    owner, entry = ragged(low, counts)
    return rows[place[owner]], others[order[entry]]


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
        self._index, self._first, self._second = index, first, second
        self._weights = {name: dimensions[name] for name in DIMENSIONS if dimensions[name] > 0}
        self._tables: dict[str, Floats] = {}
        self._places: dict[str, tuple[Places, Places]] = {}
        for name in self._weights:
            if name == "period":
                numbers = index.columns.period
                self._tables[name] = index.periods
                self._places[name] = (numbers[first], numbers[second])
                continue
            numbers = index.columns.numbers[name]
            mine, rows = np.unique(numbers[first], return_inverse=True)
            theirs, columns = np.unique(numbers[second], return_inverse=True)
            self._tables[name] = index.measures[name].table(mine, theirs)
            self._places[name] = (rows, columns)

    def rows(self, start: int, stop: int) -> Floats:
        """Scores of a run of the first group with all of the second; 0 = no common subject."""
        index = self._index
        stated = index.presence[self._first[start:stop]], index.presence[self._second]
        shape = (len(stated[0]), len(stated[1]))
        summed, total = np.zeros(shape), np.zeros(shape)
        subject = np.zeros(shape, dtype=np.bool_)
        for name, weight in self._weights.items():
            rows, columns = self._places[name]
            found = self._tables[name][rows[start:stop]][:, columns]
            bit = DIMENSIONS.index(name)
            mine, theirs = (side >> bit & 1 for side in stated)
            summed += weight * found
            total += weight * (mine[:, None] & theirs)
            if name in SUBJECT_DIMENSIONS:
                subject |= found > 0
        scores: Floats = np.divide(summed, total, out=np.zeros(shape), where=subject)
        return scores
