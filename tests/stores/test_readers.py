"""Queries are answered in processes of their own; one that runs away is ended alone."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from dtrack.errors import (
    DtrackError,
    NoStoreError,
    NotAcceptableError,
    QueryError,
    QueryTimeoutError,
    ResultTooLargeError,
    StoreError,
)
from dtrack.model import Record, ResultKind
from dtrack.stores.building import current_folder, publish
from dtrack.stores.readers import ReaderPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f) }"
ASK = "ASK { ?s ?p ?o }"
CSV = "SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?o LIMIT 2"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    lines = sorted(f'<urn:s{n}> <urn:p> "{n:04}" .\n' for n in range(2000))
    publish(home, lambda store: store.load([Record("urn:g", "".join(lines).encode(), "made")]))
    return current_folder(home)


@pytest.fixture
def pool(folder: Path, others: frozenset[int]) -> Iterator[ReaderPool]:
    with ReaderPool(folder, workers=2, seconds=1.5, max_rows=100) as opened:
        yield opened


@pytest.fixture
def processes(others: frozenset[int]) -> Callable[[], set[int]]:
    """Gives the ids of the answering processes that the test has started."""
    return lambda: answering() - others


@pytest.fixture
def others() -> frozenset[int]:
    """Ids of answering processes that stores of other tests keep."""
    return frozenset(answering())


def killed(processes: Callable[[], set[int]]) -> None:
    """Kill processes, and wait until they are dead."""
    for process in processes():
        os.kill(process, signal.SIGKILL)
        # Whoever it answers may be faster to look.
        with suppress(ChildProcessError):
            os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)


def answering() -> set[int]:
    """Ids of the answering processes that this one has started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,ppid=,args=", "-A"], capture_output=True, text=True, check=True
    )
    rows = (line.split(maxsplit=2) for line in listed.stdout.splitlines())
    return {
        int(pid)
        for pid, parent, args in rows
        if "dtrack.stores.answering" in args and int(parent) == os.getpid()
    }


def test_answers_are_those_of_the_store(pool: ReaderPool) -> None:
    answer = pool.serialise(CSV, "text/csv")

    assert answer == (ResultKind.SOLUTIONS, "text/csv; charset=utf-8", b"o\r\n0000\r\n0001\r\n", 2)


def test_runaway_is_ended_while_others_are_answered(
    pool: ReaderPool, processes: Callable[[], set[int]]
) -> None:
    pool.serialise(ASK, "")
    pool.serialise(ASK, "")
    answered = 0
    with ThreadPoolExecutor(1) as threads:
        started = time.monotonic()
        runaway = threads.submit(pool.serialise, RUNAWAY, "")
        while not runaway.done():
            assert pool.serialise(ASK, "").kind is ResultKind.BOOLEAN
            answered += 1

    with pytest.raises(QueryTimeoutError, match="DTRACK_QUERY_SECONDS"):
        runaway.result()
    assert 1.5 <= time.monotonic() - started < 15
    assert answered > 10
    assert len(processes()) == 2
    assert pool.serialise(ASK, "").body


def test_all_busy_is_said_and_passes(pool: ReaderPool) -> None:
    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(pool.serialise, RUNAWAY, "") for _ in range(3)]

    assert all(isinstance(each.exception(), QueryTimeoutError) for each in asked)
    assert pool.serialise(ASK, "").body


def test_many_threads_get_their_own_answers(pool: ReaderPool) -> None:
    def number(n: int) -> bytes:
        return pool.serialise(f"SELECT ?o {{ <urn:s{n}> ?p ?o }}", "text/csv").body

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(number, range(200)))

    assert answers == [f"o\r\n{n:04}\r\n".encode() for n in range(200)]


@pytest.mark.parametrize(
    ("query", "accept", "error"),
    [
        ("SELECT * { ?s ?p }", "", QueryError),
        ("SELECT * { SERVICE <http://x/> {} }", "", QueryError),
        ("SELECT * { ?s ?p ?o }", "", ResultTooLargeError),
        (ASK, "image/png", NotAcceptableError),
        ('ASK { ?s ?p "\ud800" }', "", QueryError),
    ],
)
def test_errors_arrive_as_they_are(
    pool: ReaderPool, query: str, accept: str, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        pool.serialise(query, accept)

    assert type(caught.value) is error
    assert caught.value.remedy
    assert pool.serialise(ASK, "").body


def test_place_arrives_with_the_error(pool: ReaderPool) -> None:
    with pytest.raises(QueryError) as caught:
        pool.serialise("SELECT *\n{ dt:a ?p ?o }", "")

    assert str(caught.value.place) == "query:2:3"


def test_process_that_died_idle_is_replaced(
    pool: ReaderPool, processes: Callable[[], set[int]]
) -> None:
    pool.serialise(ASK, "")
    killed(processes)

    assert pool.serialise(ASK, "").body


def test_process_that_dies_at_work_is_replaced(
    pool: ReaderPool, processes: Callable[[], set[int]]
) -> None:
    pool.serialise(ASK, "")
    pool.serialise(ASK, "")
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(pool.serialise, RUNAWAY, "")
        # On a busy machine the first to be killed may not have begun; then another one does.
        while wait([asked], 0.3).not_done:
            killed(processes)
            wait([asked], 5)

    with pytest.raises(ResultTooLargeError, match="has died"):
        asked.result()
    assert pool.serialise(ASK, "").body


def test_query_that_needs_too_much_memory_loses_its_process(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hungry = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"

    with ReaderPool(folder, 1, 60, 10**9, megabytes=400) as pool:
        with pytest.raises(ResultTooLargeError, match="memory"):
            pool.serialise(hungry, "")

        assert pool.serialise(ASK, "").body
    capfd.readouterr()


def test_nothing_is_left_after_close(folder: Path, processes: Callable[[], set[int]]) -> None:
    pool = ReaderPool(folder, 2, 30, 100)
    pool.serialise(ASK, "")
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(pool.serialise, RUNAWAY, "")
        time.sleep(0.3)

        pool.close()
        pool.close()

    assert isinstance(asked.exception(), DtrackError)
    assert not processes()
    with pytest.raises(StoreError, match="has been closed"):
        pool.serialise(ASK, "")


def test_close_in_the_middle_of_a_read_is_said(
    pool: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.serialise(ASK, "")

    def closed(*_: object) -> None:
        """What the system says of a pipe that another thread has just closed."""
        raise OSError(errno.EBADF, "Bad file descriptor")

    with monkeypatch.context() as patched:
        patched.setattr("dtrack.stores.workers.Worker._receive", closed)
        with pytest.raises(StoreError, match="was closed while"):
            pool.serialise(ASK, "")

    assert pool.serialise(ASK, "").body


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "sys.exit(0)"])
def test_nothing_is_left_when_the_asking_process_ends(folder: Path, end: str) -> None:
    program = (
        "import os, sys, threading, time\nfrom pathlib import Path\n"
        "from dtrack.stores.readers import ReaderPool\n"
        f"pool = ReaderPool(Path({str(folder)!r}), 1, 60, 100)\n"
        f"pool.serialise({ASK!r}, '')\n"
        f"ask = lambda: pool.serialise({RUNAWAY!r}, '')\n"
        "threading.Thread(target=ask, daemon=True).start()\n"
        "time.sleep(0.3)\n"
        "print([w._process.pid for w in pool._workers][0], flush=True)\n"
        f"{end}\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    child = int(ended.stdout)
    for _ in range(100):
        if not is_running(child):
            break
        time.sleep(0.1)
    assert not is_running(child)


def is_running(process: int) -> bool:
    listed = subprocess.run(
        ["ps", "-o", "args=", "-p", str(process)], capture_output=True, text=True
    )
    return "dtrack.stores.answering" in listed.stdout


def test_pool_over_no_store_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(NoStoreError):
        ReaderPool(tmp_path, 1, 1, 1)
    (tmp_path / "lease").touch()
    (tmp_path / "marker.json").touch()
    with ReaderPool(tmp_path, 1, 1, 1) as pool, pytest.raises(NoStoreError):
        pool.serialise(ASK, "")


def test_process_that_does_not_start_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))

    started = time.monotonic()
    with ReaderPool(folder, 1, 30, 100) as pool, pytest.raises(StoreError, match="does not start"):
        pool.serialise(ASK, "")

    assert time.monotonic() - started < 15


def test_interrupted_caller_leaves_no_query_behind(
    pool: ReaderPool,
    monkeypatch: pytest.MonkeyPatch,
    processes: Callable[[], set[int]],
) -> None:
    pool.serialise(ASK, "")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("dtrack.stores.readers.Worker.answer", interrupt)
        with pytest.raises(KeyboardInterrupt):
            pool.serialise(ASK, "")

    assert len(processes()) == 2
    assert pool.serialise(ASK, "").body


def test_processes_answer_from_each_store_they_are_asked_about(tmp_path: Path) -> None:
    folders = []
    for name in ("one", "two"):
        record = Record("urn:g", f"<urn:{name}> <urn:p> <urn:o> .\n".encode(), "made")
        publish(tmp_path / name, lambda store, record=record: store.load([record]))
        folders.append(current_folder(tmp_path / name))
    ask = "SELECT ?s WHERE { ?s <urn:p> <urn:o> }"

    with ReaderPool(folders[0], 1, 30, 10) as pool:
        other = pool.at(folders[1])
        told = [view.serialise(ask, "text/csv").body.split()[1] for view in (pool, other, pool)]
        assert told == [b"urn:one", b"urn:two", b"urn:one"]
        other.close()
        assert pool.serialise(ask, "text/csv").body.split()[1] == b"urn:one"
        with pytest.raises(StoreError, match="closed"):
            other.serialise(ask, "text/csv")
        last = pool.at(folders[1])
    with pytest.raises(StoreError, match="closed"):
        last.serialise(ask, "text/csv")
