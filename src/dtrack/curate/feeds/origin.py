"""The source of an import, and the IRIs and heads of the records that are its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from dtrack.sources.ntriples import iri, is_iri, literal
from dtrack.terms import CODES, DCTERMS, DT, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator

A: Final = f"<{RDF}type>"
UNREVIEWED: Final = f"<{CODES}/review-state/unreviewed>"


@dataclass(frozen=True, slots=True)
class Origin:
    """A source by its name; ``base`` begins the IRIs it brings, ``reader`` is its version."""

    name: str
    base: str
    reader: str

    @property
    def slug(self) -> str:
        """Name as it stands in IRIs."""
        return plain_slug(self.name) or slug_of(self.name)

    @property
    def iri(self) -> str:
        """IRI of the source."""
        return f"{self.base}/id/source/{self.slug}"

    @property
    def graphs(self) -> str:
        """Start of the names of the graphs that are this source's own."""
        return f"{self.base}/graph/entry/{self.slug}/"

    def entry(self, kind: str, identifier: str) -> tuple[str, str]:
        """Graph and IRI of the entry about a row."""
        name = f"{kind}-{slug_of(identifier)}"
        return f"{self.graphs}{name}", f"{self.base}/id/entry/{self.slug}/{name}"

    def described(self) -> tuple[str, tuple[str, ...]]:
        """Graph of the source itself, and its lines."""
        graph = f"{self.base}/graph/source/{self.slug}"
        lines = [*self.head(graph, (self.iri,), "named by whoever imported it")]
        lines.append(f"{iri(self.iri)} {A} <{DT}Source>")
        lines.append(f"{iri(self.iri)} <{SKOS}prefLabel> {literal(self.name, language='en')}")
        return graph, tuple(lines)

    def head(
        self, graph: str, things: tuple[str, ...], place: str, page: str = ""
    ) -> Iterator[str]:
        """Lines of the head of a record, all but the day of change."""
        about = iri(graph)
        yield f"{about} {A} <{DT}Record>"
        for thing in things:
            yield f"{about} <{DT}recordOf> {iri(thing)}"
        yield f"{about} <{DT}belongsToSource> {iri(self.iri)}"
        yield f"{about} <{DT}reviewState> {UNREVIEWED}"
        yield f"{about} <{DT}sourcePlace> {literal(place)}"
        yield f"{about} <{DT}readBy> {literal(self.reader)}"
        if page and is_iri(page):
            yield f"{about} <{DCTERMS}source> {iri(page)}"


def plain_slug(text: str) -> str:
    """Letters and digits of a text, in lower case, hyphens between."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")


def slug_of(text: str) -> str:
    """Text as it may stand in an IRI; different texts stay different."""
    slug = plain_slug(text)
    if slug == text:
        return slug
    return f"{slug}-{sha256(text.encode()).hexdigest()[:6]}".lstrip("-")
