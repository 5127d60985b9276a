"""Solutions of a SELECT query as terms, taken from the engine in one piece.

The engine gives a solution at a time, and lets go of the interpreter for each: beside a
thread that reckons, each may then wait for 5 ms. Written as TSV by the engine, all come
at once, and a term that comes again is read once.
"""

from __future__ import annotations

import re
from typing import Final

import pyoxigraph as engine

from dtrack.model import Iri, Literal, Rows, Term
from dtrack.stores.conversion import to_term, triple_term
from dtrack.terms import RDF, XSD

_QUOTED: Final = re.compile(
    r'"(?P<lexical>[^"\\]*(?:\\.[^"\\]*)*)"(?:@(?P<language>[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*)'
    r"|\^\^<(?P<datatype>[^>]*)>)?"
)
_ESCAPED: Final = re.compile(r"\\(.)")
_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", '"': '"', "\\": "\\"}
_SHORT: Final = re.compile(
    r"(?P<boolean>true|false)|(?P<integer>[+-]?[0-9]+)|(?P<decimal>[+-]?[0-9]*\.[0-9]+)"
    r"|(?P<double>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+)"
)
"""What Turtle, and so TSV, writes without quotation marks, by the local name of its datatype."""


def rows_of(answer: engine.QuerySolutions) -> Rows:
    """Rows of an answer, in the engine's order. Raises QueryError for a triple term."""
    columns = tuple(variable.value for variable in answer.variables)
    if not columns:
        return Rows((), tuple(() for _ in answer))
    text = (answer.serialize(format=engine.QueryResultsFormat.TSV) or b"").decode()
    body = text.partition("\n")[2]
    term = _Terms().__getitem__
    # Not by splitlines(): a literal may hold what Unicode takes for the end of a line.
    lines = body[:-1].split("\n") if body else []
    return Rows(columns, tuple(tuple(map(term, line.split("\t"))) for line in lines))


class _Terms(dict[str, Term | None]):
    """Terms by how TSV writes them."""

    def __missing__(self, text: str) -> Term | None:
        self[text] = term = _term(text)
        return term


def _term(text: str) -> Term | None:
    """Term that TSV writes so; None = unbound."""
    if not text:
        return None
    if text[0] == "<" and text[1] != "<":
        return Iri(text[1:-1])
    if found := _QUOTED.fullmatch(text):
        lexical, language, datatype = found.groups()
        if "\\" in lexical:
            lexical = _ESCAPED.sub(lambda match: _ESCAPES[match[1]], lexical)
        if language:
            return Literal(lexical, f"{RDF}langString", language)
        return Literal(lexical, datatype) if datatype else Literal(lexical)
    if found := _SHORT.fullmatch(text):
        return Literal(text, f"{XSD}{found.lastgroup}")
    if text[0] == "<":
        raise triple_term()
    # What is rare, such as blank nodes, as the engine reads it.
    line = f"<urn:s> <urn:p> {text} .".encode()
    return to_term(next(engine.parse(line, format=engine.RdfFormat.N_TRIPLES)).object)
