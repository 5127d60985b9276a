"""What a curator corrects in an extracted text: verbs, addressees, days, citations.

Each field has a place: ``p2.d0.verb`` is the verb of the first directive of
the third provision. What nobody typed stays as it was extracted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from dtrack.extraction.lexicon import fold
from dtrack.extraction.provisions import last_day
from dtrack.extraction.texts import Citation, Deadline, Element

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.texts import ExtractedText, Provision

_DAY: Final = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_BETWEEN: Final = re.compile(r"[,;，；、]")


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that cannot be read; ``what``: verb, actor, day, relation, symbol or tag."""

    place: str
    what: str
    value: str


@dataclass(slots=True)
class Corrected:
    """A text as corrected.

    ``places`` gives the place of a part by what ends its IRI:
    ``element/cbd-cop-12-19/1/2``.
    """

    text: ExtractedText
    faults: list[Fault] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)


def several(words: str) -> list[str]:
    """Values of a field that holds several."""
    return [part.strip() for part in _BETWEEN.split(words) if part.strip()]


def as_extracted(text: ExtractedText) -> dict[str, str]:
    """Fields of a text by their place, as it was extracted; each list ends with an empty row."""
    return {
        place: value
        for index, provision in enumerate(text.provisions)
        for place, value in _fields(f"p{index}", provision)
    }


def _fields(place: str, provision: Provision) -> Iterator[tuple[str, str]]:
    yield from ((f"{place}.kind", ""), (f"{place}.summary", ""), (f"{place}.tags", ""))
    for order, element in enumerate((*provision.elements, Element("", "", ""))):
        yield f"{place}.d{order}.verb", element.verb
        yield f"{place}.d{order}.to", ", ".join(element.addressees)
        yield f"{place}.d{order}.by", ", ".join(each.value for each in element.deadlines)
    for order, citation in enumerate((*provision.citations, Citation("", "", "", "", ""))):
        yield f"{place}.c{order}.symbol", " ".join(citation.symbol.split())
        yield f"{place}.c{order}.relation", citation.relation or "cites"


def corrected(text: ExtractedText, typed: Mapping[str, str], lexicon: Lexicon) -> Corrected:
    """A text with what was typed, and the fields that cannot be read."""
    return _Corrector(text, typed, lexicon).correct()


class _Corrector:
    def __init__(self, text: ExtractedText, typed: Mapping[str, str], lexicon: Lexicon) -> None:
        self._former = as_extracted(text)
        self._typed = typed
        self._lexicon = lexicon
        self._verbs = {name: v for v in lexicon.verbs for name in (fold(v.name), v.key)}
        self._actors = {
            fold(label): actor.key for actor in lexicon.actors for _, label, _ in actor.labels
        } | {actor.key: actor.key for actor in lexicon.actors}
        self._relations = {key for _, _, key in lexicon.relations} | {"cites"}
        self._done = Corrected(text)

    def correct(self) -> Corrected:
        text = self._done.text
        provisions = tuple(
            self._provision(f"p{index}", provision)
            for index, provision in enumerate(text.provisions)
        )
        self._done.text = replace(text, provisions=provisions)
        return self._done

    def _said(self, place: str) -> str:
        return " ".join(self._typed.get(place, self._former.get(place, "")).split())

    def _kept(self, *places: str) -> bool:
        return all(self._said(place) == self._former.get(place, "") for place in places)

    def _fault(self, place: str, what: str, value: str) -> None:
        self._done.faults.append(Fault(place, what, value))

    def _provision(self, place: str, provision: Provision) -> Provision:
        slug, key = self._done.text.slug, provision.key
        self._done.places[f"provision/{slug}/{key}"] = place
        elements: list[Element] = []
        for order, former in enumerate((*provision.elements, None)):
            element = self._element(f"{place}.d{order}", former)
            if element is not None:
                elements.append(element)
                part = f"element/{slug}/{key}/{len(elements)}"
                self._done.places[part] = f"{place}.d{order}"
        citations: list[Citation] = []
        for order, cited in enumerate((*provision.citations, None)):
            citation = self._citation(f"{place}.c{order}", cited)
            if citation is not None:
                citations.append(citation)
                part = f"citation/{slug}/{key}/{citation.path.rsplit('/', 1)[-1]}"
                self._done.places[part] = f"{place}.c{order}"
        return replace(provision, elements=tuple(elements), citations=tuple(citations))

    def _element(self, place: str, former: Element | None) -> Element | None:
        """A directive; None for one without a verb, which is taken out."""
        if former is not None and self._kept(f"{place}.verb", f"{place}.to", f"{place}.by"):
            return former
        said = self._said(f"{place}.verb")
        if not said:
            for name in ("to", "by"):
                if former is None and self._said(f"{place}.{name}"):
                    self._fault(f"{place}.verb", "verb", "")
                    break
            return None
        to, verb = self._to(f"{place}.to"), self._verbs.get(fold(said))
        kept = former is not None and self._kept(f"{place}.by")
        days = former.deadlines if former and kept else self._days(f"{place}.by")
        if verb is None:
            self._fault(f"{place}.verb", "verb", said)
            return former
        base = former or Element(verb.key, verb.name, verb.kind)
        if not self._kept(f"{place}.verb", f"{place}.to"):
            base = replace(base, inherited_from="", verb=verb.key, name=verb.name, kind=verb.kind)
        return replace(base, addressees=to, deadlines=days)

    def _to(self, place: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in several(self._said(place)):
            key = self._actors.get(fold(name))
            if key is None:
                self._fault(place, "actor", name)
            else:
                found[key] = None
        return tuple(found)

    def _days(self, place: str) -> tuple[Deadline, ...]:
        found = []
        for value in several(self._said(place)):
            if value in self._lexicon.meetings or is_day(value):
                found.append(Deadline(value, value))
            else:
                self._fault(place, "day", value)
        return tuple(found)

    def _citation(self, place: str, former: Citation | None) -> Citation | None:
        """A citation; None for one without a symbol, which is taken out."""
        symbol = self._said(f"{place}.symbol")
        if not symbol:
            return None
        relation = self._said(f"{place}.relation") or "cites"
        if relation not in self._relations:
            self._fault(f"{place}.relation", "relation", relation)
            return former
        if former is not None and self._kept(f"{place}.symbol"):
            return replace(former, relation=relation)
        readings = [
            reading
            for reading in self._lexicon.symbols.read(symbol)
            if reading.kind in {"decision", "resolution"}
        ]
        own = [one for one in readings if one.of == self._done.text.instrument]
        if not readings:
            self._fault(f"{place}.symbol", "symbol", symbol)
            return former
        best = (own or readings)[0]
        return Citation(symbol, best.of, best.kind, best.path, relation, best.provision)


def is_day(value: str) -> bool:
    """Whether a value is a year, month or day that there is."""
    if not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value if len(value) > 7 else last_day(value))
    except (ValueError, IndexError):
        return False
    return True
