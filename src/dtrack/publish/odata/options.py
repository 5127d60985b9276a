"""System query options: what is read of a request, and the page of entities that it asks for."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dtrack.errors import ParameterError
from dtrack.publish.odata.filtering import english, read_filter, unknown_property
from dtrack.publish.odata.sets import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.publish.odata.entities import Entity
    from dtrack.publish.odata.filtering import Condition
    from dtrack.publish.odata.sets import EntitySet

PAGE: Final = 100
"""Entities of a page, whatever $top says."""

KNOWN: Final = frozenset(
    {"$filter", "$orderby", "$top", "$skip", "$expand", "$select", "$format", "$inlinecount",
     "$count", "$skiptoken"}
)  # fmt: skip

Key = Callable[["Entity"], Any]


@dataclass(frozen=True, slots=True)
class Options:
    """What a request asks for; ``orders`` are keys with whether each goes down."""

    condition: Condition | None
    orders: tuple[tuple[Key, bool], ...]
    top: int | None
    skip: int
    expand: tuple[str, ...]
    select: tuple[str, ...]
    counts: bool
    after: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Page:
    """Entities of a page; ``total`` when it was asked for, ``token`` when more follow."""

    entities: tuple[Entity, ...]
    total: int | None
    token: str
    left: int | None


def read_options(given: Mapping[str, str], entity_set: EntitySet) -> Options:
    """Options of a request. Raises ParameterError."""
    for name in given:
        if name.startswith("$") and name not in KNOWN:
            raise ParameterError(
                f"The option '{name[:40]}' is not offered.",
                remedy=f"There are: {', '.join(sorted(KNOWN))}.",
            )
    filter_ = given.get("$filter", "").strip()
    return Options(
        read_filter(filter_, entity_set) if filter_ else None,
        tuple(_orders(given.get("$orderby", ""), entity_set)),
        _number(given, "$top"),
        _number(given, "$skip") or 0,
        _names(given.get("$expand", ""), entity_set, tuple(entity_set.many)),
        _names(given.get("$select", ""), entity_set, tuple(entity_set.names)),
        _counts(given),
        _after(given["$skiptoken"]) if "$skiptoken" in given else None,
    )


def page_of(entities: Sequence[Entity], options: Options) -> Page:
    """The page that is asked for; it begins where the last one ended, whatever came between."""
    condition = options.condition
    found = [each for each in entities if condition is None or condition(each)]
    for key, is_down in reversed(options.orders):
        # Null is the least value.
        found.sort(key=lambda e: ((v := key(e)) is not None, v), reverse=is_down)
    start = options.skip if options.after is None else _place(found, options.after)
    size = PAGE if options.top is None else min(options.top, PAGE)
    shown = tuple(found[start : start + size])
    left = None if options.top is None else options.top - len(shown)
    goes_on = start + size < len(found) and left != 0
    token = _token(start + size, shown[-1].id) if goes_on and shown else ""
    return Page(shown, len(found) if options.counts else None, token, left)


def _place(found: Sequence[Entity], after: tuple[int, str]) -> int:
    """Place behind the entity that ended the last page, or where it was."""
    start, identifier = after
    if 0 < start <= len(found) and found[start - 1].id == identifier:
        return start
    places = (n for n, entity in enumerate(found, 1) if entity.id == identifier)
    return next(places, start)


def _token(start: int, identifier: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([start, identifier]).encode()).decode().rstrip("=")


def _after(token: str) -> tuple[int, str]:
    try:
        padded = token + "=" * (-len(token) % 4)
        start, identifier = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        return int(start), str(identifier)
    except (binascii.Error, UnicodeError, ValueError, TypeError):
        raise ParameterError(
            "The $skiptoken is not one of ours.", remedy="Take it from the address of a next page."
        ) from None


def _number(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise ParameterError(f"{name} is '{text[:20]}'.", remedy="Give a whole number from 0.")
    return int(text)


def _counts(given: Mapping[str, str]) -> bool:
    wanted = given.get("$inlinecount", "none")
    if wanted not in {"none", "allpages"}:
        raise ParameterError(f"$inlinecount is '{wanted[:20]}'.", remedy="Say allpages or none.")
    also = given.get("$count", "false").lower()
    if also not in {"true", "false"}:
        raise ParameterError(f"$count is '{also[:20]}'.", remedy="Say true or false.")
    return wanted == "allpages" or also == "true"


def _orders(text: str, entity_set: EntitySet) -> list[tuple[Key, bool]]:
    found: list[tuple[Key, bool]] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, way = part.partition(" ")
        way = way.strip().lower()
        if way not in {"", "asc", "desc"}:
            raise ParameterError(f"'{part[:40]}' is no order.", remedy="Write: updated asc.")
        found.append((_key(name, entity_set), way == "desc"))
    return found


def _key(name: str, entity_set: EntitySet) -> Key:
    if name in entity_set.simple:
        return lambda entity: entity.values[name]
    if entity_set.many.get(name) is TEXT and name not in entity_set.later:
        return lambda entity: english(entity, name)
    raise unknown_property(name, entity_set)


def _names(text: str, entity_set: EntitySet, allowed: Sequence[str]) -> tuple[str, ...]:
    """Names in a list; ``*`` is all; what stands behind a slash is within what stands before."""
    names = [piece.strip().partition("/")[0] for piece in text.split(",") if piece.strip()]
    if "*" in names:
        return tuple(allowed)
    for name in names:
        if name not in allowed:
            raise ParameterError(
                f"{entity_set.name} have no '{name[:40]}' to choose.",
                remedy=f"There are: {', '.join(allowed)}.",
            )
    return tuple(dict.fromkeys(names))
