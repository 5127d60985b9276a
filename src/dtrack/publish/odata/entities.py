"""From rows, one a value of a property, to entities with typed values."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from dtrack.publish.odata.sets import FILE, KEYWORD, NUMBER, REAL, TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dtrack.publish.odata.sets import EntitySet

Value = str | int | float | bool | datetime | None
Part = Mapping[str, Value]

_PAGES: Final = frozenset({"", "html", "htm", "shtml", "php", "asp", "aspx", "jsp"})
PROTOCOL: Final = 1


@dataclass(frozen=True, slots=True)
class Entity:
    """A member of a set: simple values, and collections by name (those read already)."""

    iri: str
    id: str
    values: Mapping[str, Value]
    parts: Mapping[str, tuple[Part, ...]]


def make_entities(
    entity_set: EntitySet, rows: Iterable[Mapping[str, str]], updated: Mapping[str, datetime]
) -> list[Entity]:
    """Entities in the order of their identifiers; ``updated`` gives the time of each thing."""
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for row in rows:
        pair = (row["value"], row["extra"])
        found.setdefault(row["thing"], {}).setdefault(row["property"], []).append(pair)
    taken = _identifiers(found)
    entities = [
        _entity(entity_set, thing, taken[thing], said, updated.get(thing))
        for thing, said in found.items()
    ]
    return sorted(entities, key=lambda each: each.id)


def _identifiers(found: Mapping[str, Mapping[str, list[tuple[str, str]]]]) -> dict[str, str]:
    """Identifier of each thing: its own, else the end of its IRI; its kind where two share it."""
    wanted = {
        thing: next((value for value, _ in said.get("id", ())), thing.rsplit("/", 1)[-1])
        for thing, said in found.items()
    }
    counts: dict[str, int] = {}
    for name in wanted.values():
        counts[name] = counts.get(name, 0) + 1
    return {
        thing: name if counts[name] == 1 else "-".join(thing.rsplit("/", 2)[-2:])
        for thing, name in wanted.items()
    }


def _entity(
    entity_set: EntitySet,
    thing: str,
    identifier: str,
    said: Mapping[str, list[tuple[str, str]]],
    updated: datetime | None,
) -> Entity:
    pages = [value for value, _ in said.get("page", ())]
    given = {
        **entity_set.fixed,
        **{name: pairs[0][0] for name, pairs in said.items()},
        "id": identifier,
        "iri": thing,
        "protocolVersion": str(PROTOCOL),
        entity_set.page: next((p for p in pages if not _is_file(p)), pages[0] if pages else thing),
    }
    values = {name: typed(given.get(name), kind) for name, kind in entity_set.simple.items()}
    values["updated"] = updated
    parts = {
        name: tuple(
            _part(name, part.type, identifier, number, *pair)
            for number, pair in enumerate(_pairs(said, name, pages), 1)
        )
        for name, part in entity_set.many.items()
        if name not in entity_set.later
    }
    return Entity(thing, identifier, values, parts)


def _pairs(
    said: Mapping[str, list[tuple[str, str]]], name: str, pages: list[str]
) -> list[tuple[str, str]]:
    """Values of a collection; pages that are files are files."""
    found = said.get(name, [])
    if name == "files":
        found = [*found, *((page, "") for page in pages if _is_file(page))]
    return found


def _part(name: str, kind: str, identifier: str, number: int, value: str, extra: str) -> Part:
    own = f"{identifier}-{name}-{number}"
    if kind == KEYWORD.type:
        return {"id": own, "term": value, "namespace": extra}
    if kind == FILE.type:
        filename = urlsplit(value).path.rsplit("/", 1)[-1]
        media = mimetypes.guess_type(filename)[0]
        return {
            "id": own, "url": value, "mimeType": media, "language": extra or None,
            "filename": filename or None,
        }  # fmt: skip
    return {"id": own, "language": extra or "en", "value": value}


def _is_file(address: str) -> bool:
    """Whether an address is that of a file rather than of a page."""
    parts = urlsplit(address)
    ending = parts.path.rsplit("/", 1)[-1].rpartition(".")[2] if "." in parts.path else ""
    return ending.lower() not in _PAGES and mimetypes.guess_type(parts.path)[0] is not None


def typed(text: str | None, kind: str) -> Value:
    """Value of a type, None for none or for what is none."""
    if text is None or text == "":
        return None
    try:
        if kind == TIME:
            found = datetime.fromisoformat(text)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        if kind == NUMBER:
            return int(text)
        if kind == REAL:
            return float(text)
    except ValueError:
        return None
    return text
