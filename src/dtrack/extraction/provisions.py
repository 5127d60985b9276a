"""Provisions of a text as statements: directives, citations, candidates for taggings.

An item's elements that come from its chapeau are written out for the item, and
point at the chapeau's. The words of the official text are held as dt:text;
summaries are left to curators.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.statements import code, known, literal, say
from dtrack.terms import CODES, DT, RDF, SDG_FRAMEWORK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.statements import Origin
    from dtrack.extraction.texts import Citation, Deadline, Element, ExtractedText, Provision
    from dtrack.model import TagCandidate, Tagger

_CLASSES = {"paragraph": "Paragraph", "item": "Item", "subitem": "Subitem"}
_TARGET = re.compile(r"(?P<framework>aichi|gbf|sdg)-(?P<number>\d+(?:\.\w+)?|[a-d])")


class ProvisionWriter:
    """Statements about the provisions of one text.

    ``tags`` are IRIs of the targets and themes that there are; ``cited`` the
    paths of the texts that can be cited because they have, or get, a record.
    """

    def __init__(
        self,
        text: ExtractedText,
        origin: Origin,
        lexicon: Lexicon,
        *,
        cited: Collection[str] | None = None,
        tagger: Tagger | None = None,
        tags: Collection[str] | None = None,
    ) -> None:
        self._text = text
        self._origin = origin
        self._lexicon = lexicon
        self._cited = cited
        self._tagger = tagger
        self._tags = tags
        self._own = origin.text(f"{text.kind}/{text.slug}")
        self._written: frozenset[str] = frozenset()

    def statements(self, provisions: Iterable[Provision]) -> Iterator[str]:
        """All about some provisions."""
        some = tuple(provisions)
        self._written = frozenset(provision.key for provision in some)
        for provision in some:
            yield from self._provision(provision)

    def iri(self, key: str) -> str:
        """IRI of a provision."""
        return self._part("provision", key)

    def _part(self, kind: str, key: str) -> str:
        # What is added to a text stands where the text does, whatever mints new ones.
        home = self._own.split("/id/", 1)[0]
        return f"{home}/id/{kind}/{self._text.slug}/{key}"

    def _provision(self, provision: Provision) -> Iterator[str]:
        own = self.iri(provision.key)
        preambular = provision.part == "preambular"
        yield say(own, f"{RDF}type", f"{DT}{'Preambular' if preambular else 'Operative'}Provision")
        yield say(own, f"{RDF}type", f"{DT}{_CLASSES[provision.level]}")
        yield say(own, "number", literal(provision.key))
        yield say(own, "sortKey", literal(provision.sort_key))
        if not provision.number_known:
            yield say(own, "numberKnown", literal("false", datatype="boolean"))
        yield say(own, "partOf", self.iri(provision.parent) if provision.parent else self._own)
        yield say(own, "ofText", self._own)
        yield say(own, "kind", code("kind", provision.kind))
        yield say(own, "sourcePlace", literal(self._place(provision)))
        yield say(own, "text", literal(provision.text, language=self._text.language))
        for order, element in enumerate(provision.elements, start=1):
            yield from self._element(provision, element, order)
        yield from self._citations(provision)
        yield from self._taggings(provision)

    def _place(self, provision: Provision) -> str:
        spot = provision.spot
        page = f", page {spot.page}" if spot.page else ""
        return f"{self._origin.file}{page}, line {spot.line}"

    def _element(self, provision: Provision, element: Element, order: int) -> Iterator[str]:
        own = self._part("element", f"{provision.key}/{order}")
        yield say(own, f"{RDF}type", f"{DT}Element")
        yield say(own, "elementOf", self.iri(provision.key))
        yield say(own, "sequence", literal(str(order), datatype="integer"))
        yield say(own, "verb", code("verb", element.verb))
        yield say(own, "kind", code("kind", element.kind))
        for actor in element.addressees:
            yield say(own, "addressee", code("actor", actor))
        instrument = self._lexicon.instrument.get(self._text.instrument)
        acts = element.kind == "operational" and not element.addressees
        if acts and instrument is not None and instrument.body_actor:
            yield say(own, "actingBody", code("actor", instrument.body_actor))
        dated = False
        for deadline in element.deadlines:
            # A directive has one day at most; a second one stands in its words.
            is_day = re.match(r"\d{4}", deadline.value) is not None
            yield from self._deadline(own, deadline, told=is_day and dated)
            dated = dated or is_day
        if element.recurrence:
            yield say(own, "recurrence", code("recurrence", element.recurrence))
        if element.inherited_from:
            yield from self._inherited(own, provision, element)

    def _inherited(self, own: str, provision: Provision, element: Element) -> Iterator[str]:
        """The chapeau's element that has the same verb and addressees."""
        above = next(
            (
                other
                for other in self._text.provisions
                if other.number == element.inherited_from and other.annex == provision.annex
            ),
            None,
        )
        if above is None or above.key not in self._written:
            return
        for order, other in enumerate(above.elements, start=1):
            if (other.verb, other.addressees) == (element.verb, element.addressees):
                yield say(own, "inheritedFrom", self._part("element", f"{above.key}/{order}"))
                return

    def _deadline(self, own: str, deadline: Deadline, *, told: bool) -> Iterator[str]:
        yield say(own, "deadlineText", literal(deadline.words))
        if told:
            return
        if re.match(r"\d{4}", deadline.value):
            yield say(own, "deadline", literal(last_day(deadline.value), datatype="date"))
        elif deadline.value in self._lexicon.meetings:
            yield say(own, "deadlineMeeting", known("meeting", deadline.value))

    def _citations(self, provision: Provision) -> Iterator[str]:
        """One citation a text that is cited, with all its pinpoints."""
        by_path: dict[str, list[Citation]] = {}
        for citation in provision.citations:
            if self._cited is None or citation.path in self._cited:
                by_path.setdefault(citation.path, []).append(citation)
        for path, citations in by_path.items():
            # A text may recall a decision and cite it again: the stronger word stands.
            relation = next((c.relation for c in citations if c.relation != "cites"), "cites")
            own = self._part("citation", f"{provision.key}/{path.rsplit('/', 1)[-1]}")
            yield say(own, f"{RDF}type", f"{DT}Citation")
            yield say(own, "citing", self.iri(provision.key))
            yield say(own, "cited", self._origin.text(path))
            yield say(own, "citationRelation", code("citation-relation", relation))
            for citation in citations:
                for place in filter(None, citation.pinpoint.split(", ")):
                    yield say(own, "pinpoint", literal(place))
            yield say(self.iri(provision.key), relation, self._origin.text(path))

    def _taggings(self, provision: Provision) -> Iterator[str]:
        """Taggings that a curator has yet to accept."""
        if self._tagger is None:
            return
        text = self._text
        for candidate in self._tagger.tags(provision.text, text.language, text.title):
            iri = tag_iri(candidate.tag)
            if self._tags is None or iri in self._tags:
                yield from self._tagging(provision, candidate, iri, self._tagger)

    def _tagging(
        self, provision: Provision, candidate: TagCandidate, iri: str, tagger: Tagger
    ) -> Iterator[str]:
        prefix = "theme-" if iri.startswith(f"{CODES}/theme/") else ""
        own = self._part("tagging", f"{provision.key}/{prefix}{candidate.tag}")
        yield say(own, f"{RDF}type", f"{DT}Tagging")
        yield say(own, "tagged", self.iri(provision.key))
        yield say(own, "tag", iri)
        yield say(own, "taggingMethod", code("tagging-method", tagger.method))
        yield say(own, "taggingState", code("tagging-state", "proposed"))
        # As storage writes decimals, so that a graph has the digest that the journal knows.
        sure = f"{round(candidate.confidence, 2):g}"
        yield say(own, "confidence", literal(sure, datatype="decimal"))
        yield say(own, "author", literal(tagger.author))
        yield say(own, "reviewState", code("review-state", "unreviewed"))
        words = dict.fromkeys(found.words for found in candidate.evidence)
        if words:
            yield say(own, "note", literal(f"Words: {'; '.join(words)}", language="en"))


def tag_iri(key: str) -> str:
    """IRI of a target, goal or theme by its key: ``aichi-11``, ``sdg-14.2``, ``restoration``."""
    match = _TARGET.fullmatch(key)
    if match is None:
        return code("theme", key)
    if match["framework"] == "sdg":
        return f"{SDG_FRAMEWORK}/{match['number']}"
    return known("goal" if match["number"].isalpha() else "target", key)


def last_day(value: str) -> str:
    """Last day of a year, a month or a day: ``2016-02`` gives 2016-02-29."""
    parts = [int(part) for part in value.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    if len(parts) > 2:
        return value
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return f"{year:04d}-{month:02d}-{days[month - 1]:02d}"
