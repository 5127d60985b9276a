"""rdflib's SPARQL parser, one thread at a time: its grammar keeps state while it parses."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.plugins.sparql.sparql import Query

_TURN = threading.Lock()


def algebra(text: str) -> Any:
    """Algebra of a query. Raises what rdflib and pyparsing raise, plain exceptions among it."""
    with _TURN:
        return translateQuery(parseQuery(text)).algebra


def prepared(text: str, prefixes: Mapping[str, Any]) -> Query:
    """Query that can be asked again and again. Raises like algebra()."""
    with _TURN:
        return prepareQuery(text, initNs=dict(prefixes))
