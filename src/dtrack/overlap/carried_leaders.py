"""The best pairs of every two instruments after an edit, from those before it.

An edit changes the information content of all values, but of nearly all by next
to nothing. It is reckoned from a footing, what it was once: from how far that of each
value has been from there follows by how much a score can have risen at most
(``Footing.rise``). So a pair that scored no more than a bound when it was looked at last
scores no more than the bound and that rise, however many edits there were since. But for
those of directives that are new, or have a value that differs by more: these are scored
with all others, and the value's footing is what it is now. What is kept is scored anew.

Where the rise becomes large it is put into the bounds, and what is now is the footing. A
cell whose pairs no longer reach so far is searched again, at the latest when it would have
no best pair at all; who has time does so before (``refreshed``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.overlap.corpus import VALUE_DIMENSIONS
from dtrack.overlap.counting import groups_of
from dtrack.overlap.leaders import MOST, Footing, Leaders, gathered, leaders
from dtrack.overlap.ranking import best_pairs
from dtrack.overlap.scoring import Scored, scored, together
from dtrack.overlap.selection import DEFAULT, select
from dtrack.overlap.weights import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.moving import Moves
    from dtrack.overlap.similarity import Booleans, Floats, Measure, Places

_SHARES: Final = (0.001, 0.003, 0.01, 0.03)
"""Changes of information content up to which a value counts as hardly changed."""
_FEW: Final = 40
"""Directives that are scored beside those of the edit without a second thought."""
_MOST: Final = 30_000_000
"""Pairs that are scored for directives that are new or changed; past it all is looked for anew."""
_BLOCK: Final = 64
"""Affected directives whose similarities are made at a time."""
_SEARCHED: Final = 60
"""Cells that are searched again at most."""
_THIN: Final = 20
"""Pairs below which a cell is worth searching again."""
_RISE: Final = 0.002
"""Rise of scores past which the bounds take it up."""
_SLACK: Final = 1e-9


def carry_leaders(old: OverlapIndex, new: OverlapIndex, moved: Moves) -> None:
    """Give an index the best pairs of the one before, brought forward.

    ``moved`` says what became of its rows. Nothing is given where it is simpler to find
    them anew.
    """
    same = old.now == new.now and old.weights.dimensions == new.weights.dimensions
    if not same or not old.has("leaders", ()):
        return
    change = _change(old, new, moved, leaders(old).footing)
    if change is not None:
        found = _Carrying(old, new, change).carried()
        if found is not None:
            new.keep("leaders", (), found)


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    """What an edit did: new rows of the old ones (-1 = gone), rows to score, the new footing."""

    moved: Places
    affected: Places
    footing: Footing


def _change(old: OverlapIndex, new: OverlapIndex, moved: Moves, footing: Footing) -> _Change | None:
    chosen = select(DEFAULT, new)
    fresh = np.zeros(len(new), dtype=np.bool_)
    fresh[moved.come] = chosen[moved.come]
    told = {name: _shares(old, new, name, footing.ic[name]) for name in VALUE_DIMENSIONS}
    shares = {name: found for name, (found, _) in told.items()}
    several = 2 * int(fresh.sum()) + _FEW
    most = _MOST // max(1, int(chosen.sum()))
    for limit in _SHARES:
        affected = fresh.copy()
        for name, found in shares.items():
            sets = new.columns.sets[name]
            affected |= sets.any_of(found > limit)[new.columns.numbers[name]] & chosen
        size = int(affected.sum())
        # To score more directives, or to let floors grow more: the latter costs later.
        if size <= several or (limit == _SHARES[-1] and size <= most):
            drift = {
                name: max(footing.drift[name], float(found[found <= limit].max(initial=0.0)))
                for name, found in shares.items()
            }
            ic = {
                name: np.where(found <= limit, base, new.measures[name].ic)
                for name, (found, base) in told.items()
            }
            return _Change(moved.rows, np.flatnonzero(affected), Footing(ic, drift))
    return None


def _shares(
    old: OverlapIndex, new: OverlapIndex, name: str, footing: Floats
) -> tuple[Floats, Floats]:
    """For each value of the new index, by what share its information content has changed.

    Infinite where more than that has: what it is linked with, whether it tells
    anything, or whether all of it may be found in another value. Reckoned from its
    footing, which is given too: that of a new value is what it is now.
    """
    before, after = old.measures[name], new.measures[name]
    if before is after:
        return _share(after.ic, footing), footing
    found, base = np.zeros(len(after.ic)), after.ic.copy()
    there = [p for p, value in enumerate(after.sets.values) if value in before.sets.position]
    here = [before.sets.position[after.sets.values[place]] for place in there]
    was, now = footing[here], after.ic[there]
    base[there] = was
    shares = _share(now, was)
    other = (before.ic[here] > 0) != (now > 0)
    other |= _answered(before)[here] != _answered(after)[there]
    if old.alignments is not new.alignments:
        values = [after.sets.values[place] for place in there]
        other |= np.array([_linked(old, v) != _linked(new, v) for v in values], dtype=np.bool_)
    shares[other] = np.inf
    found[there] = shares
    return found, base


def _share(now: Floats, was: Floats) -> Floats:
    ratio: Floats = np.divide(now, was, out=np.ones_like(now), where=was > 0)
    return np.abs(ratio - 1)


def _answered(measure: Measure) -> Booleans:
    """Which values find all of themselves in another one."""
    others = measure.gain.copy()
    np.fill_diagonal(others, 0.0)
    found: Booleans = others.max(axis=1, initial=0.0) >= measure.ic - _SLACK
    return found


def _linked(index: OverlapIndex, value: str) -> dict[str, float]:
    return {other: link.weight for other, link in index.alignments.of(value).items()}


class _Carrying:
    """Best pairs on their way from one index to the next."""

    def __init__(self, old: OverlapIndex, new: OverlapIndex, change: _Change) -> None:
        self._old, self._new, self._change = old, new, change
        self._weights = new.weights.dimensions
        self._holders = len(new.instruments)
        self._affected = np.zeros(len(new), dtype=np.bool_)
        self._affected[change.affected] = True

    def carried(self) -> Leaders | None:
        """The best pairs of the new index; None where too many cells have to be searched."""
        known = leaders(self._old)
        bounds = self._bounds(known)
        kept = self._kept(known)
        pairs = together([kept, self._found(bounds, kept)]).without_doubles()
        footing = self._change.footing
        rise = footing.rise(self._weights)
        # Where the bound is 0, all pairs are known.
        floors = np.where(bounds > 0, np.minimum(1.0, bounds + rise), 0.0)
        if rise > _RISE:
            bounds, footing = floors.copy(), Footing.now(self._new)
        surely = self._surely_best(pairs, kept, floors)
        sizes = np.bincount(_cells(self._new, pairs)[surely], minlength=len(floors))
        search = np.flatnonzero((floors > 0) & (sizes == 0))
        if len(search) > _SEARCHED:
            return None
        staying = ~np.isin(_cells(self._new, pairs), search)
        return _with_searched(
            self._new, pairs.at(staying), search, (bounds, floors), footing, surely[staying]
        )

    def _bounds(self, known: Leaders) -> Floats:
        """Bounds of the new cells, which are those of the old ones."""
        place = {name: at for at, name in enumerate(self._new.instruments)}
        held = [place.get(name, -1) for name in self._old.instruments]
        old = known.bounds.reshape(len(held), len(held))
        bounds = np.zeros((self._holders, self._holders))
        here = [at for at, new in enumerate(held) if new >= 0]
        there = [new for new in held if new >= 0]
        bounds[np.ix_(there, there)] = old[np.ix_(here, here)]
        return bounds.ravel()

    def _kept(self, known: Leaders) -> Scored:
        """Pairs that were known, scored anew; those of affected rows are found again."""
        pairs = together([known.pairs, known.spare])
        first, second = (self._change.moved[side] for side in (pairs.first, pairs.second))
        there = (first >= 0) & (second >= 0)
        there &= ~self._affected[first] & ~self._affected[second]
        return scored(self._new, first[there], second[there], self._weights)

    def _found(self, bounds: Floats, kept: Scored) -> Scored:
        """Pairs of affected rows with all others that score more than the bound of their cell."""
        reach = _Reach(self._new, bounds.reshape(self._holders, self._holders))
        affected = self._change.affected
        ones, others = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for start in range(0, len(affected), _BLOCK):
            for row, found in reach.of(affected[start : start + _BLOCK]):
                ones.append(np.minimum(row, found))
                others.append(np.maximum(row, found))
        pairs = scored(self._new, np.concatenate(ones), np.concatenate(others), self._weights)
        cells = _cells(self._new, pairs)
        over = pairs.scores > bounds[cells]
        # Where the bound is 1, what draws with it comes in its place.
        over |= (pairs.scores == 1.0) & (pairs.codes <= self._last(kept, len(bounds))[cells])
        return pairs.at(over)

    def _last(self, kept: Scored, cells: int) -> Places:
        """For each cell the last of its known pairs that score 1; -1 where there is none."""
        last = np.full(cells, -1, dtype=np.int64)
        same = kept.at(kept.scores == 1.0)
        np.maximum.at(last, _cells(self._new, same), same.codes)
        return last

    def _surely_best(self, pairs: Scored, kept: Scored, floors: Floats) -> Booleans:
        """Which of the pairs come before all that are not among them."""
        cells = _cells(self._new, pairs)
        floor = floors[cells]
        surely: Booleans = (floor == 0) | (pairs.scores > floor + _SLACK)
        # Pairs that say the same score 1 whatever tells how much; draws go by row, and those
        # that were not kept come after the last one that was.
        last = self._last(kept, len(floors))[cells]
        surely |= (floor == 1.0) & (pairs.scores == 1.0) & (pairs.codes <= last)
        return surely


def refreshed(index: OverlapIndex, most: int = 1) -> int:
    """Search some cells again of whose best pairs few are known for sure; how many.

    None of them needs it now, but sooner or later an edit would have to. The index
    keeps what is found.
    """
    known = leaders(index)
    sizes = np.diff(known.starts)
    thin = np.flatnonzero((known.floors > 0) & (sizes < _THIN))
    search = thin[np.argsort(sizes[thin], kind="stable")][:most]
    if len(search):
        pairs = together([known.pairs, known.spare])
        surely = np.arange(len(pairs)) < len(known.pairs)
        staying = ~np.isin(_cells(index, pairs), search)
        found = _with_searched(
            index,
            pairs.at(staying),
            search,
            (known.bounds.copy(), known.floors.copy()),
            known.footing,
            surely[staying],
        )
        index.keep("leaders", (), found)
    return len(search)


def _with_searched(
    index: OverlapIndex,
    pairs: Scored,
    search: Places,
    limits: tuple[Floats, Floats],
    footing: Footing,
    surely: Booleans,
) -> Leaders:
    """Best pairs of all cells, some of them searched now; of the others ``pairs`` are known.

    ``limits`` are the bounds and floors of the cells, and are brought up to date.
    """
    bounds, floors = limits
    groups = groups_of(index, DEFAULT)
    parts = [pairs]
    for cell in search.tolist():
        one, other = divmod(cell, len(index.instruments))
        best = best_pairs(index, groups[one], groups[other], index.weights.dimensions, MOST)
        bounds[cell] = floors[cell] = best.scores[-1] if len(best) >= MOST else 0.0
        parts.append(best)
    found = together(parts)
    surely = np.append(surely, np.ones(len(found) - len(surely), dtype=np.bool_))
    return gathered(index, found, bounds, surely=surely, floors=floors, footing=footing)


def _cells(index: OverlapIndex, pairs: Scored) -> Places:
    """Cell of each pair."""
    holders, owner = len(index.instruments), index.owner
    cells: Places = owner[pairs.first].astype(np.int64) * holders + owner[pairs.second]
    return cells


class _Reach:
    """Which rows may score more with a row than the floor of their cell.

    A pair may lose no more than is left up to the floor, of all that both sides state;
    what it loses is taken off dimension by dimension, from fewer and fewer rows.
    """

    def __init__(self, index: OverlapIndex, floors: Floats) -> None:
        self._index = index
        self._floors = np.maximum(floors, floors.T)
        self._rows = np.flatnonzero(select(DEFAULT, index))
        self._owner = index.owner[self._rows]
        self._presence = index.presence[self._rows]
        self._numbers = {n: index.columns.numbers[n][self._rows] for n in VALUE_DIMENSIONS}
        self._period = index.columns.period[self._rows]
        self._allowed: dict[tuple[int, int], Floats] = {}

    def of(self, affected: Places) -> Iterator[tuple[int, Places]]:
        """For each of some rows, the others."""
        numbers = self._index.columns.numbers
        tables: dict[str, tuple[Places, Floats]] = {}
        for name, measure in self._index.measures.items():
            sets, place = np.unique(numbers[name][affected], return_inverse=True)
            tables[name] = place, measure.table(sets, np.arange(len(measure.sets)))
        for at, row in enumerate(affected.tolist()):
            yield (
                row,
                self._of(row, {name: found[place[at]] for name, (place, found) in tables.items()}),
            )

    def _of(self, row: int, similar: Mapping[str, Floats]) -> Places:
        index, weights = self._index, self._index.weights.dimensions
        left = self._left(int(index.owner[row]), int(index.presence[row]))
        at = np.flatnonzero(left >= -_SLACK)
        left = left[at]
        for name, found in similar.items():
            if index.columns.numbers[name][row] == 0 or not weights[name]:
                continue
            lost = weights[name] * (1 - found)
            # Who does not state it loses nothing by it.
            lost[0] = 0.0
            left = left - lost[self._numbers[name][at]]
            kept = left >= -_SLACK
            at, left = at[kept], left[kept]
        years = index.periods[index.columns.period[row]][self._period[at]]
        kept = left - weights["period"] * (1 - years) >= -_SLACK
        found_rows: Places = self._rows[at[kept]]
        return found_rows

    def _left(self, owner: int, stated: int) -> Floats:
        """What a row of an instrument may lose with each other one; less than 0 = no pair."""
        key = owner, stated
        if key not in self._allowed:
            weights = self._index.weights.dimensions
            weighed, subjects = self._index.dimension_bits(weights)
            both = np.arange(1 << len(DIMENSIONS)) & stated & weighed
            total = sum(weights[n] * (both >> bit & 1) for bit, n in enumerate(DIMENSIONS))
            lost = 1 - self._floors[owner]
            lost[owner] = -1.0
            left = lost[self._owner] * np.asarray(total)[self._presence]
            left[(both & subjects == 0)[self._presence]] = -1.0
            self._allowed[key] = left
        return self._allowed[key]
