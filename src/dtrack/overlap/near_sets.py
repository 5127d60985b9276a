"""Which sets of a dimension are nearly the same: a similarity join by what they must share.

Two sets whose similarity is at least ``t`` lose at most ``(1 - t)`` of what both
say. A value that alone would lose more must be in both: these are a set's core.
So the core of either is part of the other, and sets are found by looking up
each part of one among the cores of the others. Nothing that reaches ``t`` is missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.overlap.similarity import Places, ragged

if TYPE_CHECKING:
    from dtrack.overlap.similarity import Measure

_WIDEST: Final = 6
"""Sets with more members are compared with all others: they have too many parts."""
_MOST: Final = 400_000
"""Candidates past which looking is dearer than not knowing."""
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class NearSets:
    """For each set, those near it, itself included: ``near[starts[s]:starts[s + 1]]``."""

    starts: Places
    near: Places

    @property
    def sizes(self) -> Places:
        """How many are near each set."""
        return np.diff(self.starts)


def near_sets(measure: Measure, threshold: float) -> NearSets | None:
    """Sets at least so similar; None where too many are for it to be worth knowing."""
    threshold -= _SLACK
    if threshold <= 0:
        return None
    found = _candidates(measure, 1 - threshold)
    if found is None:
        return None
    first, second = found
    similar = measure.of_pairs(first, second) >= threshold
    same = np.arange(1, len(measure.sets))
    codes = np.unique(
        np.concatenate([first[similar], same]) * len(measure.sets)
        + np.concatenate([second[similar], same])
    )
    first, second = codes // len(measure.sets), codes % len(measure.sets)
    counts = np.bincount(first, minlength=len(measure.sets))
    return NearSets(np.concatenate([[0], np.cumsum(counts)]), second)


def _candidates(measure: Measure, lost: float) -> tuple[Places, Places] | None:
    sets = measure.sets
    allowed = lost * (measure.set_ic + measure.set_ic.max(initial=0.0))
    in_core = measure.loss[sets.flat] > allowed[sets.owner]
    names = np.random.default_rng(0).integers(1, 1 << 62, len(sets.values), dtype=np.uint64)
    entries = names[sets.flat]
    cores = np.zeros(len(sets), dtype=np.uint64)
    if len(sets) > 1:
        cores[1:] = np.add.reduceat(np.where(in_core, entries, np.uint64(0)), sets.starts[1:-1])
    order = np.argsort(cores[1:], kind="stable") + 1
    ordered = cores[order]
    firsts, seconds = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    total = 0
    for size in np.unique(sets.sizes[1:]).tolist():
        numbers = np.flatnonzero(sets.sizes == size)
        if size > _WIDEST:
            total += len(numbers) * len(sets)
            if total > _MOST:
                return None
            firsts.append(np.repeat(numbers, len(sets) - 1))
            seconds.append(np.tile(np.arange(1, len(sets)), len(numbers)))
            continue
        members = entries[sets.starts[numbers][:, None] + np.arange(size)]
        for part in range(1 << size):
            mask = np.array([part >> i & 1 for i in range(size)], dtype=np.uint64)
            keys = (members * mask).sum(axis=1, dtype=np.uint64)
            low = np.searchsorted(ordered, keys)
            counts = np.searchsorted(ordered, keys, side="right") - low
            total += int(counts.sum())
            if total > _MOST:
                return None
            owner, place = ragged(low, counts)
            firsts.append(numbers[owner])
            seconds.append(order[place])
    return np.concatenate(firsts), np.concatenate(seconds)
