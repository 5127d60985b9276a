"""Vocabularies of others in SKOS: their concepts as they are, their matches with what is held.

Our own themes have codes, Chinese labels and definitions, which others do not:
concepts of others stay ``skos:Concept``, and reach our themes by their matches.
A match of two of our targets or themes becomes a mapping.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from dtrack.curate.feeds.mappings import Correspondence, Described, set_lines
from dtrack.curate.feeds.origin import A, slug_of
from dtrack.errors import Place, SyntaxProblem
from dtrack.sources.harvest import Harvest, Remark
from dtrack.sources.informea.values import clean
from dtrack.sources.ntriples import iri, is_iri, literal
from dtrack.sources.sssom import PREDICATES
from dtrack.stores.plain_triples import read_things
from dtrack.terms import DCTERMS, RDF, RDFS, SEMAPV, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.curate.feeds.held import Held
    from dtrack.curate.feeds.origin import Origin
    from dtrack.stores.plain_triples import Things, Value

VERSION: Final = "skos reader 1"
_TEXTS: Final = ("altLabel", "hiddenLabel", "definition", "scopeNote")
_LINKS: Final = ("broader", "narrower", "related")
_CONFIDENCE: Final = "0.8"
"""Of a match that a vocabulary states without saying how sure it is."""


def harvest_skos(files: Iterable[tuple[str, bytes]], held: Held, origin: Origin) -> Harvest:
    """A record a scheme, and a mapping set of the matches with what is held."""
    story = _Story(held, origin)
    rows: dict[str, int] = {}
    for name, data in files:
        rows[name] = story.take(read_things(data, name), name)
    return Harvest(story.graphs(), rows, tuple(story.remarks), story.matched)


class _Story:
    def __init__(self, held: Held, origin: Origin) -> None:
        self._held = held
        self._origin = origin
        self._things: Things = defaultdict(lambda: defaultdict(list))
        self._names: dict[str, None] = {}
        self._concepts: dict[str, str] = {}
        self._ordered: set[str] = set()
        """Schemes that have an order; of the others, no concept is called a top one."""
        self.remarks: list[Remark] = []
        self.matched = 0

    def take(self, things: Things, name: str) -> int:
        """Take what a file says; number of its concepts and matches."""
        concepts = {
            subject
            for subject, said in things.items()
            if (f"{SKOS}Concept", "@") in said[f"{RDF}type"] or said[f"{SKOS}inScheme"]
        }
        own = {s for s in concepts if not self._is_held(s)}
        matches = sum(len(said[p]) for said in things.values() for p in PREDICATES)
        if not own and not matches:
            raise SyntaxProblem(
                "The file holds no concept and no match.",
                remedy="Give a vocabulary in SKOS.",
                place=Place(name),
            )
        self._names[name] = None
        for subject, said in things.items():
            for property_, values in said.items():
                self._things[subject][property_] += values
        for subject in sorted(own):
            said = things[subject]
            schemes = said[f"{SKOS}inScheme"] + said[f"{SKOS}topConceptOf"]
            made = f"{self._origin.base}/id/scheme/{self._origin.slug}"
            scheme = self._concepts[subject] = next((v for v, _ in sorted(schemes)), made)
            if any(other in own for other, _ in said[f"{SKOS}broader"]):
                self._ordered.add(scheme)
        if len(own) > 1 and not any(things[s][f"{SKOS}broader"] for s in own):
            self._tell(
                "all-top",
                name,
                f"{len(own)} concepts",
                "Every concept is a top concept.",
                "Say which is broader than which.",
            )
        return len(own) + matches

    def _is_held(self, subject: str) -> bool:
        """Whether somebody else describes a thing."""
        if subject not in self._held.mappable:
            return False
        graph = self._held.theme_graphs.get(subject, "")
        return not graph.startswith(self._origin.graphs)

    def graphs(self) -> dict[str, tuple[str, ...]]:
        """A record for each scheme, and one for the matches."""
        by_scheme: dict[str, list[str]] = defaultdict(list)
        for concept, scheme in self._concepts.items():
            by_scheme[scheme].append(concept)
        place = ", ".join(self._names)
        found: dict[str, tuple[str, ...]] = {}
        for scheme, concepts in by_scheme.items():
            graph = f"{self._origin.graphs}scheme-{slug_of(scheme)}"
            lines = [*self._origin.head(graph, (scheme,), place), *self._scheme(scheme)]
            for concept in concepts:
                lines += self._concept(concept, scheme, place)
            for subject, property_, other in self._matches(scheme):
                self.matched += bool({subject, other} & self._held.mappable)
                lines.append(f"{iri(subject)} <{property_}> {iri(other)}")
            found[graph] = tuple(lines)
        matches = [
            Correspondence(*triple, f"{SEMAPV}UnspecifiedMatching", self._origin.name, _CONFIDENCE)
            for triple in self._matches()
        ]
        self.matched += len(matches)
        if matches:
            about = Described(f"Matches of {self._origin.name}")
            found |= dict([set_lines(self._origin, about, matches, place)])
        return found

    def _scheme(self, scheme: str) -> Iterator[str]:
        said = self._things[scheme]
        yield f"{iri(scheme)} {A} <{SKOS}ConceptScheme>"
        titles = (
            said[f"{DCTERMS}title"]
            + said[f"{SKOS}prefLabel"]
            + said[f"{RDFS}label"]
            + said["http://purl.org/dc/elements/1.1/title"]
        )
        for language, text in (_by_language(titles) or {"en": self._origin.name}).items():
            yield f"{iri(scheme)} <{DCTERMS}title> {literal(text, language=language)}"

    def _concept(self, concept: str, scheme: str, place: str) -> Iterator[str]:
        about, said = iri(concept), self._things[concept]
        labels = _by_language(said[f"{SKOS}prefLabel"])
        if "en" not in labels:
            self._tell(
                "label-english", place, concept, "The concept has no English label.", "Add one."
            )
        if len({t for t in said[f"{SKOS}prefLabel"] if t[1] != "@"}) > len(labels):
            self._tell(
                "language",
                place,
                concept,
                "Two labels are in one language; the first counts.",
                "Make one an altLabel.",
            )
        yield f"{about} {A} <{SKOS}Concept>"
        yield f"{about} <{SKOS}inScheme> {iri(scheme)}"
        for language, text in labels.items():
            yield f"{about} <{SKOS}prefLabel> {literal(text, language=language)}"
        for name in _TEXTS:
            for text, language in said[f"{SKOS}{name}"]:
                if language != "@" and clean(text)[0]:
                    yield f"{about} <{SKOS}{name}> {literal(clean(text)[0], language=language)}"
        for text, language in said[f"{SKOS}notation"]:
            if language != "@" and clean(text)[0]:
                yield f"{about} <{SKOS}notation> {literal(clean(text)[0])}"
        yield from self._links(concept, scheme, said, place)

    def _links(
        self, concept: str, scheme: str, said: Mapping[str, list[Value]], place: str
    ) -> Iterator[str]:
        about = iri(concept)
        for name in _LINKS:
            for other, kind in said[f"{SKOS}{name}"]:
                if kind == "@" and other in self._concepts:
                    yield f"{about} <{SKOS}{name}> {iri(other)}"
                else:
                    self._tell(
                        "unknown-concept",
                        place,
                        concept,
                        f"'{name}' leads to {other[:80]}, which nothing describes.",
                        "Add it, or leave it out.",
                    )
        if scheme in self._ordered and not said[f"{SKOS}broader"]:
            yield f"{about} <{SKOS}topConceptOf> {iri(scheme)}"

    def _matches(self, wanted: str = "") -> Iterator[tuple[str, str, str]]:
        """Matches as stated: those that touch a concept of a scheme, or of two things of ours."""
        ours = self._held.mappable
        for subject, said in sorted(self._things.items()):
            for property_ in sorted(PREDICATES):
                for other, kind in sorted(said[property_]):
                    if kind != "@" or not is_iri(other) or subject == other:
                        continue
                    schemes = {self._concepts.get(subject), self._concepts.get(other)} - {None}
                    is_wanted = wanted in schemes if wanted else {subject, other} <= ours
                    if is_wanted and (not schemes or wanted):
                        yield subject, property_, other

    def _tell(self, rule: str, where: str, about: str, message: str, remedy: str) -> None:
        self.remarks.append(Remark(rule, where, about, message, remedy))


def _by_language(values: Iterable[Value]) -> dict[str, str]:
    """First text of each language."""
    found: dict[str, str] = {}
    for text, language in values:
        if language != "@" and clean(text)[0]:
            found.setdefault(language or "und", clean(text)[0])
    return found
