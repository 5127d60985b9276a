"""Revisions: planned, written, looked back at."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, select

from dtrack import __version__
from dtrack.digests import EMPTY_STATE, changed_state
from dtrack.errors import ConflictError, NotFoundError
from dtrack.journal import contents
from dtrack.journal.differing import difference
from dtrack.journal.schema import CHANGES, GONE, HEADS, REVISIONS
from dtrack.journal.values import Change, Facts, Head, Plan, Version, timestamp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import Connection, Row, Select

    from dtrack.model import Edit


def last(connection: Connection) -> int:
    """Number of the last revision; 0 before the first."""
    return connection.scalar(select(func.max(REVISIONS.c.number))) or 0


def facts(connection: Connection, number: int) -> Facts:
    """Facts of a revision. Raises NotFoundError."""
    row = connection.execute(select(REVISIONS).where(REVISIONS.c.number == number)).first()
    if row is None:
        raise NotFoundError(
            f"There is no revision {number}.",
            remedy=f"The last one is {last(connection)}; `dtrack history` lists them.",
        )
    return _facts(row)


def _facts(row: Row[Any]) -> Facts:
    return Facts(**{name: getattr(row, name) for name in Facts.__dataclass_fields__})


def listed(connection: Connection, before: int | None, limit: int) -> list[Facts]:
    """Revisions, latest first, those before a number only."""
    query = select(REVISIONS).order_by(REVISIONS.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(REVISIONS.c.number < before)
    return [_facts(row) for row in connection.execute(query)]


def number_at(connection: Connection, moment: str) -> int:
    """Number of the last revision made up to a moment (UTC text); 0 for none."""
    return (
        connection.scalar(select(func.max(REVISIONS.c.number)).where(REVISIONS.c.at <= moment)) or 0
    )


def changes(connection: Connection, number: int) -> list[Change]:
    """What a revision did, by graph."""
    rows = connection.execute(
        select(CHANGES).where(CHANGES.c.revision == number).order_by(CHANGES.c.graph)
    )
    return [change_of(row) for row in rows]


def versions(connection: Connection, graph: str) -> list[Version]:
    """Versions of a graph, first to last."""
    rows = connection.execute(
        select(
            REVISIONS,
            CHANGES.c.digest.label("after"),
            CHANGES.c.before,
            CHANGES.c.source.label("of_source"),
            CHANGES.c.origin,
            CHANGES.c.told,
        )
        .join(CHANGES, CHANGES.c.revision == REVISIONS.c.number)
        .where(CHANGES.c.graph == graph)
        .order_by(REVISIONS.c.number)
    )
    return [
        Version(
            _facts(row),
            Change(graph, row.after, row.before, row.of_source, row.origin or "", row.told or ""),
        )
        for row in rows
    ]


def change_of(row: Row[Any]) -> Change:
    """Change that a row of the table tells."""
    return Change(row.graph, row.digest, row.before, row.source, row.origin or "", row.told or "")


def heads(connection: Connection, graphs: Collection[str] | None = None) -> dict[str, Head]:
    """Graphs as they are now: all, or those asked for that there are."""
    if graphs is None:
        return {row.graph: _head(row) for row in connection.execute(select(HEADS))}
    found: dict[str, Head] = {}
    for some in contents.portions(graphs):
        rows = connection.execute(select(HEADS).where(HEADS.c.graph.in_(some)))
        found.update((row.graph, _head(row)) for row in rows)
    return found


def heads_of_source(connection: Connection, source: str) -> dict[str, Head]:
    """Graphs of one source as they are now."""
    rows = connection.execute(select(HEADS).where(HEADS.c.source == source))
    return {row.graph: _head(row) for row in rows}


def brought(connection: Connection, source: str) -> dict[str, str | None]:
    """Graphs as the imports of a source last made them; None = withdrawn by it."""
    rows = connection.execute(
        select(CHANGES.c.graph, CHANGES.c.digest)
        .join(REVISIONS, REVISIONS.c.number == CHANGES.c.revision)
        .where(CHANGES.c.source == source, REVISIONS.c.door == "import")
        .order_by(CHANGES.c.revision)
    )
    return {row.graph: row.digest for row in rows}


def sources(connection: Connection) -> dict[str, int]:
    """Sources, each with the number of its graphs."""
    rows = connection.execute(
        select(HEADS.c.source, func.count()).group_by(HEADS.c.source).order_by(HEADS.c.source)
    )
    return {row[0]: row[1] for row in rows}


def _head(row: Row[Any]) -> Head:
    return Head(row.graph, row.digest, row.revision, row.source)


def state(connection: Connection, number: int) -> dict[str, str]:
    """Graphs with their digests as they were after a revision."""
    return {row.graph: row.digest for row in connection.execute(_as_of(number))}


def makers(connection: Connection, number: int) -> dict[str, int]:
    """Revision that made each graph what it was after a revision."""
    return {row.graph: row.revision for row in connection.execute(_as_of(number))}


def _as_of(number: int) -> Select[tuple[str, str, int]]:
    """Graphs that there were after a revision: digest, and the revision that made each so."""
    latest = (
        select(CHANGES.c.graph, func.max(CHANGES.c.revision).label("revision"))
        .where(CHANGES.c.revision <= number)
        .group_by(CHANGES.c.graph)
        .subquery()
    )
    return (
        select(CHANGES.c.graph, CHANGES.c.digest, CHANGES.c.revision)
        .join(
            latest,
            and_(CHANGES.c.graph == latest.c.graph, CHANGES.c.revision == latest.c.revision),
        )
        .where(CHANGES.c.digest.is_not(None))
    )


def plan(
    connection: Connection,
    edit: Edit,
    digests: Mapping[str, str | None],
    sizes: Mapping[str, int],
    shapes: str,
) -> Plan:
    """Revision that an edit would make; without changes when nothing differs.

    ``digests`` are what the graphs are to become, ``sizes`` the triples of each
    digest. Raises ConflictError where a graph is not what the edit expects.
    """
    known = heads(connection, {*digests, *edit.expected})
    _check_expected(connection, edit, known)
    made = tuple(
        Change(graph, digest, before, _source(edit, known.get(graph)), *edit.origins.get(graph, ()))
        for graph, digest in sorted(digests.items())
        if digest != (before := known[graph].digest if graph in known else None)
    )
    number = last(connection)
    former = facts(connection, number) if number else None
    left = [(c.graph, c.before) for c in made if c.before is not None]
    came = [(c.graph, c.digest) for c in made if c.digest is not None]
    count = {**contents.triples(connection, [digest for _, digest in left]), **sizes}
    grown = sum(count[digest] for _, digest in came) - sum(count[digest] for _, digest in left)
    now = timestamp()
    return Plan(
        Facts(
            number=number + 1,
            token=secrets.token_hex(16),
            # Clocks step back; the order of revisions does not.
            at=max(now, former.at) if former else now,
            agent=edit.agent,
            reason=edit.reason,
            source=edit.source,
            door=edit.door,
            shapes=shapes,
            software=__version__,
            digest=changed_state(former.digest if former else EMPTY_STATE, left, came),
            triples=(former.triples if former else 0) + grown,
            graphs=(former.graphs if former else 0) + len(came) - len(left),
        ),
        made,
    )


def _source(edit: Edit, head: Head | None) -> str:
    """Source that a graph belongs to: its first one, unless its own source imports it again."""
    return head.source if head and edit.door != "import" else edit.source


def _check_expected(connection: Connection, edit: Edit, known: Mapping[str, Head]) -> None:
    for graph, wanted in sorted(edit.expected.items()):
        found = known[graph].digest if graph in known else None
        if found != wanted:
            raise ConflictError(
                f"The graph <{graph}> has changed since you looked at it."
                if wanted and found
                else f"The graph <{graph}> " + ("exists already." if found else "is gone."),
                remedy="Look at it as it is now, and make the change again.",
                difference=difference(connection, wanted, found),
            )


def write(connection: Connection, planned: Plan, gone: Collection[str] = ()) -> None:
    """Write a planned revision; ``gone`` are the things that it takes away.

    Raises ConflictError when another one came between.
    """
    number = planned.facts.number
    if last(connection) != number - 1:
        raise ConflictError(
            f"Another writer has made revision {number} meanwhile.", remedy="Try again."
        )
    connection.execute(REVISIONS.insert(), asdict(planned.facts))
    if not planned.changes:
        return
    connection.execute(
        CHANGES.insert(), [{"revision": number, **asdict(change)} for change in planned.changes]
    )
    for graphs in contents.portions([change.graph for change in planned.changes]):
        connection.execute(delete(HEADS).where(HEADS.c.graph.in_(graphs)))
    rows = [
        {"graph": c.graph, "digest": c.digest, "revision": number, "source": c.source}
        for c in planned.changes
        if c.digest is not None
    ]
    if rows:
        connection.execute(HEADS.insert(), rows)
    for iris in contents.portions(gone):
        connection.execute(delete(GONE).where(GONE.c.iri.in_(iris)))
        connection.execute(GONE.insert(), [{"iri": iri, "revision": number} for iri in iris])


def withdrawal(connection: Connection, iri: str) -> Facts | None:
    """Revision that took a thing away last; None when none did."""
    number = connection.scalar(select(GONE.c.revision).where(GONE.c.iri == iri))
    return None if number is None else facts(connection, number)


def is_written(connection: Connection, token: str) -> bool:
    """Whether an attempt has become a revision."""
    return (
        connection.scalar(select(REVISIONS.c.number).where(REVISIONS.c.token == token)) is not None
    )


def since(
    connection: Connection, after: int, until: int | None
) -> Iterator[tuple[Facts, list[Change]]]:
    """Revisions after a number and up to another, in order, with what they did."""
    until = last(connection) if until is None else until
    made: dict[int, list[Change]] = {}
    # All changes at once: one question a revision would be thousands of them.
    for row in connection.execute(
        select(CHANGES)
        .where(CHANGES.c.revision > after, CHANGES.c.revision <= until)
        .order_by(CHANGES.c.revision, CHANGES.c.graph)
    ):
        made.setdefault(row.revision, []).append(change_of(row))
    for row in connection.execute(
        select(REVISIONS)
        .where(REVISIONS.c.number > after, REVISIONS.c.number <= until)
        .order_by(REVISIONS.c.number)
    ):
        yield _facts(row), made.get(row.number, [])
