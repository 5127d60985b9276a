"""The different sets of values that directives have on one dimension.

However many directives there are, their sets of targets or themes are few; so
what is scored is scored for sets, and directives only name theirs by number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from dtrack.overlap.ordering import ragged, stable_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class ValueSets:
    """Sets in the order of their members; number 0 is the empty one.

    ``values`` are sorted, and each is in use; ``flat[starts[s]:starts[s + 1]]``
    are the places in ``values`` of the members of set ``s``, ascending.
    """

    values: tuple[str, ...]
    starts: NDArray[np.int32]
    flat: NDArray[np.int32]
    position: dict[str, int] = field(init=False)
    sizes: NDArray[np.int32] = field(init=False)
    owner: NDArray[np.int32] = field(init=False)
    """Set of each entry of ``flat``."""
    by_value: NDArray[np.int32] = field(init=False)
    """Sets in the order of the values that they have: those of each value one after the other."""
    held: NDArray[np.int64] = field(init=False)
    """Where in ``by_value`` the sets of each value begin, with its length at the end."""
    named: dict[int, tuple[str, ...]] = field(init=False)
    """Members of the sets that were asked for, by number."""

    def __post_init__(self) -> None:
        """Derive what is looked up often."""
        sizes = np.diff(self.starts)
        object.__setattr__(self, "position", {value: i for i, value in enumerate(self.values)})
        object.__setattr__(self, "sizes", sizes)
        owner = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        object.__setattr__(self, "owner", owner)
        object.__setattr__(self, "by_value", owner[stable_order(self.flat)])
        counts = np.bincount(self.flat, minlength=len(self.values))
        object.__setattr__(self, "held", np.concatenate([[0], np.cumsum(counts)]))
        object.__setattr__(self, "named", {})

    def __len__(self) -> int:
        """Count the sets, the empty one included."""
        return len(self.starts) - 1

    def members(self, number: int) -> NDArray[np.int32]:
        """Places of the members of a set."""
        return self.flat[self.starts[number] : self.starts[number + 1]]

    def names(self, number: int) -> tuple[str, ...]:
        """Members of a set."""
        found = self.named.get(number)
        if found is None:
            found = tuple([self.values[place] for place in self.members(number).tolist()])
            self.named[number] = found
        return found

    def of_value(self, place: int) -> NDArray[np.int32]:
        """Numbers of the sets that have a value, ascending."""
        return self.by_value[self.held[place] : self.held[place + 1]]

    def holding(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Numbers of the sets that have one of some values, ascending."""
        flags = np.zeros(len(self), dtype=np.bool_)
        for place in places.tolist():
            flags[self.of_value(place)] = True
        return np.flatnonzero(flags)

    def any_of(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For each set, whether one of its members is chosen."""
        found = np.zeros(len(self), dtype=np.bool_)
        found[self.owner[chosen[self.flat]]] = True
        return found

    def sums(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each set, the sum over its members of a figure per value."""
        return self.summed(weights[self.flat])

    def summed(self, entries: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each set, the sum of figures per entry of ``flat``, always in the same order."""
        found = np.zeros((len(self), *entries.shape[1:]))
        if len(self) > 1:
            found[1:] = np.add.reduceat(entries, self.starts[1:-1], axis=0)
        return found

    def joined(self, bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """For each set, the bits of all its members; none for the empty set."""
        found = np.zeros(len(self), dtype=np.uint64)
        if len(self) > 1:
            found[1:] = np.bitwise_or.reduceat(bits[self.flat], self.starts[1:-1])
        return found

    def counted(self, numbers: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """For each value, how many of some sets have it."""
        _, entry = ragged(self.starts[numbers], self.sizes[numbers])
        return np.bincount(self.flat[entry], minlength=len(self.values))

    def totals(self, figures: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each set, the sums over its members of several figures per value."""
        from scipy import sparse

        ones = np.ones(len(self.flat))
        members = sparse.csr_array((ones, self.flat, self.starts), (len(self), len(self.values)))
        return np.asarray(members @ figures)

    def totals_of(
        self, numbers: NDArray[np.integer[Any]], figures: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The same for some sets, added in the same order."""
        found = np.zeros((len(numbers), *figures.shape[1:]))
        for which, members in self.by_rank(numbers):
            found[which] += figures[members]
        return found

    def by_rank(
        self, numbers: NDArray[np.integer[Any]]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
        """First members of some sets, then second ones, and so on: which sets have one, and it.

        Sets are small, so this is quicker than going from set to set.
        """
        sizes, starts = self.sizes[numbers], self.starts[numbers]
        for rank in range(int(sizes.max(initial=0))):
            which = np.flatnonzero(sizes > rank)
            yield which, self.flat[starts[which] + rank]

    def highest(self, entries: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each set, the greatest of figures per entry of ``flat``; 0 for the empty set."""
        found = np.zeros((len(self), *entries.shape[1:]))
        if len(self) > 1:
            found[1:] = np.maximum.reduceat(entries, self.starts[1:-1], axis=0)
        return found


NO_SETS = ValueSets((), np.zeros(2, dtype=np.int32), np.zeros(0, dtype=np.int32))


def made(sets: Sequence[tuple[str, ...]]) -> tuple[ValueSets, NDArray[np.int32]]:
    """Value sets of a list of sets, and the number of each one in the list."""
    return merged(NO_SETS, np.zeros(1, dtype=np.bool_), sets)[::2]


def merged(
    old: ValueSets, used: NDArray[np.bool_], new: Sequence[Iterable[str]]
) -> tuple[ValueSets, NDArray[np.int32], NDArray[np.int32]]:
    """Old sets as far as ``used``, with new ones.

    Gives the sets, the new number of each old one (-1 where it went), and the
    number of each new one. Where they are what they were, the old ones are given.
    """
    wanted = [frozenset(values) for values in new]
    known = _known(old, wanted)
    if known is not None and not np.any(
        ~used[1:] & (np.bincount(known, minlength=len(old)) == 0)[1:]
    ):
        return old, np.arange(len(old), dtype=np.int32), known
    kept = np.flatnonzero(used[1:]) + 1
    held = np.zeros(len(old.values), dtype=np.bool_)
    held[old.flat[used[old.owner]]] = True
    values = sorted({old.values[place] for place in np.flatnonzero(held)}.union(*wanted))
    position = {value: i for i, value in enumerate(values)}
    renamed = np.array([position.get(value, -1) for value in old.values], dtype=np.int32)
    # Values keep their order under new places, and so do the sets of them.
    owner, entry = ragged(old.starts[kept], old.sizes[kept])
    olds = _Keys(np.append(0, np.cumsum(old.sizes[kept])), renamed[old.flat[entry]])
    news = [tuple(sorted(position[value] for value in values)) for values in wanted]
    added = sorted({key for key in news if key} - {key for key in news if key and key in olds})
    before = np.array([bisect_left(olds, key) for key in added], dtype=np.int64)
    moved = np.full(len(old), -1, dtype=np.int32)
    moved[0] = 0
    moved[kept] = 1 + np.arange(len(kept)) + np.searchsorted(before, np.arange(len(kept)), "right")
    number = {key: 1 + int(at) + i for i, (key, at) in enumerate(zip(added, before, strict=True))}
    sizes = np.zeros(1 + len(kept) + len(added), dtype=np.int32)
    sizes[moved[kept]] = old.sizes[kept]
    sizes[list(number.values())] = [len(key) for key in added]
    starts = np.concatenate([np.zeros(1, np.int32), np.cumsum(sizes, dtype=np.int32)])
    flat = np.zeros(int(starts[-1]), dtype=np.int32)
    places = starts[moved[kept]][owner] + np.arange(len(owner)) - olds.starts[owner]
    flat[places] = olds.flat
    for key, at in number.items():
        flat[starts[at] : starts[at + 1]] = key
    result = ValueSets(tuple(values), starts, flat)
    numbers = [
        0 if not key else number[key] if key in number else int(moved[kept[bisect_left(olds, key)]])
        for key in news
    ]
    return result, moved, np.array(numbers, dtype=np.int32)


def _known(old: ValueSets, wanted: Iterable[frozenset[str]]) -> NDArray[np.int32] | None:
    """Numbers of some sets; None where one is new."""
    keys = _Keys(old.starts[1:], old.flat)
    numbers = []
    for values in wanted:
        places = [old.position.get(value, -1) for value in values]
        key = tuple(sorted(places))
        if not key:
            numbers.append(0)
        elif key[0] < 0 or key not in keys:
            return None
        else:
            numbers.append(1 + bisect_left(keys, key))
    return np.array(numbers, dtype=np.int32)


class _Keys(Sequence[tuple[int, ...]]):
    """Sets in their order, as tuples of places."""

    def __init__(self, starts: NDArray[np.integer[Any]], flat: NDArray[np.int32]) -> None:
        self.starts = starts
        self.flat = flat

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, place: Any) -> Any:
        return tuple(self.flat[self.starts[place] : self.starts[place + 1]].tolist())

    def __contains__(self, key: object) -> bool:
        place = bisect_left(self, key)
        return place < len(self) and self[place] == key
