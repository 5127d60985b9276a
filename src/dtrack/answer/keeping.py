"""What the answers of one snapshot share: names, coverage, finished views.

It goes with the snapshot. An index may serve two of them, where a change says nothing
about overlap; names and texts may have changed all the same.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")
_MOST: Final = 32


class Keep:
    """Values by kind and key; of each kind the oldest goes when there are too many."""

    def __init__(self) -> None:
        self._held: dict[str, dict[Hashable, Any]] = {}
        self._lock = threading.Lock()

    def get(self, kind: str, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for a key before, or is made now."""
        shelf = self._held.setdefault(kind, {})
        if key in shelf:
            found: T = shelf[key]
            return found
        made = make()
        with self._lock:
            while len(shelf) >= _MOST:
                shelf.pop(next(iter(shelf)))
            shelf[key] = made
        return made
