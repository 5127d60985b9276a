"""Entities of the OData service: read once a revision from the store, dated by the journal."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from dtrack.catalogue import bind, read_query
from dtrack.publish.odata.entities import Entity, make_entities, typed
from dtrack.publish.odata.sets import REAL
from dtrack.resources import root_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from dtrack.answer.answers import Answers
    from dtrack.catalogue import Query
    from dtrack.journal import Journal
    from dtrack.publish.odata.entities import Part
    from dtrack.publish.odata.sets import EntitySet

_KEPT: Final = 16
"""Sets that are held in memory, those of older revisions let go first."""


class EntityTables:
    """Entities by set and state of the store; safe in threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tables: OrderedDict[tuple[str, str], list[Entity]] = OrderedDict()

    def entities(
        self, entity_set: EntitySet, state: str, answers: Answers, journal: Journal
    ) -> Sequence[Entity]:
        """Entities of a set in a state of the store, in the order of their identifiers."""
        place = (entity_set.name, state)
        with self._lock:
            if place not in self._tables:
                self._tables[place] = _read(entity_set, answers, journal)
                while len(self._tables) > _KEPT:
                    self._tables.popitem(last=False)
            self._tables.move_to_end(place)
            return self._tables[place]


def _read(entity_set: EntitySet, answers: Answers, journal: Journal) -> list[Entity]:
    query = _query(entity_set.query)
    rows = list(answers.store.select(bind(query, {}, answers)).texts())
    things: dict[str, list[str]] = {}
    for row in rows:
        things.setdefault(row["graph"], [])
        if row["thing"] not in things[row["graph"]]:
            things[row["graph"]].append(row["thing"])
    return make_entities(entity_set, rows, _updated(journal, things))


def _updated(journal: Journal, things: Mapping[str, Sequence[str]]) -> dict[str, datetime]:
    """Time of the last revision that changed each thing, graph by graph."""
    heads = journal.heads(things)
    dated: dict[int, datetime] = {}

    def time_of(number: int) -> datetime:
        if number not in dated:
            at = datetime.fromisoformat(journal.facts(number).at)
            # As fine as the wire is, so that who asks for what is later gets just that.
            dated[number] = at.replace(microsecond=at.microsecond // 1000 * 1000)
        return dated[number]

    found: dict[str, datetime] = {}
    for graph, members in things.items():
        if graph not in heads:
            continue
        # All of a record tells of what it is the record of.
        main = graph.replace("/graph/", "/id/", 1)
        others = [thing for thing in members if thing != main]
        if main in members:
            found[main] = time_of(heads[graph].revision)
        if others:
            numbers = _last_changes(journal, graph, others)
            found |= {thing: time_of(number) for thing, number in numbers.items()}
    return found


def _last_changes(journal: Journal, graph: str, things: Iterable[str]) -> dict[str, int]:
    """Revision that last changed each of several things of one graph."""
    versions = journal.versions(graph)[::-1]
    found: dict[str, int] = {}
    left = set(things)
    after = _lines(journal, versions[0].change.digest)
    for newer, older in zip(versions, [*versions[1:], None], strict=True):
        before = _lines(journal, older.change.digest if older else None)
        for thing in sorted(left):
            if _about(after, thing) != _about(before, thing):
                found[thing] = newer.facts.number
        left -= found.keys()
        after = before
        if not left:
            break
    return found


def _lines(journal: Journal, digest: str | None) -> list[str]:
    return journal.content(digest).decode().splitlines() if digest else []


def _about(lines: Iterable[str], thing: str) -> list[str]:
    starts = (f"<{thing}> ", f"<{thing}/")
    return [line for line in lines if line.startswith(starts)]


def with_later(
    entity: Entity, names: Iterable[str], entity_set: EntitySet, answers: Answers
) -> Entity:
    """Entity with those of its collections that are only read when they are shown."""
    wanted = [name for name in names if name in entity_set.later]
    if not wanted:
        return entity
    parts = {name: _LATER[name](entity, _rows(name, entity.iri, answers)) for name in wanted}
    return replace(entity, parts={**entity.parts, **parts})


def _rows(name: str, text: str, answers: Answers) -> list[dict[str, str]]:
    return list(answers.store.select(bind(_query(name), {"text": text}, answers)).texts())


def _content(entity: Entity, rows: Iterable[Mapping[str, str]]) -> tuple[Part, ...]:
    """Official words, one text a language, a line a provision."""
    by_language: dict[str, list[str]] = {}
    for row in rows:
        by_language.setdefault(row["language"], []).append(f"{row['number']} {row['words']}")
    return tuple(
        {"id": f"{entity.id}-content-{n}", "language": language, "value": "\n".join(lines)}
        for n, (language, lines) in enumerate(sorted(by_language.items()), 1)
    )


def _paragraphs(_entity: Entity, rows: Iterable[Mapping[str, str]]) -> tuple[Part, ...]:
    return tuple(
        {
            "id": f"{row['provision']}@{row['language']}" if row["language"] else row["provision"],
            "number": row["number"],
            "sortKey": row["sort_key"],
            "kind": row["kind"] or None,
            "verbs": row["verb"] or None,
            "addressees": row["addressee"] or None,
            "deadline": row["deadline"] or None,
            "language": row["language"] or None,
            "summary": row["summary"] or None,
        }
        for row in rows
    )


def _taggings(_entity: Entity, rows: Iterable[Mapping[str, str]]) -> tuple[Part, ...]:
    return tuple(
        {
            "id": row["tagging"],
            "paragraph": row["provision"],
            "number": row["number"],
            "target": row["tag"],
            "term": row["term"] or None,
            "method": row["method"] or None,
            "confidence": typed(row["confidence"], REAL),
            "author": row["author"] or None,
            "reviewState": row["review"] or None,
        }
        for row in rows
    )


_LATER: Final[Mapping[str, Callable[[Entity, Iterable[Mapping[str, str]]], tuple[Part, ...]]]] = {
    "content": _content,
    "paragraphs": _paragraphs,
    "taggings": _taggings,
}


def _query(name: str) -> Query:
    path = root_folder("queries") / "odata" / f"{name}.rq"
    return read_query(name, path.read_text(encoding="utf-8"), f"queries/odata/{path.name}")
