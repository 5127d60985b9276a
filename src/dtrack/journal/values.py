"""What the journal gives: revisions, changes, versions of a graph."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


def timestamp(moment: datetime | None = None) -> str:
    """UTC time as the journal writes it: ISO 8601, microseconds, ``Z``."""
    moment = moment or datetime.now(UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Facts:
    """A revision: who made it, when (UTC), why, through which door, and the state after it.

    ``shapes`` is the version of the shapes that passed it; ``digest``, ``triples``
    and ``graphs`` describe all record graphs after it. ``token`` names the attempt.
    """

    number: int
    token: str
    at: str
    agent: str
    reason: str
    source: str
    door: str
    shapes: str
    software: str
    digest: str
    triples: int
    graphs: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a revision did to a graph: its digest after and before (None = not there).

    ``origin`` is the version at another node that it was harvested from, ``told``
    the time of that one; "" for what did not come so.
    """

    graph: str
    digest: str | None
    before: str | None
    source: str
    origin: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A graph as it is now: its digest, the revision that made it so, its source."""

    graph: str
    digest: str
    revision: int
    source: str


@dataclass(frozen=True, slots=True)
class Version:
    """A graph as a revision left it; ``digest`` None = withdrawn by it."""

    facts: Facts
    change: Change


@dataclass(frozen=True, slots=True)
class Plan:
    """A revision as it is about to be written."""

    facts: Facts
    changes: tuple[Change, ...]
