"""Processes that answer queries: one that runs away is ended alone.

The engine has no timeout, so a query past its deadline loses its process; the
pool starts another one, and the other processes go on answering.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

from dtrack import errors
from dtrack.errors import DtrackError, Place, QueryTimeoutError, ResultTooLargeError, StoreError
from dtrack.model import ResultKind, Serialised
from dtrack.stores.building import lease

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTES: Final = 2048
"""Memory of one process; a query that needs more is ended."""

_START_SECONDS: Final = 60.0
_PIECE: Final = 1 << 20


class ReaderPool:
    """Answers queries over one store folder, in ``workers`` processes; safe in threads.

    ``seconds`` is how long a query may run, and how long one may wait for its
    turn. ``max_rows`` is the most rows or triples of an answer.
    """

    def __init__(
        self,
        folder: Path,
        workers: int,
        seconds: float,
        max_rows: int,
        megabytes: int = MEGABYTES,
    ) -> None:
        self._seconds = seconds
        self._arguments = (str(folder), str(max_rows), str(megabytes))
        self._release = lease(folder)
        self._guard = threading.Lock()
        self._closed = False
        self._workers: set[_Worker] = set()
        # Last in, first out: the process used last has the warmest caches.
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for _ in range(workers):
            self._start()
        _open_pools.add(self)

    def serialise(self, query: str, accept: str) -> Serialised:
        """Answer of a query in the format that an Accept header asks for.

        Raises QueryTimeoutError, ResultTooLargeError, QueryError,
        NotAcceptableError, StoreError.
        """
        if self._closed:
            raise StoreError("The store has been closed.", remedy="Start the server again.")
        worker = self._next()
        try:
            answer = worker.answer(query, accept, self._seconds)
        except DtrackError:
            self._take_back(worker)
            raise
        except BaseException:
            worker.kill()
            self._take_back(worker)
            raise
        self._take_back(worker)
        return answer

    def _next(self) -> _Worker:
        """Process whose turn it is. Raises QueryTimeoutError when none comes free in time."""
        deadline = time.monotonic() + self._seconds
        # Each may have died since; when also those put in their places die, none starts.
        for _ in range(2 * len(self._workers) + 1):
            try:
                worker = self._idle.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise QueryTimeoutError(
                    "All query processes are busy.",
                    remedy="Ask again later; DTRACK_QUERY_WORKERS says how many there are.",
                ) from None
            if worker.is_alive:
                return worker
            self._take_back(worker)
        raise _no_start()

    def close(self) -> None:
        """End all processes, at once."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
            workers = tuple(self._workers)
            self._workers.clear()
        for worker in workers:
            worker.kill()
        self._release()
        _open_pools.discard(self)

    def __enter__(self) -> Self:
        """Give the pool itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _start(self) -> None:
        """Start a process; it is idle from the start, for whoever asks it waits until ready."""
        with self._guard:
            if not self._closed:
                worker = _Worker(self._arguments)
                self._workers.add(worker)
                self._idle.put(worker)

    def _take_back(self, worker: _Worker) -> None:
        """Make a process idle again, or put another in the place of a dead one."""
        if worker.is_alive:
            self._idle.put(worker)
        else:
            worker.kill()
            with self._guard:
                self._workers.discard(worker)
            self._start()


def _no_start() -> StoreError:
    return StoreError("A query process does not start.", remedy="Run `dtrack doctor`.")


_open_pools: weakref.WeakSet[ReaderPool] = weakref.WeakSet()


@atexit.register
def _close_pools() -> None:
    """Leave no process behind."""
    for pool in tuple(_open_pools):
        pool.close()


class _Worker:
    """One answering process, used by one thread at a time."""

    def __init__(self, arguments: tuple[str, ...]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "dtrack.stores.answering", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._received = b""
        self._is_ready = False

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    def answer(self, query: str, accept: str, seconds: float) -> Serialised:
        """Answer of a query; the process is gone after any error that is not the query's."""
        if not self._is_ready:
            self._await_start()
        try:
            return self._ask(query, accept, time.monotonic() + seconds)
        except TimeoutError:
            self.kill()
            raise QueryTimeoutError(
                f"The query was ended after {seconds:g} seconds.",
                remedy="Narrow the query, or add a LIMIT; DTRACK_QUERY_SECONDS sets the time.",
            ) from None
        except ValueError:
            # Our ends of its pipes are closed: somebody else has killed it.
            self.kill()
            raise StoreError(
                "The store was closed while the query ran.", remedy="Start the server again."
            ) from None
        except EOFError:
            self.kill()
            raise ResultTooLargeError(
                "The process that answered has died, most likely for want of memory.",
                remedy="Narrow the query, or add a LIMIT.",
            ) from None

    def _await_start(self) -> None:
        """Wait until the process has opened the store; this is not the query's time."""
        try:
            self._head(time.monotonic() + _START_SECONDS)
        except (TimeoutError, EOFError):
            self.kill()
            raise _no_start() from None
        except StoreError:
            self.kill()
            raise
        self._is_ready = True

    def _ask(self, query: str, accept: str, deadline: float) -> Serialised:
        """Answer of a query. Raises TimeoutError, EOFError."""
        question = json.dumps({"query": query, "accept": accept}).encode() + b"\n"
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - asked for in Popen
        try:
            pipe.write(question)
            pipe.flush()
        except OSError as error:
            raise EOFError from error
        head = self._head(deadline)
        body = self._read(head["bytes"], deadline)
        return Serialised(ResultKind(head["kind"]), head["media_type"], body, head["size"])

    def _head(self, deadline: float) -> dict[str, Any]:
        """Head of the next answer; an error in it is raised."""
        while b"\n" not in self._received:
            self._receive(deadline)
        line, _, self._received = self._received.partition(b"\n")
        head: dict[str, Any] = json.loads(line)
        if "error" in head:
            place = Place(*head["place"]) if head["place"] else None
            error = getattr(errors, head["error"])
            raise error(head["message"], remedy=head["remedy"], place=place)
        return head

    def _read(self, size: int, deadline: float) -> bytes:
        """Body of an answer."""
        pieces, missing = [self._received], size - len(self._received)
        while missing > 0:
            self._received = b""
            self._receive(deadline)
            pieces.append(self._received)
            missing -= len(self._received)
        self._received = b""
        return b"".join(pieces)

    def _receive(self, deadline: float) -> None:
        """Wait for more. Raises TimeoutError, EOFError."""
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101 - asked for in Popen
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TimeoutError
        piece = os.read(pipe.fileno(), _PIECE)
        if not piece:
            raise EOFError
        self._received += piece

    def kill(self) -> None:
        """End the process, where it still runs, and close its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
