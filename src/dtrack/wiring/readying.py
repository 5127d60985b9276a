"""When a running node makes what nobody has asked for yet: at its start, and after edits.

Whoever asks goes first. What takes more than some tenths of a second waits at the start
until nobody asks, and after an edit it gives way to the next one.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from dtrack.answer.readying import (
    Asked,
    always_asked,
    ask_again,
    asked_before,
    make_ready,
    pieces,
)
from dtrack.errors import DtrackError
from dtrack.overlap import refreshed, warm
from dtrack.stores.beside import read_ahead
from dtrack.terms import BASE, DT, RDF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dtrack.answer.answers import Answers
    from dtrack.wiring.serving import Node

log = logging.getLogger(__name__)

_NO_CHANGE: Final = {
    f"{BASE}/graph/none": (b"", f"<{BASE}/id/none> <{RDF}type> <{DT}Decision> .\n".encode())
}
"""A change of nothing that any store holds: to check it makes the queries of the shapes."""
_QUIET: Final = 0.3
"""Seconds without a request after which what takes long is begun."""
_ARRIVAL: Final = 2.0
"""Seconds after a start in which first requests are expected."""
_LONGEST: Final = 60.0
"""Seconds after which it is begun in any case."""
_PATIENCE: Final = 5.0
"""Seconds that a start waits for what is made first."""
_READ_AHEAD: Final = 512 << 20
"""Bytes of indexes that the system is asked to have in memory at the start."""
_AGAIN: Final = 3
"""Edits after which an answer is asked again, when nobody else has asked for it since."""


class Readying:
    """What a node does for those who ask next, and for the next edit."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._turn = threading.Lock()
        self._ended = threading.Event()
        self._asked_at = time.monotonic()
        self._wanted: dict[Asked, int] = {}
        """What is asked again after edits, and after how many more."""

    def asked(self) -> None:
        """Note that somebody asks now."""
        self._asked_at = time.monotonic()

    def start(self, *, changes: bool) -> None:
        """Make what first requests need, now; what takes longer once nobody asks.

        The latter is, where ``changes`` come, the queries that the shapes become, too. An
        index that has to be built first is not waited for.
        """
        made = threading.Event()
        threading.Thread(target=self._make, args=(changes, made), daemon=True).start()
        made.wait(_PATIENCE)

    def _make(self, changes: bool, made: threading.Event) -> None:
        try:
            self._first()
            made.set()
            # Who waited for the start comes now.
            self._ended.wait(_ARRIVAL)
            self._wait_for_quiet()
            if not self._ended.is_set():
                self._later(changes)
        except DtrackError as error:
            # Whoever asks next is told, in an answer of theirs.
            if not self._ended.is_set():
                log.warning("not made ready", extra={"reason": error.message})
        finally:
            made.set()

    def _first(self) -> None:
        with suppress(OSError):
            read_ahead(self._node.folder, _READ_AHEAD)
        answers = self._node.service.answers
        make_ready(answers)
        for _ in ask_again(answers, always_asked(answers)):
            pass
        # To look through what a process has by now takes 100 ms, in the middle of an answer.
        gc.freeze()

    def _later(self, changes: bool) -> None:
        warm(self._node.service.answers.index)
        if changes:
            curator = self._node.desk.curator
            curator.rules.gate(self._node.local, _NO_CHANGE, ())
            curator.ahead.prepare()
        settle()

    def _wait_for_quiet(self, go_on: Callable[[], bool] = lambda: True) -> None:
        """Wait until nobody asks, or for the longest; no more once ``go_on`` says so."""
        latest = time.monotonic() + _LONGEST
        while (now := time.monotonic()) < latest and now - self._asked_at < _QUIET and go_on():
            if self._ended.wait(_QUIET / 5):
                return

    def leave(self, former: Answers) -> None:
        """Note what was asked of a snapshot before another one takes its place."""
        left = {one: more - 1 for one, more in self._wanted.items() if more > 1}
        self._wanted = left | dict.fromkeys(asked_before(former), _AGAIN)

    def look_ahead(self) -> None:
        """Do for the next edits, and for who asks, what somebody would wait for sooner or later."""
        if not self._turn.locked():
            threading.Thread(target=self._look_ahead, daemon=True).start()

    def _look_ahead(self) -> None:
        if not self._turn.acquire(blocking=False):
            return
        folder: Path | None = None
        try:
            # Edits that come meanwhile find somebody at it, so it is done once more for them.
            while folder != self._node.folder:
                folder = self._node.folder
                self._node.desk.curator.ahead.prepare()
                still = partial(self._is_left_alone, folder)
                # Whoever asks now reckons it sooner alone.
                self._wait_for_quiet(still)
                for _ in self._pieces():
                    if not still():
                        break
        except DtrackError as error:
            if not self._ended.is_set():
                log.warning("not looked ahead", extra={"reason": error.message})
        finally:
            self._turn.release()

    def _is_left_alone(self, folder: Path) -> bool:
        """Whether a store is still the current one, and no edit is under way."""
        idle = folder == self._node.folder and not self._node.desk.is_writing
        return idle and not self._ended.is_set()

    def _pieces(self) -> Iterator[object]:
        """What is made after an edit, piece by piece."""
        answers = self._node.service.answers
        yield answers
        yield from pieces(answers)
        yield from ask_again(answers, [*self._wanted, *always_asked(answers)])
        index = answers.index
        yield index
        while refreshed(index):
            yield index

    def end(self) -> None:
        """Begin nothing any more."""
        self._ended.set()


def settle() -> None:
    """Take what a process has by now out of the search for garbage.

    It stays until the end, and to look through it takes 100 ms, in the middle of an answer.
    """
    gc.collect()
    gc.freeze()
