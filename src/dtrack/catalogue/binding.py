"""Binding: each ``$parameter`` token becomes a typed term (docs/decisions/0004)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.catalogue.query import Parameter, ParameterKind, Query
from dtrack.catalogue.values import ANY, Resolver, sparql, to_term
from dtrack.errors import ParameterError
from dtrack.model import Literal, Term
from dtrack.sparql import Kind, Token, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping


def bind(query: Query, values: Mapping[str, str], resolver: Resolver | None = None) -> str:
    """SPARQL text with a typed term in place of each ``$parameter``.

    ``resolver`` finds what symbols and keys stand for. Raises ParameterError for
    a missing, unknown or ill-typed value, and what the resolver raises.
    """
    terms = bound_terms(query, values, resolver)
    written: list[str] = []
    before: Token | None = None
    for token in tokens(query.text):
        if token.kind is Kind.VARIABLE and token.text.startswith("$"):
            term = terms[token.text[1:]]
            # The space keeps "<" and an IRI apart.
            written.append(f" {_number(token, term) if _is_count(before) else sparql(term)}")
        else:
            written.append(token.text)
        if token.kind not in {Kind.SPACE, Kind.COMMENT}:
            before = token
    return "".join(written)


def bound_terms(
    query: Query, values: Mapping[str, str], resolver: Resolver | None = None
) -> dict[str, Term]:
    """Term of each parameter: given, default, or ANY. Raises what bind() raises."""
    known = {parameter.name for parameter in query.parameters}
    if unknown := sorted(values.keys() - known):
        raise ParameterError(
            f"The query '{query.name}' has no parameter '{unknown[0]}'.",
            remedy=f"It has: {', '.join(sorted(known)) or 'none'}.",
        )
    return {
        parameter.name: _term(query, parameter, values.get(parameter.name), resolver)
        for parameter in query.parameters
    }


def _term(query: Query, parameter: Parameter, text: str | None, resolver: Resolver | None) -> Term:
    """Term of one parameter."""
    # Forms send what was left empty; only for a string is "" a value.
    if text is None or (not text.strip() and (parameter.kind is not ParameterKind.STRING)):
        if parameter.any:
            return ANY
        if parameter.default is None:
            about = f" ({parameter.description})" if parameter.description else ""
            raise ParameterError(
                f"The query '{query.name}' needs the parameter '{parameter.name}'{about}.",
                remedy=f"Give {parameter.name}=….",
            )
        text = parameter.default
    return to_term(parameter, text, resolver)


def _is_count(before: Token | None) -> bool:
    """Whether the grammar wants bare digits after a token."""
    return before is not None and before.is_word("LIMIT", "OFFSET")


def _number(token: Token, term: Term) -> str:
    """Digits for LIMIT and OFFSET."""
    if not isinstance(term, Literal) or not term.lexical.isdecimal():
        raise ParameterError(
            f"Parameter '{token.text[1:]}' counts rows.", remedy="Give a whole number from 0."
        )
    return term.lexical
