"""The database below the journal: what it is asked to keep to, and how its errors are named."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

import postgres as pg
from dtrack.errors import DtrackError, JournalError, SettingError
from dtrack.journal import Journal
from dtrack.journal.database import reading, writing


def test_sqlite_brings_each_transaction_to_disk(tmp_path: Path) -> None:
    with (
        Journal.open(f"sqlite:///{tmp_path / 'journal.sqlite'}") as journal,
        reading(journal.engine) as connection,
    ):
        found = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize("url", ["", "nonsense", "postgresql", "oracle://x", "sqlite://host/x"])
def test_a_url_that_cannot_be_is_refused_with_a_remedy(url: str) -> None:
    with pytest.raises(DtrackError) as error:
        Journal.open(url)
    assert error.value.remedy


def test_a_refused_url_does_not_tell_its_password() -> None:
    with pytest.raises(SettingError) as error:
        Journal.open("nosuchdatabase://anna:hunter2@example.org/journal")
    assert "hunter2" not in str(error.value)


def test_a_server_that_is_not_there_is_named_without_its_address() -> None:
    port = pg.free_port()
    with pytest.raises(JournalError, match="cannot be reached") as error:
        Journal.open(f"postgresql://anna:hunter2@127.0.0.1:{port}/journal")
    assert "hunter2" not in str(error.value)
    assert str(port) not in str(error.value)


def test_a_database_that_is_not_there_is_a_journal_error(postgres: pg.PostgresServer) -> None:
    with pytest.raises(JournalError) as error:
        Journal.open(postgres.url("nosuchdatabase"))
    assert str(postgres.port) not in str(error.value)


def test_who_reads_sees_one_state_while_another_writes(journal: Journal) -> None:
    journal.note("anna", "cli", "write", "1", "done")
    with reading(journal.engine) as connection:
        count = text("SELECT count(*) FROM audit")
        assert connection.scalar(count) == 1
        writer = threading.Thread(target=journal.note, args=("ben", "cli", "write", "2", "done"))
        writer.start()
        writer.join(timeout=20)
        assert not writer.is_alive()
        assert connection.scalar(count) == 1
    assert len(journal.entries()) == 2


def test_writers_in_threads_take_turns(journal: Journal) -> None:
    def add_one() -> None:
        for _ in range(10):
            with writing(journal.engine) as connection:
                found = connection.scalar(text("SELECT count(*) FROM about"))
                connection.execute(
                    text("INSERT INTO about VALUES (:name, 'x')"), {"name": f"line {found}"}
                )

    threads = [threading.Thread(target=add_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with reading(journal.engine) as connection:
        # A writer that had not seen the former one's line would have used its name again.
        assert connection.scalar(text("SELECT count(*) FROM about")) == 41


def test_a_transaction_that_fails_writes_nothing(journal: Journal) -> None:
    def write_half() -> None:
        with writing(journal.engine) as connection:
            connection.execute(text("INSERT INTO about VALUES ('half', 'x')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    with reading(journal.engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM about")) == 1


def test_a_journal_can_be_read_while_its_disk_cannot_be_written_by_others(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'journal.sqlite'}"
    with Journal.open(url) as journal, writing(journal.engine), Journal.open(url) as other:
        # A writer is in the middle of its transaction.
        assert other.last() == 0
        assert other.identity == journal.identity
