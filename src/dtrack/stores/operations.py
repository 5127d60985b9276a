"""A SPARQL update as its operations: which graphs each may write to, and from where it reads.

Nothing here evaluates: names are tokens of the text, which the engine resolves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dtrack.errors import QueryError
from dtrack.sparql import Kind, Token, place, significant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SOURCE: Final = "update"
_MODIFYING: Final = ("WITH", "INSERT", "DELETE")
_MANAGING: Final = ("CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "LOAD")
_OPENING: Final = {"{": 1, "}": -1}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its text from ``start``, and the prologue that holds for it.

    ``graphs`` are names, as written, of the graphs that it may write to;
    ``variables`` stand for more of them. ``union`` is where it names no graph
    but the default one, or all: an offset, else None.
    """

    verb: str
    prologue: str
    text: str
    start: int
    graphs: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    union: int | None = None
    default: str | None = None
    using: tuple[tuple[str, bool], ...] = ()
    where: str = ""
    pattern: int | None = None
    """Offset in ``text`` of the word WHERE, for operations that have a pattern."""

    @property
    def names_dataset(self) -> bool:
        """Whether the text itself says what it reads from."""
        return bool(self.using) or self.default is not None

    def reading(self, default: Sequence[str], named: Sequence[str]) -> str:
        """Text that reads from graphs a request names (SPARQL 1.1 Protocol, 2.2.3)."""
        if self.pattern is None or not (default or named):
            return self.text
        clauses = [f"USING <{iri}>" for iri in default] + [f"USING NAMED <{iri}>" for iri in named]
        if self.verb == "DELETE WHERE":
            return f"DELETE {self.where} {' '.join(clauses)} WHERE {self.where}"
        return f"{self.text[: self.pattern]}{' '.join(clauses)} {self.text[self.pattern :]}"


@dataclass(slots=True)
class _Reading:
    """An operation while its tokens are read."""

    graphs: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    union: int | None = None
    default: str | None = None
    using: list[tuple[str, bool]] = field(default_factory=list)
    where: tuple[int, int] | None = None
    pattern: int | None = None

    def writes_to(self, token: Token) -> None:
        """Note a graph that is written to."""
        known = self.variables if token.kind is Kind.VARIABLE else self.graphs
        if token.text not in known:
            known.append(token.text)


def operations(update: str) -> list[Operation]:
    """Operations of an update, in order. Raises QueryError for what is none."""
    found: list[Operation] = []
    prologue = ""
    for part in _parts(significant(update)):
        body = _after_prologue(part)
        if len(body) < len(part):
            end = body[0].start if body else part[-1].start + len(part[-1].text)
            prologue += update[part[0].start : end] + "\n"
        if body:
            found.append(_operation(update, prologue, body))
    return found


def _parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Tokens between the semicolons that stand outside of braces."""
    depth, part = 0, list[Token]()
    for token in tokens:
        if token.kind is Kind.MARK:
            depth += _OPENING.get(token.text, 0)
            if token.text == ";" and depth == 0:
                yield part
                part = []
                continue
        part.append(token)
    yield part


def _after_prologue(part: list[Token]) -> list[Token]:
    """Tokens after the declarations of prefixes and base."""
    at = 0
    while at < len(part) and part[at].is_word("PREFIX", "BASE"):
        at += 3 if part[at].is_word("PREFIX") else 2
    return part[at:]


def _operation(update: str, prologue: str, body: list[Token]) -> Operation:
    first, start = body[0], body[0].start
    text = update[start : body[-1].start + len(body[-1].text)]
    second = body[1] if len(body) > 1 else None
    reading = _Reading()
    verb = first.text.upper()
    if first.is_word(*_MODIFYING):
        if second is not None and second.is_word("DATA", "WHERE"):
            verb = f"{verb} {second.text.upper()}"
        _read_modification(reading, body)
    elif first.is_word(*_MANAGING):
        _read_management(reading, body)
    else:
        raise QueryError(
            "This is no update operation.",
            remedy="Send INSERT, DELETE, CLEAR, DROP, CREATE, COPY, MOVE or ADD; "
            "queries go to /sparql.",
            place=place(SOURCE, update, start),
        )
    where = "" if reading.where is None else update[reading.where[0] : reading.where[1]]
    return Operation(
        verb,
        prologue,
        text,
        start,
        tuple(reading.graphs),
        tuple(reading.variables),
        reading.union,
        reading.default,
        tuple(reading.using),
        where,
        None if reading.pattern is None else reading.pattern - start,
    )


def _read_modification(reading: _Reading, body: list[Token]) -> None:
    """Read WITH, DELETE, INSERT, USING and WHERE."""
    at = 0
    while at < len(body):
        token = body[at]
        following = body[at + 1] if at + 1 < len(body) else None
        if token.is_word("WITH") and following:
            reading.default = following.text
        elif token.is_word("USING") and following:
            at += _read_using(reading, body, at)
        elif token.is_word("WHERE"):
            reading.pattern = token.start
        elif token.kind is Kind.MARK and token.text == "{" and at:
            at = _read_block(reading, body, at)
        at += 1
    if reading.union is not None and reading.default is not None:
        reading.graphs.append(reading.default)
        reading.union = None


def _read_block(reading: _Reading, body: list[Token], at: int) -> int:
    """Read a template, a pattern, or what is both; place of the brace that closes it."""
    end = _end_of_block(body, at)
    before = body[at - 1]
    if before.is_word("WHERE"):
        reading.where = (body[at].start, body[min(end, len(body) - 1)].start + 1)
    if not before.is_word("WHERE") or (at > 1 and body[at - 2].is_word("DELETE")):
        outside = _read_template(reading, body[at + 1 : end])
        reading.union = outside if reading.union is None else reading.union
    return end


def _read_using(reading: _Reading, body: list[Token], at: int) -> int:
    """Read one USING clause; number of tokens after the word."""
    is_named = body[at + 1].is_word("NAMED")
    if at + 1 + is_named < len(body):
        reading.using.append((body[at + 1 + is_named].text, is_named))
    return 1 + is_named


def _end_of_block(body: list[Token], at: int) -> int:
    """Place of the brace that closes the one at a place."""
    depth = 0
    for end in range(at, len(body)):
        if body[end].kind is Kind.MARK:
            depth += _OPENING.get(body[end].text, 0)
            if depth == 0:
                return end
    return len(body)


def _read_template(reading: _Reading, tokens: list[Token]) -> int | None:
    """Read quads; offset of the first triple that stands in no graph, else None."""
    at, outside = 0, None
    while at < len(tokens):
        token = tokens[at]
        if token.is_word("GRAPH") and at + 2 < len(tokens):
            reading.writes_to(tokens[at + 1])
            at = _end_of_block(tokens, at + 2)
        elif token.text != "." and outside is None:
            outside = token.start
        at += 1
    return outside


def _read_management(reading: _Reading, body: list[Token]) -> None:
    """Read CLEAR, DROP, CREATE, COPY, MOVE and ADD."""
    for token in body[1:]:
        if token.kind in {Kind.IRI, Kind.NAME}:
            reading.writes_to(token)
        elif token.is_word("DEFAULT", "NAMED", "ALL"):
            reading.union = token.start
