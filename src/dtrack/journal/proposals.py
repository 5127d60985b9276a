"""Proposals: drafts with their graphs, and all that happened to them.

The journal keeps what is said and in which order; which act may follow which
is the story's business (dtrack.curate.proposing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select

from dtrack.digests import graph_digest
from dtrack.errors import ConflictError, NotFoundError
from dtrack.journal import contents, revisions
from dtrack.journal.database import reading, writing
from dtrack.journal.schema import EVENTS, PROPOSALS, PROPOSED
from dtrack.journal.values import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

    from dtrack.journal.journal import Journal

_LAST: Final = 2**63 - 1
"""Largest number that a database takes."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it is listed.

    ``base`` is the last revision when it was made or rebased, ``revision`` what
    it has become. ``version`` grows with each event, so that it tells whether
    anything happened since somebody looked.
    """

    number: int
    title: str
    author: str
    source: str
    state: str
    base: int
    created: str
    updated: str
    revision: int | None
    version: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """A graph as a proposal wants it: ``digest`` None = withdraw.

    ``base`` is the digest it was written against; None = there was none.
    """

    graph: str
    base: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """An act or a comment; ``about`` is an IRI that it is about."""

    act: str
    agent: str
    text: str = ""
    about: str | None = None
    at: str = ""
    number: int = 0
    """Given by the journal, as is the time."""


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of a proposal, in one transaction.

    ``graphs`` are new contents (None = withdraw) by graph, ``bases`` digests
    they are written against where that is not the graph as it is now, and
    ``dropped`` graphs that leave the proposal.
    """

    events: Sequence[Event]
    state: str | None = None
    title: str | None = None
    graphs: Mapping[str, bytes | None] | None = None
    bases: Mapping[str, str | None] | None = None
    dropped: Sequence[str] = ()
    rebased: bool = False
    revision: int | None = None


class Proposals:
    """The proposals of a journal."""

    def __init__(self, journal: Journal) -> None:
        self._engine = journal.engine

    def create(
        self, title: str, source: str, event: Event, graphs: Mapping[str, bytes | None]
    ) -> Proposal:
        """A new draft of the event's agent, written against the graphs as they are now."""
        now = timestamp()
        with writing(self._engine) as connection:
            result = connection.execute(
                PROPOSALS.insert().returning(PROPOSALS.c.id),
                {
                    "title": title,
                    "author": event.agent,
                    "source": source,
                    "state": "draft",
                    "base": revisions.last(connection),
                    "created": now,
                    "updated": now,
                },
            )
            number = int(result.scalar_one())
            _put(connection, number, graphs, {})
            _tell(connection, number, [event], now)
            return _get(connection, number)

    def get(self, number: int) -> Proposal:
        """A proposal. Raises NotFoundError."""
        with reading(self._engine) as connection:
            return _get(connection, number)

    def listed(
        self, state: str | None = None, before: int | None = None, limit: int = 50
    ) -> list[Proposal]:
        """Proposals, latest first, those before a number only."""
        query = _query().order_by(PROPOSALS.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(PROPOSALS.c.state == state)
        if before is not None:
            query = query.where(PROPOSALS.c.id < min(before, _LAST))
        with reading(self._engine) as connection:
            return [_proposal(row) for row in connection.execute(query)]

    def graphs(self, number: int) -> list[Proposed]:
        """The graphs of a proposal, by IRI."""
        query = select(PROPOSED).where(PROPOSED.c.proposal == number).order_by(PROPOSED.c.graph)
        with reading(self._engine) as connection:
            return [Proposed(row.graph, row.base, row.digest) for row in connection.execute(query)]

    def events(self, number: int) -> list[Event]:
        """What happened to a proposal, first to last."""
        query = select(EVENTS).where(EVENTS.c.proposal == number).order_by(EVENTS.c.id)
        with reading(self._engine) as connection:
            return [
                Event(row.act, row.agent, row.text, row.about, row.at, row.id)
                for row in connection.execute(query)
            ]

    def take(self, number: int, step: Step, version: int | None = None) -> Proposal:
        """Take a step, whole or not at all; the proposal after it.

        Raises ConflictError when anything happened to the proposal since the
        ``version`` that the step was decided on.
        """
        now = timestamp()
        with writing(self._engine) as connection:
            found = _get(connection, number)
            if version is not None and found.version != version:
                raise ConflictError(
                    f"Something happened to proposal {number} since you looked at it.",
                    remedy=f"Look at it again: `dtrack proposal {number}`.",
                )
            for graph in step.dropped:
                _drop(connection, number, graph)
            _put(connection, number, step.graphs or {}, step.bases or {})
            values: dict[str, object] = {"updated": now}
            values |= {
                name: value
                for name in ("state", "title", "revision")
                if (value := getattr(step, name)) is not None
            }
            if step.rebased:
                values["base"] = revisions.last(connection)
            connection.execute(PROPOSALS.update().where(PROPOSALS.c.id == number).values(**values))
            _tell(connection, number, step.events, now)
            return _get(connection, number)


def _query() -> Any:
    version = (
        select(func.max(EVENTS.c.id))
        .where(EVENTS.c.proposal == PROPOSALS.c.id)
        .scalar_subquery()
        .label("version")
    )
    return select(PROPOSALS, version)


def _get(connection: Connection, number: int) -> Proposal:
    row = None
    if 0 < number <= _LAST:
        row = connection.execute(_query().where(PROPOSALS.c.id == number)).first()
    if row is None:
        raise NotFoundError(
            f"There is no proposal {number}.", remedy="`dtrack proposals` lists them."
        )
    return _proposal(row)


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        row.id, row.title, row.author, row.source, row.state, row.base, row.created, row.updated,
        row.revision, row.version or 0,
    )  # fmt: skip


def _drop(connection: Connection, number: int, graph: str) -> None:
    connection.execute(
        delete(PROPOSED).where(PROPOSED.c.proposal == number, PROPOSED.c.graph == graph)
    )


def _put(
    connection: Connection,
    number: int,
    graphs: Mapping[str, bytes | None],
    bases: Mapping[str, str | None],
) -> None:
    """Put graphs into a proposal, in place of what it had of them."""
    made = {graph_digest(content): content for content in graphs.values() if content is not None}
    contents.keep(connection, made)
    heads = revisions.heads(connection, list(graphs))
    for graph, content in graphs.items():
        now = heads[graph].digest if graph in heads else None
        _drop(connection, number, graph)
        connection.execute(
            PROPOSED.insert(),
            {
                "proposal": number,
                "graph": graph,
                "base": bases.get(graph, now),
                "digest": None if content is None else graph_digest(content),
            },
        )


def _tell(connection: Connection, number: int, events: Sequence[Event], now: str) -> None:
    if events:
        connection.execute(
            EVENTS.insert(),
            [
                {
                    "proposal": number,
                    "at": now,
                    "agent": event.agent,
                    "act": event.act,
                    "text": event.text,
                    "about": event.about,
                }
                for event in events
            ],
        )
