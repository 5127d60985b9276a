"""SPARQL constraints for all focus nodes at once.

SHACL binds ``$this`` before a query runs; here a pattern that binds it to every
focus node is put at the head of the query's WHERE instead. Both say the same as
long as no part of the query that is evaluated on its own reads ``$this``
without matching it (SPARQL evaluates bottom-up); other queries are left to the
reference.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pyparsing import ParseException
from rdflib import OWL, RDF, SH, URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from dtrack import sparql
from dtrack.terms import BASE
from dtrack.validation.shapes import is_iri
from dtrack.validation.sparql_parser import algebra
from dtrack.validation.syntax import OutsideSubsetError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Node

_PREFIX: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9_-]*)?")
CANDIDATES: Final = URIRef(f"{BASE}/shapes#candidates")
"""Property of ours on a SPARQL constraint; other engines pass over it."""
_THIS: Final = Variable("this")
_FORBIDDEN: Final = ("MINUS", "VALUES", "SERVICE", "GROUP", "HAVING", "LIMIT", "OFFSET")
_STAND_IN: Final = "$this <urn:dtrack:is> <urn:dtrack:focus> ."
_PARTS: Final = {
    **dict.fromkeys(("SelectQuery", "Project", "Distinct", "Reduced", "OrderBy"), ("p",)),
    **dict.fromkeys(("Filter", "Extend", "ToMultiSet"), ("p",)),
    **dict.fromkeys(("Join", "LeftJoin", "Union"), ("p1", "p2")),
    "BGP": (),
}
"""Algebra that the compiler knows, and where it holds more of it."""


def embed(graph: Graph, constraint: Node, focus: str, path: str | None, shape: Node) -> str:
    """SPARQL text that finds what a constraint finds, for every focus node.

    ``focus`` is a pattern that binds ?this. The columns are this, path and
    value, as far as the constraint gives them. Raises OutsideSubsetError.
    """
    found = list(sparql.tokens(select_text(graph, constraint)))
    if sum(token.is_word("SELECT") for token in found) != 1:
        raise OutsideSubsetError("its query holds a query")
    for token in found:
        if token.is_word(*_FORBIDDEN):
            raise OutsideSubsetError(f"its query uses {token.text.upper()}")
    spaceless = [token for token in found if token.text.strip()]
    for word, token in pairwise(spaceless):
        if word.is_word("AS") and token.text[1:] == "this":
            raise OutsideSubsetError("its query gives $this a value of its own")
    pieces = [
        _variable(token.text, path, shape) if token.kind is sparql.Kind.VARIABLE else token.text
        for token in found
    ]
    if "{" not in pieces:
        raise OutsideSubsetError("its query has no pattern")
    opening = pieces.index("{")
    before, after = "".join(pieces[: opening + 1]), "".join(pieces[opening + 1 :])
    head = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in sorted(_prefixes(graph, constraint)))
    _check_scopes(f"{head}{before} {_STAND_IN} {after}")
    return f"{head}{before} {focus} {after}"


def candidates_of(graph: Graph, constraint: Node) -> str:
    """Query for the nodes that alone can break a constraint; "" where it names none.

    Where a rule is about things that share something, asking for what is shared
    at all is far cheaper than asking each thing for its twin.
    """
    text = graph.value(constraint, CANDIDATES)
    if text is None:
        return ""
    head = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in sorted(_prefixes(graph, constraint)))
    return f"{head}{text}".replace("$this", "?this")


def select_text(graph: Graph, constraint: Node) -> str:
    """Query of a constraint. Raises OutsideSubsetError when there is not just one."""
    texts = list(graph.objects(constraint, SH.select))
    if len(texts) != 1:
        raise OutsideSubsetError("a SPARQL constraint has no single query")
    return str(texts[0])


def _variable(text: str, path: str | None, shape: Node) -> str:
    """Variable, or what it stands for: ``$PATH`` and ``$currentShape`` are known."""
    name = text[1:]
    if name == "PATH":
        if path is None:
            raise OutsideSubsetError("its query uses $PATH in a node shape")
        return path
    if name == "currentShape" and isinstance(shape, URIRef):
        return shape.n3()
    if name in {"shapesGraph", "currentShape", "failure", "message"}:
        raise OutsideSubsetError(f"its query uses ${name}")
    return text


def _prefixes(graph: Graph, constraint: Node) -> Iterator[tuple[str, str]]:
    """Prefixes declared for a constraint, and the three that pySHACL adds."""
    known = {"rdf": str(RDF), "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "owl": str(OWL)}
    for node in graph.objects(constraint, SH.prefixes):
        for declaration in graph.objects(node, SH.declare):
            prefix = graph.value(declaration, SH.prefix)
            namespace = graph.value(declaration, SH.namespace)
            if prefix is not None and namespace is not None:
                if not (_PREFIX.fullmatch(str(prefix)) and is_iri(str(namespace))):
                    raise OutsideSubsetError("it declares an odd prefix")
                known[str(prefix)] = str(namespace)
    yield from known.items()


def algebra_of(graph: Graph, constraint: Node) -> CompValue:
    """Algebra of a constraint's query as it is written."""
    prefixes = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in _prefixes(graph, constraint))
    return _algebra(prefixes + select_text(graph, constraint))


@lru_cache(maxsize=1024)
def _check_scopes(text: str) -> None:
    """Raise OutsideSubsetError unless ``$this`` is read only where it is bound."""
    _visit(_algebra(text))


def _algebra(text: str) -> CompValue:
    """Algebra of a query. Raises OutsideSubsetError when it does not parse."""
    try:
        found = algebra(text)
    except ParseException as error:
        raise OutsideSubsetError("its query does not parse here") from error
    except Exception as error:  # rdflib raises plain ones for undeclared prefixes
        raise OutsideSubsetError("its query does not parse here") from error
    if not isinstance(found, CompValue):
        raise OutsideSubsetError("its query is none")
    return found


def _visit(node: object) -> None:
    """Walk the algebra, looking at each expression and what is bound around it."""
    if not isinstance(node, CompValue):
        return
    if node.name not in _PARTS:
        raise OutsideSubsetError(f"its query uses {node.name}")
    if node.name in {"Filter", "Extend"}:
        _read(node.expr, node.p)
    elif node.name == "LeftJoin":
        _read(node.expr, node.p1, node.p2)
    for part in _PARTS[node.name]:
        _visit(node[part])


def _read(expression: object, *around: object) -> None:
    """Check an expression; inside EXISTS everything bound around it is seen."""
    if _THIS in _variables(expression) and not any(_binds(pattern) for pattern in around):
        raise OutsideSubsetError("its query reads $this where it is not matched")


def _variables(part: object) -> set[Variable]:
    """Variables anywhere in a part of the algebra."""
    if isinstance(part, Variable):
        return {part}
    if isinstance(part, CompValue):
        return set().union(*(_variables(value) for value in part.values()), set())
    if isinstance(part, list | tuple | set):
        return set().union(*(_variables(value) for value in part), set())
    return set()


def _binds(node: object) -> bool:
    """Whether a pattern binds ?this in each of its solutions."""
    if not isinstance(node, CompValue):
        return False
    if node.name == "BGP":
        return any(_THIS in triple for triple in node.triples)
    if node.name in {"Filter", "Extend", "Project", "Distinct"}:
        return _binds(node.p)
    if node.name == "Join":
        return _binds(node.p1) or _binds(node.p2)
    if node.name == "LeftJoin":
        return _binds(node.p1)
    if node.name == "Union":
        return _binds(node.p1) and _binds(node.p2)
    return False
