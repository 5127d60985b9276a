"""What the answers of one snapshot share: names, coverage, finished views.

It goes with the snapshot. An index may serve two of them, where a change says nothing
about overlap; names and texts may have changed all the same.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

K = TypeVar("K", bound="Hashable")
T = TypeVar("T")
_MOST: Final = 32
_MOST_EACH: Final = 4096


class Keep:
    """Values by kind and key; of each kind the oldest goes when there are too many."""

    def __init__(self) -> None:
        self._held: dict[str, dict[Hashable, Any]] = {}
        self._asked: dict[str, dict[Hashable, None]] = {}
        self._ahead = threading.local()
        self._lock = threading.Lock()

    def get(self, kind: str, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for a key before, or is made now."""
        shelf = self._held.setdefault(kind, {})
        if key in shelf:
            found: T = shelf[key]
            self._note(kind, key)
            return found
        made = make()
        with self._lock:
            while len(shelf) >= _MOST:
                oldest = next(iter(shelf))
                shelf.pop(oldest)
                self._asked.get(kind, {}).pop(oldest, None)
            shelf[key] = made
        self._note(kind, key)
        return made

    def _note(self, kind: str, key: Hashable) -> None:
        """Note that somebody asked for what is there; what could not be made is not noted."""
        if getattr(self._ahead, "asks", False):
            return
        with self._lock:
            if key in self._held[kind]:
                asked = self._asked.setdefault(kind, {})
                asked.pop(key, None)
                asked[key] = None

    def holds(self, kind: str, key: Hashable) -> bool:
        """Whether something was made for a key."""
        return key in self._held.get(kind, ())

    def asked(self, kind: str) -> list[Any]:
        """Keys that somebody asked for, the last one at the end."""
        with self._lock:
            return list(self._asked.get(kind, ()))

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """What this thread asks meanwhile is for who comes next, and nobody has asked for it."""
        self._ahead.asks = True
        try:
            yield
        finally:
            self._ahead.asks = False

    def get_each(
        self,
        kind: str,
        key: Hashable,
        wanted: Iterable[K],
        make: Callable[[list[K]], Mapping[K, T]],
    ) -> dict[K, T]:
        """What was made for each of some things before; what is missing is made in one go.

        The oldest go when there are too many. What ``make`` leaves out is left out here,
        and asked for again.
        """
        shelf: dict[K, T] = self.get(kind, key, dict)
        found: dict[K, T] = {}
        missing = []
        for each in dict.fromkeys(wanted):
            try:
                found[each] = shelf[each]
            except KeyError:
                missing.append(each)
        if missing:
            made = make(missing)
            found.update(made)
            with self._lock:
                shelf.update(made)
                for each in list(islice(shelf, max(0, len(shelf) - _MOST_EACH))):
                    del shelf[each]
        return found
