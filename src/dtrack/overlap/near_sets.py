"""Which sets of a dimension are nearly the same: a similarity join by what they must share.

Two sets whose similarity is at least ``t`` lose at most ``(1 - t)`` of what both
say, and what one holds beside what both have in common is lost at least in part.
So sets are joined by those parts of theirs beside which little is lost. Nothing
that reaches ``t`` is missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.overlap.similarity import Floats, Places, ragged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dtrack.overlap.similarity import Measure
    from dtrack.overlap.value_sets import ValueSets

_WIDEST: Final = 6
"""Sets with more members are compared with all others: they have too many parts."""
_MOST: Final = 1_500_000
"""Candidates past which looking is dearer than not knowing."""
_CHUNK: Final = 1_000_000
_FEW: Final = 120_000
"""The same where it is for one question alone."""
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


def near_sets(
    measure: Measure,
    threshold: float,
    among: tuple[Places, Places] | None = None,
    most: int | None = None,
) -> NearSets | None:
    """Sets at least so similar; None where too many are for it to be worth knowing.

    ``among``: sets to find the near ones for, and sets to find them among; else all.
    """
    threshold -= _SLACK
    if threshold <= 0:
        return None
    everyone = np.arange(1, len(measure.sets))
    sides = among or (everyone, everyone)
    found = _candidates(measure, 1 - threshold, sides, most or (_MOST if among is None else _FEW))
    if found is None:
        return None
    first, second = found
    similar = np.concatenate(
        [
            measure.of_pairs(first[at : at + _CHUNK], second[at : at + _CHUNK]) >= threshold
            for at in range(0, len(first), _CHUNK)
        ]
        or [np.zeros(0, dtype=np.bool_)]
    )
    same = np.intersect1d(*sides)
    codes = np.unique(
        np.concatenate([first[similar], same]) * len(measure.sets)
        + np.concatenate([second[similar], same])
    )
    first, second = codes // len(measure.sets), codes % len(measure.sets)
    counts = np.bincount(first, minlength=len(measure.sets))
    return NearSets(np.concatenate([[0], np.cumsum(counts)]), second)


def _largest(measure: Measure, lost: float) -> Floats:
    """How much a set can say that is near each set: not much more than that one.

    What it says beyond is lost in part, at least by the share that every value loses.
    """
    most = np.full(len(measure.sets), measure.set_ic.max(initial=0.0))
    telling = measure.ic > 0
    share = float((measure.loss[telling] / measure.ic[telling]).min(initial=1.0))
    if share <= lost:
        return most
    found: Floats = np.minimum(most, measure.set_ic * (share + lost) / (share - lost))
    return found


def _candidates(
    measure: Measure, lost: float, sides: tuple[Places, Places], most: int
) -> tuple[Places, Places] | None:
    """Pairs of sets that may be near; None where they are too many."""
    sets = measure.sets
    allowed = lost * (measure.set_ic + _largest(measure, lost)) + _SLACK
    names = np.random.default_rng(0).integers(1, 1 << 62, len(sets.values), dtype=np.uint64)
    wide = [side[sets.sizes[side] > _WIDEST] for side in sides]
    if len(wide[0]) * len(sides[1]) + len(wide[1]) * len(sides[0]) > most:
        return None
    lost_by = measure.loss[sets.flat]
    mine, theirs = (_parts(sets, side, names[sets.flat], lost_by, allowed) for side in sides)
    order = np.argsort(theirs[1], kind="stable")
    ordered = theirs[1][order]
    low = np.searchsorted(ordered, mine[1])
    counts = np.searchsorted(ordered, mine[1], side="right") - low
    if int(counts.sum()) > most:
        return None
    owner, place = ragged(low, counts)
    return (
        np.concatenate(
            [
                mine[0][owner],
                np.repeat(wide[0], len(sides[1])),
                np.tile(sides[0], len(wide[1])),
            ]
        ),
        np.concatenate(
            [
                theirs[0][order[place]],
                np.tile(sides[1], len(wide[0])),
                np.repeat(wide[1], len(sides[0])),
            ]
        ),
    )


def _parts(
    sets: ValueSets, among: Places, names: NDArray[np.uint64], losses: Floats, allowed: Floats
) -> tuple[Places, NDArray[np.uint64]]:
    """Each part of each of some sets beside which it may lose all, as a sum of its members' names.

    What two near sets have in common is such a part of both.
    """
    found, keys = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
    for size in range(1, _WIDEST + 1):
        numbers = among[sets.sizes[among] == size]
        places = sets.starts[numbers][:, None] + np.arange(size)
        members, lost = names[places], losses[places]
        for part in range(1 << size):
            mask = np.array([part >> i & 1 for i in range(size)], dtype=np.bool_)
            fitting = (lost * ~mask).sum(axis=1) <= allowed[numbers]
            found.append(numbers[fitting])
            keys.append((members[fitting] * mask).sum(axis=1, dtype=np.uint64))
    return np.concatenate(found), np.concatenate(keys)
