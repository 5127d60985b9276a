"""The database of the journal: opened, brought up to date, and its errors named.

SQLite by default, with a write-ahead log and full synchronisation; PostgreSQL
by URL. Nothing above knows which.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from dtrack.errors import JournalError, MissingExtraError, SettingError, nothing_loaded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config
    from sqlalchemy import Connection, Engine

_BUSY_SECONDS: Final = 30
_WRITERS: Final = 0x64_74_72_61
"""Number of PostgreSQL's advisory lock that writers of the journal take in turn."""
_MIRRORS: Final = 0x64_74_72_6D
"""Number of the lock that those who bring a remote store up to date take in turn."""
_MIGRATIONS: Final = Path(__file__).parent / "migrations"


def connect(url: str, *, begun: bool = False) -> Engine:
    """Engine for a database URL; nothing is opened yet.

    With ``begun`` a file must be there. Raises SettingError for a URL that cannot be,
    MissingExtraError without a driver, NoStoreError without the file.
    """
    try:
        address = make_url(url)
        if address.drivername in {"postgresql", "postgres"}:
            address = address.set(drivername="postgresql+psycopg")
        if address.get_backend_name() == "sqlite":
            if begun and not (address.database and Path(address.database).is_file()):
                raise nothing_loaded()
            if address.database:
                Path(address.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(address, connect_args={"timeout": _BUSY_SECONDS})
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        # A connection that died while idle is noticed before it is used.
        return create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"The journal's database needs the library '{error.name}'.",
            remedy="pip install 'dtrack[postgres]'",
        ) from error
    except OSError as error:
        raise JournalError(
            "The folder of the journal cannot be made.",
            remedy="Set DTRACK_HOME to a folder that you may write to.",
        ) from error
    except (ArgumentError, SQLAlchemyError) as error:
        raise SettingError(
            "The journal's URL cannot be used.",
            remedy="Write DTRACK_JOURNAL_URL as postgresql://user:password@host/database, "
            "or leave it out for SQLite.",
        ) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # SQLAlchemy begins transactions itself (_begin_sqlite); the driver would do so too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Transaction that sees one state of the journal. Raises JournalError."""
    with named_errors(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Transaction of the only writer; durable when it has ended. Raises JournalError."""
    with (
        named_errors(),
        engine.connect() as connection,
        connection.execution_options(writes=True).begin(),
    ):
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _WRITERS})
        yield connection


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Be the only node of a shared journal that mirrors; others wait. Raises JournalError.

    SQLite is not shared between machines, so there is nobody to wait for.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with named_errors(), engine.connect() as connection, connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _MIRRORS})
        yield


@contextmanager
def named_errors() -> Iterator[None]:
    """Give the database's errors the name of ours; theirs may hold addresses and values."""
    try:
        yield
    except IntegrityError as error:
        raise JournalError(
            "The journal refuses a row that contradicts another.",
            remedy="Run `dtrack doctor`; it says whether the journal is sound.",
        ) from error
    except DBAPIError as error:
        raise JournalError(*_told(error)) from None
    except SQLAlchemyError as error:
        raise JournalError("The journal cannot be used.", remedy="Run `dtrack doctor`.") from error


def _told(error: DBAPIError) -> tuple[str]:
    """Message for what a database says."""
    words = str(error.orig).lower()
    if isinstance(error.orig, sqlite3.Error):
        for sign, message in _SQLITE.items():
            if sign in words:
                return (message,)
    if error.connection_invalidated or "connection" in words or "server closed" in words:
        return ("The journal's database cannot be reached. Start it, then try again.",)
    return ("The journal's database failed. Run `dtrack doctor`.",)


_SQLITE: Final = {
    "full": "The disk of the journal is full; nothing was written. Make room, then try again.",
    "readonly": "The journal may only be read. Check the folder's owner and mount.",
    "disk i/o": "The journal's disk fails or is full; nothing was written. Check it, try again.",
    "locked": "Another process is writing to the journal. Wait for it to end, then try again.",
    "malformed": "The journal's file is damaged. Bring back a backup: `dtrack restore FILE`.",
    "not a database": "The journal's file is damaged. Bring back a backup: `dtrack restore FILE`.",
    "unable to open": "The journal's file cannot be opened. Check the folder's owner.",
}


def newest_form() -> str:
    """Number of the last step that brings a database to the tables of this version."""
    steps = (_MIGRATIONS / "versions").glob("[0-9]*.py")
    return max(step.name.partition("_")[0] for step in steps)


def form_of(connection: Connection) -> str | None:
    """Number of the last step that a database has been through; None for a new one."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    form: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return form


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine, *, begun: bool = False) -> None:
    """Bring a database to the tables of this version; a new one gets them all.

    Raises JournalError for a database that a newer version has written, and NoStoreError
    for a new one that was to be ``begun`` already.
    """
    with named_errors(), engine.connect() as connection:
        current = form_of(connection)
    if begun and current is None:
        raise nothing_loaded()
    if current == newest_form():
        return
    # A database is brought forward once and opened by each command: it does without Alembic.
    from alembic import command
    from alembic.script import ScriptDirectory

    config = _config()
    script = ScriptDirectory.from_config(config)
    if current is not None and current not in {step.revision for step in script.walk_revisions()}:
        raise JournalError(
            "The journal was written by a newer version of dtrack.",
            remedy="Install that version, or a later one.",
        )
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
