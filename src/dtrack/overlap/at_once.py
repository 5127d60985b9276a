"""Pairs of a small selection, all looked at at once: how many overlap, and the best scores.

All are scored roughly: in single precision, and without the dimension that has most sets of
values, of which only a bound is taken. Whatever may still be the best of two instruments is
then scored as every pair is, so the figures are exact.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dtrack.overlap.counting import groups_of, subjects_of
from dtrack.overlap.scoring import scored
from dtrack.overlap.weights import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.selection import Selection
    from dtrack.overlap.similarity import Floats, Measure, Places

Rough = NDArray[np.float32]
_MOST: Final = 6_000_000
"""Pairs up to which all are looked at: with 3,500 directives that takes 150 MB for a moment."""
_LATE: Final = "actor"
"""Dimension that is asked last, of the pairs that are left."""
_AHEAD: Final = 0.03
"""How much less than the most promising pair one may promise to be asked first, too."""
_ROWS: Final = 64
"""Rows that are scored at a time with all that come after them."""
_SLACK: Final = 1e-5
"""More than single precision may be wrong by."""


@dataclass(frozen=True, slots=True)
class Looked:
    """By places in ``index.instruments``, first before second, and the other way round as well.

    ``pairs``: how many overlap; ``tops``: the best score, 0 where none does.
    """

    pairs: Places
    tops: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Rows of one instrument with all rows that come after it.

    ``scores`` lack what the late dimension adds; 0 = no subject in common.
    """

    holder: int
    first: int
    after: int
    scores: Rough


def looked_at(
    index: OverlapIndex, selection: Selection, dimensions: Mapping[str, float]
) -> Looked | None:
    """Counts and best scores of every two instruments; None for a selection that is too large.

    So it is where no subject has a weight.
    """
    if not subjects_of(dimensions):
        return None
    groups = groups_of(index, selection)
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    if int(sizes.sum()) ** 2 - int((sizes**2).sum()) > 2 * _MOST:
        return None
    return _Looking(index, np.concatenate([np.zeros(0, np.int64), *groups]), dimensions).found()


class _Looking:
    """Rows in the order of instruments and, of each, of what they state."""

    def __init__(self, index: OverlapIndex, rows: Places, dimensions: Mapping[str, float]) -> None:
        order = np.lexsort((index.presence[rows], index.owner[rows]))
        self._index, self._rows, self._weights = index, rows[order], dimensions
        self._stated, self._owner = index.presence[self._rows], index.owner[self._rows]
        self._holders = len(index.instruments)
        self._bounds = np.searchsorted(self._owner, np.arange(self._holders + 1))

    def found(self) -> Looked:
        """Counts and best scores."""
        shape = self._holders, self._holders
        pairs, tops = np.zeros(shape, dtype=np.int64), np.zeros(shape)
        blocks = list(self._blocks(pairs))
        likely = self._scored(*self._likely(blocks))
        np.maximum.at(tops, likely[:2], likely[2])
        best = self._scored(*self._promising(blocks, tops))
        np.maximum.at(tops, best[:2], best[2])
        return Looked(pairs + pairs.T, np.maximum(tops, tops.T))

    def _scored(self, first: Places, second: Places) -> tuple[Places, Places, Floats]:
        """Owners and scores of pairs, as every pair is scored."""
        rows = self._rows
        found = scored(self._index, rows[first], rows[second], self._weights)
        owner = self._index.owner
        return owner[found.first], owner[found.second], found.scores

    def _blocks(self, pairs: Places) -> Iterator[_Block]:
        """Rough scores, instrument by instrument; the pairs that overlap are counted on the way."""
        subjects = [self._table(name) for name in subjects_of(self._weights)]
        others = self._others()
        end = len(self._rows)
        spare = np.empty(_ROWS * end, dtype=np.float32)
        for holder, (first, after) in enumerate(itertools.pairwise(self._bounds.tolist())):
            if first == after or after == end:
                continue
            scores = np.empty((after - first, end - after), dtype=np.float32)
            counts = np.zeros(end - after, dtype=np.int64)
            for start, stop, share in self._parts(first, after):
                part = scores[start - first : stop - first]
                more = spare[: part.size].reshape(part.shape)
                _take(subjects[0], start, stop, after, part)
                for table in subjects[1:]:
                    part += _take(table, start, stop, after, more)
                overlap = part > 0
                # At most _ROWS of them, so a byte holds the number.
                counts += overlap.sum(axis=0, dtype=np.uint8)
                part += _take(others, start, stop, after, more)
                part *= overlap
                part *= share
            sums = np.concatenate([[0], np.cumsum(counts)])
            pairs[holder, holder + 1 :] = np.diff(sums[self._bounds[holder + 1 :] - after])
            yield _Block(holder, first, after, scores)

    def _table(self, name: str) -> tuple[Rough, Places]:
        """What sets of values on a dimension add to a score, and the place of each row's set."""
        used, place = np.unique(self._index.columns.numbers[name][self._rows], return_inverse=True)
        return np.float32(self._weights[name]) * _similar(self._index.measures[name], used), place

    def _others(self) -> tuple[Rough, Places]:
        """The same of verbs and periods together, which have few values."""
        columns, measure = self._index.columns, self._index.measures["verb"]
        periods = len(columns.periods)
        codes = columns.numbers["verb"][self._rows].astype(np.int64) * periods
        used, place = np.unique(codes + columns.period[self._rows], return_inverse=True)
        verb, period = np.divmod(used, max(periods, 1))
        table = self._weights["verb"] * measure.table(verb, verb)
        table += self._weights["period"] * self._index.periods[np.ix_(period, period)]
        return table.astype(np.float32), place

    @cached_property
    def _shares(self) -> tuple[Rough, Rough]:
        """By what either states: the share of a weight in the whole, and what is late at most."""
        bits = np.arange(1 << len(DIMENSIONS))
        both = bits[:, None] & bits
        total = np.zeros(both.shape)
        for bit, name in enumerate(DIMENSIONS):
            total += self._weights[name] * (both >> bit & 1)
        share = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        late = self._weights[_LATE] * (both >> DIMENSIONS.index(_LATE) & 1) * share
        return share.astype(np.float32), late.astype(np.float32)

    def _runs(self, first: int, after: int) -> Iterator[tuple[int, int, Rough, Rough]]:
        """Runs of rows that state the same, with their shares for each row that comes after."""
        share, late = self._shares
        cuts = np.flatnonzero(np.diff(self._stated[first:after])) + first + 1
        others = self._stated[after:]
        for start, stop in itertools.pairwise([first, *cuts.tolist(), after]):
            mine = self._stated[start]
            yield start, stop, share[mine, others], late[mine, others]

    def _parts(self, first: int, after: int) -> Iterator[tuple[int, int, Rough]]:
        """Runs in portions that fit into the caches, with their shares."""
        for start, stop, share, _ in self._runs(first, after):
            for low in range(start, stop, _ROWS):
                yield low, min(low + _ROWS, stop), share

    def _likely(self, blocks: list[_Block]) -> tuple[Places, Places]:
        """Of every two instruments the pair that is best without what is late."""
        firsts, seconds = [], []
        for block in blocks:
            highest = block.scores.max(axis=0)
            edges = self._bounds[block.holder + 1 :] - block.after
            for low, high in itertools.pairwise(edges.tolist()):
                if low < high:
                    column = low + int(highest[low:high].argmax())
                    firsts.append(block.first + int(block.scores[:, column].argmax()))
                    seconds.append(block.after + column)
        return np.array(firsts, dtype=np.int64), np.array(seconds, dtype=np.int64)

    def _promising(self, blocks: list[_Block], tops: Floats) -> tuple[Places, Places]:
        """Pairs that may score as much as the best that is known of their instruments."""
        firsts, seconds, scores, extras = [], [], [], []
        for block in blocks:
            known = tops[block.holder][self._owner[block.after :]].astype(np.float32)
            for start, stop, _, late in self._runs(block.first, block.after):
                part = block.scores[start - block.first : stop - block.first]
                least = np.maximum(known - late - np.float32(_SLACK), np.float32(1e-9))
                # Of two dimensions NumPy finds them in three times the time.
                row, column = np.divmod(np.flatnonzero(part >= least), part.shape[1])
                firsts.append(row + start)
                seconds.append(column + block.after)
                scores.append(part[row, column])
                extras.append(late[column])
        if not firsts:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        first, second = np.concatenate(firsts), np.concatenate(seconds)
        rough, late = np.concatenate(scores), np.concatenate(extras)
        cells = self._owner[first].astype(np.int64) * self._holders + self._owner[second]
        reached = (tops.ravel() - _SLACK).astype(np.float32)
        # Those that may be best are asked first: what they come to leaves few others.
        highest = np.zeros_like(reached)
        np.maximum.at(highest, cells, rough + late)
        ahead = rough + late >= highest[cells] - _AHEAD
        for some in (ahead, ~ahead):
            those = np.flatnonzero(some)
            those = those[(rough + late)[those] >= reached[cells[those]] - _SLACK]
            rough[those] += late[those] * self._similar(first[those], second[those])
            late[those] = 0.0
            np.maximum.at(reached, cells[those], rough[those] - np.float32(_SLACK))
        kept = rough + late >= reached[cells] - _SLACK
        return first[kept], second[kept]

    def _similar(self, first: Places, second: Places) -> Rough:
        """Similarity of pairs on what is late."""
        numbers = self._index.columns.numbers[_LATE]
        found = self._index.measures[_LATE].of_pairs(
            numbers[self._rows[first]].astype(np.int64),
            numbers[self._rows[second]].astype(np.int64),
            differing=True,
        )
        return found.astype(np.float32)


def _take(of: tuple[Rough, Places], first: int, stop: int, after: int, out: Rough) -> Rough:
    """Figures of some rows with all rows from ``after`` on."""
    table, place = of
    # Where all places are right, "clip" only means that NumPy writes straight into ``out``.
    np.take(table[place[first:stop]], place[after:], axis=1, mode="clip", out=out)
    return out


def _similar(measure: Measure, used: Places) -> Rough:
    """Similarity of every two of some sets, in single precision."""
    sets, gain = measure.sets, measure.gain.astype(np.float32)
    sizes = sets.sizes[used]
    ranks = []
    for rank in range(int(sizes.max(initial=0))):
        which = np.flatnonzero(sizes > rank)
        ranks.append((which, sets.flat[sets.starts[used[which]] + rank]))
    best = np.zeros((len(gain), len(used)), dtype=np.float32)
    for which, members in ranks:
        best[:, which] = np.maximum(best[:, which], gain[:, members])
    shared = np.zeros((len(used), len(used)), dtype=np.float32)
    for which, members in ranks:
        shared[which] += best[members]
    shared = shared + shared.T
    ic = measure.set_ic[used].astype(np.float32)
    total = ic[:, None] + ic
    np.divide(shared, total, out=shared, where=total > 0)
    return shared
