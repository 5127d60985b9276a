"""Statements as triples: a status with its evidence, a tagging, a mapping, a new record."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from dtrack.errors import InputError
from dtrack.sources.ntriples import iri, is_iri, literal
from dtrack.terms import CODES, DCTERMS, DT, FOAF, RDF, SEMAPV, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

_A: Final = f"<{RDF}type>"
_UNREVIEWED: Final = f"<{CODES}/review-state/unreviewed>"
_LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Status:
    """A status that a curator asserts: of what, on which axis, since when, on what evidence.

    ``evidence`` is the page of a document, notification, meeting outcome or
    report; days are YYYY-MM-DD.
    """

    thing: str
    axis: str
    value: str
    since: str
    evidence: str
    asserted_by: str
    until: str = ""
    evidence_type: str = "document"
    note: str = ""

    @property
    def name(self) -> str:
        """Name among the statuses of its thing, made of all that it says.

        So two drafts that know nothing of each other part, and one that is made
        twice is one.
        """
        said = "\n".join(getattr(self, each.name) for each in fields(self))
        return f"{self.axis}-{self.value}-{sha256(said.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Tagging:
    """A target or theme of a provision, and how somebody came to it."""

    thing: str
    tag: str
    method: str
    confidence: str
    author: str
    state: str = "proposed"
    note: str = ""

    @property
    def iri(self) -> str:
        """IRI of the tagging, after what is tagged."""
        home = re.sub(r"/id/[^/]+/", "/id/tagging/", self.thing, count=1)
        prefix = "theme-" if self.is_theme else ""
        return f"{home}/{prefix}{self.tag.rsplit('/', 1)[-1]}"

    @property
    def is_theme(self) -> bool:
        """Whether the tag is a theme."""
        return self.tag.startswith(f"{CODES}/theme/")


@dataclass(frozen=True, slots=True)
class Mapping:
    """A correspondence of two targets or themes in a mapping set."""

    subject: str
    predicate: str
    object: str
    justification: str
    confidence: str
    author: str
    strength: str = ""
    date: str = ""
    note: str = ""

    @property
    def triple(self) -> str:
        """The plain triple, as N-Triples without its dot."""
        home = DT if self.predicate == "succeededBy" else SKOS
        return f"<{self.subject}> <{home}{self.predicate}> <{self.object}>"


def status_iri(status: Status, number: int = 0) -> str:
    """IRI of a status of a thing, by what it says; by its number on its axis where that is given.

    Those that were written before statuses were named by what they say have numbers.
    """
    home = re.sub(r"/id/[^/]+/", "/id/status/", status.thing, count=1)
    return f"{home}/{status.axis}-{number}" if number else f"{home}/{status.name}"


def status_lines(status: Status, node: str) -> Iterator[str]:
    """Triples of a status and its evidence. Raises InputError without evidence."""
    for code in (status.axis, status.value, status.evidence_type):
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code):
            raise InputError(
                f"'{code[:40]}' is no code.", remedy="Write it as in the list, such as in-force."
            )
    if not is_iri(status.evidence):
        raise InputError(
            "A status needs evidence.",
            remedy="Give the page of the document, notification, meeting outcome or report.",
        )
    evidence = node.replace("/id/status/", "/id/evidence/", 1)
    about = iri(node)
    yield f"{about} {_A} <{DT}StatusAssertion>"
    yield f"{about} {_A} <{DT}CuratedStatus>"
    yield f"{about} <{DT}statusOf> {iri(status.thing)}"
    yield f"{about} <{DT}statusAxis> <{CODES}/status-axis/{status.axis}>"
    yield f"{about} <{DT}statusValue> <{CODES}/{status.axis}/{status.value}>"
    yield f"{about} <{DT}from> {_day(status.since)}"
    if status.until:
        yield f"{about} <{DT}until> {_day(status.until)}"
    yield f"{about} <{DT}assertedBy> {literal(status.asserted_by)}"
    yield f"{about} <{DT}reviewState> {_UNREVIEWED}"
    yield f"{about} <{DT}evidence> {iri(evidence)}"
    yield from _note(about, status.note)
    yield f"{iri(evidence)} {_A} <{DT}Evidence>"
    yield f"{iri(evidence)} <{DT}evidenceType> <{CODES}/evidence-type/{status.evidence_type}>"
    yield f"{iri(evidence)} <{FOAF}page> {iri(status.evidence)}"


def tagging_lines(tagging: Tagging) -> Iterator[str]:
    """Triples of a tagging, the plain one beside it where it is accepted."""
    about = iri(tagging.iri)
    yield f"{about} {_A} <{DT}Tagging>"
    yield f"{about} <{DT}tagged> {iri(tagging.thing)}"
    yield f"{about} <{DT}tag> {iri(tagging.tag)}"
    yield f"{about} <{DT}taggingMethod> <{CODES}/tagging-method/{tagging.method}>"
    yield f"{about} <{DT}taggingState> <{CODES}/tagging-state/{tagging.state}>"
    yield f"{about} <{DT}confidence> {literal(tagging.confidence, datatype=f'{XSD}decimal')}"
    yield f"{about} <{DT}author> {literal(tagging.author)}"
    yield f"{about} <{DT}reviewState> {_UNREVIEWED}"
    yield from _note(about, tagging.note)
    if tagging.state == "accepted":
        plain = "addressesTheme" if tagging.is_theme else "addressesTarget"
        yield f"{iri(tagging.thing)} <{DT}{plain}> {iri(tagging.tag)}"


def mapping_name(mapping: Mapping) -> str:
    """Name of a mapping by what it says, such as ``aichi-15-relatedmatch-gbf-8``."""
    ends = (mapping.subject.split("/")[-1], mapping.predicate, mapping.object.split("/")[-1])
    return re.sub(r"[^a-z0-9]+", "-", "-".join(ends).lower()).strip("-")


def mapping_iri(the_set: str, name: str) -> str:
    """IRI of a mapping of a set, by its name there."""
    return f"{the_set.replace('/id/mapping-set/', '/id/mapping/', 1)}/{name}"


def mapping_lines(mapping: Mapping, the_set: str, name: str) -> Iterator[str]:
    """Triples of a mapping of a set, and the plain one beside it."""
    about = iri(mapping_iri(the_set, name))
    predicate = mapping.triple.split(" ")[1]
    yield mapping.triple
    yield f"{about} {_A} <{DT}Mapping>"
    yield f"{about} <{DT}inMappingSet> {iri(the_set)}"
    yield f"{about} <{DT}mappingSubject> {iri(mapping.subject)}"
    yield f"{about} <{DT}mappingPredicate> {predicate}"
    yield f"{about} <{DT}mappingObject> {iri(mapping.object)}"
    yield f"{about} <{DT}justification> <{SEMAPV}{mapping.justification}>"
    yield f"{about} <{DT}confidence> {literal(mapping.confidence, datatype=f'{XSD}decimal')}"
    yield f"{about} <{DT}author> {literal(mapping.author)}"
    yield f"{about} <{DT}reviewState> {_UNREVIEWED}"
    if mapping.strength:
        yield f"{about} <{DT}strength> <{CODES}/strength/{mapping.strength}>"
    if mapping.date:
        yield f"{about} <{DT}mappingDate> {_day(mapping.date)}"
    yield from _note(about, mapping.note)


def record_lines(
    graph: str, thing: str, source: str, day: str, state: str = "unreviewed", page: str = ""
) -> Iterator[str]:
    """Triples of the head of a record."""
    yield f"{iri(graph)} {_A} <{DT}Record>"
    yield f"{iri(graph)} <{DT}recordOf> {iri(thing)}"
    yield f"{iri(graph)} <{DT}belongsToSource> {iri(source)}"
    yield f"{iri(graph)} <{DT}reviewState> <{CODES}/review-state/{state}>"
    yield f"{iri(graph)} <{DCTERMS}modified> {_day(day)}"
    if page:
        yield f"{iri(graph)} <{DCTERMS}source> {iri(page)}"


def source_lines(graph: str, source: str, name: str, day: str) -> Iterator[str]:
    """Triples of the record of a source."""
    yield from record_lines(graph, source, source, day)
    yield f"{iri(source)} {_A} <{DT}Source>"
    yield f"{iri(source)} <{SKOS}prefLabel> {literal(name, language='en')}"


def mapping_set_lines(the_set: str, title: str) -> Iterator[str]:
    """Triples that describe a mapping set."""
    yield f"{iri(the_set)} {_A} <{DT}MappingSet>"
    yield f"{iri(the_set)} <{DCTERMS}title> {literal(title, language='en')}"
    yield f"{iri(the_set)} <{DCTERMS}license> {iri(_LICENSE)}"


def _day(text: str) -> str:
    return literal(text, datatype=f"{XSD}date")


def _note(about: str, text: str) -> Iterator[str]:
    if text:
        yield f"{about} <{DT}note> {literal(text, language='en')}"
