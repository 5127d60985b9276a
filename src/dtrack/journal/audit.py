"""The audit log: who did what, refused attempts included; lines are only ever added."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dtrack.journal.schema import AUDIT
from dtrack.journal.values import timestamp

if TYPE_CHECKING:
    from sqlalchemy import Connection


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


def note(connection: Connection, entry: Entry) -> None:
    """Add a line."""
    connection.execute(AUDIT.insert(), {**asdict(entry), "at": timestamp()})
