"""A journal in one file, and back again: any database to SQLite, SQLite to any database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, insert, select, text
from sqlalchemy.engine import make_url

from dtrack.errors import InputError, JournalError, Place
from dtrack.journal import revisions
from dtrack.journal.database import connect, reading, upgrade, writing
from dtrack.journal.journal import Journal
from dtrack.journal.schema import METADATA

if TYPE_CHECKING:
    from sqlalchemy import Engine, Table, TextClause

    from dtrack.model import Progress

_PORTION: Final = 500
_SERIAL_TABLES: Final = ("audit", "events", "proposals")


def back_up(journal: Journal, file: Path, progress: Progress) -> int:
    """Write a whole journal to a new file, as it is at one moment; number of its last revision.

    The file is there whole or not at all. Raises InputError where there is one
    already, JournalError.
    """
    if file.exists():
        raise InputError(
            "There is a file of that name already.",
            remedy="Choose another name.",
            place=Place(str(file)),
        )
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    engine = connect(f"sqlite:///{part.absolute()}")
    try:
        upgrade(engine)
        _copy(journal.engine, engine, progress)
    except BaseException:
        engine.dispose()
        part.unlink(missing_ok=True)
        raise
    with reading(engine) as connection:
        last = revisions.last(connection)
    # The last to leave puts the write-ahead log into the file: a backup is one file.
    engine.dispose()
    part.replace(file)
    return last


def restore(file: Path, url: str, progress: Progress) -> int:
    """Bring a backup back as the journal at a database URL; number of its last revision.

    The backup is checked first. An SQLite journal that is there is kept beside,
    under a name that says when; another database must be empty. Raises
    InputError for a file that is no sound backup, JournalError.
    """
    if not file.is_file():
        raise InputError("There is no such file.", remedy="Name a backup.", place=Place(str(file)))
    try:
        _check_kind(file)
        source = Journal.open(f"sqlite:///{file.absolute()}")
    except JournalError as error:
        raise InputError(
            "The file is no backup of dtrack.", remedy="Name another.", place=Place(str(file))
        ) from error
    with source:
        faults = source.check()
        if faults:
            raise InputError(
                f"The backup is damaged: {faults[0]}",
                remedy="Name another.",
                place=Place(str(file)),
            )
        _set_aside(url)
        target = connect(url)
        try:
            upgrade(target)
            _copy(source.engine, target, progress)
        finally:
            target.dispose()
        return source.last()


def _check_kind(file: Path) -> None:
    """Refuse a file that is no journal, before opening makes it one. Raises JournalError."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("SELECT number FROM revisions").fetchone()
    except sqlite3.Error as error:
        raise JournalError("There are no revisions in it.") from error


def _set_aside(url: str) -> None:
    """Keep an SQLite journal under another name, its log with it."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for suffix in ("", "-wal", "-shm"):
        file = Path(address.database + suffix)
        if file.exists():
            file.rename(f"{address.database}.before-{stamp}{suffix}")


def _copy(source: Engine, target: Engine, progress: Progress) -> None:
    """Copy all rows of all tables, as they are at one moment, in one transaction."""
    tables = METADATA.sorted_tables
    with reading(source) as old, writing(target) as new:
        for table in tables:
            if table.name != "about" and new.scalar(select(func.count()).select_from(table)):
                raise JournalError(
                    "The database to restore into is not empty.",
                    remedy="Make an empty one, and set DTRACK_JOURNAL_URL to it.",
                )
        new.execute(METADATA.tables["about"].delete())
        for done, table in enumerate(tables):
            progress(f"Copying {table.name}", done, len(tables))
            for rows in (
                old.execution_options(yield_per=_PORTION).execute(select(table)).partitions()
            ):
                new.execute(insert(table), [row._asdict() for row in rows])
        if target.dialect.name == "postgresql":
            for name in _SERIAL_TABLES:
                new.execute(_next_serial(METADATA.tables[name]))
        progress("Copied", len(tables), len(tables))


def _next_serial(table: Table) -> TextClause:
    """Statement that makes PostgreSQL count on from the highest number."""
    return text(
        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
        f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {table.name}), false)"
    )
