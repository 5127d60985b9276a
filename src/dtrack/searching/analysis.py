"""How texts become words: stems for English, French and Spanish, pairs of signs for Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STEMMED: Final[Mapping[str, str]] = {"en": "english", "fr": "french", "es": "spanish"}
CHINESE: Final = "zh"
OTHER: Final = "other"
"""Where texts go that have another language, or none."""

FIELDS: Final = (*STEMMED, CHINESE, OTHER)
"""Languages that have a field of their own."""

_HAN: Final = "\u3400-\u9fff\uf900-\ufaff"
_PIECES: Final = re.compile(rf"[{_HAN}]+|[^\s{_HAN}]+")
_RUNS: Final = re.compile(f"[{_HAN}]+")
_WORDS: Final = rf"[\p{{L}}\p{{N}}--[{_HAN}]]+"
_PLAIN: Final = re.compile(
    r"[\0-\u024f\u2010-\u2027\u2030-\u205e\u20ac\u3001\u3002\uff08\uff09\uff0c\uff1a\uff1b]*"
)
"""Texts of Latin letters and usual punctuation; what is a letter there all agree on."""
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a question between spaces: a word, or signs that stand together."""

    text: str
    chinese: bool


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its stem, itself in lower case without accents, and where it stands."""

    stem: str
    word: str
    start: int
    end: int


def field_of(language: str) -> str:
    """Which of FIELDS holds texts of a language."""
    return language if language in FIELDS else OTHER


def pieces(text: str) -> list[Piece]:
    """Words and runs of Chinese signs of a question, each once, in its order."""
    found = (match.group() for match in _PIECES.finditer(text))
    unique = dict.fromkeys(piece.lower() for piece in found)
    return [
        Piece(piece, chinese)
        for piece in unique
        if (chinese := re.match(f"[{_HAN}]", piece) is not None) or words(piece)
    ]


def runs(text: str) -> list[str]:
    """Chinese signs of a text that stand together, in its order."""
    return _RUNS.findall(text)


def words(text: str) -> list[str]:
    """Words in lower case without accents."""
    return list(plain_analyzer().analyze(text))


def stems(text: str, language: str) -> list[str]:
    """Stems of the words of a text, as the field of its language holds them."""
    return list(analyzer(language).analyze(text))


def is_stopword(word: str) -> bool:
    """Whether a word is one that every text has, in one of the languages."""
    return any(not stop.analyze(word) for stop in _stoppers())


def signs(text: str) -> list[str]:
    """What Chinese text is looked up by: its pairs of signs, or the one sign it is."""
    return [text] if len(text) < 2 else [text[i : i + 2] for i in range(len(text) - 1)]


def tokens(text: str, language: str) -> Iterator[Token]:
    """Words of a text with their places; Chinese signs are none."""
    plain = plain_analyzer().pre_tokenize(text).tokens
    stemmed = analyzer(language).pre_tokenize(text).tokens if language in STEMMED else plain
    for word, stem in zip(plain, stemmed, strict=True):
        yield Token(stem.text, word.text, word.char_offset_from, word.char_offset_to)


def spaced(text: str) -> str:
    """A text whose words ``spaced`` analyzers find as the others find them in the text given.

    These part words at all that is no letter, sign or digit, in a fraction of the time. What
    they take for letters, and the others do not, are signs of Chinese, and marks and symbols
    of a few scripts: of texts that may hold such the words alone are given.
    """
    if text.isascii() or _PLAIN.fullmatch(text):
        return text
    rest = _RUNS.sub(" ", text)
    return rest if _PLAIN.fullmatch(rest) else " ".join(_parted().analyze(text))


@cache
def analyzer(language: str, *, spaced: bool = False) -> TextAnalyzer:
    """What makes the words that a field holds; ``spaced``: of what spaced() gives."""
    if language == CHINESE:
        grams = TextAnalyzerBuilder(Tokenizer.ngram(1, 2))
        return grams.filter(Filter.lowercase()).build()
    if language not in STEMMED:
        return plain_analyzer(spaced=spaced)
    # Stemmed before accents go, for stemmers know them.
    stemmed = _worded(spaced=spaced).filter(Filter.stemmer(STEMMED[language]))
    return stemmed.filter(Filter.ascii_fold()).build()


@cache
def plain_analyzer(*, spaced: bool = False) -> TextAnalyzer:
    """Words as they are, for beginnings of words and for languages without a stemmer.

    Signs of Chinese are passed over, so that Latin words between them are words.
    """
    return _worded(spaced=spaced).filter(Filter.ascii_fold()).build()


def _worded(*, spaced: bool) -> TextAnalyzerBuilder:
    parted = Tokenizer.simple() if spaced else Tokenizer.regex(_WORDS)
    return (
        TextAnalyzerBuilder(parted).filter(Filter.remove_long(_LONGEST)).filter(Filter.lowercase())
    )


@cache
def _parted() -> TextAnalyzer:
    """Words just as they stand."""
    return TextAnalyzerBuilder(Tokenizer.regex(_WORDS)).build()


@cache
def _stoppers() -> tuple[TextAnalyzer, ...]:
    return tuple(
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.lowercase())
        .filter(Filter.stopword(name))
        .build()
        for name in STEMMED.values()
    )
