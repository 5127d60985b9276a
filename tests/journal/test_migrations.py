"""Alembic's steps: they end at the tables of schema.py, whoever takes them, and never go back."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text

from dtrack.errors import JournalError
from dtrack.journal import Journal
from dtrack.journal.database import _config, connect, reading, upgrade, writing
from dtrack.journal.schema import APPEND_ONLY, METADATA


def test_the_last_step_gives_exactly_the_tables_of_the_schema(journal: Journal) -> None:
    with journal.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, METADATA) == []


def test_checks_and_comments_are_those_of_the_schema(journal: Journal) -> None:
    # Alembic does not compare these.
    seen = inspect(journal.engine)
    for table in METADATA.sorted_tables:
        wanted = {
            str(constraint.name)
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint)
        }
        found = {constraint["name"] for constraint in seen.get_check_constraints(table.name)}
        assert found == wanted, table.name
        if journal.engine.dialect.name == "postgresql":
            assert seen.get_table_comment(table.name)["text"] == table.comment


def test_every_table_that_only_grows_has_its_triggers(journal: Journal) -> None:
    query = (
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if journal.engine.dialect.name == "sqlite"
        else "SELECT event_object_table FROM information_schema.triggers"
    )
    with reading(journal.engine) as connection:
        found = set(connection.scalars(text(query)))
    assert found == set(APPEND_ONLY)


def test_opening_again_changes_nothing(journal: Journal, journal_url: str) -> None:
    with Journal.open(journal_url) as again:
        assert again.identity == journal.identity


def test_steps_follow_one_another_in_one_line() -> None:
    script = ScriptDirectory.from_config(_config())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(journal_url: str) -> None:
    with Journal.open(journal_url) as journal, writing(journal.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(JournalError, match="newer version") as error:
        Journal.open(journal_url)
    assert error.value.remedy
    engine = connect(journal_url)
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    engine.dispose()


def test_a_step_that_fails_leaves_nothing_behind(
    journal_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = connect(journal_url)
    with writing(engine) as connection:
        # The first step will find one of its tables taken.
        connection.execute(text("CREATE TABLE keys (mine text)"))
    with pytest.raises(JournalError):
        upgrade(engine)
    assert inspect(engine).get_table_names() == ["keys"]
    engine.dispose()


OPENING = """
import sys, time
from dtrack.journal import Journal
print("ready", flush=True)
sys.stdin.readline()
with Journal.open(sys.argv[1]) as journal:
    journal.note("process", "cli", "open", sys.argv[2], "done")
    print(journal.identity)
"""


def test_processes_that_open_an_empty_database_at_once_make_one_journal(journal_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPENING, journal_url, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, told
    assert len({identity for identity, _ in told}) == 1
    with Journal.open(journal_url) as journal:
        assert len(journal.entries()) == 4
        assert journal.check() == []
