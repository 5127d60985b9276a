"""What is searched: things with their texts, read from a store by ``queries/search``."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from dtrack.model import at_once
from dtrack.searching.told import NOTING, ToldFacts, element_rows, tagging_rows
from dtrack.terms import DCTERMS, DT, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from dtrack.model import Progress, Store

SYMBOL: Final = "symbol"
LABEL: Final = "label"
NAME: Final = "name"
SUMMARY: Final = "summary"
BODY: Final = "body"
LONG: Final = frozenset({SUMMARY, BODY})
"""Roles of texts of some length; the others are what a thing is called."""

_ROLES: Final[Mapping[str, str]] = {
    f"{DT}symbol": SYMBOL,
    f"{DT}symbolForm": SYMBOL,
    f"{DT}shortName": NAME,
    f"{SKOS}notation": NAME,
    f"{SKOS}prefLabel": LABEL,
    f"{SKOS}altLabel": NAME,
    f"{SKOS}hiddenLabel": NAME,
    f"{DCTERMS}title": LABEL,
    f"{DCTERMS}alternative": NAME,
    f"{DT}summary": SUMMARY,
    f"{DT}text": BODY,
    f"{SKOS}definition": BODY,
}
"""Which part a property's values play: those of a symbol weigh most, of a summary or body least.

A label is what a thing is called; its other names find it too.
"""

_BATCH: Final = 2000
_TYPE: Final = f"{RDF}type"
_WORK: Final = f"{DT}ofText"
_NUMBER: Final = f"{DT}number"
_STATUS: Final = f"{DT}currentStatus"
_THEME: Final = f"{DT}addressesTheme"
_LEVELS: Final = frozenset({"Paragraph", "Item", "Subitem", "Record"})

Facts = dict[str, list[tuple[str, str, str]]]
"""By thing: property, value and language of each fact."""

Elements = dict[str, list[tuple[int, str, str]]]
"""By provision: place, verb and addressee ("" for nobody) of each element, in order."""

Taggings = dict[str, list["Tagged"]]
"""By provision: who has put it to what."""


class Text(NamedTuple):
    """One text of a thing: its role, the base language of its tag ("" for none), itself."""

    role: str
    language: str
    text: str


class Tagged(NamedTuple):
    """An accepted tagging: target or theme, who says so and how, confidence ("" for none).

    ``method`` and ``state``, that of its review, are IRIs.
    """

    tag: str
    author: str
    method: str
    confidence: str
    state: str


class Thing(NamedTuple):
    """Something that can be found.

    ``kinds`` are names of classes of ours, sorted; ``work`` is the text that a
    provision belongs to, or the thing itself; ``instrument``, ``year`` and
    ``symbol`` are those of the work, "" where there is none. ``verbs`` and
    ``addressees`` are those of a provision's elements, in their order; of its
    ``taggings`` the surest go first.
    """

    iri: str
    kinds: tuple[str, ...]
    work: str
    number: str
    symbol: str
    instrument: str
    year: str
    statuses: tuple[str, ...]
    themes: tuple[str, ...]
    texts: tuple[Text, ...]
    verbs: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    taggings: tuple[Tagged, ...] = ()

    def label(self, language: str) -> str:
        """What it is called: in the language, else in English, else in any; "" for nothing."""
        return self._said(LABEL, language)

    def wording(self, language: str) -> str:
        """What a provision says: its summary, else its own words; in a language as label() is."""
        return self._said(SUMMARY, language) or self._said(BODY, language)

    def _said(self, role: str, language: str) -> str:
        found: dict[str, str] = {}
        for text in self.texts:
            if text.role == role:
                found.setdefault(text.language, text.text)
        for tag in (language.partition("-")[0], "en", ""):
            if tag in found:
                return found[tag]
        return next(iter(found.values()), "")


def read_all(
    store: Store, queries: Path, progress: Progress, derived: Callable[[], None] = at_once
) -> Iterator[Thing]:
    """Everything in a store that can be found, in the order of IRIs.

    ``derived`` returns once the store holds what follows by rules, such as statuses; of
    elements and taggings nothing does.
    """
    if (told := store.told()) and told.knows(NOTING):
        progress("Reading what is searched", 0, 3)
        elements = _elements(element_rows(told))
        progress("Reading what is searched", 1, 3)
        taggings = _taggings(tagging_rows(told))
        progress("Reading what is searched", 2, 3)
        derived()
        if store.told():
            noted = ToldFacts(told)
            return _things(noted, _Held(noted, elements, taggings))
    derived()
    facts: Facts = {}
    for done, name in enumerate(("classes", "facts")):
        progress("Reading what is searched", done, 4)
        _take(facts, _rows(store, _query(queries, name)))
    progress("Reading what is searched", 2, 4)
    elements = _elements(_rows(store, _query(queries, "elements")))
    progress("Reading what is searched", 3, 4)
    taggings = _taggings(_rows(store, _query(queries, "taggings")))
    return _things(sorted(facts), _Held(facts, elements, taggings))


def read_some(store: Store, queries: Path, iris: Iterable[str]) -> Iterator[Thing]:
    """Those of some things that can be found now."""
    wanted = sorted(set(iris))
    facts = _about(store, queries, wanted)
    works = {value for found in facts.values() for p, value, _ in found if p == _WORK}
    _take_missing(facts, _about(store, queries, works - set(facts)))
    elements = _elements(_rows_of(store, _query(queries, "elements"), wanted))
    taggings = _taggings(_rows_of(store, _query(queries, "taggings"), wanted))
    return _things(wanted, _Held(facts, elements, taggings))


def concerned(store: Store, queries: Path, changed: Mapping[str, tuple[bytes, bytes]]) -> set[str]:
    """IRIs of the things that are found otherwise once some graphs have changed.

    ``changed`` maps each graph to its N-Triples before and after. Concerned is
    what the graphs speak of, whose elements, status or tagging they hold, and the
    parts of texts they speak of.
    """
    spoken: set[str] = set()
    for contents in changed.values():
        before, after = (set(content.splitlines()) for content in contents)
        subjects = set()
        for line in before ^ after:
            subject, name, held = _terms(line)
            subjects.add(subject)
            # Many lines are of elements and taggings, which are not found themselves.
            if name in _TELLING or (name == _TYPE.encode() and held not in _UNFOUND):
                spoken.add(subject.decode())
        for line in before | after:
            subject, name, held = _terms(line)
            if name in _SPEAKING and subject in subjects:
                spoken.add(held.decode())
    query = _query(queries, "concerned")
    return spoken | {row[1] for row in _rows_of(store, query, spoken)}


def _terms(line: bytes) -> tuple[bytes, bytes, bytes]:
    """Subject, predicate and object of a line of N-Triples, without their brackets."""
    subject, predicate, value = line.split(b" ", 2)
    return subject[1:-1], predicate[1:-1], value.rstrip(b" .")[1:-1]


_SPEAKING: Final = frozenset(f"{DT}{name}".encode() for name in ("elementOf", "statusOf", "tagged"))
_TELLING: Final = frozenset(
    name.encode()
    for name in (*_ROLES, _WORK, _NUMBER, _STATUS, _THEME, f"{DT}instrument", f"{DT}adopted")
)
_UNFOUND: Final = frozenset(f"{DT}{name}".encode() for name in ("Element", "Tagging"))


def _query(queries: Path, name: str) -> str:
    return (queries / "search" / f"{name}.rq").read_text(encoding="utf-8")


def _only(query: str, iris: Iterable[str]) -> str:
    """Query that gives some things alone."""
    block = " ".join(f"<{iri}>" for iri in sorted(iris))
    return query.replace("WHERE {", f"WHERE {{\n  VALUES ?thing {{ {block} }}", 1)


def _rows(store: Store, query: str) -> Iterator[list[str]]:
    # As CSV, for a million rows as terms of ours would take many times as long.
    body = store.serialise(query, "text/csv").body
    # Decoded piece by piece, for as one text it would take up twice the memory.
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(body), encoding="utf-8", newline=""))
    next(rows)
    return rows


def _rows_of(store: Store, query: str, iris: Iterable[str]) -> Iterator[list[str]]:
    """Rows of a query about some things alone."""
    for some in _batches(iris):
        yield from _rows(store, _only(query, some))


def _take(facts: Facts, rows: Iterable[list[str]]) -> None:
    known: dict[str, str] = {}
    for thing, name, value, language in rows:
        facts.setdefault(thing, []).append((known.setdefault(name, name), value, language))


def _take_missing(facts: Facts, more: Facts) -> None:
    for thing, found in more.items():
        facts.setdefault(thing, found)


def _about(store: Store, queries: Path, iris: Iterable[str]) -> Facts:
    facts: Facts = {}
    _take(facts, _rows_of(store, _query(queries, "about"), iris))
    return facts


def _batches(iris: Iterable[str]) -> Iterator[list[str]]:
    """Things in portions that a query can name."""
    wanted = sorted(iris)
    for start in range(0, len(wanted), _BATCH):
        yield wanted[start : start + _BATCH]


def _elements(rows: Iterable[Sequence[str]]) -> Elements:
    found: Elements = defaultdict(list)
    known: dict[str, str] = {}
    for thing, place, verb, addressee in rows:
        said = int(place), known.setdefault(verb, verb), known.setdefault(addressee, addressee)
        found[thing].append(said)
    for held in found.values():
        if len(held) > 1:
            held.sort()
    return found


def _taggings(rows: Iterable[Sequence[str]]) -> Taggings:
    found: dict[str, list[_Sure]] = defaultdict(list)
    # Nearly all that is said of a tagging is said of others, too.
    known: dict[tuple[str, ...], tuple[tuple[float, str, str], Tagged]] = {}
    for thing, *said, tagging in rows:
        about = tuple(said)
        sure = known.get(about)
        if sure is None:
            tagged = Tagged(*said)
            rank = -float(tagged.confidence or 0), tagged.tag, tagged.author
            sure = known[about] = rank, tagged
        found[thing].append((sure[0], tagging, sure[1]))
    for held in found.values():
        if len(held) > 1:
            held.sort()
    return {thing: [tagged for _, _, tagged in held] for thing, held in found.items()}


_Sure = tuple[tuple[float, str, str], str, Tagged]
"""By what taggings are told in order, as answers about the store tell them.

How sure it is, what to and by whom; then the tagging and what it says.
"""


class _Held(NamedTuple):
    """What is known of things, by IRI."""

    facts: Facts | ToldFacts
    elements: Elements
    taggings: Taggings


def _things(iris: Iterable[str], held: _Held) -> Iterator[Thing]:
    works: dict[str, _Work] = {}
    for iri in iris:
        thing = _thing(iri, held, works)
        if thing is not None:
            yield thing


class _Work(NamedTuple):
    """What parts of a text share."""

    symbol: str
    instrument: str
    year: str


def _thing(iri: str, known: _Held, works: dict[str, _Work]) -> Thing | None:
    """A thing from its facts; None for what has no class of ours or no text."""
    facts, elements = known.facts, known.elements.get(iri, ())
    texts: set[Text] = set()
    held: dict[str, list[str]] = {}
    for name, value, tag in facts.get(iri, ()):
        role = _ROLES.get(name)
        if role is None:
            held.setdefault(name, []).append(value)
        elif value and not value.isspace():
            texts.add(Text(role, _base(tag), value))
    kinds = _kinds(tuple(held.get(_TYPE, ())))
    if not (kinds and texts):
        return None
    work = min(held.get(_WORK, (iri,)))
    if work not in works:
        works[work] = _work(facts.get(work, ()))
    symbol, instrument, year = works[work]
    return Thing(
        iri=iri,
        kinds=kinds,
        work=work,
        number=min(held.get(_NUMBER, ("",))),
        symbol=symbol,
        instrument=instrument,
        year=year,
        statuses=tuple(sorted(set(held.get(_STATUS, ())))),
        themes=tuple(sorted(set(held.get(_THEME, ())))),
        texts=tuple(sorted(texts)),
        verbs=tuple(dict.fromkeys(verb for _, verb, _ in elements)),
        addressees=tuple(dict.fromkeys(who for *_, who in elements if who)),
        taggings=tuple(known.taggings.get(iri, ())),
    )


@lru_cache(maxsize=4096)
def _base(tag: str) -> str:
    """Base language of a tag; one with three letters stays whole."""
    return tag[:2].lower() if tag[2:3] in ("", "-") else tag.lower()


@lru_cache(maxsize=4096)
def _kinds(classes: tuple[str, ...]) -> tuple[str, ...]:
    found = {name[len(DT) :] for name in classes if name.startswith(DT)}
    return tuple(sorted(found - _LEVELS))


def _work(facts: Iterable[tuple[str, str, str]]) -> _Work:
    held = {name: value for name, value, _ in sorted(facts, reverse=True)}
    return _Work(
        held.get(f"{DT}symbol", ""),
        held.get(f"{DT}instrument", ""),
        held.get(f"{DT}adopted", "")[:4],
    )
