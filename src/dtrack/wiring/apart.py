"""What is made of a store that is loaded, by a process of its own meanwhile.

To note millions of facts and to make documents of them is work for Python, which does
one thing at a time: while it does this, it can neither feed the engine nor score pairs.
So what goes into the store is handed on to another process, which notes what it needs,
tells what follows by rules and which directives there are, waits until what follows is
in the store, and writes the text index (decision 47).
"""

from __future__ import annotations

import logging
import os
import pickle
import select
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dtrack.model import Progress

log = logging.getLogger(__name__)

INDEXING: Final = "dtrack.wiring.indexing"
"""Module that the process runs."""
HEAD: Final = 8
"""Bytes that say how long a frame is; one of no length ends what is to be heard for now."""
RULES: Final = "rules"
"""What the process tells of rules: what they give, by their names."""
TEXTS: Final = "texts"
"""What it tells of the text index: how many things are in it."""
FAILED: Final = "failed"
"""What it tells instead where something went wrong."""
_PIPE: Final = 1 << 20
"""Bytes that may be under way to the process, and from it."""
_LOOK: Final = 0.5
"""Seconds between two looks for whether anybody still waits."""
_MOST_LOGGED: Final = 10_000
"""Bytes at the end of what a process said that the log has of it."""


class IndexesApart:
    """A process that hears what a store is told, and makes of it what indexes need.

    Fulfils dtrack.hearing.Listener. Where the process fails, nothing is lost but time: the
    store is asked then, and the text index made here.
    """

    def __init__(self, module: str = INDEXING) -> None:
        # Kept from the terminal: that the process failed is told in one line, by us.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            # Of a small one each side would be woken for each few lines.
            pipesize=_PIPE,
        )
        self._lock = threading.Lock()
        self._turn = threading.Condition()
        self._is_reading = False
        self._received: dict[str, object] = {}
        self._given: set[str] = set()
        self._is_loaded = self._is_told = False
        """Whether it has heard all that was loaded, and all that it needs."""

    def hear(self, ntriples: bytes) -> None:
        """Hand a content on; the process sees to what it is."""
        if ntriples and not self._is_told:
            self._send(ntriples)

    def made(self, what: str, look: Callable[[], None]) -> object | None:
        """What is made of all that is loaded, by its name; None where it could not be.

        It is given once. ``look`` is called now and then meanwhile.
        """
        self._loaded()
        return self._taken(what, look)

    def write(self, folder: Path, progress: Progress, derived: Callable[[], None]) -> bool:
        """Have the text index written once all is ``derived``; whether it was."""
        self._loaded()
        self._send(str(folder).encode())
        derived()
        self._is_told = True
        self._send(b"")
        found = self._taken(TEXTS, lambda: progress("Indexing texts", 0, 1))
        reason = self._received.get(FAILED, "")
        said = self._tell()
        self.close()
        if found is not None:
            return True
        log.warning("text index is made here", extra={"reason": reason})
        log.debug("process for the text index said: %s", said)
        shutil.rmtree(folder)
        folder.mkdir()
        return False

    def close(self) -> None:
        """End the process, if it has not ended."""
        self._process.kill()
        with self._lock:
            for pipe in (self._process.stdin, self._process.stdout):
                # What was not sent yet, nobody will read.
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            self._process.wait()
            self._said.close()

    def _tell(self) -> str:
        """What the process had to say besides, the end of it; it is nobody's but a developer's."""
        if self._said.closed:
            return ""
        size = self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, size - _MOST_LOGGED))
        return self._said.read().decode(errors="replace").strip()

    def _send(self, *frames: bytes) -> None:
        """Send frames; who has ended will not answer."""
        with self._lock:
            try:
                assert self._process.stdin is not None  # noqa: S101 - asked for in Popen
                for frame in frames:
                    self._process.stdin.write(len(frame).to_bytes(HEAD, "big"))
                    self._process.stdin.write(frame)
                self._process.stdin.flush()
            except (OSError, ValueError):
                self._process.kill()

    def _loaded(self) -> None:
        """Say that all is loaded, once."""
        with self._lock:
            first, self._is_loaded = not self._is_loaded, True
        if first:
            self._send(b"")

    def _taken(self, what: str, look: Callable[[], None]) -> object | None:
        """What the process tells by a name, whatever it tells before; None where it fails.

        Several may wait: one reads a frame, and the others look whether it was theirs.
        """
        while True:
            with self._turn:
                if what in self._received:
                    self._given.add(what)
                    return self._received.pop(what)
                if FAILED in self._received or what in self._given:
                    return None
                busy, self._is_reading = self._is_reading, True
                if busy:
                    self._turn.wait(_LOOK)
            if busy:
                look()
            else:
                self._receive(look)

    def _receive(self, look: Callable[[], None]) -> None:
        """Read a frame, and let all who wait know."""
        name, told = FAILED, "the process has ended"
        try:
            with suppress(OSError, ValueError, EOFError, pickle.UnpicklingError):
                name, told = pickle.loads(self._frame(look))  # noqa: S301 - our own process
        finally:
            with self._turn:
                self._received[name] = told
                self._is_reading = False
                self._turn.notify_all()

    def _frame(self, look: Callable[[], None]) -> bytes:
        """Next frame that the process sends. Raises EOFError when none will come."""
        return self._read(int.from_bytes(self._read(HEAD, look), "big"), look)

    def _read(self, size: int, look: Callable[[], None]) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - asked for in Popen
        pipe = self._process.stdout.fileno()
        held = bytearray()
        while len(held) < size:
            look()
            if select.select([pipe], [], [], _LOOK)[0]:
                piece = os.read(pipe, min(size - len(held), _PIPE))
                if not piece:
                    raise EOFError
                held += piece
        return bytes(held)
