"""How much of the query processes one client may use: seconds of them, per minute."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING, Final

from dtrack.errors import TooManyError

if TYPE_CHECKING:
    from collections.abc import Callable

_MINUTE: Final = 60.0
MOST_CLIENTS: Final = 10_000


class Budgets:
    """A budget for each client, which fills again with time; safe in threads.

    ``seconds`` is what a client may use in a minute, and the most it can save.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def admit(self, client: str) -> None:
        """Let a client pass that has something left. Raises TooManyError."""
        with self._lock:
            left = self._now(client)
        if left <= 0:
            wait = math.ceil((0.01 - left) * _MINUTE / self._seconds)
            raise TooManyError(
                "Your queries have used up their time.",
                remedy=f"Wait {wait} seconds; narrower queries use less.",
                retry_after=wait,
            )

    def charge(self, client: str, seconds: float) -> None:
        """Take seconds that a client has used."""
        with self._lock:
            left = self._now(client) - seconds
            self._left.pop(client, None)
            # The oldest goes, so that ever new addresses fill no memory.
            while len(self._left) >= MOST_CLIENTS:
                del self._left[next(iter(self._left))]
            self._left[client] = left, self._clock()

    def _now(self, client: str) -> float:
        """Seconds that a client has left now."""
        left, at = self._left.get(client, (self._seconds, self._clock()))
        return min(self._seconds, left + (self._clock() - at) * self._seconds / _MINUTE)
