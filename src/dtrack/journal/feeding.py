"""Changes in the order they were made, a portion at a time, for feeds of any length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, tuple_

from dtrack.journal.contents import portions
from dtrack.journal.schema import CHANGES, HEADS, REVISIONS
from dtrack.journal.values import Change, Facts, Version

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Select


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are wanted: times are UTC text, ends included; graphs by start or by name."""

    since: str = ""
    until: str = ""
    starts: tuple[str, ...] = ()
    graphs: frozenset[str] | None = None


def counted(connection: Connection) -> int:
    """Number of changes of graphs that there ever were."""
    return connection.scalar(select(func.count()).select_from(CHANGES)) or 0


def sequence(connection: Connection, start: int, limit: int) -> list[Version]:
    """Changes from a place in their order on, first to last; they keep their places."""
    query = _changes().order_by(CHANGES.c.revision, CHANGES.c.graph)
    return [_version(row) for row in connection.execute(query.limit(limit).offset(start))]


def bounds(connection: Connection, start: int, size: int, most: int) -> list[tuple[str, str]]:
    """Times of the first and the last change of each run of ``size`` from a place on."""
    ordered = (
        select(CHANGES.c.revision, CHANGES.c.graph)
        .order_by(CHANGES.c.revision, CHANGES.c.graph)
        .limit(size * most)
        .offset(start)
        .subquery()
    )
    place = func.row_number().over(order_by=(ordered.c.revision, ordered.c.graph)) - 1
    placed = select(ordered.c.revision, place.label("place")).subquery()
    # Of whole numbers: a true quotient would be a run of its own for each change.
    run = placed.c.place.op("/")(size)
    found = (
        select(
            func.min(placed.c.revision).label("first"),
            func.max(placed.c.revision).label("last"),
            run.label("run"),
        )
        .group_by(run)
        .subquery()
    )
    opened, closed = REVISIONS.alias(), REVISIONS.alias()
    query = (
        select(opened.c.at, closed.c.at)
        .join_from(found, opened, opened.c.number == found.c.first)
        .join(closed, closed.c.number == found.c.last)
        .order_by(found.c.run)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def latest(
    connection: Connection, wanted: Wanted, before: tuple[int, str] | None, limit: int
) -> list[Version]:
    """Changes that are wanted, last to first, those before a revision and graph only."""
    query = _narrowed(_changes(), wanted)
    if before is not None:
        query = query.where(tuple_(CHANGES.c.revision, CHANGES.c.graph) < before)
    query = query.order_by(CHANGES.c.revision.desc(), CHANGES.c.graph.desc()).limit(limit)
    if wanted.graphs is None:
        return [_version(row) for row in connection.execute(query)]
    found: list[Version] = []
    for some in portions(wanted.graphs):
        rows = connection.execute(query.where(CHANGES.c.graph.in_(some)))
        found += [_version(row) for row in rows]
    found.sort(key=lambda each: (each.facts.number, each.change.graph), reverse=True)
    return found[:limit]


def withdrawn(connection: Connection) -> dict[str, str]:
    """Graphs that are no more, each with the digest it had last."""
    last = (
        select(CHANGES.c.graph, func.max(CHANGES.c.revision).label("revision"))
        .where(CHANGES.c.graph.not_in(select(HEADS.c.graph)))
        .group_by(CHANGES.c.graph)
        .subquery()
    )
    query = select(CHANGES.c.graph, CHANGES.c.before).join(
        last, (CHANGES.c.graph == last.c.graph) & (CHANGES.c.revision == last.c.revision)
    )
    return {row.graph: row.before for row in connection.execute(query) if row.before}


def version_at(connection: Connection, number: int, graph: str) -> Version | None:
    """A graph as a revision left it, whichever revision made it so; None when it was not there."""
    query = _changes().where(CHANGES.c.graph == graph, CHANGES.c.revision <= number)
    row = connection.execute(query.order_by(CHANGES.c.revision.desc()).limit(1)).first()
    return None if row is None else _version(row)


def has_graphs(connection: Connection, start: str) -> bool:
    """Whether any graph whose name starts so was ever changed."""
    query = select(CHANGES.c.graph).where(CHANGES.c.graph.startswith(start, autoescape=True))
    return connection.scalar(query.limit(1)) is not None


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.since:
        query = query.where(REVISIONS.c.at >= wanted.since)
    if wanted.until:
        query = query.where(REVISIONS.c.at <= wanted.until)
    if wanted.starts:
        starts = (CHANGES.c.graph.startswith(each, autoescape=True) for each in wanted.starts)
        query = query.where(or_(*starts))
    return query


def _changes() -> Select[Any]:
    change = (
        CHANGES.c.graph,
        CHANGES.c.digest.label("after"),
        CHANGES.c.before,
        CHANGES.c.source.label("of_source"),
        CHANGES.c.origin,
        CHANGES.c.told,
    )
    return select(REVISIONS, *change).join(CHANGES, CHANGES.c.revision == REVISIONS.c.number)


def _version(row: Row[Any]) -> Version:
    facts = Facts(**{name: getattr(row, name) for name in Facts.__dataclass_fields__})
    origin = (row.origin or "", row.told or "")
    change = Change(row.graph, row.after, row.before, row.of_source, *origin)
    return Version(facts, change)
