"""What a search gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.searching.things import Thing


class Span(NamedTuple):
    """Part of a text: characters from ``start``, up to but without ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """The text of a hit that matches best, or the part of it around the first match."""

    text: str
    language: str
    marks: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: a higher score is a better match."""

    thing: Thing
    score: float
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, best first; ``facets`` count all of ``total`` by name and value."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
