"""SPARQL text as tokens: what the engine takes for a name, a string, a comment.

The terminals are those of the SPARQL 1.1 grammar (its section 19.8). Nothing
here parses: it tells ``$x`` from a ``$x`` inside a string, and no more.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from dtrack.errors import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Kind(StrEnum):
    """Kinds of token; ``MARK`` is one character of punctuation, or one that fits nowhere."""

    SPACE = "space"
    COMMENT = "comment"
    STRING = "string"
    IRI = "iri"
    NAME = "name"
    BLANK = "blank"
    VARIABLE = "variable"
    LANGUAGE = "language"
    NUMBER = "number"
    WORD = "word"
    MARK = "mark"


class Token(NamedTuple):
    """A piece of SPARQL text; joined, the tokens are the text."""

    kind: Kind
    text: str
    start: int

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, in any case."""
        return self.kind is Kind.WORD and self.text.upper() in words


_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_TAIL = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = rf"{_BASE}_{_TAIL}\-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = (
    rf"(?:[{_BASE}_0-9:]|{_ESCAPED})"
    rf"(?:[{_CHARS}:]|{_ESCAPED}|\.+(?=[{_CHARS}:%\\]))*+"
)


@cache
def _grammar() -> re.Pattern[str]:
    """Pattern of one token; who reads no SPARQL does not wait for it."""
    return re.compile(
        "|".join(
            f"(?P<{kind}>{pattern})"
            for kind, pattern in (
                (Kind.SPACE, r"[ \t\r\n]++"),
                (Kind.COMMENT, r"#[^\r\n]*+"),
                (
                    Kind.STRING,
                    (
                        r'"""(?:"{0,2}+(?:[^"\\]|\\.))*+"{0,2}?"""'
                        r"|'''(?:'{0,2}+(?:[^'\\]|\\.))*+'{0,2}?'''"
                        r'|"(?:[^"\\\r\n]|\\.)*+"'
                        r"|'(?:[^'\\\r\n]|\\.)*+'"
                    ),
                ),
                (Kind.IRI, r'<[^<>"{}|^`\\\x00-\x20]*+>'),
                (Kind.BLANK, rf"_:[{_BASE}_0-9](?:[{_CHARS}]|\.+(?=[{_CHARS}]))*+"),
                (Kind.NAME, rf"(?:[{_BASE}](?:[{_CHARS}]|\.+(?=[{_CHARS}]))*+)?:(?:{_LOCAL})?"),
                (Kind.VARIABLE, rf"[?$][{_BASE}_0-9][{_BASE}_{_TAIL}]*+"),
                (Kind.LANGUAGE, r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+"),
                (Kind.NUMBER, r"(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?"),
                (Kind.WORD, r"[A-Za-z_][A-Za-z0-9_]*+"),
                (Kind.MARK, r"."),
            )
        ),
        re.DOTALL,
    )


def tokens(text: str) -> Iterator[Token]:
    """Tokens of a query or update, in order; joined they are the text again."""
    for match in _grammar().finditer(text):
        yield Token(Kind(match.lastgroup or ""), match.group(), match.start())


def significant(text: str) -> list[Token]:
    """Tokens without spaces and comments."""
    return [token for token in tokens(text) if token.kind not in {Kind.SPACE, Kind.COMMENT}]


def undeclared_prefix(found: Iterable[Token]) -> Token | None:
    """First name in a query whose prefix it does not declare."""
    declared: set[str] = set()
    before: Token | None = None
    for token in found:
        if token.kind is Kind.NAME:
            prefix = token.text.partition(":")[0]
            if before is not None and before.is_word("PREFIX"):
                declared.add(prefix)
            elif prefix not in declared:
                return token
        before = token
    return None


def place(source: str, text: str, offset: int) -> Place:
    """Line and column of an offset, both from 1."""
    before = text[:offset]
    return Place(source, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
