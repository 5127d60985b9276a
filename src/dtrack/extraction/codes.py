"""Code lists and records, as N-Triples, to the words that extraction looks for."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from dtrack.extraction.lexicon import Actor, Instrument, Lexicon, Verb
from dtrack.model import Iri, Literal
from dtrack.symbols import SymbolForm
from dtrack.terms import BASE, CODES, DT, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dtrack.model import Term

_TRIPLE = re.compile(
    r'<([^>]*)> <([^>]*)> (?:<([^>]*)>|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?) \.'
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_ID = f"{BASE}/id/"


def _unescape(text: str) -> str:
    def char(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _PLAIN.get(match[3], match[3])

    return _ESCAPE.sub(char, text) if "\\" in text else text


def triples(ntriples: bytes) -> Iterator[tuple[str, str, Term]]:
    """Triples of canonical N-Triples, which hold no blank nodes."""
    for match in _TRIPLE.finditer(ntriples.decode("utf-8")):
        subject, predicate, iri, text, language, datatype = match.groups()
        if iri is not None:
            yield subject, predicate, Iri(iri)
        else:
            yield subject, predicate, Literal(_unescape(text), datatype or "", language or "")


class _Things:
    """Triples by subject and predicate."""

    def __init__(self, sources: Iterable[bytes]) -> None:
        self._values: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for source in sources:
            for subject, predicate, value in triples(source):
                self._values[subject][predicate].append(value)

    def of_class(self, iri: str) -> list[str]:
        rdf_type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
        return [s for s, values in self._values.items() if iri in map(str, values[rdf_type])]

    def links(self, subject: str, predicate: str) -> list[str]:
        return [str(v) for v in self._values[subject][predicate] if isinstance(v, Iri)]

    def link(self, subject: str, predicate: str) -> str:
        return next(iter(self.links(subject, predicate)), "")

    def words(self, subject: str, *predicates: str) -> list[tuple[str, str]]:
        """Literals as pairs of language and text."""
        return [
            (value.language, value.lexical)
            for predicate in predicates
            for value in self._values[subject][predicate]
            if isinstance(value, Literal)
        ]

    def word(self, subject: str, predicate: str, language: str = "") -> str:
        for tag, text in self.words(subject, predicate):
            if tag in {language, ""}:
                return text
        return ""


def read_lexicon(sources: Iterable[bytes]) -> Lexicon:
    """Lexicon of the verbs, actors, relations, symbols and instruments in some N-Triples."""
    things = _Things(sources)
    return Lexicon(
        verbs=tuple(_verb(things, s) for s in things.of_class(f"{DT}OperativeVerb")),
        actors=tuple(_actor(things, s) for s in things.of_class(f"{DT}Actor")),
        relations=tuple(_relations(things)),
        text_kinds=tuple(_text_kinds(things)),
        symbol_forms=tuple(_form(things, s) for s in things.of_class(f"{DT}SymbolForm")),
        instruments=tuple(_instruments(things)),
        frameworks=tuple(_frameworks(things)),
        cues=dict(_cues(things)),
        meetings={_last(s): _date(things, s) for s in things.of_class(f"{DT}Meeting")},
    )


def _last(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _date(things: _Things, meeting: str) -> str:
    return things.word(meeting, f"{DT}endDate") or things.word(meeting, f"{DT}startDate")


def _verb(things: _Things, subject: str) -> Verb:
    return Verb(
        key=_last(subject),
        name=things.word(subject, f"{SKOS}prefLabel", "en"),
        kind=_last(things.link(subject, f"{DT}kind")),
        force=_last(things.link(subject, f"{DT}verbForce")),
        forms=tuple(things.words(subject, f"{DT}verbForm")),
        bare=tuple(things.words(subject, f"{SKOS}hiddenLabel")),
    )


def _actor(things: _Things, subject: str) -> Actor:
    labels = [(f"{SKOS}prefLabel", 0), (f"{SKOS}altLabel", 1), (f"{SKOS}hiddenLabel", 2)]
    return Actor(
        key=_last(subject),
        labels=tuple(
            (language, text, rank)
            for predicate, rank in labels
            for language, text in things.words(subject, predicate)
        ),
        broader=tuple(map(_last, things.links(subject, f"{SKOS}broader"))),
    )


def _relations(things: _Things) -> Iterator[tuple[str, str, str]]:
    for subject in things.of_class(f"{DT}CodedValue"):
        if subject.startswith(f"{CODES}/citation-relation/"):
            for language, form in things.words(subject, f"{DT}verbForm"):
                yield language, form, _last(subject)


def _text_kinds(things: _Things) -> Iterator[tuple[str, str, str]]:
    for kind in ("decision", "resolution", "recommendation"):
        subject = f"{CODES}/document-type/{kind}"
        for language, label in things.words(subject, f"{SKOS}prefLabel"):
            yield language, label, kind


def _cues(things: _Things) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    labels = [f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}hiddenLabel"]
    for subject in things.of_class(f"{DT}CodedValue"):
        if subject.startswith(f"{CODES}/text-cue/"):
            yield _last(subject), tuple(things.words(subject, *labels))


def _form(things: _Things, subject: str) -> SymbolForm:
    return SymbolForm(
        of=_last(things.link(subject, f"{DT}formOf")),
        kind=things.word(subject, f"{DT}symbolKind"),
        templates=tuple(text for _, text in things.words(subject, f"{DT}symbolTemplate")),
        slug=things.word(subject, f"{DT}slugTemplate"),
        rank=int(things.word(subject, f"{DT}sequence") or 0),
        word=things.word(subject, f"{DT}symbolWord"),
    )


def _names(things: _Things, subject: str) -> tuple[str, ...]:
    predicates = (f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{DT}shortName")
    return tuple(dict.fromkeys(text for _, text in things.words(subject, *predicates)))


def _governing(things: _Things, subject: str) -> str:
    """Governing body of an instrument: its own before one that it shares with others."""
    bodies = things.links(subject, f"{DT}governingBody")
    own = [body for body in bodies if things.links(body, f"{DT}bodyOf") == [subject]]
    return next(iter([*own, *bodies]), "")


def _instruments(things: _Things) -> Iterator[Instrument]:
    homes = (f"{_ID}instrument/", f"{_ID}forum/")
    # A set of all that some form or body belongs to: classes of instruments are many.
    subjects = {
        target
        for kind, predicate in ((f"{DT}SymbolForm", f"{DT}formOf"), (f"{DT}Body", f"{DT}bodyOf"))
        for subject in things.of_class(kind)
        for target in things.links(subject, predicate)
    }
    for subject in sorted(subjects):
        if not subject.startswith(homes):
            continue
        body = _governing(things, subject)
        yield Instrument(
            key=_last(subject),
            iri=subject,
            names=_names(things, subject),
            parent=_last(things.link(subject, f"{DT}parentInstrument")),
            body=_last(body),
            body_names=_names(things, body) if body else (),
            body_actor=_last(things.link(body, f"{DT}actorConcept")) if body else "",
        )


def _frameworks(things: _Things) -> Iterator[tuple[str, str]]:
    for subject in things.of_class(f"{DT}Framework"):
        for name in _names(things, subject):
            yield _last(subject), name
