"""Reading the symbol of a decision or target in any spelling.

The forms are data (``ontology/codes/symbol-form.ttl``); here is only what all
conventions have in common: lead-ins in four languages, paragraph pinpoints,
revisions, roman numbers. A reading is a candidate: whether such a record
exists is for the caller to look up.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class SymbolForm:
    """One way of writing symbols: see the head of ``symbol-form.ttl`` for the places.

    ``word`` is what stands before a symbol where it is recorded, "" for nothing.
    """

    of: str
    kind: str
    templates: tuple[str, ...]
    slug: str
    rank: int
    word: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a symbol may name.

    ``path`` is the IRI without its base: ``decision/cbd-cop-12-28``, or a full
    IRI for SDG targets. ``provision`` is the number of a pinpoint such as
    ``3.d``, ``version`` the slug of a revision, each "" where the text gives none.
    """

    path: str
    of: str
    kind: str
    rank: int
    provision: str = ""
    version: str = ""

    @property
    def slug(self) -> str:
        """Last part of the path."""
        return self.path.rsplit("/", 1)[-1]


_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_ROMAN_FORM = r"(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_PLACES = {
    "a": r"\d{1,4}",
    "r": _ROMAN_FORM,
    "s": rf"(?:\d{{1,4}}|{_ROMAN_FORM})",
    "n": rf"(?:\d{{1,4}}|{_ROMAN_FORM})",
    "b": r"(?:[1-9]|[12]\d)",
    "g": r"(?:[3-9]\d|1\d\d)",
    "y": r"(?:19|20)\d\d",
    "l": "[a-z]",
    "x": r"(?:\d{1,2}|[a-d])",
    "c": r"\d+[a-z]?(?:\.[a-z0-9]+)*",
}
_KINDS = {
    "decision": r"decisions?|dec\.?|décisions?|decisión|decisiones|号决定|决定",
    "resolution": r"resolutions?|res\.?|résolutions?|resolución|resoluciones|号决议|决议",
    "recommendation": r"recommendations?|rec\.?|recommandations?|recomendación|号建议|建议",
}
_LEAD = re.compile(
    "|".join(
        rf"(?P<{kind}>(?:(?<![\w/])(?:{form})(?![\w/])|{form.rsplit('|', 2)[1]}))"
        for kind, form in _KINDS.items()
    )
)
_PINPOINT = re.compile(
    r"[,，]?\s*(?:第\s*)?(?:operative\s+)?"
    r"(?P<word>paragraphs?|paragraphes?|paras?\.?|párrafos?|párr\.?|§)\s*"
    r"(?P<number>\d+(?:\s*[.(]?\s*[a-z]{1,4}\s*\)?)*)\s*$"
)
_PINPOINT_ZH = re.compile(
    r"[,，]?\s*第?\s*(?P<number>\d+(?:\s*[(（]\s*[a-z]{1,4}\s*[)）])*)\s*段\s*$"
)
_ITEM = re.compile(r"(?<=[\d.])\s*(?P<number>(?:\(\s*[a-z]{1,4}\s*\)\s*)+)$")
_REVISION = re.compile(r"\s*\(\s*rev\.?\s*(?P<body>cop|mop)\s*(?P<session>\d+)\s*\)\s*")
_LIST = re.compile(r"\s*(?:,|、|，|;|and|和|及|et|y|&)\s*")


def _normalise(text: str) -> str:
    """Compatibility forms folded, spaces collapsed, lower case."""
    folded = unicodedata.normalize("NFKC", text).replace("–", "-").replace("—", "-")
    return re.sub(r"\s*/\s*", "/", " ".join(folded.split()).lower())


def roman(text: str) -> int:
    """Number that a roman numeral in any letter case writes."""
    digits = [_ROMAN[letter] for letter in text.lower()]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return sum(-digit if digit < after else digit for digit, after in pairs)


@lru_cache(maxsize=2000)
def _compile(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w)\}", _normalise(template))
    pattern = "".join(
        f"({_PLACES[part]})" if odd else re.escape(part).replace(r"\ ", r"\s*")
        for odd, part in ((i % 2, part) for i, part in enumerate(parts))
    )
    return re.compile(pattern)


def _value(text: str, place: str) -> str:
    if place in "absgny" and text.isdigit():
        return str(int(text))
    if place in "rsn":
        return str(roman(text))
    return text.replace(".", "-") if place == "c" else text


def provision_number(text: str) -> str:
    """Number as provision IRIs have it: ``3 (d) (ii)`` gives ``3.d.ii``."""
    return ".".join(re.findall(r"\d+|[a-z]+", _normalise(text)))


class Symbols:
    """All known forms, ready to read with.

    ``names`` gives further names of an instrument or framework (``cms``,
    ``ramsar convention``, ``移栖物种公约``) that narrow down what is meant.
    """

    def __init__(self, forms: Iterable[SymbolForm], names: Iterable[tuple[str, str]] = ()) -> None:
        self._forms = [
            (form, [(_compile(t), re.findall(r"\{(\w)\}", t)) for t in form.templates])
            for form in sorted(forms, key=lambda form: (form.rank, form.of, form.slug))
        ]
        self._names = sorted(
            ((_normalise(name), of) for name, of in names), key=lambda item: -len(item[0])
        )

    def read(self, text: str) -> tuple[Reading, ...]:
        """All readings of one symbol, likeliest first; empty when no form fits."""
        core, provision = self._split_pinpoint(_normalise(text))
        core, revision = self._split_revision(core)
        whole = self._match(core, None, None, provision, revision)
        rest, hint = self._split_name(core)
        kind, rest = self._split_kind(rest)
        if not provision:  # as in "第 16.44 (f) 号决定", where the kind stands last
            rest, provision = self._split_pinpoint(rest)
        narrowed = self._match(rest, hint, kind, provision, revision)
        found: dict[str, Reading] = {}
        for reading in sorted([*whole, *narrowed], key=lambda r: r.rank):
            found.setdefault(reading.path, reading)
        return tuple(found.values())

    def read_list(self, text: str) -> tuple[tuple[Reading, ...], ...]:
        """Readings of each member of a list such as ``Targets 5, 14 and 15``."""
        single = self.read(text)
        if single:
            return (single,)
        lead, _, numbers = self._split_list(_normalise(text))
        members = [member for member in _LIST.split(numbers) if member]
        if not lead or len(members) < 2:
            return ()
        return tuple(self.read(f"{lead} {member}") for member in members)

    @staticmethod
    def _split_list(text: str) -> tuple[str, str, str]:
        match = re.match(r"(?P<lead>.*?)(?P<plural>s?)\s*(?P<numbers>\d.*)$", text)
        if match is None:
            return "", "", ""
        return match["lead"].strip(), match["plural"], match["numbers"]

    @staticmethod
    def _split_pinpoint(text: str) -> tuple[str, str]:
        for pattern in (_PINPOINT, _PINPOINT_ZH, _ITEM):
            match = pattern.search(text)
            if match is not None and match.start() > 0:
                return text[: match.start()].strip(), provision_number(match["number"])
        return text, ""

    @staticmethod
    def _split_revision(text: str) -> tuple[str, str]:
        match = _REVISION.search(text)
        if match is None:
            return text, ""
        rest = f"{text[: match.start()]} {text[match.end() :]}".strip()
        return " ".join(rest.split()), f"rev-{match['body']}{int(match['session'])}"

    def _split_name(self, text: str) -> tuple[str, str | None]:
        """Text without an instrument's name, and that instrument."""
        bare = re.sub(r"[《》]", " ", text)
        for name, of in self._names:
            # Nearly all names are not there, which is told sooner so.
            if name not in bare:
                continue
            edge = r"(?<![\w/.-])" if name[:1].isascii() else ""
            end = r"(?![\w/.-])" if name[-1:].isascii() else ""
            match = re.search(f"{edge}{re.escape(name)}{end}", bare)
            if match is not None:
                rest = f"{bare[: match.start()]} {bare[match.end() :]}"
                return " ".join(rest.split()), of
        return text, None

    @staticmethod
    def _split_kind(text: str) -> tuple[str | None, str]:
        """Kind of text that a lead-in names, and what is left."""
        match = _LEAD.search(text)
        rest = text
        kind = None
        if match is not None:
            kind = match.lastgroup
            rest = f"{text[: match.start()]} {text[match.end() :]}"
        rest = re.sub(r"^[\s第]+|[\s号,，]+$", "", rest)
        return kind, " ".join(rest.split())

    def _match(
        self, text: str, of: str | None, kind: str | None, provision: str, revision: str
    ) -> list[Reading]:
        found = []
        for form, templates in self._forms:
            if (of is not None and form.of != of) or (kind is not None and form.kind != kind):
                continue
            for pattern, places in templates:
                match = pattern.fullmatch(text)
                if match is None:
                    continue
                values = [_value(v, p) for v, p in zip(match.groups(), places, strict=True)]
                found.append(self._reading(form, values, provision, revision))
                break
        return found

    @staticmethod
    def _reading(form: SymbolForm, values: Sequence[str], provision: str, revision: str) -> Reading:
        slug = re.sub(r"\{(\d)\}", lambda m: values[int(m[1]) - 1], form.slug)
        path = f"http://metadata.un.org/sdg/{slug}" if form.kind == "sdg" else f"{form.kind}/{slug}"
        version = f"{slug}-{revision}" if revision else ""
        return Reading(path, form.of, form.kind, form.rank, provision, version)
