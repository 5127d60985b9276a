"""Search: what words name, what holds them, and how a list of finds can be narrowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.answer.lookup import last_part
from dtrack.answer.views import Named
from dtrack.searching import Filters, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dtrack.answer.names import Names
    from dtrack.searching import Hit, TextIndex
    from dtrack.searching.things import Thing

_KEYED: Final = {"instrument": "instrument", "theme": "theme"}
"""Filters whose values are keys or names of things, with the kind of these."""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """Something found: ``kind`` is its class, ``snippet`` the text that matches.

    ``marks`` are the matching parts of the snippet: first character, and the one
    behind the last. ``symbol`` is that of the text, ``number`` a provision's in it.
    """

    iri: str
    key: str
    label: str
    kind: str
    snippet: str
    marks: list[list[int]]
    symbol: str | None
    number: str | None
    instrument: Named | None


@dataclass(frozen=True, slots=True)
class FacetView:
    """A value that narrows a list, and how many items have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class FoundView:
    """A page of what was found, the best match first; ``total`` counts all of it."""

    total: int
    items: list[FoundItem]
    facets: dict[str, list[FacetView]]


class SearchAnswers:
    """Answers of one text index, with labels in one language."""

    def __init__(
        self,
        texts: TextIndex,
        names: Names,
        key: Callable[[str, str], str],
        language: str,
    ) -> None:
        self._texts = texts
        self._names = names
        self._key = key
        self._language = language

    def search(
        self,
        text: str,
        filters: Mapping[str, str | None] | None = None,
        *,
        limit: int = 20,
        offset: int = 0,
        facets: bool = False,
    ) -> FoundView:
        """What holds all words of a text, or is named by it; what is named goes first.

        ``filters`` are those of ``searching.Filters``, instruments and themes by key
        or name. Raises NotFoundError for one that does not exist.
        """
        # What is no text, such as half a sign in an argument, matches nothing.
        text = text.encode(errors="replace").decode()
        given = {name: value for name, value in (filters or {}).items() if value is not None}
        for name, of in _KEYED.items():
            if name in given:
                given[name] = self._key(of, given[name])
        question = Question(text, self._names.recognise(text), Filters(**given))
        found = self._texts.search(
            question, limit=limit, offset=offset, facets=facets, language=self._language
        )
        iris = [hit.thing.instrument for hit in found.hits if hit.thing.instrument]
        iris += [value for counts in found.facets.values() for value in counts if "://" in value]
        called = self._texts.labels(iris, self._language)
        return FoundView(
            total=found.total,
            items=[self._item(hit, called) for hit in found.hits],
            facets={name: self._facet(counts, called) for name, counts in found.facets.items()},
        )

    def _item(self, hit: Hit, called: Mapping[str, str]) -> FoundItem:
        thing = hit.thing
        return FoundItem(
            iri=thing.iri,
            key=last_part(thing.iri),
            label=self._label(thing),
            kind=thing.kinds[0],
            snippet=hit.snippet.text,
            marks=[list(mark) for mark in hit.snippet.marks],
            symbol=thing.symbol or None,
            number=thing.number or None,
            instrument=_named(thing.instrument, called) if thing.instrument else None,
        )

    def _label(self, thing: Thing) -> str:
        """Its name; of a provision, which has none, the symbol and number."""
        if label := thing.label(self._language):
            return label
        place = f"{thing.symbol} {thing.number}".strip()
        return place or last_part(thing.iri)

    @staticmethod
    def _facet(counts: Mapping[str, int], called: Mapping[str, str]) -> list[FacetView]:
        """Values of a facet, the most frequent first."""
        found = []
        for value, count in counts.items():
            if "://" in value:
                key = last_part(value)
                found.append(FacetView(key, called.get(value) or key, count))
            else:
                found.append(FacetView(value, value, count))
        return sorted(found, key=lambda view: (-view.count, view.value))


def _named(iri: str, called: Mapping[str, str]) -> Named:
    return Named(iri, last_part(iri), called.get(iri) or last_part(iri))


def split(text: str, marks: list[list[int]]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is marked; empty ones are left out."""
    found = []
    done = 0
    for start, end in marks:
        found += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [piece for piece in (*found, (text[done:], False)) if piece[0]]
