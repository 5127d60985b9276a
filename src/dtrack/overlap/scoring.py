"""Scores of pairs of directives: the weighted mean over the dimensions both state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.overlap.weights import DIMENSIONS, SUBJECT_DIMENSIONS

_SLACK: Final = 1e-9
_CHEAPEST_FIRST: Final = ("period", "verb", "target", "theme", "actor")

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.similarity import Floats, Places


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Pairs of rows with their scores; what shares no subject is not among them."""

    first: Places
    second: Places
    scores: Floats

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.first)

    def best(self) -> Scored:
        """The same pairs, best first; draws go by place, so that pages never shift."""
        low, high = np.minimum(self.first, self.second), np.maximum(self.first, self.second)
        order = np.lexsort((high, low, -self.scores))
        return self.at(order)

    def at(self, places: NDArray[np.intp] | NDArray[np.bool_]) -> Scored:
        """Some of the pairs."""
        return Scored(self.first[places], self.second[places], self.scores[places])

    @property
    def codes(self) -> Places:
        """Each pair as one number, which go by the first row, then by the second."""
        return self.first.astype(np.int64) << 32 | self.second

    def without_doubles(self) -> Scored:
        """Each pair once, by the rows."""
        return self.at(np.unique(self.codes, return_index=True)[1])


def together(parts: list[Scored]) -> Scored:
    """All pairs of several lots."""
    none = np.zeros(0, dtype=np.int64)
    return Scored(
        np.concatenate([none, *(part.first for part in parts)]),
        np.concatenate([none, *(part.second for part in parts)]),
        np.concatenate([np.zeros(0), *(part.scores for part in parts)]),
    )


def similarities(index: OverlapIndex, name: str, first: Places, second: Places) -> Floats:
    """Similarity of pairs of rows on one dimension."""
    columns = index.columns
    # To take is many times as fast as to subscript with a pair of places, or with truths.
    if name == "period":
        places = columns.period.take(first) * np.int64(len(index.periods))
        places += columns.period.take(second)
        return index.periods.take(places)
    numbers = columns.numbers[name]
    return index.measures[name].of_pairs(
        numbers.take(first).astype(np.int64), numbers.take(second).astype(np.int64)
    )


def scored(
    index: OverlapIndex, first: Places, second: Places, dimensions: Mapping[str, float]
) -> Scored:
    """Those of the pairs of rows that overlap, with their scores."""
    summed, total = np.zeros(len(first)), np.zeros(len(first))
    subject = np.zeros(len(first))
    present = index.presence[first] & index.presence[second]
    for bit, name in enumerate(DIMENSIONS):
        weight = dimensions[name]
        if not weight:
            continue
        found = similarities(index, name, first, second)
        held = np.where(present >> bit & 1, weight, 0.0)
        summed += held * found
        total += held
        if name in SUBJECT_DIMENSIONS:
            subject += found
    kept = subject > 0
    return Scored(first[kept], second[kept], summed[kept] / total[kept])


def promising(
    index: OverlapIndex,
    pairs: tuple[Places, Places, Floats],
    shared: Sequence[str],
    dimensions: Mapping[str, float],
    lost: float,
    known: str,
) -> tuple[Places, Places]:
    """Those of some pairs of rows that may lose no more than so much of the whole score.

    All of them state the dimensions ``shared`` on both sides and no others; the
    similarity on one of these is known and comes with the pairs. What is cheap to
    know is asked first.
    """
    first, second, similar = pairs
    left = lost * sum(dimensions[name] for name in shared) - dimensions[known] * (1 - similar)
    for name in _CHEAPEST_FIRST:
        if name not in shared or name == known:
            continue
        kept = np.flatnonzero(left >= -_SLACK)
        first, second, left = first.take(kept), second.take(kept), left.take(kept)
        left -= dimensions[name] * (1 - similarities(index, name, first, second))
    kept = np.flatnonzero(left >= -_SLACK)
    return first.take(kept), second.take(kept)


def scored_with(
    index: OverlapIndex,
    row: int,
    dimensions: Mapping[str, float],
    chosen: NDArray[np.bool_] | None = None,
) -> Floats:
    """Score of one row with every row, or with those chosen; 0 where they share no subject."""
    columns = index.columns
    weighed = [name for name in DIMENSIONS if dimensions[name] and name != "period"]
    stated = {name: mine for name in weighed if (mine := int(columns.numbers[name][row]))}
    found = {name: index.measures[name].against(mine) for name, mine in stated.items()}
    subject = np.zeros(len(index), dtype=np.bool_)
    for name in SUBJECT_DIMENSIONS:
        if name in found:
            subject |= (found[name] > 0)[columns.numbers[name]]
    # Most rows share no subject, so the rest is asked of the others alone.
    rows = np.flatnonzero(subject if chosen is None else subject & chosen)
    summed, total = np.zeros(len(rows)), np.zeros(len(rows))
    for name in DIMENSIONS:
        weight = dimensions[name]
        if name == "period" and weight:
            summed += (weight * index.periods[columns.period[row]])[columns.period[rows]]
            total += weight
        elif name in found:
            numbers = columns.numbers[name][rows]
            summed += (weight * found[name])[numbers]
            held = np.full(len(found[name]), weight)
            held[0] = 0.0
            total += held[numbers]
    scores = np.zeros(len(index))
    scores[rows] = summed / total
    return scores
