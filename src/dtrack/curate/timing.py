"""How long each phase of a commit takes, and what is done beside one."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Stopwatch:
    """Milliseconds of phases that come one after the other; one that is repeated adds up.

    What is done beside a phase has a time of its own, and is no part of the whole.
    """

    def __init__(self) -> None:
        self.milliseconds: dict[str, int] = {}
        self._last = self._first = time.monotonic()

    @property
    def whole(self) -> int:
        """Milliseconds until the end of the last phase."""
        return round(1000 * (self._last - self._first))

    @contextmanager
    def beside(self, phase: str) -> Iterator[None]:
        """Time what is done while the phases go on."""
        started = time.monotonic()
        try:
            yield
        finally:
            taken = round(1000 * (time.monotonic() - started))
            self.milliseconds[phase] = self.milliseconds.get(phase, 0) + taken

    def lap(self, phase: str) -> None:
        """End a phase, which began when the former one ended."""
        now = time.monotonic()
        taken = round(1000 * (now - self._last))
        self.milliseconds[phase] = self.milliseconds.get(phase, 0) + taken
        self._last = now


@contextmanager
def beside(check: Callable[[], None] | None) -> Iterator[None]:
    """Do something in a thread meanwhile, and wait for its end; its error is the one told."""
    if check is None:
        yield
        return
    with ThreadPoolExecutor(1) as thread:
        checking = thread.submit(check)
        try:
            yield
        finally:
            checking.result()
