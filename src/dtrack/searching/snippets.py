"""The part of a hit that shows why it was found, with the matching words marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dtrack.searching.analysis import STEMMED, is_stopword, stems, tokens, words
from dtrack.searching.results import Snippet, Span
from dtrack.searching.things import BODY, LABEL, NAME, SUMMARY, SYMBOL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.searching.analysis import Piece
    from dtrack.searching.things import Text

LONGEST: Final = 200
_BEFORE: Final = 60
_ROLES: Final = {SYMBOL: 0, LABEL: 1, NAME: 2, SUMMARY: 3, BODY: 3}


class Marker:
    """Marks the words of one question in texts, the language asked for first."""

    def __init__(self, pieces: Sequence[Piece], language: str) -> None:
        self._language = language
        self._signs = [piece.text for piece in pieces if piece.chinese]
        latin = [piece.text for piece in pieces if not piece.chinese]
        telling = [text for text in latin if not is_stopword(text)] or latin
        self._beginnings = tuple(word for text in telling for word in words(text))
        self._stems = {
            language: {stem for text in telling for stem in stems(text, language)}
            for language in STEMMED
        }

    def snippet(self, texts: Sequence[Text]) -> Snippet:
        """The text with the most of the words, cut where it is long.

        Among equals one in the language asked for goes first, then in English,
        then the symbol before the name before the body.
        """
        ranked = [(self._rank(text, marks), text, marks) for text, marks in self._marked(texts)]
        _, best, marks = min(ranked, key=lambda found: found[0])
        return _cut(best, marks)

    def _marked(self, texts: Sequence[Text]) -> list[tuple[Text, list[Span]]]:
        return [(text, self.marks(text.text, text.language)) for text in texts]

    def _rank(self, text: Text, marks: Sequence[Span]) -> tuple[int, int, int, str]:
        found = {text.text[start:end].lower() for start, end in marks}
        foreign = 0 if text.language == self._language else 1 if text.language in ("en", "") else 2
        return -min(len(found), 3), foreign, _ROLES[text.role], text.text

    def marks(self, text: str, language: str) -> list[Span]:
        """Where the words stand in a text, in its order, none over another."""
        stemmed = self._stems.get(language, set())
        found = [
            Span(token.start, token.end)
            for token in tokens(text, language)
            if token.stem in stemmed or token.word.startswith(self._beginnings)
        ]
        found += [
            Span(start, start + len(sign)) for sign in self._signs for start in _places(sign, text)
        ]
        return _merged(found)


def _places(part: str, text: str) -> list[int]:
    places = []
    start = text.find(part)
    while start >= 0:
        places.append(start)
        start = text.find(part, start + len(part))
    return places


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _cut(text: Text, marks: Sequence[Span]) -> Snippet:
    """The part around the first mark, with an ellipsis where something is left out."""
    whole = text.text
    first = marks[0].start if marks else 0
    start = first - _BEFORE + 10 if first > _BEFORE else 0
    if start:
        # At the beginning of a word, where there is one near.
        space = whole.find(" ", start, start + 20)
        start = space + 1 if 0 <= space < first else start
    end = min(len(whole), start + LONGEST)
    lead = "…" if start else ""
    shift = len(lead) - start
    inside = [Span(m.start + shift, min(m.end, end) + shift) for m in marks if m.start < end]
    shown = f"{lead}{whole[start:end]}{'…' if end < len(whole) else ''}"
    return Snippet(shown, text.language, tuple(inside))
