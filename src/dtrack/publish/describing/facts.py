"""Facts about the data that descriptions are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source: texts by language; ``triples`` and ``graphs`` are what came from it."""

    iri: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    licence: str
    page: str
    triples: int
    graphs: int


@dataclass(frozen=True, slots=True)
class Links:
    """Links to another vocabulary by one relation."""

    vocabulary: str
    relation: str
    count: int


@dataclass(frozen=True, slots=True)
class Release:
    """A file of a release that can be taken."""

    address: str
    media_type: str
    packing: str
    size: int
    sha256: str
    version: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is told of the data of a node.

    ``kinds`` counts graphs and triples by kind of record, ``graphs`` triples by
    graph. ``changed`` is the time of the last revision, ``began`` of the first.
    """

    base: str
    publisher: str
    contact: str
    revision: int
    began: str
    changed: str
    first_day: str
    last_day: str
    triples: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    graphs: Mapping[str, int]
    kinds: Mapping[str, tuple[int, int]]
    sources: tuple[SourceFacts, ...]
    links: tuple[Links, ...]
    releases: tuple[Release, ...] = field(default=())
