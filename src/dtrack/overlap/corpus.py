"""What overlap is computed over, read from a store by the queries in ``queries/index``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.model import plain
from dtrack.overlap.told import BROADER, NOTING, item_rows, mapping_rows
from dtrack.terms import DT, SKOS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dtrack.model import Store

VALUE_DIMENSIONS = ("target", "theme", "actor", "verb")


@dataclass(frozen=True, slots=True)
class Directive:
    """An operative provision with at least one directive.

    ``start`` is the year of adoption, ``end`` the year of its last deadline
    (None = open). ``values`` holds value IRIs per dimension, sorted. ``permissive`` and
    ``restrictive``: one of its verbs permits or restricts.
    """

    provision: str
    text: str
    instrument: str
    start: int
    end: int | None
    operational: bool
    active: bool
    values: Mapping[str, tuple[str, ...]]
    permissive: bool = False
    restrictive: bool = False


@dataclass(frozen=True, slots=True)
class MappingRecord:
    """One mapping between two targets or two themes, as somebody asserted it."""

    iri: str
    subject: str
    predicate: str
    object: str
    author: str
    confidence: float
    justification: str
    state: str

    @property
    def relation(self) -> str:
        """Local name of the predicate, as weights name it."""
        return self.predicate.removeprefix(SKOS).removeprefix(DT)


@dataclass(frozen=True, slots=True)
class FrameworkItem:
    """A goal or target: its framework, kind (``Goal``, ``Target``), notation and English label."""

    iri: str
    framework: str
    kind: str
    notation: str
    label: str


@dataclass(frozen=True, slots=True)
class Tables:
    """What is small beside the directives: mappings, hierarchies, and the items of frameworks."""

    mappings: tuple[MappingRecord, ...]
    ancestors: Mapping[str, frozenset[str]]
    items: Mapping[str, FrameworkItem]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Directives in any order, with their tables, for an index made by hand."""

    directives: tuple[Directive, ...]
    mappings: tuple[MappingRecord, ...]
    ancestors: Mapping[str, frozenset[str]]
    items: Mapping[str, FrameworkItem]


def read_tables(store: Store, queries: Path) -> Tables:
    """Tables of a store. ``queries`` is the folder ``queries/index``."""

    def rows(name: str) -> list[tuple[str, ...]]:
        found = store.select((queries / f"{name}.rq").read_text(encoding="utf-8")).rows
        return [tuple(map(plain, row)) for row in found]

    if (told := store.told()) and told.knows(NOTING):
        mappings, items = [*mapping_rows(told)], [*item_rows(told)]
        pairs = [
            (value[1:-1].decode(), above[1:-1].decode())
            for value, above in zip(*told.facts(BROADER), strict=True)
        ]
    else:
        mappings, items = rows("mappings"), rows("framework_items")
        pairs = [(value, above) for value, above in rows("ancestors")]
    ancestors: dict[str, set[str]] = {}
    for value, above in sorted(pairs):
        ancestors.setdefault(value, set()).add(above)
    return Tables(
        mappings=tuple(
            MappingRecord(mapping, one, relation, other, author, float(sure), why, state)
            for mapping, one, relation, other, author, sure, why, state in sorted(set(mappings))
        ),
        ancestors={value: frozenset(found) for value, found in ancestors.items()},
        items={
            item: FrameworkItem(item, framework, kind.removeprefix(DT), notation, label)
            for item, framework, kind, notation, label in sorted(
                set(items), key=lambda row: (row[1], row)
            )
        },
    )
