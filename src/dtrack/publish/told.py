"""What the content of a graph says of itself: the thing, its names, its instruments.

Feeds tell of graphs that the store no longer has, so this is read from the
journal's N-Triples.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.terms import BASE, DCTERMS, DT, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LINE: Final = re.compile(
    r'<([^>]*)> <([^>]*)> (?:<([^>]*)>|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<[^>]*>)?) \.'
)
_NAMES: Final = (f"{SKOS}prefLabel", f"{DCTERMS}title")
_OF_INSTRUMENT: Final = (f"{DT}instrument", f"{DT}frameworkOf")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CHARACTERS: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Told:
    """A graph in a few words: ``names`` by language, ``symbol`` "" where there is none."""

    thing: str
    names: Mapping[str, str]
    symbol: str
    instruments: frozenset[str]

    def name(self, language: str) -> str:
        """What the thing is called, as near to a language as there is."""
        for tag in (language, language.partition("-")[0], "en"):
            if tag in self.names:
                return self.names[tag]
        return next(iter(self.names.values()), "")

    def title(self, language: str) -> str:
        """Symbol and name, or the end of the IRI."""
        parts = [part for part in (self.symbol, self.name(language)) if part]
        return ": ".join(parts) or self.thing.removeprefix(f"{BASE}/")


def told(graph: str, ntriples: bytes) -> Told:
    """What a graph says of itself."""
    lines = list(triples(ntriples))
    thing = next((o for s, p, o, _ in lines if s == graph and p == f"{DT}recordOf"), graph)
    names = {tag: o for s, p, o, tag in lines if s == thing and p in _NAMES}
    symbol = next((o for s, p, o, _ in lines if s == thing and p == f"{DT}symbol"), "")
    instruments = {o for _, p, o, _ in lines if p in _OF_INSTRUMENT}
    return Told(thing, names, symbol, frozenset({*instruments, thing}))


def kind_of(graph: str) -> str:
    """Kind of record by the name of its graph, such as ``decision`` or ``codes``."""
    local = graph.partition("/graph/")[2] or graph.removeprefix(f"{BASE}/")
    return local.partition("/")[0] if "/" in local or "://" not in local else "other"


def triples(ntriples: bytes) -> Iterator[tuple[str, str, str, str]]:
    """Subject, predicate, value as plain text and language of each line without blank nodes."""
    for match in _LINE.finditer(ntriples.decode()):
        subject, predicate, iri, text, language = match.groups()
        yield subject, predicate, _plain(text) if iri is None else iri, language or ""


def _plain(text: str) -> str:
    """Text without the escapes of N-Triples."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    if code:
        return chr(int(code, 16))
    return _CHARACTERS.get(match.group(3), match.group(3))
