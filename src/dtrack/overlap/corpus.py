"""What overlap is computed over, read from a store by the queries in ``queries/index``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.errors import StoreError
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
    (None = open). ``values`` holds value IRIs per dimension, sorted.
    """

    provision: str
    text: str
    instrument: str
    start: int
    end: int | None
    operational: bool
    active: bool
    values: Mapping[str, tuple[str, ...]]


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
class Corpus:
    """Directives in the order of instrument, adoption and place; mappings; the hierarchies."""

    directives: tuple[Directive, ...]
    mappings: tuple[MappingRecord, ...]
    ancestors: Mapping[str, frozenset[str]]
    items: Mapping[str, FrameworkItem]


def _year(lexical: str) -> int:
    return int(lexical[:4])


def read_corpus(store: Store, queries: Path) -> Corpus:
    """Corpus of a store. ``queries`` is the folder ``queries/index``.

    Raises StoreError when the derived graph is missing, since without it
    hierarchies and statuses would silently be empty.
    """

    def rows(name: str) -> list[dict[str, str]]:
        return list(store.select((queries / f"{name}.rq").read_text(encoding="utf-8")).texts())

    values: dict[str, dict[str, list[str]]] = {}
    for dimension in VALUE_DIMENSIONS:
        for row in rows(f"values_{dimension}"):
            per_provision = values.setdefault(row["provision"], {})
            per_provision.setdefault(dimension, []).append(row["value"])
    operational = {row["provision"] for row in rows("operational")}
    ended = {row["thing"] for row in rows("ended")}
    deadlines = {row["provision"]: _year(row["last"]) for row in rows("deadlines")}
    ancestors: dict[str, set[str]] = {}
    for row in rows("ancestors"):
        ancestors.setdefault(row["value"], set()).add(row["ancestor"])
    directives = tuple(
        Directive(
            provision=row["provision"],
            text=row["text"],
            instrument=row["instrument"],
            start=_year(row["adopted"]),
            end=deadlines.get(row["provision"]),
            operational=row["provision"] in operational,
            active=not {row["provision"], row["text"]} & ended,
            values={
                dimension: tuple(found)
                for dimension, found in values.get(row["provision"], {}).items()
            },
        )
        for row in rows("directives")
    )
    if directives and not ancestors:
        raise StoreError(
            "The store has no derived graph, so hierarchies are unknown.",
            remedy="Load it again with `dtrack init`.",
        )
    return Corpus(
        directives=directives,
        mappings=tuple(
            MappingRecord(
                iri=row["mapping"],
                subject=row["subject"],
                predicate=row["predicate"],
                object=row["object"],
                author=row["author"],
                confidence=float(row["confidence"]),
                justification=row["justification"],
                state=row["state"],
            )
            for row in rows("mappings")
        ),
        ancestors={value: frozenset(found) for value, found in ancestors.items()},
        items={
            row["item"]: FrameworkItem(
                iri=row["item"],
                framework=row["framework"],
                kind=row["type"].removeprefix(DT),
                notation=row["notation"],
                label=row["label"],
            )
            for row in rows("framework_items")
        },
    )
