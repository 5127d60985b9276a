"""One process that answers, seen from the process that asks."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from dtrack import errors
from dtrack.errors import DtrackError, Place, QueryTimeoutError, ResultTooLargeError, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.stores.turns import Caller

ANSWERING: Final = "dtrack.stores.answering"
"""Module that a process runs to answer queries."""
_START_SECONDS: Final = 60.0
_TICK: Final = 0.1
_PIECE: Final = 1 << 20
_PATIENCE: Final = 0.5
"""A process that works longer than this leaves the processor to others first, from then on."""
_NICE: Final = 10


class Worker:
    """An answering process, used by one thread at a time."""

    def __init__(self, arguments: tuple[str, ...], module: str = ANSWERING) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._received = b""
        self._is_ready = False
        self._gives_way = False

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    def answer(
        self, head: Mapping[str, object], body: bytes, seconds: float, caller: Caller
    ) -> tuple[dict[str, Any], bytes]:
        """Head and body of an answer.

        The process is gone after any error that is not the question's. Raises
        QueryTimeoutError, ResultTooLargeError, CancelledError, and what the
        process says.
        """
        if not self._is_ready:
            self._await_start(caller)
        try:
            return self._ask(head, body, time.monotonic() + seconds, caller)
        except TimeoutError:
            self.kill()
            raise QueryTimeoutError(
                f"The query was ended after {seconds:g} seconds.",
                remedy="Narrow the query, or add a LIMIT; DTRACK_QUERY_SECONDS sets the time.",
            ) from None
        except (ValueError, OSError):
            # Our ends of its pipes are closed, maybe in mid-read: somebody else has killed it.
            self.kill()
            raise StoreError(
                "The store was closed while the query ran.", remedy="Start the server again."
            ) from None
        except EOFError:
            self.kill()
            raise ResultTooLargeError(
                "The process that answered has died, most likely for want of memory.",
                remedy="Narrow the query, or add a LIMIT; send less, and less deeply nested.",
            ) from None

    def _await_start(self, caller: Caller) -> None:
        """Wait until the process has opened the store; this is not the query's time."""
        try:
            self._head(time.monotonic() + _START_SECONDS, caller)
        except (OSError, EOFError, ValueError):
            # TimeoutError is one of the first; the others come when it is killed meanwhile.
            self.kill()
            raise StoreError(
                "A query process does not start.", remedy="Run `dtrack doctor`."
            ) from None
        except StoreError:
            self.kill()
            raise
        self._is_ready = True

    def _ask(
        self, head: Mapping[str, object], body: bytes, deadline: float, caller: Caller
    ) -> tuple[dict[str, Any], bytes]:
        """Give head and body of an answer. Raises TimeoutError, EOFError."""
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - asked for in Popen
        try:
            pipe.write(json.dumps({**head, "bytes": len(body)}).encode() + b"\n" + body)
            pipe.flush()
        except OSError as error:
            raise EOFError from error
        given = self._head(deadline, caller)
        return given, self._read(given["bytes"], deadline, caller)

    def _head(self, deadline: float, caller: Caller) -> dict[str, Any]:
        """Head of the next answer; an error in it is raised."""
        while b"\n" not in self._received:
            self._receive(deadline, caller)
        line, _, self._received = self._received.partition(b"\n")
        head: dict[str, Any] = json.loads(line)
        if "error" in head:
            place = Place(*head["place"]) if head["place"] else None
            error: type[DtrackError] = getattr(errors, head["error"])
            raise error(head["message"], remedy=head["remedy"], place=place)
        return head

    def _read(self, size: int, deadline: float, caller: Caller) -> bytes:
        """Body of an answer."""
        pieces, missing = [self._received], size - len(self._received)
        while missing > 0:
            self._received = b""
            self._receive(deadline, caller)
            pieces.append(self._received)
            missing -= len(self._received)
        self._received = b""
        return b"".join(pieces)

    def _receive(self, deadline: float, caller: Caller) -> None:
        """Wait for more. Raises TimeoutError, EOFError, CancelledError."""
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101 - asked for in Popen
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        started = time.monotonic()
        while True:
            caller.check()
            left = deadline - time.monotonic()
            if self._is_ready and time.monotonic() - started > _PATIENCE:
                self._give_way()
            if poll.poll(max(0.0, min(left, _TICK)) * 1000):
                break
            if left <= 0:
                raise TimeoutError
        piece = os.read(pipe.fileno(), _PIECE)
        if not piece:
            raise EOFError
        self._received += piece

    def _give_way(self) -> None:
        """Let other processes have the processor first; there is no way back."""
        if not self._gives_way:
            self._gives_way = True
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, _NICE)

    def kill(self) -> None:
        """End the process, where it still runs, and close its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
