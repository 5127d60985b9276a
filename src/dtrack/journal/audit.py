"""The audit log: who did what, refused attempts included; lines are only ever added."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from dtrack.errors import InputError
from dtrack.journal.schema import AUDIT
from dtrack.journal.values import timestamp

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit log; ``outcome`` is done, refused or failed.

    ``object`` is what was acted on, never a secret.
    """

    agent: str
    door: str
    action: str
    object: str
    outcome: str
    detail: str
    at: str = ""
    """UTC; set when the line is written."""
    number: int = 0
    """Set when the line is written; later lines have higher ones."""


def note(connection: Connection, entry: Entry) -> None:
    """Add a line."""
    fields = asdict(replace(entry, at=timestamp()))
    del fields["number"]
    connection.execute(AUDIT.insert(), {name: _storable(text) for name, text in fields.items()})


def _storable(text: str) -> str:
    """Text as every database takes it, however a caller has bent it, and not without end."""
    told = text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


def entries(
    connection: Connection,
    *,
    since: str | None = None,
    agent: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Entry]:
    """Lines, latest first: those from a UTC time on, of an agent, before a number."""
    query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)
    if since is not None:
        query = query.where(AUDIT.c.at >= since)
    if agent is not None:
        query = query.where(AUDIT.c.agent == agent)
    if before is not None:
        query = query.where(AUDIT.c.id < before)
    return [
        Entry(row.agent, row.door, row.action, row.object, row.outcome, row.detail, row.at, row.id)
        for row in connection.execute(query)
    ]


def start_of(text: str) -> str:
    """UTC time from which lines are asked for, given as a day or a time (ISO 8601).

    A time without a zone is UTC. Raises InputError.
    """
    try:
        moment = datetime.fromisoformat(text)
        return timestamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise InputError(
            f"'{text[:40]}' is no day or time.",
            remedy="Write YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SSZ.",
        ) from None
