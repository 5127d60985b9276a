"""Orders of many numbers: by sorting, which is many times as fast as numpy's hashing of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dtrack.overlap.similarity import Places

_HALF: Final = 32
_SPARSE: Final = 64
"""Times as many numbers that may occur as there are, past which sorting is quicker."""
_LOW: Final = np.int64((1 << _HALF) - 1)


def distinct(numbers: Places) -> Places:
    """Different ones of some whole numbers, ascending."""
    found = np.sort(numbers)
    if not found.size:
        return found
    new = np.empty(len(found), dtype=np.bool_)
    new[0] = True
    np.not_equal(found[1:], found[:-1], out=new[1:])
    return found[new]


def different(rows: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Different ones of some rows of whole numbers, in their order, and how often each is there."""
    found = rows[np.lexsort(rows.T[::-1])]
    new = np.flatnonzero(np.any(np.diff(found, axis=0, prepend=-1), axis=1))
    return found[new], np.diff(new, append=len(found))


def occurring(numbers: Places, most: int) -> Places:
    """Different ones of some whole numbers from 0 up to, not with, ``most``, ascending."""
    if most > _SPARSE * len(numbers):
        return distinct(numbers)
    flags = np.zeros(most, dtype=np.bool_)
    flags[numbers] = True
    return np.flatnonzero(flags)


def stable_order(numbers: NDArray[np.int32]) -> NDArray[np.int64]:
    """Places of some numbers, 0 or more, in their order; of equals the first one first."""
    # Number and place as one number, so that no two are equal and the fastest sort will do.
    codes = (numbers.astype(np.int64) << _HALF) | np.arange(len(numbers))
    codes.sort()
    return codes & _LOW


def hash_order(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Places of some hashes in their order; of equals the first one first."""
    order = np.argsort(hashes)
    ranked = hashes[order]
    if np.any(ranked[1:] == ranked[:-1]):
        # Two of the same hardly ever are; then it has to be told which is first.
        return np.argsort(hashes, kind="stable")
    return order


def ragged(starts: Places, sizes: Places) -> tuple[Places, Places]:
    """Runs laid end to end: for each entry, which run it is of, and its place.

    Run ``i`` covers ``sizes[i]`` places from ``starts[i]``.
    """
    owner = np.repeat(np.arange(len(sizes)), sizes)
    before = np.cumsum(sizes) - sizes
    return owner, np.arange(len(owner)) + (starts - before).take(owner)
