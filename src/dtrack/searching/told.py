"""What is searched, from what a store was told while it was loaded: as the queries give it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from dtrack.hearing import said
from dtrack.terms import CODES, DCTERMS, DT, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.hearing import Told

_TYPE: Final = f"{RDF}type"
FACTS: Final = (
    *(f"{DT}{name}" for name in ("symbol", "symbolForm", "shortName")),
    *(f"{SKOS}{name}" for name in ("notation", "prefLabel", "altLabel", "hiddenLabel")),
    *(f"{DCTERMS}{name}" for name in ("title", "alternative")),
    *(f"{DT}summary", f"{DT}text", f"{SKOS}definition"),
    *(f"{DT}{name}" for name in ("ofText", "number", "instrument", "adopted")),
    *(f"{DT}{name}" for name in ("addressesTheme", "currentStatus")),
)
"""Properties of ``queries/search/facts.rq``, in its order."""

UNFOUND: Final = frozenset(
    f"<{DT}{name}>".encode()
    for name in (
        *("Record", "Paragraph", "Item", "Subitem", "Element", "Tagging", "Mapping"),
        *("PublishedStatus", "CuratedStatus"),
    )
)
"""Classes that ``queries/search/classes.rq`` leaves out."""

_ELEMENT: Final = (f"{DT}elementOf", f"{DT}sequence", f"{DT}verb")
_ADDRESSEE: Final = f"{DT}addressee"
_TAGGING: Final = (f"{DT}tagged", f"{DT}tag", f"{DT}taggingState")
_ABOUT_TAGGING: Final = tuple(
    f"{DT}{name}" for name in ("author", "taggingMethod", "confidence", "reviewState")
)
_ACCEPTED: Final = f"<{CODES}/tagging-state/accepted>".encode()
NOTING: Final = frozenset((_TYPE, *FACTS, *_ELEMENT, _ADDRESSEE, *_TAGGING, *_ABOUT_TAGGING))
"""Properties that have to be noted."""

_IRI: Final = ord("<")
Said = Sequence[tuple[str, str, str]]


class ToldFacts:
    """Facts by the IRI of a thing, made when they are asked for."""

    def __init__(self, told: Told) -> None:
        self._values = _Values()
        held = self._held = defaultdict[bytes, list[tuple[str, bytes]]](list)
        for thing, value in zip(*told.facts(_TYPE), strict=True):
            if value not in UNFOUND:
                held[thing].append((_TYPE, value))
        for name in FACTS:
            for thing, value in zip(*told.facts(name), strict=True):
                held[thing].append((name, value))

    def __iter__(self) -> Iterator[str]:
        """Give the IRIs of all things, in their order."""
        # That of UTF-8 is that of characters, once the bracket at the end is gone.
        return (term.decode() for term in sorted(term[1:-1] for term in self._held))

    def get(self, thing: str, default: Said) -> Said:
        """Property, value and language of each fact; ``default`` where there is none."""
        held = self._held.get(f"<{thing}>".encode())
        if held is None:
            return default
        values = self._values
        return [
            (name, values[term], "") if term[0] == _IRI else (name, *said(term))
            for name, term in held
        ]


def element_rows(told: Told) -> Iterator[tuple[str, ...]]:
    """Rows as ``queries/search/elements.rq`` gives them, in no order."""
    values = _Values()
    for _, *row in told.rows(_ELEMENT, (_ADDRESSEE,)):
        yield tuple([values[term] for term in row])


def tagging_rows(told: Told) -> Iterator[tuple[str, ...]]:
    """Rows as ``queries/search/taggings.rq`` gives them, in no order."""
    values = _Values()
    for tagging, thing, tag, state, *about in told.rows(_TAGGING, _ABOUT_TAGGING):
        if state == _ACCEPTED:
            author, method, confidence, review = about
            yield (
                values[thing], values[tag], values[author], values[method], values[confidence],
                values[review], tagging[1:-1].decode(),
            )  # fmt: skip


class _Values(dict[bytes, str]):
    """Values of terms, each made once."""

    def __missing__(self, term: bytes) -> str:
        """Give the value of a term that has not come before; that of none is empty."""
        value = self[term] = said(term)[0] if term else ""
        return value
