"""Which sets of a dimension are nearly the same: a similarity join over sparse products.

What each member of a set gains from each member of another one, summed, is a product
of sparse matrices, and no less than what one side shares with the other. Sets whose
sum says that they may reach a threshold are compared in full; none that does is missed.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dtrack.overlap.ordering import distinct, ragged

if TYPE_CHECKING:
    from scipy import sparse

    from dtrack.overlap.similarity import Floats, Measure, Places

_CHUNK: Final = 4_000_000
"""Products that are made at a time."""
_SLACK: Final = 1e-9


class NearSets(NamedTuple):
    """Pairs of sets, by number, with their similarity."""

    first: Places
    second: Places
    similar: Floats


def near_sets(
    measure: Measure, threshold: float, first: Places, second: Places, most: int
) -> NearSets | None:
    """Pairs of one of some sets and one of others that are at least so similar.

    None for a threshold of 0, or where more products than ``most`` would be made.
    """
    from scipy import sparse

    threshold -= _SLACK
    if threshold <= 0:
        return None
    reach = _members(measure, first) @ measure.links
    theirs = sparse.csr_array(_members(measure, second).T)
    products = np.concatenate([[0], np.cumsum(np.diff(theirs.indptr)[reach.indices])])
    if products[-1] > most:
        return None
    # Rows are cut so that each part makes about as many products.
    made = products[reach.indptr]
    cuts = distinct(
        np.append(np.searchsorted(made, np.arange(0, made[-1] + 1, _CHUNK)), len(first))
    )
    ic, other_ic = measure.set_ic[first], measure.set_ic[second]
    ones, others, similar = [], [], []
    for start, stop in itertools.pairwise(cuts):
        part = (reach[start:stop] @ theirs).tocoo()
        row, column = part.coords
        row = row + start
        kept = 2 * part.data >= threshold * (ic[row] + other_ic[column])
        one, other = first[row[kept]], second[column[kept]]
        found = measure.of_pairs(one, other, differing=True)
        near = found >= threshold
        ones.append(one[near])
        others.append(other[near])
        similar.append(found[near])
    none = np.zeros(0, dtype=np.int64)
    return NearSets(
        np.concatenate([none, *ones]),
        np.concatenate([none, *others]),
        np.concatenate([np.zeros(0), *similar]),
    )


def _members(measure: Measure, numbers: Places) -> sparse.csr_array:
    """Which values each of some sets has: sets by values."""
    from scipy import sparse

    sets = measure.sets
    owner, entry = ragged(sets.starts[numbers], sets.sizes[numbers])
    shape = (len(numbers), len(sets.values))
    return sparse.csr_array((np.ones(len(owner)), (owner, sets.flat[entry])), shape=shape)
