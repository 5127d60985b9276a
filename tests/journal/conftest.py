"""Journals to test on: SQLite, and a real PostgreSQL where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import postgres as pg
from conftest import lacking
from dtrack.journal import Journal


@pytest.fixture(scope="session")
def postgres() -> Iterator[pg.PostgresServer]:
    """A PostgreSQL server of this test process."""
    found = pg.programs()
    if found is None:
        lacking("PostgreSQL (`initdb`, `postgres`, `pg_ctl`)")
        return
    with pg.running(found) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def journal_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.sqlite'}"
    server: pg.PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def journal(journal_url: str) -> Iterator[Journal]:
    """An empty journal, of either kind."""
    with Journal.open(journal_url) as opened:
        yield opened
