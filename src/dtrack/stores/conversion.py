"""Engine terms to terms that travel."""

from __future__ import annotations

from hashlib import sha256

import pyoxigraph as engine

from dtrack.errors import QueryError
from dtrack.model import Iri, Literal, Term
from dtrack.stores.skolem import GENID
from dtrack.terms import BASE


def to_term(value: engine.NamedNode | engine.BlankNode | engine.Literal | engine.Triple) -> Term:
    """Term of an engine's value; a blank node that a query made becomes an IRI."""
    if isinstance(value, engine.NamedNode):
        return Iri(value.value)
    if isinstance(value, engine.Literal):
        return Literal(value.value, value.datatype.value, value.language or "")
    if isinstance(value, engine.BlankNode):
        return Iri(f"{BASE}{GENID}{sha256(value.value.encode()).hexdigest()[:32]}")
    raise triple_term()


def triple_term() -> QueryError:
    """Error for a term that the rest of dtrack has no type for."""
    return QueryError(
        "A column holds a triple term.",
        remedy="Select its SUBJECT(), PREDICATE() and OBJECT() instead.",
    )
