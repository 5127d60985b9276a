"""SERVICE without letting the engine call anybody: clauses become the rows they stand for.

An endpoint must be, letter by letter, one that the operator allows. Its answer
takes the place of the clause as VALUES, and the engine, which may call nobody,
answers the rest.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from dtrack.errors import QueryError
from dtrack.sparql import Kind, Token, place, significant
from dtrack.stores.outgoing import CallError, one_deadline
from dtrack.stores.skolem import GENID
from dtrack.terms import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

MOST_CALLS: Final = 5
MOST_ROWS: Final = 10_000
_VARIABLE: Final = re.compile(r"\w+")
_IRI: Final = re.compile(r'[^<>"{}|^`\\\x00-\x20]+')
_LANGUAGE: Final = re.compile(r"[A-Za-z]+(-[A-Za-z0-9]+)*")
_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A SERVICE clause: where it stands, whom it calls, and with which group."""

    start: int
    end: int
    endpoint: str
    is_silent: bool
    group: str


def expanded(
    query: str,
    allowed: Collection[str],
    ask: Callable[[str, str], bytes] | None = None,
    *,
    inside: bool = False,
) -> str:
    """Query with rows in the place of each SERVICE clause.

    ``inside`` lets endpoints be on this machine or near it. Raises QueryError
    for an endpoint that is not allowed, CallError for one that fails, unless
    SILENT is said.
    """
    if not allowed or "service" not in query.lower():
        return query
    tokens = significant(query)
    clauses = _clauses(query, tokens, allowed)
    ask = ask or one_deadline(inside=inside)
    prologue = query[: _end_of_prologue(tokens)]
    # The last first, so that offsets stay true.
    for clause in reversed(clauses):
        try:
            rows = _values(ask(clause.endpoint, f"{prologue} SELECT * WHERE {clause.group}"))
        except CallError:
            if not clause.is_silent:
                raise
            rows = "{ }"
        query = f"{query[: clause.start]}{rows}{query[clause.end :]}"
    return query


def _clauses(query: str, tokens: list[Token], allowed: Collection[str]) -> list[_Clause]:
    found: list[_Clause] = []
    at = 0
    while at < len(tokens):
        if tokens[at].is_word("SERVICE"):
            clause, at = _clause(query, tokens, at, allowed)
            found.append(clause)
        at += 1
    if len(found) > MOST_CALLS:
        raise QueryError(
            f"There are more than {MOST_CALLS} SERVICE clauses.", remedy="Ask in several queries."
        )
    return found


def _clause(
    query: str, tokens: list[Token], at: int, allowed: Collection[str]
) -> tuple[_Clause, int]:
    """Clause whose keyword stands at a place, and the place of its end."""
    start = tokens[at]
    is_silent = at + 1 < len(tokens) and tokens[at + 1].is_word("SILENT")
    name = at + 1 + is_silent
    end = _end_of_group(tokens, name + 1)
    if end is None:
        raise QueryError(
            "This SERVICE clause has no group.",
            remedy="Write SERVICE <address> { … }.",
            place=place("query", query, start.start),
        )
    endpoint = tokens[name].text[1:-1] if tokens[name].kind is Kind.IRI else ""
    if endpoint not in allowed:
        raise QueryError(
            "SERVICE may not name this endpoint.",
            remedy="Only addresses that the operator allows may be named, written in full: "
            "no variable, no prefix.",
            place=place("query", query, tokens[name].start),
        )
    if any(token.is_word("SERVICE") for token in tokens[name + 1 : end]):
        raise QueryError(
            "A SERVICE clause stands inside another.",
            remedy="Write them beside each other.",
            place=place("query", query, start.start),
        )
    group = query[tokens[name + 1].start : tokens[end].start + 1]
    return _Clause(start.start, tokens[end].start + 1, endpoint, is_silent, group), end


def _end_of_group(tokens: list[Token], at: int) -> int | None:
    """Place of the brace that closes the one at a place; None when there is no such pair."""
    if at >= len(tokens) or tokens[at].text != "{":
        return None
    depth = 0
    for end in range(at, len(tokens)):
        if tokens[end].kind is Kind.MARK:
            depth += (tokens[end].text == "{") - (tokens[end].text == "}")
            if depth == 0:
                return end
    return None


def _end_of_prologue(tokens: list[Token]) -> int:
    """Offset of the first token after the declarations of prefixes and base."""
    at = 0
    while at < len(tokens) and tokens[at].is_word("PREFIX", "BASE"):
        at += 3 if tokens[at].is_word("PREFIX") else 2
    return tokens[at].start if at < len(tokens) else 0


def _values(answer: bytes) -> str:
    """VALUES clause of JSON results. Raises CallError for what is none."""
    try:
        document = json.loads(answer)
        columns = [str(name) for name in document["head"]["vars"]]
        rows = document["results"]["bindings"]
        if len(rows) > MOST_ROWS or not all(map(_VARIABLE.fullmatch, columns)):
            raise ValueError("too many rows, or a column that is no variable")
        lines = [" ".join(_term(row.get(column)) for column in columns) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CallError(
            "The answer of the endpoint that SERVICE names cannot be used.",
            remedy=f"It must be SPARQL results in JSON, of at most {MOST_ROWS} rows.",
        ) from None
    head = " ".join(f"?{column}" for column in columns)
    return f"{{ VALUES ({head}) {{ {' '.join(f'({line})' for line in lines)} }} }}"


def _term(value: dict[str, Any] | None) -> str:
    """Term in SPARQL's words. Raises ValueError for what would break out of them."""
    if value is None:
        return "UNDEF"
    kind, text = value["type"], str(value["value"])
    if kind == "uri":
        return f"<{_checked(_IRI, text)}>"
    if kind == "bnode":
        return f"<{BASE}{GENID}{sha256(text.encode()).hexdigest()[:32]}>"
    if kind not in {"literal", "typed-literal"}:
        raise ValueError(kind)
    quoted = f'"{text.translate(_ESCAPES)}"'
    if "xml:lang" in value:
        return f"{quoted}@{_checked(_LANGUAGE, value['xml:lang'])}"
    if "datatype" in value:
        return f"{quoted}^^<{_checked(_IRI, value['datatype'])}>"
    return quoted


def _checked(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text
