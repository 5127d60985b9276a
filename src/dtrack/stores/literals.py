"""Which literals come back from storage as they went in.

pyoxigraph rewrites some: ``01`` becomes ``1``, ``xsd:int`` becomes
``xsd:integer``. Digests are computed on what is handed in, so what would be
rewritten is refused at the door. One exception is made: zeros at the end of a
decimal are dropped, for Turtle has no other short way to write the decimal one
than ``1.0``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import pyoxigraph as engine

from dtrack.terms import RDF, STORABLE_DATATYPES, XSD, compact

_DECIMAL: Final = f"{XSD}decimal"
_TRAILING_ZEROS: Final = re.compile(r"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?)\.?0+")
_NODE: Final = engine.NamedNode(f"{RDF}value")
_UNTOUCHED: Final = frozenset({f"{XSD}string", f"{RDF}langString"})


class UnstorableError(ValueError):
    """A literal that storage would rewrite; ``remedy`` says what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def storable(literal: engine.Literal) -> engine.Literal:
    """Form of a literal that storage keeps. Raises UnstorableError when there is none."""
    if literal.direction is not None:
        raise UnstorableError(
            "Text with a base direction cannot be stored.", "Leave '--ltr' or '--rtl' out."
        )
    datatype = literal.datatype.value
    if datatype in _UNTOUCHED:
        return literal
    return _storable(literal.value, datatype)


@lru_cache(maxsize=65536)
def _storable(lexical: str, datatype: str) -> engine.Literal:
    """Form that storage keeps of a literal without language."""
    if datatype not in STORABLE_DATATYPES:
        allowed = ", ".join(sorted(compact(iri) for iri in STORABLE_DATATYPES))
        raise UnstorableError(
            f'"{lexical}" has the datatype {compact(datatype)}, which storage does not keep.',
            f"Use one of {allowed}.",
        )
    node = engine.NamedNode(datatype)
    if datatype == _DECIMAL and (match := _TRAILING_ZEROS.fullmatch(lexical)):
        number = match.group(1) if "." in lexical else lexical
        return engine.Literal("0" if number == "-0" else number, datatype=node)
    literal = engine.Literal(lexical, datatype=node)
    kept = as_stored(literal)
    if kept != literal:
        raise UnstorableError(
            f'"{lexical}" ({compact(datatype)}) would be stored as "{kept.value}".',
            f'Write "{kept.value}"^^{compact(datatype)}.',
        )
    return literal


def as_stored(literal: engine.Literal) -> engine.Literal:
    """Give what the engine hands back for a literal."""
    store = engine.Store()
    store.add(engine.Quad(_NODE, _NODE, literal))
    (quad,) = store
    kept = quad.object
    assert isinstance(kept, engine.Literal)  # noqa: S101 - a literal went in
    return kept
