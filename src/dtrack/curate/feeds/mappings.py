"""Correspondences that others publish, as mapping sets of their source."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from dtrack.curate.feeds.origin import A
from dtrack.sources.ntriples import iri, literal
from dtrack.terms import CODES, DCTERMS, DT, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dtrack.curate.feeds.origin import Origin

UNSPECIFIED: Final = "https://w3id.org/sssom/license/unspecified"


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A mapping as published: IRIs, and "" for what is not said."""

    subject: str
    predicate: str
    object: str
    justification: str
    author: str
    confidence: str
    pages: tuple[str, ...] = ()
    note: str = ""
    strength: str = ""
    day: str = ""

    @property
    def triple(self) -> tuple[str, str, str]:
        """Subject, predicate and object."""
        return self.subject, self.predicate, self.object


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of a mapping set."""

    title: str
    description: str = ""
    license: str = UNSPECIFIED


def set_lines(
    origin: Origin, about: Described, found: Iterable[Correspondence], place: str
) -> tuple[str, tuple[str, ...]]:
    """Graph of the mapping set of a source, and its lines.

    A mapping's IRI is made of what it says, so that a row more changes no other.
    """
    graph = f"{origin.base}/graph/mapping-set/{origin.slug}"
    the_set = graph.replace("/graph/", "/id/", 1)
    lines = [*origin.head(graph, (the_set,), place)]
    lines.append(f"{iri(the_set)} {A} <{DT}MappingSet>")
    lines.append(f"{iri(the_set)} <{DCTERMS}title> {literal(about.title, language='en')}")
    if about.description:
        text = literal(about.description, language="en")
        lines.append(f"{iri(the_set)} <{DCTERMS}description> {text}")
    lines.append(f"{iri(the_set)} <{DCTERMS}license> {iri(about.license)}")
    for one in found:
        lines += _lines(one, the_set)
    return graph, tuple(lines)


def _lines(one: Correspondence, the_set: str) -> Iterator[str]:
    name = sha256(" ".join((*one.triple, one.author)).encode()).hexdigest()[:12]
    node = iri(f"{the_set.replace('/id/mapping-set/', '/id/mapping/', 1)}/{name}")
    yield " ".join(map(iri, one.triple))
    yield f"{node} {A} <{DT}Mapping>"
    yield f"{node} <{DT}inMappingSet> {iri(the_set)}"
    yield f"{node} <{DT}mappingSubject> {iri(one.subject)}"
    yield f"{node} <{DT}mappingPredicate> {iri(one.predicate)}"
    yield f"{node} <{DT}mappingObject> {iri(one.object)}"
    yield f"{node} <{DT}justification> {iri(one.justification)}"
    yield f"{node} <{DT}author> {literal(one.author)}"
    yield f"{node} <{DT}confidence> {literal(one.confidence, datatype=f'{XSD}decimal')}"
    yield f"{node} <{DT}reviewState> <{CODES}/review-state/unreviewed>"
    for page in one.pages:
        yield f"{node} <{DCTERMS}source> {iri(page)}"
    if one.note:
        yield f"{node} <{DT}note> {literal(one.note, language='en')}"
    if one.strength:
        yield f"{node} <{DT}strength> <{CODES}/strength/{one.strength}>"
    if one.day:
        yield f"{node} <{DT}mappingDate> {literal(one.day, datatype=f'{XSD}date')}"
