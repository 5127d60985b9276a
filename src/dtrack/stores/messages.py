"""What the engine says is wrong, in words that help."""

from __future__ import annotations

import re
from typing import Final

from dtrack.errors import Place, QueryError
from dtrack.sparql import Kind, Token, place, significant, undeclared_prefix
from dtrack.terms import PREFIXES

_POSITION: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_UPDATES: Final = (
    "INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH",
)  # fmt: skip


def syntax_error(query: str, message: str, source: str = "query") -> QueryError:
    """Error for a query, or update, that the engine cannot read, with line and column."""
    found = significant(query)
    opening = _opening(found)
    if source == "query" and opening and opening.is_word(*_UPDATES):
        return QueryError(
            "This is an update, and only queries are answered here.",
            remedy="Send SELECT, ASK, CONSTRUCT or DESCRIBE; updates go to /update.",
            place=place(source, query, opening.start),
        )
    if undeclared := undeclared_prefix(found):
        name = undeclared.text.partition(":")[0]
        known = f"PREFIX {name}: <{PREFIXES[name]}>" if name in PREFIXES else f"PREFIX {name}: <…>"
        return QueryError(
            f"The prefix '{name}:' has not been declared.",
            remedy=f"Begin the {source} with {known}.",
            place=place(source, query, undeclared.start),
        )
    match = _POSITION.match(message)
    if not match:
        return QueryError(f"The {source} cannot be read.", remedy="Check its syntax.")
    where = Place(source, int(match[1]), int(match[2]))
    # Among what the parser expected are now and then whole sentences; the rest misleads.
    sentences = re.findall(r"(?:^|, )([A-Z][a-z]\w* [^,\[\]]+)", match[3])
    if sentences:
        return QueryError(f"{sentences[0]}.", remedy=f"Change the {source} there.", place=where)
    return QueryError(
        f"The {source} cannot be read near '{_near(query, where)}'.",
        remedy="Check what stands there and just before.",
        place=where,
    )


def _opening(found: list[Token]) -> Token | None:
    """First word after the prologue."""
    return next((t for t in found if t.kind is Kind.WORD and not t.is_word("PREFIX", "BASE")), None)


def _near(query: str, where: Place) -> str:
    """Up to 20 characters of a query on each side of a place."""
    line = query.split("\n")[(where.line or 1) - 1]
    column = (where.column or 1) - 1
    return line[max(0, column - 20) : column + 20].strip()
