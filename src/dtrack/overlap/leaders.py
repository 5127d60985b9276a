"""The best pairs of every two instruments, so many of each.

They answer two questions at once: the best score of a cell of the matrix, and
the first page of the pairs of two instruments. Of what is not among them it is
known how much it scored at most when it was looked at last; so they can be brought
forward over an edit (carried_leaders.py) without looking at all pairs again.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.overlap.counting import groups_of
from dtrack.overlap.near_sets import NearTable
from dtrack.overlap.ordering import ragged
from dtrack.overlap.ranking import (
    NO_TABLES,
    SMALL,
    ScoreTable,
    best_pairs,
    likely_loss,
    pairs_losing,
)
from dtrack.overlap.scoring import Scored, scored, together
from dtrack.overlap.selection import DEFAULT, select
from dtrack.overlap.weights import DIMENSIONS, SUBJECT_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.selection import Selection
    from dtrack.overlap.similarity import Booleans, Floats, Places

WANTED: Final = 40
"""Pairs of two instruments that are kept at least, where there are so many."""
MOST: Final = 2 * WANTED
_WHOLE: Final = 16_000_000
"""Pairs of directives up to which all are scored."""
_LOSSES: Final = ((0.0, 0.03, 0.06), (0.09, 0.12), (0.15, 0.18), (0.22, 0.26), (0.3, 0.34))
"""Shares of a score that are lost at most, one after the other; some are looked at together."""
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Footing:
    """What tells how much scores may have grown since their pairs were looked at last.

    ``ic`` is the information content of each value of the index, by dimension, from which
    its changes are reckoned; ``drift`` the greatest share by which that of any value of a
    dimension has differed from it since.
    """

    ic: Mapping[str, Floats]
    drift: Mapping[str, float]

    @classmethod
    def now(cls, index: OverlapIndex) -> Footing:
        """Footing of an index as it is."""
        ic = {name: measure.ic for name, measure in index.measures.items()}
        return cls(ic, dict.fromkeys(ic, 0.0))

    def rise(self, weights: Mapping[str, float]) -> float:
        """By how much a score may have risen at most.

        Between two times the content of a value is multiplied by ``r = (1 + drift) / (1 - drift)``
        at most, or divided; a similarity is a ratio of sums of it and no more than 1, so it rises
        by ``1 - 1 / r ** 2`` at most. A score is the weighted mean of those that both state, a
        subject among them.
        """
        rises = {n: 1 - ((1 - share) / (1 + share)) ** 2 for n, share in self.drift.items()}
        others = [name for name in DIMENSIONS if weights[name] > 0]
        found = 0.0
        for size in range(1, len(others) + 1):
            for stated in itertools.combinations(others, size):
                if set(stated) & set(SUBJECT_DIMENSIONS):
                    total = sum(weights[name] for name in stated)
                    risen = sum(weights[name] * rises.get(name, 0.0) for name in stated)
                    found = max(found, risen / total)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Leaders:
    """Best pairs of every two instruments; a cell is ``row * instruments + column``, row first.

    ``starts[cell]`` is the first pair of a cell, best first, with the number of all
    at the end. ``floors[cell]``: no pair of the cell that is not among them scores
    more, nor comes before the last of them; 0 where all are among them.

    ``spare`` are more pairs that are known, without an order, of which others may come
    before; ``bounds[cell]``: what any pair that is not known scored at most when it was
    looked at last.
    """

    starts: Places
    pairs: Scored
    floors: Floats
    spare: Scored
    bounds: Floats
    footing: Footing

    def of(self, cell: int) -> Scored:
        """Best pairs of a cell, best first."""
        return self.pairs.at(np.arange(self.starts[cell], self.starts[cell + 1]))

    def tops(self) -> Floats:
        """Best score of each cell; 0 where nothing overlaps."""
        found = np.zeros(len(self.floors))
        filled = np.flatnonzero(np.diff(self.starts))
        found[filled] = self.pairs.scores[self.starts[filled]]
        return found


def leaders(index: OverlapIndex) -> Leaders:
    """Best pairs of every two instruments, over what the finished matrix is about."""
    weights = index.weights.dimensions
    return index.kept(
        "leaders", (), lambda: find_leaders(index, groups_of(index, DEFAULT), weights)
    )


def top_scores(
    index: OverlapIndex, selection: Selection, dimensions: Mapping[str, float]
) -> Floats:
    """Best score of every two instruments in a selection; 0 where nothing overlaps.

    By rows and columns in the order of ``index.instruments``.
    """
    holders = len(index.instruments)
    usual = dict(dimensions) == dict(index.weights.dimensions)
    if usual and selection == DEFAULT:
        found = leaders(index).tops()
    else:
        groups = groups_of(index, selection)
        finding = _Finding(index, groups, dimensions, wanted=1)
        if (
            usual
            and index.has("leaders", ())
            and not np.any(select(selection, index) & ~select(DEFAULT, index))
        ):
            finding.among(leaders(index), select(selection, index))
        found = finding.found().tops()
    table = found.reshape(holders, holders)
    return np.maximum(table, table.T)


def find_leaders(
    index: OverlapIndex,
    groups: Sequence[Places],
    dimensions: Mapping[str, float],
    wanted: int = WANTED,
) -> Leaders:
    """Best pairs of every two groups of rows, a group for each instrument: at least so many."""
    return _Finding(index, groups, dimensions, wanted).found(all_at_once=True)


def gathered(
    index: OverlapIndex,
    pairs: Scored,
    bounds: Floats,
    *,
    most: int = MOST,
    surely: Booleans | None = None,
    floors: Floats | None = None,
    footing: Footing | None = None,
) -> Leaders:
    """Leaders of pairs in any order; of each cell no more are kept than are worth keeping.

    ``surely`` tells which pairs come before all that are not known, those of a cell before
    its others; ``floors`` what no other one scores more than. Without these all pairs given
    are the best ones, and ``bounds`` hold now.
    """
    holders = len(index.instruments)
    cells = index.owner[pairs.first].astype(np.int64) * holders + index.owner[pairs.second]
    order = _in_order(pairs, cells)
    pairs, cells = pairs.at(order), cells[order]
    sizes = np.bincount(cells, minlength=holders**2)
    starts = np.cumsum(sizes) - sizes
    bounds = bounds.copy()
    floors = bounds.copy() if floors is None else floors.copy()
    many = np.flatnonzero(sizes > most)
    least = pairs.scores[starts[many] + most - 1]
    # Pairs that are known may have fallen below what one that is not known can score.
    bounds[many] = np.maximum(bounds[many], least)
    floors[many] = np.maximum(floors[many], least)
    kept = np.arange(len(cells)) - starts[cells] < most
    best = kept if surely is None else kept & surely[order]
    return Leaders(
        np.concatenate([[0], np.cumsum(np.bincount(cells[best], minlength=holders**2))]),
        pairs.at(best),
        floors,
        pairs.at(kept & ~best),
        bounds,
        footing or Footing.now(index),
    )


def _in_order(pairs: Scored, cells: Places) -> NDArray[np.intp]:
    """Places of pairs by cell, best first; draws go by row."""
    codes = pairs.codes
    if np.all(codes[:-1] <= codes[1:]):
        # As they are after an edit; to sort by them again takes half of the time.
        return np.lexsort((-pairs.scores, cells))
    return np.lexsort((codes, -pairs.scores, cells))


class _Finding:
    """Pairs found so far, in parts, and the floor of each cell."""

    def __init__(
        self,
        index: OverlapIndex,
        groups: Sequence[Places],
        dimensions: Mapping[str, float],
        wanted: int = WANTED,
    ) -> None:
        self._index, self._groups, self._dimensions = index, groups, dimensions
        self._wanted, self._most = wanted, 2 * wanted
        self._holders = len(groups)
        self._sizes = np.array([len(group) for group in groups], dtype=np.int64)
        self._missing: Booleans = np.triu(np.outer(self._sizes, self._sizes) > 0, 1)
        self._tables: Mapping[str, NearTable] = NO_TABLES
        self._parts: list[Scored] = []
        self._floors = np.zeros(self._holders**2)

    def found(self, *, all_at_once: bool = False) -> Leaders:
        """The best pairs of all cells.

        ``all_at_once``: it pays to know first what is nearly the same on each dimension.
        """
        if int((np.outer(self._sizes, self._sizes) * self._missing).sum()) <= _WHOLE:
            self._score_all()
        else:
            if all_at_once:
                self._tables = {
                    name: NearTable(self._index.measures[name])
                    for name in SUBJECT_DIMENSIONS
                    if self._dimensions[name]
                }
            self._look_by_losses()
        return gathered(self._index, together(self._parts), self._floors, most=self._most)

    def among(self, known: Leaders, chosen: Booleans) -> None:
        """Take the best pairs of cells of which one is among those of more directives."""
        kept = known.pairs.at(chosen[known.pairs.first] & chosen[known.pairs.second])
        owners = self._index.owner[kept.first], self._index.owner[kept.second]
        enough = np.zeros_like(self._missing)
        enough[owners] = True
        # All pairs of the cell are known there.
        enough |= (known.floors == 0).reshape(enough.shape)
        self._parts.append(kept)
        self._missing &= ~enough

    def _take(self, one: int, other: int, pairs: Scored, floor: float) -> None:
        """Keep the best pairs of a cell of which all above a floor are given."""
        if len(pairs) > self._most:
            pairs = pairs.best().at(np.arange(self._most))
            floor = float(pairs.scores[-1])
        self._parts.append(pairs)
        self._floors[one * self._holders + other] = floor
        self._missing[one, other] = False

    def _score_all(self) -> None:
        """Score everything: few directives."""
        used = np.flatnonzero(self._missing.any(axis=0) | self._missing.any(axis=1))
        rows = np.concatenate(
            [np.zeros(0, np.int64), *(self._groups[one] for one in used.tolist())]
        )
        bounds = np.concatenate([[0], np.cumsum(self._sizes[used])])
        # One table for all, for the same sets meet again and again.
        table = ScoreTable(self._index, rows, rows, self._dimensions)
        ones: list[Places] = [np.zeros(0, np.int64)]
        others: list[Places] = [np.zeros(0, np.int64)]
        for at, one in enumerate(used.tolist()):
            columns = np.flatnonzero(self._missing[one, used])
            if not columns.size:
                continue
            _, second = ragged(bounds[columns], self._sizes[used[columns]])
            scores = table.rows(int(bounds[at]), int(bounds[at + 1]), second)
            edges = np.concatenate([[0], np.cumsum(self._sizes[used[columns]])])
            for (begin, end), other in zip(
                itertools.pairwise(edges.tolist()), used[columns].tolist(), strict=True
            ):
                place, column = self._best_of(one, other, scores[:, begin:end])
                ones.append(self._groups[one][place])
                others.append(rows[second[begin:end]][column])
        # Scored again as every pair is, so that the same pair always has the same score; and
        # those of all cells at once, for there are few of each.
        pairs = np.concatenate(ones), np.concatenate(others)
        self._parts.append(scored(self._index, *pairs, self._dimensions))

    def _best_of(self, one: int, other: int, scores: Floats) -> tuple[Places, Places]:
        """Where the best of a cell are, whose pairs are all scored: those, and what draws."""
        floor = 0.0
        if scores.size > self._most:
            place = scores.size - self._most
            floor = float(np.partition(scores, place, axis=None)[place])
        self._floors[one * self._holders + other] = floor
        self._missing[one, other] = False
        row, column = np.nonzero(scores >= floor - _SLACK) if floor > 0 else np.nonzero(scores > 0)
        return row, column

    def _look_by_losses(self) -> None:
        """Find what loses little, and more where that is not enough."""
        products = np.outer(self._sizes, self._sizes)
        begin = np.where(products <= SMALL, np.inf, likely_loss(products))
        feasible = list(range(self._holders))
        for losses in _LOSSES:
            # What are too many for a loss are too many for a greater one, with more others.
            feasible = [one for one in feasible if self._losing(one, begin[one], losses)]
        for one, other in np.argwhere(self._missing).tolist():
            first, second = self._groups[one], self._groups[other]
            pairs = best_pairs(
                self._index, first, second, self._dimensions, self._wanted, self._tables
            )
            floor = float(pairs.scores[-1]) if len(pairs) >= self._wanted else 0.0
            self._take(one, other, pairs, floor)

    def _losing(self, one: int, begin: Floats, losses: Sequence[float]) -> bool:
        """Take pairs of an instrument with those of others, for the least loss that is enough.

        ``begin`` says of each other instrument for which loss to look first. False where too
        many pairs would be looked at.
        """
        others = np.flatnonzero(self._missing[one] & (begin <= losses[-1]))
        if not others.size:
            return True
        second = np.concatenate([self._groups[other] for other in others.tolist()])
        found = pairs_losing(
            self._index, self._groups[one], second, self._dimensions, losses[-1], self._tables
        )
        if found is None:
            # For less there may be fewer.
            return len(losses) > 1 and all(self._losing(one, begin, [lost]) for lost in losses)
        owner = self._index.owner[found.second]
        for lost in losses:
            enough = found.scores >= 1 - lost - _SLACK
            counts = np.bincount(owner[enough], minlength=self._holders)
            there = self._missing[one] & (begin <= lost) & (counts >= self._wanted)
            for other in np.flatnonzero(there).tolist():
                self._take(one, other, found.at(enough & (owner == other)), 1 - lost)
        return True
