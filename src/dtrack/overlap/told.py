"""Facts about directives, mappings and targets as a store was told them while it was loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dtrack.hearing import said
from dtrack.terms import CODES, DT, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dtrack.hearing import Told

BROADER: Final = f"{SKOS}broaderTransitive"
"""Property of closures of hierarchies, which follow by a rule."""
_TYPE: Final = f"{RDF}type"
_OPERATIVE: Final = f"<{DT}OperativeProvision>".encode()
_RANKS: Final = {
    f"<{DT}CuratedStatus>".encode(): b"2",
    f"<{DT}PublishedStatus>".encode(): b"1",
}
_STATUS: Final = tuple(f"{DT}{name}" for name in ("statusOf", "statusAxis", "statusValue"))
_TIME: Final = (f"{DT}from", f"{DT}until")
_ENDING: Final = frozenset(
    f"<{CODES}/{name}>".encode()
    for name in (
        *(f"legal-force/{value}" for value in ("superseded", "repealed", "retired", "elapsed")),
        "implementation/implemented",
    )
)
"""Values of status that ``queries/index/statuses.rq`` says to be ends."""

_MAPPING: Final = tuple(
    f"{DT}{name}"
    for name in (
        *("mappingSubject", "mappingPredicate", "mappingObject"),
        *("author", "confidence", "justification"),
    )
)
_A_MAPPING: Final = f"<{DT}Mapping>".encode()
_STATE: Final = f"{DT}reviewState"
_ITEM: Final = (f"{DT}ofFramework", _TYPE, f"{SKOS}notation", f"{SKOS}prefLabel")
_ITEMS: Final = frozenset(f"<{DT}{name}>".encode() for name in ("Goal", "Target"))

NOTING: Final = frozenset((_TYPE, *_STATUS, *_TIME, BROADER, *_MAPPING, _STATE, *_ITEM)) | {
    f"{DT}{name}"
    for name in (
        *("ofText", "sortKey", "instrument", "adopted", "addressesTarget", "addressesTheme"),
        *("elementOf", "kind", "deadline", "verb", "addressee", "verbForce", "verbModality"),
    )
}
"""Properties that have to be noted."""


class ToldScans:
    """Columns of the queries of ``queries/index`` over all texts, in no order."""

    def __init__(self, told: Told) -> None:
        self._told = told

    def columns(self, name: str, prop: str = "", of: str = "") -> Sequence[Sequence[bytes]]:
        """Columns of a query's answer. Raises KeyError for a query that is none of these."""
        del prop, of
        known: dict[str, Callable[[], Sequence[Sequence[bytes]]]] = {
            "operative": self._operative,
            "statuses": self._statuses,
            "verb_forces": lambda: self.facts("verbForce"),
            "verb_modalities": lambda: self.facts("verbModality"),
        }
        return known[name]()

    def facts(self, local: str, of: str = "") -> tuple[Sequence[bytes], Sequence[bytes]]:
        """Values of a property of our ontology."""
        del of
        return self._told.facts(f"{DT}{local}")

    def _operative(self) -> list[list[bytes]]:
        kinds = zip(*self._told.facts(_TYPE), strict=True)
        return [[thing for thing, kind in kinds if kind == _OPERATIVE]]

    def _statuses(self) -> list[list[bytes]]:
        rows = self._told.rows((*_STATUS, _TYPE), _TIME)
        found = [
            (thing, axis, _RANKS[kind], first, last, b"true" if value in _ENDING else b"false")
            for _, thing, axis, value, kind, first, last in rows
            if kind in _RANKS
        ]
        return [list(column) for column in zip(*found, strict=True)] or [[]] * 6


def mapping_rows(told: Told) -> Iterator[tuple[str, ...]]:
    """Rows as ``queries/index/mappings.rq`` gives them, in no order."""
    for mapping, *about, kind, state in told.rows((*_MAPPING, _TYPE), (_STATE,)):
        if kind == _A_MAPPING:
            yield tuple(said(term)[0] if term else "" for term in (mapping, *about, state))


def item_rows(told: Told) -> Iterator[tuple[str, ...]]:
    """Rows as ``queries/index/framework_items.rq`` gives them, in no order."""
    for item, framework, kind, notation, label in told.rows(_ITEM):
        called, language = said(label)
        if kind in _ITEMS and language == "en":
            yield (*(said(term)[0] for term in (item, framework, kind, notation)), called)
