"""What a proposal changes, in words: by the thing that it is about, in the order of reading."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dtrack.answer.lookup import existing, labels, last_part
from dtrack.terms import BASE, DCTERMS, DT, RDF, SKOS
from dtrack.web.coded import codes_in
from dtrack.web.texts import wordings
from dtrack.web.untitled import call

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dtrack.web.coded import Codes
    from dtrack.web.texts import Wording
    from dtrack.wiring.serving import Service

_TRIPLE: Final = re.compile(
    r'<([^>]*)> <([^>]*)> (?:<([^>]*)>|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<[^>]*>)?) \.'
)
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_PLAIN: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_NAMES: Final = (f"{SKOS}prefLabel", f"{DCTERMS}title")
_TYPE: Final = f"{RDF}type"
_FIRST: Final = (
    f"{DT}symbol", f"{DT}number", *_NAMES, f"{DT}summary", f"{DT}text", f"{DT}kind", f"{DT}verb",
    f"{DT}addressee", f"{DT}deadline", f"{DT}deadlineText", f"{DT}tagged", f"{DT}tag",
    f"{DT}addressesTarget", f"{DT}addressesTheme", f"{DT}statusOf", f"{DT}statusAxis",
    f"{DT}statusValue", f"{DT}from", f"{DT}until", f"{DT}evidence", f"{DT}mappingSubject",
    f"{DT}mappingPredicate", f"{DT}mappingObject",
)  # fmt: skip
"""Properties that tell most, in the order in which they are read; others follow by name."""
_ORDER: Final = {iri: place for place, iri in enumerate(_FIRST)}
_KEEPING: Final = frozenset(
    f"{DT}{name}"
    for name in ("sortKey", "sequence", "partOf", "ofText", "elementOf", "recordOf", "depth")
)
"""Properties that hold a record together and tell a reader nothing."""
_KINDS: Final = (
    "decision", "resolution", "recommendation", "provision", "element", "citation", "tagging",
    "status", "evidence", "mapping",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A value as words; ``iri`` is that of a thing that has a page, "" for others."""

    text: str
    iri: str


@dataclass(slots=True)
class Change:
    """What goes and what comes of a property, in one language."""

    property: str
    language: str
    removed: list[Value] = field(default_factory=list)
    added: list[Value] = field(default_factory=list)
    keeping: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A thing with what changes about it.

    ``kinds`` says in words what it is, where that comes or goes; ``became`` is
    "new", "gone" or "" for what was there before and stays.
    """

    iri: str
    name: str
    kinds: str
    became: str
    changes: list[Change]

    @property
    def telling(self) -> list[Change]:
        """Changes that tell a reader something."""
        return [change for change in self.changes if not change.keeping]

    @property
    def keeping(self) -> list[Change]:
        """Changes that only hold the record together."""
        return [change for change in self.changes if change.keeping]


@dataclass(frozen=True, slots=True)
class Line:
    """A triple that comes or goes; ``iri`` is that of its value, "" for a literal."""

    comes: bool
    subject: str
    predicate: str
    iri: str
    text: str
    language: str


def readable(
    service: Service,
    added: Iterable[str],
    removed: Iterable[str],
    language: str,
    *,
    published: bool = False,
) -> list[Changed]:
    """Changes of N-Triples lines by thing; ``published`` when they are in the store already."""
    lines = [*read_lines(removed, comes=False), *read_lines(added, comes=True)]
    words = words_about(service, lines, language, published=published)
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.subject, []).append(line)
    return [words.changed(iri, found[iri]) for iri in sorted(found, key=_place)]


def read_lines(lines: Iterable[str], *, comes: bool) -> list[Line]:
    """Lines of N-Triples, those that come or those that go, taken apart."""
    return [
        Line(comes, match[1], match[2], match[3] or "", _unescaped(match[4] or ""), match[5] or "")
        for line in lines
        if (match := _TRIPLE.match(line))
    ]


def words_about(
    service: Service, lines: Sequence[Line], language: str, *, published: bool = False
) -> Words:
    """What the things in some lines are called in a language."""
    iris = sorted({iri for line in lines for iri in (line.subject, line.iri) if iri})
    names = labels(service.store, iris, language) | _said_here(lines, language)
    own = {iri: name for iri, name in names.items() if iri.startswith(f"{BASE}/id/")}
    return Words(
        codes_in(service, language),
        wordings()[language],
        names | call(own, service, language, _facts_here(lines, language)),
        existing(service.store, iris),
        published,
    )


def _said_here(lines: Sequence[Line], language: str) -> dict[str, str]:
    """Names that the lines themselves give to things, in the language or else in English."""
    found: dict[str, str] = {}
    for wanted in ("", "en", language):
        for line in lines:
            if line.comes and line.predicate in _NAMES and line.language == wanted:
                found[line.subject] = line.text
    return found


def _facts_here(lines: Sequence[Line], language: str) -> dict[str, dict[str, str]]:
    """What the lines say of things with properties of ours, in the language or else in English."""
    found: dict[str, dict[str, str]] = {}
    for wanted in ("", "en", language):
        for line in lines:
            if line.predicate.startswith(DT) and line.language == wanted:
                said = found.setdefault(line.subject, {})
                said[line.predicate.removeprefix(DT)] = line.iri or line.text
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """Names of things, terms and codes in a language."""

    codes: Codes
    wording: Wording
    names: Mapping[str, str]
    known: set[str]
    published: bool

    def changed(self, iri: str, lines: Sequence[Line]) -> Changed:
        """A thing with its changes."""
        typed = [line for line in lines if line.predicate == _TYPE]
        comes = {line.comes for line in lines} if typed else set()
        became = ("new" if comes.pop() else "gone") if len(comes) == 1 else ""
        if became and not self.published and (iri in self.known) != (became == "gone"):
            # It has one more or one less kind, and is what it was.
            became = ""
        kinds = " · ".join(dict.fromkeys(self.codes.of(line.iri) for line in typed))
        changes: dict[tuple[str, str], Change] = {}
        for line in sorted(lines, key=self.order):
            if became and line.predicate == _TYPE:
                continue
            key = (line.predicate, line.language)
            label = self.codes.of(line.predicate)
            change = changes.setdefault(key, Change(label, line.language))
            change.keeping = line.predicate in _KEEPING
            (change.added if line.comes else change.removed).append(self.value(line))
        return Changed(iri, self.name(iri), kinds if became else "", became, [*changes.values()])

    def order(self, line: Line) -> tuple[int, str, str, str]:
        """Where a line stands among those of its thing."""
        place = _ORDER.get(line.predicate, len(_ORDER))
        return place, self.codes.of(line.predicate), line.language, line.text or line.iri

    def value(self, line: Line) -> Value:
        """Value of a line, with its page where it has one."""
        if not line.iri:
            return Value(self.literal(line), "")
        own = line.iri.startswith(f"{BASE}/")
        return Value(self.name(line.iri), line.iri if not own or line.iri in self.known else "")

    def literal(self, line: Line) -> str:
        """Text of a line as readers know it: numbers of provisions and kinds of date in words."""
        if line.predicate == f"{DT}number":
            return self.wording.numbered(line.text)
        if line.predicate == f"{DT}datePrecision":
            return self.wording.words.get(f"precision_{line.text}", line.text)
        return line.text

    def name(self, iri: str) -> str:
        """Label of a code, term or thing, else what of its IRI tells it apart."""
        if label := self.codes.known(iri):
            return label
        label = self.names.get(iri, "")
        if label not in {"", last_part(iri)}:
            return label
        if not iri.startswith(f"{BASE}/"):
            return iri
        kind, _, rest = iri.partition("/id/")[2].partition("/")
        return rest if kind in _KINDS else "/".join(iri.split("/")[-2:])


def _place(iri: str) -> tuple[int, list[tuple[int, str]]]:
    """Where a thing stands: texts first, what belongs to them after, by their numbers."""
    kind = iri.partition("/id/")[2].partition("/")[0]
    rank = _KINDS.index(kind) if kind in _KINDS else len(_KINDS) + iri.startswith(f"{BASE}/graph/")
    digits = re.split(r"(\d+)", iri)
    return rank, [(int(part), "") if part.isdigit() else (0, part) for part in digits]


def _unescaped(text: str) -> str:
    def sign(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if code[0] in "uU" else _PLAIN.get(code, code)

    return _ESCAPE.sub(sign, text)
