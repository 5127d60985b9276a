"""How alike two texts are in their words, and which texts of an index are likely alike.

A word counts by how rare it is in the index, code lists left aside (its inverse
document frequency); the likeness of two texts is the cosine of their sets of words::

    sim(A, B) = sum over w in A and B of idf(w)^2
                / sqrt(sum over w in A of idf(w)^2 * sum over w in B of idf(w)^2)

Words are stems in English, French and Spanish, and pairs of signs in Chinese,
so that other forms of a word and other orders of a sentence are alike still.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tantivy import Occur, Query

from dtrack.searching.analysis import (
    CHINESE,
    field_of,
    is_stopword,
    pieces,
    signs,
    tokens,
)
from dtrack.searching.schema import schema
from dtrack.searching.things import BODY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from dtrack.searching.index import TextIndex
    from dtrack.searching.things import Thing

_MOST_TERMS: Final = 40
"""Rarest words that candidates are looked up by; more find no others."""
_MOST_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, 0 to 1, and the words of the second that they share."""

    score: float
    words: tuple[str, ...] = ()


class Alike:
    """Compares texts by the words of one index."""

    def __init__(self, index: TextIndex) -> None:
        self._index = index
        self._rarity: dict[tuple[str, str], float] = {}

    def candidates(
        self, text: str, language: str, kinds: Collection[str], limit: int = 50
    ) -> list[Thing]:
        """Things of some classes whose texts in a language share the rarest words with a text."""
        field = _field(language)
        ranked = sorted(self._weights(text, language).items(), key=lambda item: (-item[1], item[0]))
        if not ranked:
            return []
        terms = [
            (Occur.Should, Query.term_query(schema(), field, word))
            for word, _ in ranked[:_MOST_TERMS]
        ]
        kind = Query.const_score_query(Query.term_set_query(schema(), "kind", list(kinds)), 0.0)
        wanted = Query.boolean_query([(Occur.Must, Query.boolean_query(terms)), (Occur.Must, kind)])
        return [thing for _, thing in self._index.things(wanted, limit)]

    def likeness(self, text: str, others: Iterable[str], language: str) -> Likeness:
        """How alike a text and the likest of others in the same language are."""
        ours = self._weights(text, language)
        best = Likeness(0.0)
        for other in others:
            theirs = self._weights(other, language)
            shared = ours.keys() & theirs.keys()
            size = math.sqrt(_squared(ours, ours) * _squared(theirs, theirs))
            score = _squared(ours, shared) / size if size else 0.0
            if score > best.score:
                best = Likeness(score, _shown(other, shared, language))
        return best

    def rarest(self, text: str, known: Sequence[str], language: str) -> tuple[str, ...]:
        """Words of a text that none of some others have, in the order of the text.

        Only where words stand apart: two signs of Chinese need not be a word.
        """
        if field_of(language) == CHINESE:
            return ()
        taken = {word for other in known for word in self._weights(other, language)}
        fresh = self._weights(text, language).keys() - taken
        return _shown(text, fresh, language)

    def _weights(self, text: str, language: str) -> Mapping[str, float]:
        """Words of a text by their rarity."""
        field = _field(language)
        found = {}
        for word in _words(text, language):
            key = (field, word)
            if key not in self._rarity:
                self._rarity[key] = self._index.rarity(field, word)
            found[word] = self._rarity[key]
        return found


def _field(language: str) -> str:
    return f"{BODY}_{field_of(language)}"


def _words(text: str, language: str) -> set[str]:
    if field_of(language) == CHINESE:
        runs = [piece.text for piece in pieces(text) if piece.chinese]
        return {pair for run in runs if len(run) > 1 for pair in signs(run)}
    return {
        token.stem
        for token in tokens(text, language)
        if len(token.word) > 1 and not is_stopword(token.word)
    }


def _squared(weights: Mapping[str, float], words: Iterable[str]) -> float:
    return math.fsum(weights[word] ** 2 for word in words)


def _shown(text: str, words: Collection[str], language: str) -> tuple[str, ...]:
    """The words as a text writes them, in its order, each once."""
    if field_of(language) == CHINESE:
        found = _runs(text, words)
    else:
        found = [
            text[token.start : token.end].lower()
            for token in tokens(text, language)
            if token.stem in words
        ]
    return tuple(dict.fromkeys(found))[:_MOST_SHOWN]


def _runs(text: str, pairs: Collection[str]) -> list[str]:
    """Stretches of a Chinese text that some pairs of signs cover."""
    found: list[str] = []
    end = -1
    for start in range(len(text) - 1):
        if text[start : start + 2] in pairs:
            if start < end:
                found[-1] += text[start + 1]
            else:
                found.append(text[start : start + 2])
            end = start + 2
    return found
