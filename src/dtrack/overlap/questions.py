"""The questions about pairs: which provisions overlap, and what is next to this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dtrack.errors import NotFoundError
from dtrack.overlap.counting import count_pairs, is_default
from dtrack.overlap.evidence import Overlap, explain
from dtrack.overlap.leaders import leaders
from dtrack.overlap.ranking import best_pairs
from dtrack.overlap.scoring import Scored, scored, scored_with, similarities, together
from dtrack.overlap.selection import Selection, select
from dtrack.overlap.weights import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.similarity import Floats, Places


def count(index: OverlapIndex, selection: Selection) -> dict[str, int]:
    """Directives of each instrument in a selection; those asked for are there even with 0."""

    def make() -> dict[str, int]:
        sums = np.concatenate([[0], np.cumsum(select(selection, index))])
        sizes = np.diff(sums[index.bounds]).tolist() if index.instruments else []
        found = {name: n for name, n in zip(index.instruments, sizes, strict=True) if n}
        if selection.instruments:
            return {name: found.get(name, 0) for name in selection.instruments}
        return found

    return dict(index.kept("counts", selection, make))


def rows_of(index: OverlapIndex, instrument: str, selection: Selection) -> Places:
    """Rows of an instrument that a selection takes."""
    if instrument not in index.instruments:
        return np.zeros(0, dtype=np.int64)
    place = index.instruments.index(instrument)
    start, stop = index.bounds[place], index.bounds[place + 1]
    found: Places = np.flatnonzero(select(selection, index)[start:stop]) + start
    return found


def ranked(
    index: OverlapIndex,
    row: str,
    column: str,
    selection: Selection,
    dimensions: Mapping[str, float],
    wanted: int,
) -> Scored:
    """Pairs of two instruments, best first: at least so many, or all there are."""
    low, high = sorted((row, column))
    found = _leading(index, low, high, selection, dimensions, wanted)
    if found is None:
        found = _looked_for(index, low, high, selection, dimensions, wanted)
    return found if row == low else Scored(found.second, found.first, found.scores)


def _leading(
    index: OverlapIndex,
    low: str,
    high: str,
    selection: Selection,
    dimensions: Mapping[str, float],
    wanted: int,
) -> Scored | None:
    """The same from the best pairs that are kept; None where they are not asked about or end."""
    if not is_default(selection, low, high) or dict(dimensions) != dict(index.weights.dimensions):
        return None
    known = leaders(index)
    place = {name: i for i, name in enumerate(index.instruments)}
    if low == high or low not in place or high not in place:
        return None
    cell = place[low] * len(place) + place[high]
    found = known.of(cell)
    return found if len(found) >= wanted or known.floors[cell] == 0 else None


def _looked_for(
    index: OverlapIndex,
    low: str,
    high: str,
    selection: Selection,
    dimensions: Mapping[str, float],
    wanted: int,
) -> Scored:
    """The same from the directives; what was found for a page serves the next one."""
    key = (low, high, selection, tuple(sorted(dimensions.items())))
    kept: tuple[int, Scored] = index.kept("ranked", key, lambda: (0, together([])))
    if wanted > max(kept[0], len(kept[1])):
        first, second = (rows_of(index, name, selection) for name in (low, high))
        kept = (wanted, best_pairs(index, first, second, dimensions, wanted))
        index.keep("ranked", key, kept)
    return kept[1]


def between(
    index: OverlapIndex,
    row: str,
    column: str,
    selection: Selection,
    *,
    dimensions: Mapping[str, float] | None = None,
    limit: int = 20,
    offset: int = 0,
) -> tuple[int, tuple[Overlap, ...]]:
    """Overlapping pairs of two instruments: how many there are, and a page, best first."""
    weights = dict(dimensions or index.weights.dimensions)
    total = count_pairs(index, row, column, selection, weights)
    found = ranked(index, row, column, selection, weights, offset + limit)
    page = found.at(np.arange(min(offset, len(found)), min(offset + limit, len(found))))
    return total, _explained(index, page, weights)


def nearest(
    index: OverlapIndex,
    provision: str,
    selection: Selection,
    *,
    dimensions: Mapping[str, float] | None = None,
    limit: int = 20,
) -> tuple[Overlap, ...]:
    """Directives anywhere that overlap with one, best first.

    Raises NotFoundError when the provision is unknown or has no directive.
    """
    weights = dict(dimensions or index.weights.dimensions)
    here = index.row(provision)
    if here is None:
        raise NotFoundError(
            f"No operative provision with a directive has the IRI <{provision}>.",
            remedy="Find its IRI with `dtrack resolve` or the query decision_outline.",
        )
    scores = scored_with(index, here, weights, select(selection, index))
    scores[here] = 0.0
    rows = _top(scores, limit)
    found = scored(index, np.full(len(rows), here), rows, weights).best()
    return _explained(index, found.at(np.arange(min(limit, len(found)))), weights)


def _top(scores: Floats, wanted: int) -> Places:
    """Places of the best so many scores above 0, and of all that draw with the last."""
    positive = np.flatnonzero(scores > 0)
    if len(positive) <= wanted:
        return positive
    found = scores[positive]
    floor = np.partition(found, len(found) - wanted)[len(found) - wanted]
    kept: Places = positive[found >= floor - 1e-9]
    return kept


def _explained(
    index: OverlapIndex, page: Scored, dimensions: Mapping[str, float]
) -> tuple[Overlap, ...]:
    similar = {
        name: similarities(index, name, page.first, page.second).tolist() for name in DIMENSIONS
    }
    # Read all at once, and kept: each pair asks for its two.
    index.directives([*page.first.tolist(), *page.second.tolist()])
    return tuple(
        explain(
            index,
            (int(first), int(second)),
            float(score),
            dimensions,
            {name: found[at] for name, found in similar.items()},
        )
        for at, (first, second, score) in enumerate(
            zip(page.first, page.second, page.scores, strict=True)
        )
    )
