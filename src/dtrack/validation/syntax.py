"""Shapes as a tree of frozen values, for the compiler.

What lies outside the compiled subset raises OutsideSubsetError with the reason; such
shapes run on the reference engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import RDF, SH, BNode, Literal, URIRef
from rdflib.collection import Collection

from dtrack.errors import InputError
from dtrack.validation.paths import sparql_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Node


class OutsideSubsetError(Exception):
    """A shape uses what the compiler does not cover; its text says what."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint: its parameter's local name, and its values as nodes or shapes.

    ``extra`` is the second parameter where there is one: flags, a count, ignored properties.
    """

    name: str
    component: URIRef
    values: tuple[Node, ...] = ()
    shapes: tuple[Shape, ...] = ()
    extra: str | int | tuple[Node, ...] | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, or with ``path`` (SPARQL text) a property shape."""

    node: Node
    severity: Node
    constraints: tuple[Constraint, ...]
    properties: tuple[Shape, ...]
    path: str | None = None
    path_node: Node | None = None


# One component for each value of the parameter.
_EACH: Final = {
    "class": "ClassConstraintComponent",
    "datatype": "DatatypeConstraintComponent",
    "nodeKind": "NodeKindConstraintComponent",
    "minExclusive": "MinExclusiveConstraintComponent",
    "minInclusive": "MinInclusiveConstraintComponent",
    "maxExclusive": "MaxExclusiveConstraintComponent",
    "maxInclusive": "MaxInclusiveConstraintComponent",
    "minLength": "MinLengthConstraintComponent",
    "maxLength": "MaxLengthConstraintComponent",
    "equals": "EqualsConstraintComponent",
    "disjoint": "DisjointConstraintComponent",
    "hasValue": "HasValueConstraintComponent",
    "sparql": "SPARQLConstraintComponent",
}
_OF_PATHS: Final = {
    "minCount": "MinCountConstraintComponent",
    "maxCount": "MaxCountConstraintComponent",
    "lessThan": "LessThanConstraintComponent",
    "lessThanOrEquals": "LessThanOrEqualsConstraintComponent",
}
_LISTS: Final = {
    "in": "InConstraintComponent",
    "languageIn": "LanguageInConstraintComponent",
}
_OF_SHAPES: Final = {"node": "NodeConstraintComponent", "not": "NotConstraintComponent"}
_OF_SHAPE_LISTS: Final = {
    "and": "AndConstraintComponent",
    "or": "OrConstraintComponent",
    "xone": "XoneConstraintComponent",
}
_SPECIAL: Final = {
    *("pattern", "flags", "uniqueLang", "closed", "ignoredProperties", "property"),
    *("qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount"),
}
_SILENT: Final = {
    *("path", "severity", "message", "name", "description", "order", "group", "defaultValue"),
    *(
        "deactivated",
        "prefixes",
        "targetClass",
        "targetNode",
        "targetSubjectsOf",
        "targetObjectsOf",
    ),
}
_KNOWN: Final = {*_EACH, *_OF_PATHS, *_LISTS, *_OF_SHAPES, *_OF_SHAPE_LISTS, *_SPECIAL, *_SILENT}


def read_shape(graph: Graph, node: Node, above: frozenset[Node] = frozenset()) -> Shape | None:
    """Shape at a node of a shapes graph; None when it is deactivated.

    Raises OutsideSubsetError.
    """
    if node in above:
        raise OutsideSubsetError("the shape refers to itself")
    if str(graph.value(node, SH.deactivated)).lower() in {"true", "1"}:
        return None
    _refuse_unknown(graph, node)
    inside = above | {node}
    path = graph.value(node, SH.path)
    try:
        text = None if path is None else _walked(graph, path)
    except InputError as error:
        raise OutsideSubsetError(error.message) from error
    below = (read_shape(graph, inner, inside) for inner in _sorted(graph, node, SH.property))
    return Shape(
        node=node,
        severity=graph.value(node, SH.severity) or SH.Violation,
        constraints=tuple(_constraints(graph, node, inside)),
        properties=tuple(shape for shape in below if shape is not None),
        path=text,
        path_node=path,
    )


def _walked(graph: Graph, path: Node) -> str:
    """SPARQL text of a path that is walked from its start.

    A store makes a join of a sequence and may begin at its end, which takes as
    long as there are triples; of a choice between it and itself it makes none.
    """
    text = sparql_path(graph, path)
    return f"(({text})|({text}))" if (path, RDF.first, None) in graph else text


def _refuse_unknown(graph: Graph, node: Node) -> None:
    """Raise OutsideSubsetError for parameters of custom and advanced components."""
    own = {
        path
        for parameter in graph.objects(None, SH.parameter)
        for path in graph.objects(parameter, SH.path)
    }
    for predicate in graph.predicates(node):
        name = str(predicate).removeprefix(str(SH))
        if predicate in own or (name != str(predicate) and name not in _KNOWN):
            raise OutsideSubsetError(f"it uses {predicate}")


def _constraints(graph: Graph, node: Node, inside: frozenset[Node]) -> Iterator[Constraint]:
    for name, component in {**_EACH, **_OF_PATHS}.items():
        for value in _sorted(graph, node, SH[name]):
            yield Constraint(name, SH[component], (value,))
    for name, component in _LISTS.items():
        for listed in graph.objects(node, SH[name]):
            yield Constraint(name, SH[component], tuple(Collection(graph, listed)))
    for name, component in _OF_SHAPES.items():
        for value in _sorted(graph, node, SH[name]):
            yield Constraint(name, SH[component], shapes=_shapes(graph, [value], inside))
    for name, component in _OF_SHAPE_LISTS.items():
        for listed in graph.objects(node, SH[name]):
            members = list(Collection(graph, listed))
            yield Constraint(name, SH[component], shapes=_shapes(graph, members, inside))
    yield from _special(graph, node, inside)


def _special(graph: Graph, node: Node, inside: frozenset[Node]) -> Iterator[Constraint]:
    """Constraints that two parameters make together, and sh:uniqueLang."""
    flags = str(graph.value(node, SH.flags) or "")
    for value in _sorted(graph, node, SH.pattern):
        yield Constraint("pattern", SH.PatternConstraintComponent, (value,), extra=flags)
    if str(graph.value(node, SH.uniqueLang)) == "true":
        yield Constraint("uniqueLang", SH.UniqueLangConstraintComponent)
    if str(graph.value(node, SH.closed)) in {"true", "1"}:
        ignored = graph.value(node, SH.ignoredProperties)
        allowed = [] if ignored is None else list(Collection(graph, ignored))
        for inner in graph.objects(node, SH.property):
            path = graph.value(inner, SH.path)
            if isinstance(path, URIRef):
                allowed.append(path)
        yield Constraint("closed", SH.ClosedConstraintComponent, tuple(allowed))
    for value in _sorted(graph, node, SH.qualifiedValueShape):
        shapes = _shapes(graph, [value], inside)
        for name, component in (
            ("qualifiedMinCount", SH.QualifiedMinCountConstraintComponent),
            ("qualifiedMaxCount", SH.QualifiedMaxCountConstraintComponent),
        ):
            for count in graph.objects(node, SH[name]):
                yield Constraint(name, component, shapes=shapes, extra=_number(count))


def _shapes(graph: Graph, nodes: list[Node], inside: frozenset[Node]) -> tuple[Shape, ...]:
    """Shapes that a constraint refers to. A deactivated one holds for everything."""
    found = []
    for node in nodes:
        shape = read_shape(graph, node, inside)
        found.append(shape or Shape(node, SH.Violation, (), ()))
    return tuple(found)


def _sorted(graph: Graph, node: Node, predicate: Node) -> list[Node]:
    return sorted(set(graph.objects(node, predicate)), key=str)


def _number(node: Node) -> int:
    if not isinstance(node, Literal) or not str(node).isdigit():
        raise OutsideSubsetError("a count is not a whole number")
    return int(str(node))


def term(node: Node) -> str:
    """Term as SPARQL text. Raises OutsideSubsetError for a blank node."""
    if isinstance(node, BNode):
        raise OutsideSubsetError("a blank node stands where a value is compared")
    if isinstance(node, Literal):
        return str(node._literal_n3(use_plain=False))
    return str(node.n3())
