"""Processes that answer queries: one that runs away is ended alone.

The engine has no timeout, so a query past its deadline loses its process; the
pool starts another one, and the other processes go on answering.
"""

from __future__ import annotations

import atexit
import logging
import shutil
import tempfile
import threading
import time
import weakref
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from dtrack.errors import DtrackError, StoreError
from dtrack.model import ResultKind, Serialised
from dtrack.stores.building import lease
from dtrack.stores.datasets import WHOLE
from dtrack.stores.results import Limits
from dtrack.stores.turns import Caller, CancelledError, Load, Turns
from dtrack.stores.updating import Effects, UpdateText
from dtrack.stores.workers import ANSWERING, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dtrack.stores.datasets import Dataset
    from dtrack.stores.remote import RemoteStore

log = logging.getLogger(__name__)

MEGABYTES: Final = 2048
"""Memory of one process; a query that needs more is ended."""
SLOW_SECONDS: Final = 1.0
"""Queries that take longer are logged."""
_OLD_TRIAL: Final = 3600.0

Upload = tuple[str, bytes]
"""Media type and content of a document."""


@dataclass(frozen=True, slots=True)
class GraphDocument:
    """A graph in a media type; ``digest`` is that of its canonical N-Triples."""

    media_type: str
    body: bytes
    digest: str


class ReaderPool:
    """Answers questions over one store folder, in ``workers`` processes; safe in threads.

    ``seconds`` is how long a query may run, and how long one may wait for its
    turn. ``max_rows`` is the most rows or triples of an answer, ``module`` what
    the processes run. With ``remote``, that store answers queries, and the
    processes do the rest: servers rewrite literals, so digests come from here.
    """

    def __init__(
        self,
        folder: Path,
        workers: int,
        seconds: float,
        max_rows: int,
        megabytes: int = MEGABYTES,
        *,
        answer_megabytes: int = 256,
        queue_length: int = 32,
        module: str = ANSWERING,
        remote: RemoteStore | None = None,
    ) -> None:
        self._remote = remote
        self._limits = Limits(max_rows, answer_megabytes)
        self._seconds = seconds
        self._arguments = (str(max_rows), str(answer_megabytes), str(megabytes))
        self._module = module
        self._folder = folder
        self._release = lease(folder)
        self._guard = threading.Lock()
        self._owner = self
        self._closed = False
        self._workers: set[Worker] = set()
        self._turns: Turns[Worker] = Turns(queue_length)
        for _ in range(workers):
            self._start()
        _open_pools.add(self)

    def at(self, folder: Path) -> ReaderPool:
        """The same processes, asked about another store folder.

        Closing it lets go of that folder only; the processes end with the pool
        that started them.
        """
        other = copy(self)
        other._owner = self._owner
        other._folder = folder
        other._closed = False
        other._release = lease(folder)
        return other

    def follow(self, folder: Path) -> None:
        """Answer from another store folder from now on; queries that run end on the former."""
        with self._guard:
            if self._closed or folder == self._folder:
                return
            release, self._release = self._release, lease(folder)
            self._folder = folder
        release()

    @property
    def folder(self) -> Path:
        """Store folder that questions are answered from."""
        return self._folder

    def serialise(
        self, query: str, accept: str, dataset: Dataset = WHOLE, caller: Caller | None = None
    ) -> Serialised:
        """Answer of a query in the format that an Accept header asks for.

        Raises QueryTimeoutError, ResultTooLargeError, QueryError,
        NotAcceptableError, StoreError, and what ``caller`` raises.
        """
        if self._remote is not None:
            return self._asked_of(self._remote, query, accept, dataset, caller or Caller())
        head: dict[str, object] = {
            "accept": accept,
            "default": dataset.default,
            "named": dataset.named,
            "base": dataset.base,
        }
        given, body = self.ask("query", head, query.encode("utf-8", "surrogatepass"), caller)
        return Serialised(ResultKind(given["kind"]), given["media_type"], body, given["size"])

    def _asked_of(
        self, remote: RemoteStore, query: str, accept: str, dataset: Dataset, caller: Caller
    ) -> Serialised:
        """Answer of a remote store; it keeps the deadline, we keep the caps."""
        caller.admit()
        started = time.monotonic()
        try:
            return remote.serialise(query, accept, self._limits, dataset)
        finally:
            seconds = time.monotonic() - started
            caller.charge(seconds)
            _log_slow("remote query", query.encode("utf-8", "surrogatepass"), seconds)

    def graph(self, graph: str | None, accept: str, caller: Caller | None = None) -> GraphDocument:
        """One graph, None being the default one. Raises NotFoundError, NotAcceptableError."""
        given, body = self.ask("graph", {"graph": graph, "accept": accept}, b"", caller)
        return GraphDocument(given["media_type"], body, given["digest"])

    def content(self, graph: str | None, caller: Caller | None = None) -> tuple[bytes, str | None]:
        """Canonical N-Triples of a graph and their digest; None = there is no such graph."""
        given, body = self.ask("digest", {"graph": graph}, b"", caller)
        return body, given["digest"]

    def read(self, uploads: Sequence[Upload], base: str, caller: Caller | None = None) -> bytes:
        """Canonical N-Triples of RDF documents together. Raises SyntaxProblem."""
        head, body = packed(uploads)
        return self.ask("read", {**head, "base": base}, body, caller)[1]

    def effects(self, update: UpdateText, caller: Caller | None = None) -> Effects:
        """What an update would change; nothing is stored. Raises QueryError, RefusedError."""
        with self.trial() as target:
            head = {**update_head(update), "target": str(target)}
            given, _ = self.ask(
                "effects", head, update.text.encode("utf-8", "surrogatepass"), caller
            )
        changes = {
            graph: None if content is None else content.encode()
            for graph, content in given["changes"].items()
        }
        return Effects(changes, given["before"])

    @contextmanager
    def trial(self) -> Iterator[Path]:
        """Folder that does not exist yet, on the store's own disk; removed afterwards."""
        trials = self._folder.parent.parent / "trials"
        try:
            trials.mkdir(exist_ok=True)
            for left in trials.iterdir():
                if left.stat().st_mtime < time.time() - _OLD_TRIAL:
                    shutil.rmtree(left, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(dir=trials))
        except OSError as error:
            raise StoreError(
                "The folder of the store cannot be written to.", remedy="Check who owns it."
            ) from error
        try:
            yield folder / "store"
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def ask(
        self, task: str, head: Mapping[str, object], body: bytes, caller: Caller | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """Head and body of what a task gives (see dtrack.stores.tasks)."""
        if self._closed or self._owner._closed:
            raise StoreError("The store has been closed.", remedy="Start the server again.")
        caller = caller or Caller()
        worker = self._next(caller)
        started = time.monotonic()
        try:
            caller.admit()
            started = time.monotonic()
            question = {**head, "task": task, "folder": str(self._folder)}
            return worker.answer(question, body, self._seconds, caller)
        except CancelledError:
            worker.kill()
            raise
        except DtrackError:
            raise
        except BaseException:
            worker.kill()
            raise
        finally:
            self._take_back(worker, caller)
            seconds = time.monotonic() - started
            caller.charge(seconds)
            _log_slow(task, body, seconds)

    def load(self) -> Load:
        """How busy the processes are."""
        return self._turns.load()

    def _next(self, caller: Caller) -> Worker:
        """Process whose turn it is. Raises QueryTimeoutError when none comes free in time."""
        # Each may have died since; when also those put in their places die, none starts.
        for _ in range(2 * len(self._workers) + 1):
            worker = self._turns.take(caller, self._seconds)
            if worker.is_alive:
                return worker
            self._take_back(worker, caller)
        raise StoreError("A query process does not start.", remedy="Run `dtrack doctor`.")

    def close(self) -> None:
        """End all processes, at once."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
            workers = tuple(self._workers) if self._owner is self else ()
            self._workers.difference_update(workers)
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
            if not self._owner._closed:
                worker = Worker((str(self._folder), *self._arguments), self._module)
                self._workers.add(worker)
                self._turns.add(worker)

    def _take_back(self, worker: Worker, caller: Caller) -> None:
        """Make a process idle again, or put another in the place of a dead one."""
        if worker.is_alive:
            self._turns.bring_back(caller, worker)
        else:
            worker.kill()
            with self._guard:
                self._workers.discard(worker)
            self._turns.bring_back(caller, None)
            self._start()


def packed(uploads: Sequence[Upload]) -> tuple[dict[str, object], bytes]:
    """Documents as the head and the body of a question."""
    pieces = [(media, len(data)) for media, data in uploads]
    return {"pieces": pieces}, b"".join(data for _, data in uploads)


def update_head(update: UpdateText) -> dict[str, object]:
    """What a question about an update says beside its text."""
    return {"base": update.base, "using": update.using, "using_named": update.using_named}


def _log_slow(task: str, body: bytes, seconds: float) -> None:
    """Log a slow question: its digest only, for queries may be private."""
    if seconds >= SLOW_SECONDS:
        digest = sha256(body).hexdigest()[:16]
        log.info("slow query", extra={"task": task, "digest": digest, "ms": round(seconds * 1000)})
        log.debug("slow query %s: %s", digest, body[:10_000])


_open_pools: weakref.WeakSet[ReaderPool] = weakref.WeakSet()


@atexit.register
def _close_pools() -> None:
    """Leave no process behind."""
    for pool in tuple(_open_pools):
        pool.close()
