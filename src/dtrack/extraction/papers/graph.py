"""Papers to records: one named graph a paper, in the ontology's terms.

Headings are held as titles; the sentences of a paper only when asked for. What
is summed up here in a few words of our own waits for a curator's better ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from dtrack.extraction.papers.triples import Triples, last_day, text_of
from dtrack.extraction.tagging.as_triples import Tagged, tagging_lines
from dtrack.terms import BASE, DCTERMS, RDF, SDG_FRAMEWORK, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.papers.values import Assertion, Figure, Paper, Part
    from dtrack.extraction.texts import Citation
    from dtrack.model import TagCandidate, Tagger

_CLASSES = {
    "options-paper": "OptionsPaper",
    "consensus": "Consensus",
    "position-paper": "PositionPaper",
    "statement": "Statement",
}
_COUNTS = {
    "countries": "countriesCount",
    "organizations": "organizationsCount",
    "participants": "participantsCount",
}
_ASSERTED = {"measure": "Measure", "commitment": "Commitment", "claim": "ProgressClaim"}
_BY = {"measure": "madeBy", "commitment": "madeBy", "claim": "claimedBy"}


class _Place(NamedTuple):
    """Kind in the IRI and class of a level."""

    kind: str
    name: str


_LEVELS = {
    "option-theme": _Place("option-theme", "OptionTheme"),
    "option": _Place("option", "Option"),
    "action": _Place("action", "Action"),
    "section": _Place("provision", "Section"),
    "point": _Place("provision", "Point"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a paper is written down.

    ``file`` is named as the place, ``slug`` ends the paper's IRI, ``keep_words``
    holds its sentences too. ``known`` says which texts, instruments and frameworks
    are described: others are not pointed at.
    """

    file: str
    slug: str
    keep_words: bool = False
    known: Callable[[str], bool] = lambda _: True
    base: str = BASE


def graph_of(paper: Paper, wanted: Wanted) -> str:
    """Name of the graph of a paper."""
    return f"{wanted.base}/graph/{paper.kind}/{wanted.slug}"


def paper_lines(
    paper: Paper, wanted: Wanted, lexicon: Lexicon, tagger: Tagger | None = None
) -> tuple[str, ...]:
    """Lines of N-Triples about a paper, without full stop and without the head of its record."""
    return tuple(dict.fromkeys(_Writer(paper, wanted, lexicon, tagger).triples()))


class _Writer(Triples):
    def __init__(
        self, paper: Paper, wanted: Wanted, lexicon: Lexicon, tagger: Tagger | None
    ) -> None:
        super().__init__(wanted.base)
        self._paper = paper
        self._wanted = wanted
        self._lexicon = lexicon
        self._tagger = tagger
        self._slug = wanted.slug
        self._own = self.id(paper.kind, wanted.slug)
        self._levels = {part.number: part.level for part in paper.provisions}

    def triples(self) -> Iterator[str]:
        yield from self._text()
        for part in self._paper.parts:
            if part.level == "preface":
                yield from self._said(part, self._own, "preface")
            else:
                yield from self._part(part)

    def _text(self) -> Iterator[str]:
        paper, say = self._paper, self.say
        yield say(self._own, f"{RDF}type", self.term(_CLASSES[paper.kind]))
        yield say(self._own, "documentType", self.code("document-type", paper.kind))
        if paper.symbol:
            yield say(self._own, "symbol", text_of(paper.symbol))
        if paper.title and paper.language != "en":
            yield say(self._own, f"{DCTERMS}title", text_of(paper.title, language=paper.language))
        english = paper.title if paper.language == "en" else self._named()
        yield say(self._own, f"{DCTERMS}title", text_of(english or self._named(), language="en"))
        if paper.adopted:
            yield say(self._own, "adopted", text_of(paper.adopted, datatype="date"))
            yield say(self._own, "datePrecision", text_of("meeting"))
        yield from self._actors_and_names()

    def _named(self) -> str:
        """Name of a paper in English where it has no English title."""
        kind = self._paper.kind.replace("-", " ").capitalize()
        return f"{kind} {self._paper.symbol or self._slug}"

    def _actors_and_names(self) -> Iterator[str]:
        paper, say = self._paper, self.say
        for key in paper.issuers:
            yield say(self._own, "issuedBy", self.code("actor", key))
        for key in paper.supporters:
            yield say(self._own, "supportedBy", self.code("actor", key))
        for name, count in paper.counts:
            yield say(self._own, _COUNTS[name], text_of(str(count), datatype="integer"))
        yield from self._names("namesInstrument", paper, self._own)

    def _names(self, term: str, named: Paper | Part, own: str) -> Iterator[str]:
        """Instruments and frameworks that a paper or a part of it names."""
        for key in named.instruments:
            if self._wanted.known(iri := self.id("instrument", key)):
                yield self.say(own, term, iri)
        for key in named.frameworks:
            if self._wanted.known(iri := self._framework(key)):
                yield self.say(own, "namesFramework", iri)

    def _framework(self, key: str) -> str:
        return SDG_FRAMEWORK if key == "sdg" else self.id("framework", key)

    def _of(self, number: str) -> str:
        level = self._levels.get(number, "point")
        return self.id(_LEVELS[level].kind, f"{self._slug}/{number}")

    def _part(self, part: Part) -> Iterator[str]:
        say, own = self.say, self._of(part.number)
        place = _LEVELS[part.level]
        above = self._of(part.parent) if part.parent else self._own
        yield say(own, f"{RDF}type", self.term(place.name))
        printed = part.parent if part.level == "action" and not part.number_known else part.number
        yield say(own, "number", text_of(printed))
        yield say(own, "sortKey", text_of(part.sort_key))
        yield say(own, "ofText", self._own)
        yield say(own, "elementOf" if part.level == "action" else "partOf", above)
        yield say(own, "sourcePlace", text_of(f"{self._wanted.file}, line {part.spot.line}"))
        if part.level in {"action", "point", "option"}:
            # What an option lists is there to be done, whatever words it has.
            kind = "operational" if part.level != "point" else part.kind
            yield say(own, "kind", self.code("kind", kind))
        if part.number.startswith("n-"):
            yield say(own, "numberKnown", text_of("false", datatype="boolean"))
        yield say(own, "summary", text_of(self._summary(part), language="en"))
        yield from self._title(part, own)
        if self._wanted.keep_words and part.text and part.level == "point":
            yield say(own, "text", text_of(part.text, language=self._paper.language))
        if part.level == "action":
            yield from self._action(part, own)
        elif part.level == "point":
            yield from self._calls(part, own)
        yield from self._said(part, own, part.number)
        yield from self._tags(part, own)

    def _title(self, part: Part, own: str) -> Iterator[str]:
        """Headings; that of an option is a sentence of the paper."""
        language = self._paper.language
        if part.title and (part.level != "option" or self._wanted.keep_words):
            term = f"{DCTERMS}title" if part.level in {"section", "point"} else f"{SKOS}prefLabel"
            yield self.say(own, term, text_of(part.title, language=language))
        if part.level == "section" and language != "en":
            name = f"Section {part.number}"
            yield self.say(own, f"{DCTERMS}title", text_of(name, language="en"))

    def _summary(self, part: Part) -> str:
        parts = []
        for element in part.elements:
            names = [self._lexicon.actor_names.get(key, key) for key in element.addressees]
            parts.append(f"{element.name}{' ' if names else ''}{', '.join(names)}")
        if part.citations:
            parts.append("cites " + ", ".join(citation.symbol for citation in part.citations))
        if part.targets:
            parts.append("names " + ", ".join(part.targets))
        label = part.level.replace("option-theme", "theme")
        sentence = "; ".join(parts) or f"{label} {part.number}"
        return f"{sentence[:1].upper()}{sentence[1:]} (as extracted)."

    def _action(self, part: Part, own: str) -> Iterator[str]:
        """The lead directive of an action; who else may act stands beside."""
        say = self.say
        siblings = [p.number for p in self._paper.provisions if p.parent == part.parent]
        sequence = siblings.index(part.number) + 1
        yield say(own, "sequence", text_of(str(sequence), datatype="integer"))
        lead = part.elements[0] if part.elements else None
        yield say(own, "verb", self.code("verb", lead.verb if lead else "should"))
        for key in lead.addressees if lead else ():
            yield say(own, "addressee", self.code("actor", key))
        for key in part.beside:
            yield say(own, "supportedBy", self.code("actor", key))
        for deadline in lead.deadlines if lead else ():
            yield say(own, "deadlineText", text_of(deadline.words))
            if deadline.value[:4].isdigit():
                day = last_day(deadline.value)
                yield say(own, "deadline", text_of(day, datatype="date"))

    def _calls(self, part: Part, own: str) -> Iterator[str]:
        say = self.say
        for order, element in enumerate(part.elements, start=1):
            call = self.id("element", f"{self._slug}/{part.number}/{order}")
            asks = element.kind == "operational"
            yield say(call, f"{RDF}type", self.term("Call" if asks else "Element"))
            yield say(call, "elementOf", own)
            yield say(call, "sequence", text_of(str(order), datatype="integer"))
            yield say(call, "verb", self.code("verb", element.verb))
            yield say(call, "kind", self.code("kind", element.kind))
            for key in element.addressees:
                yield say(call, "addressee", self.code("actor", key))
            if asks and not element.addressees and self._paper.issuers:
                yield say(call, "actingBody", self.code("actor", self._paper.issuers[0]))

    def _said(self, part: Part, own: str, name: str) -> Iterator[str]:
        """Citations, names, figures and assertions of a part."""
        for citation in part.citations:
            yield from self._citation(citation, own, "text" if name == "preface" else name)
        if name != "preface":
            yield from self._names("citesInstrument", part, own)
        told = {figure for assertion in part.assertions for figure in assertion.figures}
        for count, assertion in enumerate(part.assertions, start=1):
            yield from self._assertion(assertion, own, f"{name}-{count}")
        for number, figure in enumerate((f for f in part.figures if f not in told), start=1):
            thing = self.id("figure", f"{self._slug}/{name}-{number}")
            yield from self._figure(figure, own, thing)

    def _citation(self, citation: Citation, own: str, name: str) -> Iterator[str]:
        say = self.say
        cited = f"{self.base}/id/{citation.path}"
        if not self._wanted.known(cited):
            return
        last = citation.path.rsplit("/", 1)[-1]
        thing = self.id("citation", f"{self._slug}/{name}/{last}")
        yield say(thing, f"{RDF}type", self.term("Citation"))
        yield say(thing, "citing", own)
        yield say(thing, "cited", cited)
        yield say(thing, "citationRelation", self.code("citation-relation", citation.relation))
        for place in filter(None, citation.pinpoint.split(", ")):
            yield say(thing, "pinpoint", text_of(place))
        yield say(own, citation.relation, cited)

    def _figure(self, figure: Figure, own: str, thing: str) -> Iterator[str]:
        say = self.say
        yield say(thing, f"{RDF}type", self.term("Figure"))
        yield from self._value(figure, thing)
        if own == self._own:
            yield say(thing, "ofText", own)
        else:
            yield say(thing, "elementOf", own)
            yield say(thing, "ofText", self._own)
        yield say(thing, "sourcePlace", text_of(self._wanted.file))
        for key in self._paper.issuers:
            yield say(thing, "claimedBy", self.code("actor", key))

    def _value(self, figure: Figure, thing: str) -> Iterator[str]:
        value = figure.value if "." in figure.value else f"{figure.value}.0"
        yield self.say(thing, "figureValue", text_of(value, datatype="decimal"))
        yield self.say(thing, "figureText", text_of(figure.words))
        language = "en" if figure.unit.isascii() else self._paper.language
        yield self.say(thing, "figureUnit", text_of(figure.unit, language=language))
        year = figure.year or self._paper.adopted[:4]
        if year:
            yield self.say(thing, "figureYear", text_of(year, datatype="gYear"))

    def _assertion(self, assertion: Assertion, own: str, name: str) -> Iterator[str]:
        say = self.say
        thing = self.id(assertion.kind, f"{self._slug}/{name}")
        yield say(thing, f"{RDF}type", self.term(_ASSERTED[assertion.kind]))
        yield say(thing, "elementOf" if assertion.kind == "claim" else "partOf", own)
        yield say(thing, "ofText", self._own)
        for key in self._paper.issuers:
            yield say(thing, _BY[assertion.kind], self.code("actor", key))
        on = f" on {', '.join(assertion.targets)}" if assertion.targets else ""
        when = f", {assertion.year}" if assertion.year else ""
        told = f"{assertion.kind.capitalize()}{on}{when} (as extracted)."
        yield say(thing, "summary", text_of(told, language="en"))
        yield say(thing, "sourcePlace", text_of(self._wanted.file))
        if self._wanted.keep_words:
            words = text_of(assertion.text, language=self._paper.language)
            yield say(thing, "note", words)
        if assertion.kind == "commitment" and assertion.year:
            yield say(thing, "dueYear", text_of(assertion.year, datatype="gYear"))
        for target in assertion.targets:
            if self._wanted.known(iri := self.target(target)):
                yield say(thing, "progressOn", iri)
        for number, figure in enumerate(assertion.figures, start=1):
            part = self.id("figure", f"{self._slug}/{name}-{number}")
            yield from self._figure(figure, own, part)
            yield say(thing, f"{DCTERMS}hasPart", part)

    def _tags(self, part: Part, own: str) -> Iterator[str]:
        """Targets named and themes found, for somebody to accept."""
        if self._tagger is None:
            return
        candidates: Sequence[TagCandidate] = [
            one
            for one in self._tagger.tags(part.text, self._paper.language, part.title)
            if "/codes/theme/" in self.target(one.tag) or self._wanted.known(self.target(one.tag))
        ]
        kind = "" if part.level in {"section", "point"} else f"{part.level}-"
        tagged = Tagged(
            own,
            f"{self._slug}/{kind}{part.number}",
            f"{self._wanted.file}, line {part.spot.line}",
            self._paper.language,
        )
        yield from tagging_lines(tagged, candidates, self._tagger, self.base)
