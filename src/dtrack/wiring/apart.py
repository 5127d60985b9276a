"""The text index of a store that is loaded, made by a process of its own meanwhile.

To make documents of a million facts is work for Python, which does one thing at a
time: while it does this, it can neither feed the engine nor score pairs. So what
goes into the store is handed on to another process, which reads what it needs, waits
for what follows by rules, and writes the index (decision 47).
"""

from __future__ import annotations

import json
import logging
import os
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
_PIPE: Final = 1 << 20
"""Bytes that may be under way to the process."""
_LOOK: Final = 0.5
"""Seconds between two looks for whether anybody still waits."""
_MOST_LOGGED: Final = 10_000
"""Bytes at the end of what a process said that the log has of it."""


class TextsApart:
    """A process that hears what a store is told, and writes the text index of it.

    Fulfils dtrack.hearing.Listener. Where the process fails, nothing is lost but time: the
    index is then made here.
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
        self._is_told = False
        """Whether it has heard all that it needs; what comes then is in no index of texts."""

    def hear(self, ntriples: bytes) -> None:
        """Hand a content on; the process sees to what it is."""
        if ntriples and not self._is_told:
            self._send(ntriples)

    def write(self, folder: Path, progress: Progress, derived: Callable[[], None]) -> bool:
        """Have the index written once all is ``derived``; whether it was."""
        self._send(b"", str(folder).encode())
        derived()
        self._is_told = True
        self._send(b"")
        answer = self._answer(progress)
        said = self._tell()
        self.close()
        if "things" in answer:
            return True
        log.warning("text index is made here", extra={"reason": answer.get("error", "")})
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

    def _answer(self, progress: Progress) -> dict[str, object]:
        """What the process says at its end: how many things are in the index, or an error."""
        try:
            assert self._process.stdout is not None  # noqa: S101 - asked for in Popen
            pipe = self._process.stdout.fileno()
            line = b""
            while not line.endswith(b"\n"):
                progress("Indexing texts", 0, 1)
                if select.select([pipe], [], [], _LOOK)[0]:
                    piece = os.read(pipe, 1 << 16)
                    if not piece:
                        return {"error": "the process has ended"}
                    line += piece
            found: dict[str, object] = json.loads(line)
        except (OSError, ValueError):
            return {"error": "the process was ended"}
        return found
