"""PostgreSQL stopped, crashed and started while somebody writes: nothing that was told is lost."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sized
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

import postgres as pg
from conftest import lacking
from dtrack.errors import DtrackError, JournalError
from dtrack.journal import Journal
from small_home import edit_of, faults_of, fill, random_act, small_curator


@pytest.fixture
def server() -> Iterator[pg.PostgresServer]:
    """A server that this test may stop."""
    found = pg.programs()
    if found is None:
        lacking("PostgreSQL (`initdb`, `postgres`, `pg_ctl`)")
        return
    with pg.running(found) as running:
        yield running


def write_until(
    done: threading.Event, home: Path, url: str, told: dict[int, str], errors: list[Exception]
) -> None:
    """Write one change after the other; what was acknowledged, and which errors came."""
    dice = random.Random(1)
    with small_curator(home, url) as curator:
        turn = 0
        while not done.is_set():
            turn += 1
            try:
                _, number = random_act(curator, dice, turn)
                told[number] = curator.journal.facts(number).digest
            except Exception as error:  # noqa: BLE001 - the test says which it may be
                errors.append(error)
                time.sleep(0.05)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_what_was_acknowledged_is_there_after_the_server_was_away(
    tmp_path: Path, server: pg.PostgresServer, mode: str
) -> None:
    url, home = server.new_database(), tmp_path / "home"
    with small_curator(home, url) as curator:
        fill(curator)
    done, told, errors = threading.Event(), dict[int, str](), list[Exception]()
    writer = threading.Thread(target=write_until, args=(done, home, url, told, errors))
    writer.start()
    try:
        for _ in range(3):
            wait_for_more(told, 2)
            server.stop(mode)
            wait_for_more(errors, 1)
            server.start()
        wait_for_more(told, 2)
    finally:
        done.set()
        writer.join(timeout=120)
    assert not writer.is_alive()
    for error in errors:
        assert isinstance(error, JournalError), repr(error)
        assert str(server.port) not in str(error)
        assert "reached" in str(error) or "doctor" in str(error)
    with small_curator(home, url) as curator:
        curator.recover()
        assert faults_of(curator, told) == []


def wait_for_more(things: Sized, more: int, seconds: float = 60.0) -> None:
    wanted, deadline = len(things) + more, time.monotonic() + seconds
    while len(things) < wanted:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_without_its_server_a_journal_says_so_at_once_and_works_again_after(
    tmp_path: Path, server: pg.PostgresServer
) -> None:
    with Journal.open(server.new_database()) as journal:
        journal.note("anna", "cli", "write", "before", "done")
        token = journal.create_key("anna", ["publish"], None, "tester", "cli")[1]
        server.stop()
        started = time.monotonic()
        for act in (
            journal.last,
            journal.entries,
            lambda: journal.check_key(token),
            lambda: journal.note("anna", "cli", "write", "never", "done"),
        ):
            with pytest.raises(JournalError, match="reached"):
                act()
        assert time.monotonic() - started < 20
        server.start()
        assert [entry.object for entry in journal.entries()][-1] == "before"
        assert journal.check_key(token) is not None


def test_a_commit_whose_acknowledgement_is_lost_is_told_as_what_it_became(
    tmp_path: Path, server: pg.PostgresServer
) -> None:
    url, home = server.new_database(), tmp_path / "home"
    with small_curator(home, url) as curator:
        fill(curator)

        @event.listens_for(curator.journal.engine, "commit")
        def break_after(connection: Connection) -> None:
            # The commit gets through; the connection is gone before the answer is read.
            written = text("SELECT count(*) FROM revisions")
            if connection.scalar(written) == 2 and not broken:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.commit()
                raw.close()
                broken.append(True)

        broken: list[bool] = []
        assert curator.write(edit_of(1, text="second")).revision == 2
        assert broken
        assert faults_of(curator, {}) == []


def test_errors_of_a_server_that_is_away_are_ours(server: pg.PostgresServer) -> None:
    url = server.new_database()
    server.stop("immediate")
    with pytest.raises(DtrackError) as error:
        Journal.open(url)
    assert error.value.exit_code == 3
