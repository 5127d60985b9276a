"""Sentences that are written down in English, such as reasons of harvests, in other languages.

They are kept as they were told, in journals and answers of the API. A file in
``sayings`` maps each, with what varies in braces, to what a language says
instead; messages of the shapes are in several languages already. What nobody
has put into a language stays English, and is marked so.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dtrack.validation.shapes import bundled_shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER: Final = Path(__file__).parent / "sayings"
_VARIES: Final = re.compile(r"\{[?$]?(\w+)\}")
_ENDS: Final = re.compile(r"(?<=[.!?]) +")
_PLACED: Final = re.compile(r"(\S+|\S+, row \d+): (.+)", re.DOTALL)
_FOCUSED: Final = re.compile(r"(.+) (\(<[^<>]*>\))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Saying:
    """A text, and the language that it is in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence: what of it is always the same, how it is read, what is said instead."""

    fixed: str
    pattern: re.Pattern[str]
    instead: str

    def read(self, text: str) -> str | None:
        if self.fixed not in text or (found := self.pattern.fullmatch(text)) is None:
            return None
        values = found.groupdict()
        return _VARIES.sub(lambda part: values.get(part[1], part[0]), self.instead)


def said_in(language: str, text: str) -> Saying:
    """A text in a language, as far as all of its sentences are known there; else as it is."""
    if language == "en" or not text:
        return Saying(text, "en")
    heard = _heard(language, text)
    return Saying(text, "en") if heard is None else Saying(heard, language)


@lru_cache(maxsize=4096)
def _heard(language: str, text: str) -> str | None:
    # Sentence by sentence first, lest what varies in one swallows the next.
    for end in _ENDS.finditer(text):
        first = _sentence(language, text[: end.start()])
        if first is not None and (rest := _heard(language, text[end.end() :])) is not None:
            return first + rest
    return _sentence(language, text)


def _sentence(language: str, text: str) -> str | None:
    """One sentence in a language, with where it was found before it and about what behind."""
    for sentence in _sentences(language):
        if (found := sentence.read(text)) is not None:
            return found
    if (parts := _PLACED.fullmatch(text)) and (found := _sentence(language, parts[2])):
        return f"{parts[1]}: {found}"
    if (parts := _FOCUSED.fullmatch(text)) and (found := _heard(language, parts[1])):
        return f"{found} {parts[2]}"
    return None


@lru_cache(maxsize=8)
def _sentences(language: str) -> tuple[_Sentence, ...]:
    """Sentences that a language knows, those first that leave least open."""
    path = FOLDER / f"{language}.toml"
    known: dict[str, str] = dict(_of_shapes(language))
    if path.is_file():
        known |= tomllib.loads(path.read_text(encoding="utf-8"))
    made = [_read(english, instead) for english, instead in known.items()]
    return tuple(sorted(made, key=lambda each: -len(_VARIES.sub("", each.pattern.pattern))))


def _of_shapes(language: str) -> Iterator[tuple[str, str]]:
    messages: Mapping[str, str]
    for messages in bundled_shapes().messages.values():
        if "en" in messages and language in messages:
            yield messages["en"], messages[language]


def _read(english: str, instead: str) -> _Sentence:
    pieces = _VARIES.split(english)
    fixed, names = pieces[::2], set[str]()
    pattern = re.escape(fixed[0])
    for name, piece in zip(pieces[1::2], fixed[1:], strict=True):
        # A name that stands again stands for the same.
        pattern += f"(?P={name})" if name in names else f"(?P<{name}>.*?)"
        pattern += re.escape(piece)
        names.add(name)
    return _Sentence(max(fixed, key=len), re.compile(pattern, re.DOTALL), instead)
