"""What the endpoint refuses before the engine sees it.

pyoxigraph calls out to any address in a SERVICE clause and cannot be told not
to, and it reads keywords that are not set apart (``trueSERVICE<…>``). So every
doubt is a refusal: a query passes only when no reading of it holds the word as
a keyword.
"""

from __future__ import annotations

from typing import Final

from dtrack.errors import QueryError
from dtrack.sparql import Kind, Token, place, significant

_OPAQUE: Final = frozenset({Kind.STRING, Kind.IRI, Kind.VARIABLE, Kind.LANGUAGE, Kind.BLANK})
_OPERANDS: Final = frozenset(
    {Kind.STRING, Kind.IRI, Kind.VARIABLE, Kind.LANGUAGE, Kind.NAME, Kind.NUMBER, Kind.WORD}
)


_DEEPEST: Final = 200
"""Most brackets within brackets; the engine's parser would run out of stack past some more."""


def check(query: str) -> None:
    """Let a query pass that calls no other endpoint. Raises QueryError for one that may."""
    _check_depth("query", query)
    if "service" in query.lower():
        _check_words("query", query, ("service",), _NO_SERVICE)


def check_update(update: str) -> None:
    """Let an update pass that fetches nothing. Raises QueryError for one that may."""
    _check_depth("update", update)
    _check_words("update", update, ("service",), _NO_SERVICE)
    _check_words("update", update, ("load",), _NO_LOAD)


_Complaint = tuple[str, str]
_NO_SERVICE: Final[_Complaint] = (
    "This endpoint does not call others: SERVICE is refused.",
    (
        "Take the SERVICE clause out. If there is none, put a space on both "
        "sides of '<', and use no prefix with 'service' in its name."
    ),
)
_NO_LOAD: Final[_Complaint] = (
    "This endpoint reads no addresses and no files: LOAD is refused.",
    (
        "Send the data itself: PUT it to /graphs, or INSERT DATA. If there is no LOAD, put a space "
        "on both sides of '<', and use no prefix with 'load' in its name."
    ),
)


def _check_depth(source: str, text: str) -> None:
    """Refuse brackets too deep within each other."""
    if text.count("(") + text.count("{") + text.count("[") <= _DEEPEST:
        return
    depth = 0
    for token in significant(text):
        if token.kind is Kind.MARK:
            depth += (token.text in "({[") - (token.text in ")}]")
            if depth > _DEEPEST:
                raise QueryError(
                    f"Brackets stand more than {_DEEPEST} deep.",
                    remedy="Write it flatter.",
                    place=place(source, text, token.start),
                )


def _check_words(source: str, text: str, words: tuple[str, ...], complaint: _Complaint) -> None:
    """Refuse a text in which the engine may find one of some keywords."""
    before: Token | None = None
    brackets = ["{"]
    for token in significant(text):
        if _may_call(token, words) or _is_doubtful(before, token, brackets[-1]):
            message, remedy = complaint
            raise QueryError(message, remedy=remedy, place=place(source, text, token.start))
        _track(brackets, token)
        before = token


def _track(brackets: list[str], token: Token) -> None:
    """Open or close the innermost bracket."""
    if token.kind is Kind.MARK:
        if token.text in "({[":
            brackets.append(token.text)
        elif token.text in ")}]" and len(brackets) > 1:
            brackets.pop()


def _may_call(token: Token, words: tuple[str, ...]) -> bool:
    """Whether the engine could find the keyword in a token."""
    if token.kind in _OPAQUE:
        return False
    # The engine reads "SERVICEex:a" as a keyword where that prefix is not declared.
    text = token.text.partition(":")[0] if token.kind is Kind.NAME else token.text
    return any(word in text.lower() for word in words)


def _is_doubtful(before: Token | None, token: Token, bracket: str) -> bool:
    """Whether the engine could take a token apart in another way than we do.

    ``(?a<?b#>)`` holds an IRI by the standard, but the engine may read a
    comparison and a comment, and so see a keyword where we see a string.
    Comparisons stand only right inside round brackets. Outside strings, quotes
    and backslashes belong to no query.
    """
    if token.kind is Kind.MARK:
        return token.text in {'"', "'", "\\"}
    if token.kind is not Kind.IRI or bracket != "(" or not {"#", "'"} & set(token.text):
        return False
    return before is not None and (before.kind in _OPERANDS or before.text in {")", "]", "}"})
