"""Texts to the units that labels are compared in: word stems, or Chinese characters.

Snowball's stemmers make "wetlands" and "wetland", "monitoring" and "monitored"
one; words that bind others (of, des, de la) are left out, so that "recovery of
species" is "species recovery" in neither order, but "accès aux ressources" and
"accès à des ressources" are one.
"""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

import snowballstemmer

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEMMERS = {"en": "english", "fr": "french", "es": "spanish"}
_BINDERS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a an and for in of on the to with",
        "fr": "à au aux d dans de des du en et l la le les pour sur un une",
        "es": "a al con de del e el en la las los para por un una y",
    }.items()
}
_UNIT = re.compile(r"[^\W_]+|[.;:!?()\[\]\n]|,(?=\s)")
_WIDE = re.compile(r"[\u4e00-\u9fff]")
_AT_WORK = threading.Lock()
BREAK = "\n"
"""Unit that stands for the end of a clause; no label goes across it."""


class Unit(NamedTuple):
    """A stem or a character, and where it stands."""

    form: str
    start: int
    end: int


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str:  # noqa: N802 (the library's name)
        """Stem of a word."""
        ...


@cache
def _stemmer(language: str) -> _Stemmer:
    found: _Stemmer = snowballstemmer.stemmer(_STEMMERS[language])
    return found


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    """Stem of a word in lower case, British spelling taken as American; "" for a binder."""
    if word in _BINDERS[language]:
        return ""
    if language == "en":
        word = re.sub(r"is(?=(?:e|ed|es|ing|ations?)$)", "iz", word)
    # A stemmer works on one word at a time, and requests run side by side.
    with _AT_WORK:
        return _stemmer(language).stemWord(word)


def is_wide(language: str) -> bool:
    """Whether a language is read by characters."""
    return language.startswith("zh")


def units(text: str, language: str) -> list[Unit]:
    """Units of a text, in order. Languages without a stemmer are read as English."""
    if is_wide(language):
        return list(_characters(text))
    known = language if language in _STEMMERS else "en"
    return list(_words(text, known))


def _words(text: str, language: str) -> Iterator[Unit]:
    for match in _UNIT.finditer(text.lower()):
        word = match[0]
        form = _stem(word, language) if word[0].isalnum() else BREAK
        if form:
            yield Unit(form, match.start(), match.end())


def _characters(text: str) -> Iterator[Unit]:
    """Characters, and Latin words whole; blanks and title marks inside a label do not count."""
    for match in re.finditer(r"[a-z0-9]+|[^\s《》“”\"]", text.lower()):
        form = match[0] if _WIDE.match(match[0]) or match[0].isalnum() else BREAK
        yield Unit(form, match.start(), match.end())
