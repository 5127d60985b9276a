"""The audit log: lines are added, read in pages, and never changed."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from dtrack.errors import InputError, JournalError
from dtrack.journal import Journal, start_of, timestamp
from dtrack.journal.database import writing
from dtrack.journal.schema import APPEND_ONLY
from dtrack.model import Edit

GRAPH = "https://w3id.org/dtrack/graph/test/1"
CONTENT = b"<urn:a> <urn:b> <urn:c> .\n"


def revision(journal: Journal) -> None:
    """Make a revision, so that each table of history has a row."""
    edit = Edit({GRAPH: CONTENT}, "anna", "Because", "desk")
    digests = journal.stage([(GRAPH, CONTENT)])
    journal.write(journal.plan(edit, digests, {digests[GRAPH]: 1}, "0" * 12), {})


@pytest.mark.parametrize("act", ["UPDATE {} SET agent = 'mallory'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["audit", "revisions"])
def test_the_database_itself_refuses_to_change_what_was_written(
    journal: Journal, table: str, act: str
) -> None:
    journal.note("anna", "cli", "write", GRAPH, "done")
    revision(journal)
    with pytest.raises(JournalError), writing(journal.engine) as connection:
        connection.execute(text(act.format(table)))
    assert [entry.agent for entry in journal.entries()] == ["anna"]
    assert journal.facts(1).agent == "anna"


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_table_of_history_can_be_emptied(journal: Journal, table: str) -> None:
    journal.note("anna", "cli", "write", GRAPH, "done")
    revision(journal)
    with writing(journal.engine) as connection:
        connection.execute(
            text(
                "INSERT INTO proposals (id, title, author, source, state, base, created, updated) "
                "VALUES (1, 't', 'a', 's', 'draft', 0, 'c', 'u')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO events (id, proposal, at, agent, act, text) "
                "VALUES (1, 1, 'a', 'a', 'a', 't')"
            )
        )
    acts = [f"DELETE FROM {table}"]
    if journal.engine.dialect.name == "postgresql":
        acts.append(f"TRUNCATE {table} CASCADE")
    for act in acts:
        with pytest.raises(JournalError), writing(journal.engine) as connection:
            connection.execute(text(act))
    with writing(journal.engine) as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {table}"))


def test_lines_come_latest_first_and_in_pages_that_do_not_shift(journal: Journal) -> None:
    for number in range(25):
        journal.note("anna" if number % 2 else "ben", "cli", "write", f"{number}", "done")
    first = journal.entries(limit=10)
    assert [entry.object for entry in first] == [str(n) for n in range(24, 14, -1)]
    journal.note("carl", "cli", "write", "new", "done")
    second = journal.entries(before=first[-1].number, limit=10)
    assert [entry.object for entry in second] == [str(n) for n in range(14, 4, -1)]
    assert len(journal.entries(agent="anna")) == 12


def test_lines_are_asked_for_from_a_time_on(journal: Journal) -> None:
    journal.note("anna", "cli", "write", "before", "done")
    moment = timestamp()
    journal.note("anna", "cli", "write", "after", "refused", "why")
    (entry,) = journal.entries(since=moment)
    assert (entry.object, entry.outcome, entry.detail) == ("after", "refused", "why")
    assert entry.at >= moment
    assert len(journal.entries(since=start_of("2026-01-01"))) == 2


@pytest.mark.parametrize(
    ("told", "start"),
    [
        ("2026-11-21", "2026-11-21T00:00:00.000000Z"),
        ("2026-11-21T12:30", "2026-11-21T12:30:00.000000Z"),
        ("2026-11-21T12:30:00+02:00", "2026-11-21T10:30:00.000000Z"),
    ],
)
def test_a_day_or_time_is_read_as_utc(told: str, start: str) -> None:
    assert start_of(told) == start


@pytest.mark.parametrize("told", ["", "yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time_is_refused(told: str) -> None:
    with pytest.raises(InputError):
        start_of(told)


@pytest.mark.parametrize("bent", ["a\x00b", "\ud800", "x" * 10_000, "'; DROP TABLE audit --"])
def test_a_line_is_written_whatever_a_caller_sends(journal: Journal, bent: str) -> None:
    journal.note(bent, "http", "refuse", bent, "refused", bent)
    (entry,) = journal.entries()
    assert 0 < len(entry.object) <= 2000


def test_an_outcome_is_one_of_three(journal: Journal) -> None:
    with pytest.raises(JournalError):
        journal.note("anna", "cli", "write", GRAPH, "perhaps")
