"""SHACL property paths as SPARQL paths, and as short text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import RDF, SH, URIRef
from rdflib.collection import Collection

from dtrack.errors import InputError
from dtrack.terms import compact

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib import Graph
    from rdflib.term import Node

_POSTFIX: Final = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
_DEEPEST: Final = 20


def sparql_path(graph: Graph, path: Node) -> str:
    """SPARQL text of a path, with whole IRIs. Raises InputError for an ill-formed one."""
    return _render(graph, path, lambda iri: iri.n3(), 0)


def path_name(graph: Graph, path: Node) -> str:
    """Path as findings show it: an IRI, or SPARQL text with short names."""
    if isinstance(path, URIRef):
        return str(path)
    return _render(graph, path, _short, 0)


def _short(iri: URIRef) -> str:
    short = compact(str(iri))
    return iri.n3() if short == str(iri) else short


def _render(graph: Graph, path: Node, name: Callable[[URIRef], str], depth: int) -> str:
    """Text of a path; each part that is not a name stands in brackets."""
    if isinstance(path, URIRef):
        return name(path)
    if depth > _DEEPEST:
        raise InputError("A path of the shapes runs in a circle or is nested too deeply.")
    inside = depth + 1
    if (path, RDF.first, None) in graph:
        parts = [_inner(graph, part, name, inside) for part in Collection(graph, path)]
        return "/".join(parts)
    if (one := graph.value(path, SH.inversePath)) is not None:
        return "^" + _inner(graph, one, name, inside)
    if (several := graph.value(path, SH.alternativePath)) is not None:
        parts = [_inner(graph, part, name, inside) for part in Collection(graph, several)]
        return "|".join(parts)
    for predicate, mark in _POSTFIX.items():
        if (one := graph.value(path, predicate)) is not None:
            return _inner(graph, one, name, inside) + mark
    raise InputError("A path of the shapes is none that SHACL knows.")


def _inner(graph: Graph, path: Node, name: Callable[[URIRef], str], depth: int) -> str:
    """Text of a part, bracketed unless it is a name."""
    text = _render(graph, path, name, depth)
    return text if isinstance(path, URIRef) else f"({text})"
