"""Validation results as both engines give them, and what is made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

from dtrack.model import Finding, Report, Severity
from dtrack.validation.paths import path_name
from dtrack.validation.writing import turtle_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdflib.term import Node

    from dtrack.validation.shapes import Shapes

_SEVERITIES: Final = {SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}
_GRAVITY: Final = {Severity.VIOLATION: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Result:
    """One sh:ValidationResult. ``path`` is an IRI or a node of the shapes graph.

    ``messages`` maps a language tag to a sentence.
    """

    focus: Node
    shape: Node
    component: URIRef
    severity: Node
    path: Node | None = None
    value: Node | None = None
    constraint: Node | None = None
    messages: Mapping[str, str] = field(default_factory=dict)


def report_of(
    results: Iterable[Result],
    shapes: Shapes,
    focus_nodes: int,
    places: Mapping[str, str],
    turtle: str | None = None,
    by_reference: tuple[str, ...] = (),
) -> Report:
    """Report with findings in order of gravity, place and focus node."""
    kept = list(results)
    findings = {_order(f): f for f in (_finding(result, shapes, places) for result in kept)}
    return Report(
        findings=tuple(findings[key] for key in sorted(findings)),
        focus_nodes=focus_nodes,
        shapes=len(shapes),
        turtle=turtle if turtle is not None else turtle_of(kept, shapes),
        by_reference=by_reference,
    )


def _order(finding: Finding) -> tuple[int, str, str, str, str, str, str]:
    return (
        _GRAVITY[finding.severity],
        finding.place,
        finding.focus,
        finding.shape,
        finding.path,
        finding.value,
        finding.component,
    )


def _finding(result: Result, shapes: Shapes, places: Mapping[str, str]) -> Finding:
    return Finding(
        severity=_SEVERITIES.get(_iri(result.severity), Severity.VIOLATION),
        focus=_text(result.focus),
        shape=_text(result.shape),
        component=str(result.component),
        path="" if result.path is None else path_name(shapes.graph, result.path),
        value="" if result.value is None else _text(result.value),
        messages=result.messages,
        place=places.get(str(result.focus), ""),
    )


def _iri(node: Node) -> URIRef:
    return node if isinstance(node, URIRef) else URIRef(str(node))


def _text(node: Node) -> str:
    """IRI, lexical form, or ``_:`` for a blank node, whose label means nothing."""
    return "_:" if isinstance(node, BNode) else str(node)


def turtle_of(results: Iterable[Result], shapes: Shapes) -> str:
    """SHACL validation report in Turtle."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in shapes.graph.namespaces():
        graph.bind(prefix, namespace)
    graph.bind("sh", SH)
    report = BNode()
    graph.add((report, RDF.type, SH.ValidationReport))
    for result in results:
        graph.add((report, SH.result, _described(graph, result, shapes.graph)))
    conforms = (report, SH.result, None) not in graph
    graph.add((report, SH.conforms, Literal(conforms)))
    return turtle_text(graph)


def _described(graph: Graph, result: Result, shapes: Graph) -> BNode:
    """Node of one result, described in the report graph."""
    node = BNode()
    graph.add((node, RDF.type, SH.ValidationResult))
    graph.add((node, SH.focusNode, result.focus))
    graph.add((node, SH.sourceShape, result.shape))
    graph.add((node, SH.sourceConstraintComponent, result.component))
    graph.add((node, SH.resultSeverity, result.severity))
    if result.path is not None:
        graph.add((node, SH.resultPath, result.path))
        _copy(shapes, graph, result.path)
    if result.value is not None:
        graph.add((node, SH.value, result.value))
    if result.constraint is not None:
        graph.add((node, SH.sourceConstraint, result.constraint))
    for language, text in result.messages.items():
        graph.add((node, SH.resultMessage, Literal(text, lang=language or None)))
    return node


def _copy(source: Graph, target: Graph, node: Node) -> None:
    """Copy what a blank node says, and the blank nodes below it."""
    if not isinstance(node, BNode) or (node, None, None) in target:
        return
    for triple in source.triples((node, None, None)):
        target.add(triple)
        _copy(source, target, triple[2])
