"""A bulk load that goes on by itself once the engine has read all there is.

The engine sorts and writes what it has read last, and then copies all files into the
store, one after the other: a fifth of a large load, in which one core has nothing to do,
though all that indexes are made of has been heard by then (decision 47).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK: Final = 0.5
"""Seconds between two looks for Ctrl-C while a thread loads."""


class _EndedError(Exception):
    """Nobody waits any more for what a thread loads."""


class Loading:
    """A load in a thread of its own, or none.

    It calls go_on() now and then, and all_read() once the engine has read everything.
    """

    def __init__(self) -> None:
        self._read, self._ended = threading.Event(), threading.Event()
        self._failure: BaseException | None = None
        self._over = False
        self._thread: threading.Thread | None = None

    def begin(self, work: Callable[[], None]) -> None:
        """Let a thread do it, and come back when all is read. Raises what it raised by then."""
        # Nothing of it is kept: a store is closed when nobody holds it any more.
        self._thread = threading.Thread(target=self._run, args=[work], name="loading")
        self._thread.start()
        # A signal that comes just before a wait does not end it, so it must end by itself.
        while not self._read.wait(_LOOK):
            pass
        if self._ended.is_set():
            self.wait()

    def go_on(self) -> None:
        """Raise an error when nobody waits any more."""
        if self._over:
            raise _EndedError

    def all_read(self) -> None:
        """Say that all has been read; it may be said again."""
        self._read.set()

    def wait(self) -> None:
        """Wait until all is loaded. Raises what kept it from that."""
        while not self._ended.wait(_LOOK):
            pass
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        """Load no more than has been begun, and wait until nothing is done any more."""
        self._over = True
        if self._thread is not None:
            self._thread.join()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised where somebody waits
            self._failure = error
        finally:
            del work
            self._ended.set()
            self._read.set()
