"""Whose turn it is: a bounded queue that no single client can fill or hold up.

Of those who wait, the one whose client holds the fewest things goes first; and
while a client holds one, it never gets the last.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from dtrack.errors import QueryTimeoutError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_TICK: Final = 0.1


class CancelledError(StoreError):
    """Whoever asked has gone; nobody reads this."""


def _nothing(*_: object) -> None:
    """Pass over what nobody counts."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. ``client`` is a key or an address, "" is the server itself.

    ``cancelled`` is set when nobody waits for the answer any more. ``admit`` is
    called when the turn comes and may refuse; ``charge`` with the seconds used.
    """

    client: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event)
    admit: Callable[[], object] = _nothing
    charge: Callable[[float], object] = _nothing

    def check(self) -> None:
        """Raise CancelledError when nobody waits any more."""
        if self.cancelled.is_set():
            raise CancelledError("The query was given up.", remedy="Ask again.")


@dataclass(frozen=True, slots=True)
class Load:
    """How many things are in use and free, how many wait for one, and how many have ended."""

    busy: int
    idle: int
    waiting: int
    ended: int


class Turns(Generic[T]):
    """Things that are used one at a time, such as processes; safe in threads."""

    def __init__(self, queue_length: int) -> None:
        self._changed = threading.Condition()
        # Last in, first out: the process used last has the warmest caches.
        self._idle: list[T] = []
        self._waiting: list[Caller] = []
        self._held: Counter[str] = Counter()
        self._size = 0
        self._ended = 0
        self._queue_length = queue_length

    def add(self, thing: T) -> None:
        """Put a new thing among those that may be used."""
        with self._changed:
            self._size += 1
            # Last in the line: it is still starting, and others are warm.
            self._idle.insert(0, thing)
            self._changed.notify_all()

    def take(self, caller: Caller, seconds: float) -> T:
        """Thing for a caller, who must bring it back.

        Raises StoreError when too many wait, QueryTimeoutError when none comes
        free in time, CancelledError.
        """
        deadline = time.monotonic() + seconds
        with self._changed:
            if not self._idle and len(self._waiting) >= self._queue_length:
                raise StoreError(
                    "Too many queries wait for their turn.",
                    remedy="Ask again later; DTRACK_QUERY_QUEUE says how many may wait.",
                )
            self._waiting.append(caller)
            try:
                while not self._idle or self._next() is not caller:
                    self._await(caller, deadline)
            finally:
                self._waiting.remove(caller)
                self._changed.notify_all()
            self._held[caller.client] += 1
            return self._idle.pop()

    def bring_back(self, caller: Caller, thing: T | None) -> None:
        """Let others use a thing; None = it is of no use any more."""
        with self._changed:
            self._held[caller.client] -= 1
            if not self._held[caller.client]:
                del self._held[caller.client]
            if thing is None:
                self._size -= 1
                self._ended += 1
            else:
                self._idle.append(thing)
            self._changed.notify_all()

    def load(self) -> Load:
        """How things stand now."""
        with self._changed:
            idle = len(self._idle)
            return Load(self._size - idle, idle, len(self._waiting), self._ended)

    def _await(self, caller: Caller, deadline: float) -> None:
        """Wait a little for a change."""
        caller.check()
        left = deadline - time.monotonic()
        if left <= 0:
            raise QueryTimeoutError(
                "All query processes are busy.",
                remedy="Ask again later; DTRACK_QUERY_WORKERS says how many there are.",
            )
        self._changed.wait(min(left, _TICK))

    def _next(self) -> Caller | None:
        """Caller whose turn it is, when one may go."""
        # The server's own questions, such as whether it is ready, wait for nobody.
        fair = [c for c in self._waiting if not c.client or self._may_hold_more(c.client)]
        return min(fair, key=lambda caller: self._held[caller.client], default=None)

    def _may_hold_more(self, client: str) -> bool:
        held = self._held[client]
        return not held or held < self._size - 1
