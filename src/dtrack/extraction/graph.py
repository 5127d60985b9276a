"""Extracted texts to records: one named graph a text, in the ontology's terms.

Each provision names its place in the source; elements that an item inherits
point at the chapeau's. The words of the official text are held as dt:text
only when asked for, since not every publisher lets them be held.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.model import Record
from dtrack.terms import BASE, DCTERMS, DT, RDF, SDG_FRAMEWORK, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.texts import Citation, Deadline, Element, ExtractedText, Provision

_CLASSES = {"paragraph": "Paragraph", "item": "Item", "subitem": "Subitem"}
_KINDS = {"decision": "Decision", "resolution": "Resolution"}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where texts come from: the source's IRI, the file's name, and the day of reading."""

    source: str
    file: str
    read: str
    keep_words: bool = False


def record(text: ExtractedText, origin: Origin, lexicon: Lexicon, base: str = BASE) -> Record:
    """The record of a text. Its symbol has to be known: ``text.slug`` is not empty."""
    writer = _Writer(text, origin, lexicon, base)
    lines = sorted({f"{line} .\n" for line in writer.triples()})
    graph = f"{base}/graph/{text.kind}/{text.slug}"
    return Record(graph, "".join(lines).encode(), origin.file)


def _literal(text: str, *, datatype: str = "", language: str = "") -> str:
    # Control characters are in some published texts, and no RDF syntax takes them.
    clean = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text).translate(_ESCAPES)
    if language:
        return f'"{clean}"@{language}'
    return f'"{clean}"^^<{XSD}{datatype}>' if datatype else f'"{clean}"'


class _Writer:
    def __init__(self, text: ExtractedText, origin: Origin, lexicon: Lexicon, base: str) -> None:
        self._text = text
        self._origin = origin
        self._lexicon = lexicon
        self._base = base
        self._own = f"{base}/id/{text.kind}/{text.slug}"
        self._numbers = {provision.number: provision.key for provision in text.provisions}

    def triples(self) -> Iterator[str]:
        yield from self._head()
        for provision in self._text.provisions:
            yield from self._provision(provision)

    def _say(self, subject: str, term: str, value: str) -> str:
        predicate = term if term.startswith("http") else f"{DT}{term}"
        is_iri = value.startswith(("http://", "https://"))
        return f"<{subject}> <{predicate}> {f'<{value}>' if is_iri else value}"

    def _code(self, scheme: str, key: str) -> str:
        return f"{BASE}/codes/{scheme}/{key}"

    def _id(self, kind: str, slug: str) -> str:
        return f"{self._base}/id/{kind}/{slug}"

    def _head(self) -> Iterator[str]:
        text, say = self._text, self._say
        graph = f"{self._base}/graph/{text.kind}/{text.slug}"
        yield say(graph, f"{RDF}type", f"{DT}Record")
        yield say(graph, "recordOf", self._own)
        yield say(graph, "belongsToSource", self._origin.source)
        yield say(graph, "reviewState", self._code("review-state", "unreviewed"))
        lines = f"{self._origin.file}, lines {text.spot.line}-{text.spot.last_line}"
        yield say(graph, "sourcePlace", _literal(lines))
        yield say(graph, f"{DCTERMS}modified", _literal(self._origin.read, datatype="date"))
        yield say(self._own, f"{RDF}type", f"{DT}{_KINDS[text.kind]}")
        yield say(self._own, "symbol", _literal(text.symbol))
        if text.title:
            yield say(self._own, f"{DCTERMS}title", _literal(text.title, language=text.language))
        if text.language != "en":
            name = f"{text.kind.capitalize()} {text.symbol}"
            yield say(self._own, f"{DCTERMS}title", _literal(name, language="en"))
        yield say(self._own, "documentType", self._code("document-type", text.kind))
        yield from self._adoption()

    def _adoption(self) -> Iterator[str]:
        text, say = self._text, self._say
        instrument = self._lexicon.instrument.get(text.instrument)
        if instrument is not None:
            yield say(self._own, "instrument", instrument.iri)
            if instrument.body:
                yield say(self._own, "adoptedBy", self._id("body", instrument.body))
        if text.meeting in self._lexicon.meetings:
            yield say(self._own, "adoptedAt", self._id("meeting", text.meeting))
        day = text.adopted or self._lexicon.meetings.get(text.meeting, "")
        if day:
            yield say(self._own, "adopted", _literal(day, datatype="date"))
            precision = "day" if text.adopted else "meeting"
            yield say(self._own, "datePrecision", _literal(precision))

    def _provision(self, provision: Provision) -> Iterator[str]:
        say = self._say
        own = self._of(provision.key)
        preambular = provision.part == "preambular"
        role = "PreambularProvision" if preambular else "OperativeProvision"
        yield say(own, f"{RDF}type", f"{DT}{role}")
        yield say(own, f"{RDF}type", f"{DT}{_CLASSES[provision.level]}")
        yield say(own, "number", _literal(provision.key))
        yield say(own, "sortKey", _literal(provision.sort_key))
        if not provision.number_known:
            yield say(own, "numberKnown", _literal("false", datatype="boolean"))
        yield say(own, "partOf", self._of(provision.parent) if provision.parent else self._own)
        yield say(own, "ofText", self._own)
        yield say(own, "kind", self._code("kind", provision.kind))
        yield say(own, "summary", _literal(self._summary(provision), language="en"))
        place = f"{self._origin.file}, line {provision.spot.line}"
        yield say(own, "sourcePlace", _literal(place))
        if self._origin.keep_words:
            yield say(own, "text", _literal(provision.text, language=self._text.language))
        for order, element in enumerate(provision.elements, start=1):
            yield from self._element(provision, element, order)
        for citation in provision.citations:
            yield from self._citation(provision, citation)
        for target in provision.targets:
            yield from self._target(provision, target)

    def _summary(self, provision: Provision) -> str:
        """A sentence of our own about what was found, until a curator writes a better one."""
        parts = []
        for element in provision.elements:
            names = [self._lexicon.actor_names.get(key, key) for key in element.addressees]
            whom = f" {', '.join(names)}" if names else ""
            when = "".join(f", by {deadline.value}" for deadline in element.deadlines)
            parts.append(f"{element.name}{whom}{when}")
        if provision.citations:
            parts.append("cites " + ", ".join(item.symbol for item in provision.citations))
        if provision.targets:
            parts.append("names " + ", ".join(provision.targets))
        sentence = "; ".join(parts) or f"{provision.level} {provision.number} without a directive"
        return f"{sentence[:1].upper()}{sentence[1:]} (as extracted)."

    def _of(self, key: str) -> str:
        return self._id("provision", f"{self._text.slug}/{key}")

    def _element(self, provision: Provision, element: Element, order: int) -> Iterator[str]:
        say = self._say
        own = self._id("element", f"{self._text.slug}/{provision.key}/{order}")
        yield say(own, f"{RDF}type", f"{DT}Element")
        yield say(own, "elementOf", self._of(provision.key))
        yield say(own, "sequence", _literal(str(order), datatype="integer"))
        yield say(own, "verb", self._code("verb", element.verb))
        yield say(own, "kind", self._code("kind", element.kind))
        for actor in element.addressees:
            yield say(own, "addressee", self._code("actor", actor))
        instrument = self._lexicon.instrument.get(self._text.instrument)
        acts = element.kind == "operational" and not element.addressees
        if acts and instrument is not None and instrument.body_actor:
            yield say(own, "actingBody", self._code("actor", instrument.body_actor))
        for deadline in element.deadlines:
            yield from self._deadline(own, deadline)
        if element.recurrence:
            yield say(own, "recurrence", self._code("recurrence", element.recurrence))
        if element.inherited_from:
            yield from self._inherited(own, provision, element)

    def _inherited(self, own: str, provision: Provision, element: Element) -> Iterator[str]:
        """The chapeau's element that has the same verb and addressees."""
        above = self._text_provision(element.inherited_from, provision)
        for order, other in enumerate(above.elements if above else (), start=1):
            if above and (other.verb, other.addressees) == (element.verb, element.addressees):
                key = f"{self._text.slug}/{above.key}/{order}"
                yield self._say(own, "inheritedFrom", self._id("element", key))
                return

    def _text_provision(self, number: str, below: Provision) -> Provision | None:
        for provision in self._text.provisions:
            if provision.number == number and provision.annex == below.annex:
                return provision
        return None

    def _deadline(self, own: str, deadline: Deadline) -> Iterator[str]:
        yield self._say(own, "deadlineText", _literal(deadline.words))
        if re.match(r"\d{4}", deadline.value):
            yield self._say(own, "deadline", _literal(last_day(deadline.value), datatype="date"))
        elif deadline.value in self._lexicon.meetings:
            yield self._say(own, "deadlineMeeting", self._id("meeting", deadline.value))

    def _citation(self, provision: Provision, citation: Citation) -> Iterator[str]:
        say = self._say
        slug = citation.path.rsplit("/", 1)[-1]
        cited = f"{self._base}/id/{citation.path}"
        own = self._id("citation", f"{self._text.slug}/{provision.key}/{slug}")
        yield say(own, f"{RDF}type", f"{DT}Citation")
        yield say(own, "citing", self._of(provision.key))
        yield say(own, "cited", cited)
        yield say(own, "citationRelation", self._code("citation-relation", citation.relation))
        for place in filter(None, citation.pinpoint.split(", ")):
            yield say(own, "pinpoint", _literal(place))
        yield say(self._of(provision.key), citation.relation, cited)

    def _target(self, provision: Provision, target: str) -> Iterator[str]:
        """A tagging that a curator has yet to accept: the text names the target itself."""
        say = self._say
        framework, _, number = target.partition("-")
        kind = "target" if number.isdigit() else "goal"
        iri = f"{SDG_FRAMEWORK}/{number}" if framework == "sdg" else self._id(kind, target)
        own = self._id("tagging", f"{self._text.slug}/{provision.key}/{target}")
        yield say(own, f"{RDF}type", f"{DT}Tagging")
        yield say(own, "tagged", self._of(provision.key))
        yield say(own, "tag", iri)
        yield say(own, "taggingMethod", self._code("tagging-method", "lexical"))
        yield say(own, "taggingState", self._code("tagging-state", "proposed"))
        yield say(own, "confidence", _literal("0.95", datatype="decimal"))
        yield say(own, "author", _literal("dtrack extraction"))
        yield say(own, "reviewState", self._code("review-state", "unreviewed"))


def last_day(value: str) -> str:
    """Last day of a year, a month or a day: ``2016-02`` gives 2016-02-29."""
    parts = [int(part) for part in value.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    if len(parts) > 2:
        return value
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return f"{year:04d}-{month:02d}-{days[month - 1]:02d}"
