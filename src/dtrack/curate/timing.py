"""How long each phase of a commit takes."""

from __future__ import annotations

import time


class Stopwatch:
    """Milliseconds of phases that come one after the other; one that is repeated adds up."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, int] = {}
        self._last = time.monotonic()

    def lap(self, phase: str) -> None:
        """End a phase, which began when the former one ended."""
        now = time.monotonic()
        taken = round(1000 * (now - self._last))
        self.milliseconds[phase] = self.milliseconds.get(phase, 0) + taken
        self._last = now
