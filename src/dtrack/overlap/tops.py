"""The best score of every two instruments, without ranking their pairs where that can be helped."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.overlap.corpus import VALUE_DIMENSIONS
from dtrack.overlap.ranking import ScoreTable, best_pairs, pairs_losing
from dtrack.overlap.weights import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.similarity import Booleans, Floats, Places

_WHOLE: Final = 4_000_000
"""Pairs of directives up to which all are scored."""
_ROWS: Final = 500
_LOSSES: Final = (0.01, 0.03)


def top_scores(
    index: OverlapIndex, groups: Sequence[Places], dimensions: Mapping[str, float]
) -> Floats:
    """Best score of every two groups of rows; 0 where nothing overlaps."""
    size = sum(len(rows) for rows in groups)
    if size**2 <= _WHOLE:
        return _whole(index, groups, dimensions)
    found = _alike(index, groups, dimensions).astype(np.float64)
    rows = np.concatenate([np.zeros(0, np.int64), *groups])
    for lost in _LOSSES:
        if np.count_nonzero(found) >= len(groups) * (len(groups) - 1):
            break
        best = pairs_losing(index, rows, dimensions, lost)
        if best is None:
            break
        np.maximum.at(found, (index.owner[best.first], index.owner[best.second]), best.scores)
        found = np.maximum(found, found.T)
    for one, other in combinations(range(len(groups)), 2):
        if not found[one, other] and len(groups[one]) and len(groups[other]):
            best = best_pairs(index, groups[one], groups[other], dimensions, 1)
            found[one, other] = found[other, one] = best.scores[0] if len(best) else 0.0
    return found


def _whole(
    index: OverlapIndex, groups: Sequence[Places], dimensions: Mapping[str, float]
) -> Floats:
    rows = np.concatenate([np.zeros(0, np.int64), *groups])
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    found = np.zeros((len(groups), len(groups)))
    filled = np.flatnonzero(sizes)
    if not len(filled):
        return found
    starts = (np.cumsum(sizes) - sizes)[filled]
    table = ScoreTable(index, rows, rows, dimensions)
    best = np.zeros((len(rows), len(filled)))
    for start in range(0, len(rows), _ROWS):
        scores = table.rows(start, start + _ROWS)
        best[start : start + _ROWS] = np.maximum.reduceat(scores, starts, axis=1)
    found[np.ix_(filled, filled)] = np.maximum.reduceat(best, starts, axis=0)
    return found


def _alike(
    index: OverlapIndex, groups: Sequence[Places], dimensions: Mapping[str, float]
) -> Booleans:
    """Which two groups have directives that say the same on everything, and so score 1."""
    rows = np.concatenate([np.zeros(0, np.int64), *groups])
    owner = index.owner[rows].astype(np.int64)
    telling = np.ones(len(rows), dtype=np.bool_)
    keys = []
    for name in DIMENSIONS:
        if not dimensions[name]:
            continue
        numbers = (index.columns.period if name == "period" else index.columns.numbers[name])[rows]
        keys.append(numbers)
        if name in VALUE_DIMENSIONS:
            # A set that every directive has says nothing, so it does not score 1 with itself.
            telling &= (index.measures[name].set_ic[numbers] > 0) | (numbers == 0)
    stated = index.presence[rows] & index.dimension_bits(dimensions)[1]
    kept = np.flatnonzero(telling & (stated > 0))
    _, same = np.unique(np.column_stack(keys)[kept], axis=0, return_inverse=True)
    holders = len(groups)
    pairs = np.unique(same.ravel() * holders + owner[kept])
    same, holder = np.divmod(pairs, holders or 1)
    return _meeting(same, holder, holders)


def _meeting(same: Places, holder: Places, holders: int) -> Booleans:
    """Which two holders are in one class; classes in ascending order."""
    found = np.zeros((holders, holders), dtype=np.bool_)
    distance = 1
    while distance < len(same):
        near = same[distance:] == same[:-distance]
        if not near.any():
            break
        one, other = holder[:-distance][near], holder[distance:][near]
        found[one, other] = found[other, one] = True
        distance += 1
    return found
