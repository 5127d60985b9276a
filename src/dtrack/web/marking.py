"""Two texts beside each other: which words both have, and what one has in place of the other's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAN: Final = r"\u3400-\u9fff\uf900-\ufaff"
_PIECE: Final = re.compile(rf"[{_HAN}]+|[^\W_]+(?:['’-][^\W_]+)*|\s+|.", re.DOTALL)
_HAN_ONLY: Final = re.compile(rf"[{_HAN}]+")
_LEAST_LETTERS: Final = 4
_LEAST_HAN: Final = 2
_ENDINGS: Final = ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "es", "ed", "s", "e")
_COMMON: Final = frozenset(
    {"that", "this", "their", "them", "they", "with", "from", "into", "have", "which", "other",
     "under", "over", "such", "more", "through", "where", "when", "these", "those", "also", "each",
     "well", "than", "what", "will", "shall", "been", "being", "upon", "about"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; ``kind`` is "" or what it is against the other: same, added, removed."""

    text: str
    kind: str = ""


def _stem(word: str) -> str:
    low = word.casefold()
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= _LEAST_LETTERS:
            return low[: -len(ending)]
    return low


def _telling(word: str) -> bool:
    return len(word) >= _LEAST_LETTERS and word.casefold() not in _COMMON


def shared_words(first: str, second: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, with the words (in Chinese: two signs and more) that both have.

    Words are compared without their endings; short and common ones do not count.
    """
    return _marked(first, second), _marked(second, first)


def _marked(text: str, other: str) -> list[Piece]:
    pieces = _PIECE.findall(other)
    stems = {_stem(piece) for piece in pieces if _telling(piece)}
    han = "\n".join(piece for piece in pieces if _HAN_ONLY.fullmatch(piece))
    found: list[Piece] = []
    for piece in _PIECE.findall(text):
        if _HAN_ONLY.fullmatch(piece):
            found += _han_pieces(piece, han)
        else:
            found.append(Piece(piece, "same" if _telling(piece) and _stem(piece) in stems else ""))
    return _joined(found)


def _han_pieces(text: str, other: str) -> list[Piece]:
    """Longest stretches of signs that stand in the other text too."""
    found: list[Piece] = []
    at = 0
    while at < len(text):
        length = 0
        while at + length < len(text) and text[at : at + length + 1] in other:
            length += 1
        shared = length >= _LEAST_HAN
        step = length if shared else 1
        found.append(Piece(text[at : at + step], "same" if shared else ""))
        at += step
    return found


def telling_words(text: str) -> frozenset[str]:
    """Stems of the words of a text that say something; of Chinese, every two signs."""
    found: set[str] = set()
    for piece in _PIECE.findall(text):
        if _HAN_ONLY.fullmatch(piece):
            found.update(piece[at : at + 2] for at in range(len(piece) - 1))
        elif _telling(piece):
            found.add(_stem(piece))
    return frozenset(found)


def changes(first: str, second: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces: what the second no longer has, and what it has more."""
    before, after = (_words(text) for text in (first, second))
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left.append(Piece("".join(before[a:b]), "" if kind == "equal" else "removed"))
        right.append(Piece("".join(after[c:d]), "" if kind == "equal" else "added"))
    return _joined(left), _joined(right)


def _words(text: str) -> list[str]:
    """Words, and each Chinese sign by itself."""
    return [
        sign
        for piece in _PIECE.findall(text)
        for sign in (piece if _HAN_ONLY.fullmatch(piece) else [piece])
    ]


def likeness(first: str, second: str) -> float:
    """How much of two texts is the same, 0 to 1."""
    return SequenceMatcher(None, _words(first), _words(second), autojunk=False).ratio()


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind as one piece; empty ones are left out."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(found[-1].text + piece.text, piece.kind)
        elif piece.text:
            found.append(piece)
    return found
