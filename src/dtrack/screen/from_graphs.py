"""Drafts from records: a graph in the ontology's terms, as a curator or a program writes it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from dtrack.errors import InputError
from dtrack.model import Literal, plain
from dtrack.screen.drafts import ASKING, Cited, Draft, DraftDirective, code
from dtrack.terms import CODES, DCTERMS, DT, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dtrack.model import Term

_RELATIONS = ("amends", "supersedes", "repeals")
_AT_ALL = "every operative provision needs dt:ofText, dt:number, and a text or summary"


class _Said:
    """Triples of a graph by subject and property."""

    def __init__(self, triples: Iterable[tuple[str, str, Term]]) -> None:
        self._held: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._back: dict[tuple[str, str], list[str]] = defaultdict(list)
        for subject, name, value in triples:
            self._held[subject][name].append(value)
            self._back[name, plain(value)].append(subject)

    def all(self, subject: str, name: str) -> list[str]:
        return [plain(value) for value in self._held[subject][f"{DT}{name}"]]

    def one(self, subject: str, name: str) -> str:
        return next(iter(self.all(subject, name)), "")

    def texts(self, subject: str, *names: str) -> list[tuple[str, str]]:
        return [
            (value.language.partition("-")[0], value.lexical)
            for name in names
            for value in self._held[subject][name]
            if isinstance(value, Literal)
        ]

    def about(self, name: str, value: str) -> list[str]:
        return sorted(self._back[f"{DT}{name}", value])

    def of_class(self, name: str) -> list[str]:
        return sorted(self._back[f"{RDF}type", f"{DT}{name}"])


def draft_of_graph(triples: Iterable[tuple[str, str, Term]], forces: dict[str, str]) -> Draft:
    """The draft that a graph describes; ``forces`` gives the force of each verb's IRI.

    Raises InputError for a graph without a text that has operative provisions.
    """
    said = _Said(triples)
    operative = said.of_class("OperativeProvision")
    works = sorted({work for iri in operative for work in said.all(iri, "ofText")})
    if len(works) != 1:
        raise InputError(
            f"The graph describes {len(works) or 'no'} texts with operative provisions; "
            "a draft is one.",
            remedy=f"Hand in one text; {_AT_ALL}.",
        )
    own = works[0]
    titles = said.texts(own, f"{DCTERMS}title")
    directives = sorted(_directives(said, operative, forces), key=lambda found: found[0])
    languages = [tag for _, found in directives for tag, _ in found.texts]
    return Draft(
        title=next((text for tag, text in titles if tag == "en"), titles[0][1] if titles else ""),
        symbol=said.one(own, "symbol"),
        kind=next((k for k in ("decision", "resolution") if own in said.of_class(k.title())), ""),
        instrument=said.one(own, "instrument"),
        own=own,
        adopted=said.one(own, "adopted"),
        language=max(sorted(set(languages)), key=languages.count, default=""),
        recitals=len(said.of_class("PreambularProvision")),
        directives=tuple(found for _, found in directives),
    )


def _directives(
    said: _Said, provisions: Iterable[str], forces: dict[str, str]
) -> Iterator[tuple[tuple[str, str], DraftDirective]]:
    """Directives with what they are ordered by."""
    for iri in provisions:
        elements = said.about("elementOf", iri)
        # Whoever has items with directives of their own is their chapeau.
        items = [item for item in said.about("partOf", iri) if said.about("elementOf", item)]
        if elements and not items:
            number = said.one(iri, "number")
            yield (said.one(iri, "sortKey"), number), _directive(said, iri, elements, forces)


def _directive(
    said: _Said, iri: str, elements: list[str], forces: dict[str, str]
) -> DraftDirective:
    texts = said.texts(iri, f"{DT}text", f"{DT}summary")
    if not texts:
        raise InputError(f"The provision <{iri}> has no words.", remedy=f"Mind: {_AT_ALL}.")
    verbs = sorted({verb for element in elements for verb in said.all(element, "verb")})
    tagged = said.about("tagged", iri)
    tags = {tag for tagging in tagged for tag in said.all(tagging, "tag")}
    themes = {tag for tag in tags if tag.startswith(f"{CODES}/theme/")}
    return DraftDirective(
        number=said.one(iri, "number"),
        texts=tuple(dict(reversed(texts)).items()),
        operational=any(code("kind", "operational") in said.all(e, "kind") for e in elements),
        asks=any(forces.get(verb) in ASKING for verb in verbs),
        verbs=tuple(verbs),
        actors=tuple(sorted({a for e in elements for a in said.all(e, "addressee")})),
        deadlines=tuple(dict.fromkeys(_deadline(said, e) for e in elements if _is_due(said, e))),
        recurs=any(said.all(element, "recurrence") for element in elements),
        targets=tuple(sorted({*said.all(iri, "addressesTarget"), *(tags - themes)})),
        themes=tuple(sorted({*said.all(iri, "addressesTheme"), *themes})),
        citations=tuple(
            Cited(relation, cited, cited.rsplit("/", 1)[-1])
            for relation in _RELATIONS
            for cited in said.all(iri, relation)
        ),
    )


def _is_due(said: _Said, element: str) -> bool:
    return any(said.all(element, n) for n in ("deadline", "deadlineMeeting", "deadlineText"))


def _deadline(said: _Said, element: str) -> tuple[str, str]:
    meeting = said.one(element, "deadlineMeeting").rsplit("/", 1)[-1]
    value = said.one(element, "deadline") or meeting
    return value, said.one(element, "deadlineText") or value
