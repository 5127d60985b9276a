"""The reference engine: pySHACL, and nowhere else than here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pyshacl import validate as run
from pyshacl.errors import (
    ConstraintLoadError,
    ReportableRuntimeError,
    RuleLoadError,
    ShapeLoadError,
    ValidationFailure,
)
from rdflib import SH, BNode, Graph, Literal, URIRef

from dtrack.errors import DtrackError, InputError
from dtrack.validation.results import Result, report_of
from dtrack.validation.sparql_parser import prepared
from dtrack.validation.targets import ADVANCED, focus_nodes
from dtrack.validation.writing import turtle_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result as Answer
    from rdflib.term import Node

    from dtrack.model import Report
    from dtrack.validation.shapes import Shapes

_ADVANCED: Final = (*ADVANCED, SH.rule, SH.expression, SH.returnType)
_REFUSALS: Final = (
    ConstraintLoadError,
    ReportableRuntimeError,
    RuleLoadError,
    ShapeLoadError,
    ValidationFailure,
    NotImplementedError,
)


class _PreparedGraph(Graph):
    """A graph that parses each query once; pySHACL asks the same of every focus node."""

    def __init__(self, content: Graph, prefixes: dict[str, URIRef]) -> None:
        super().__init__(bind_namespaces="none")
        self._prepared: dict[str, Query] = {}
        self._prefixes = prefixes
        for triple in content:
            self.add(triple)

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Answer:
        """Answer of a query."""
        if isinstance(query_object, str):
            query_object = self._prepare(query_object)
        return super().query(query_object, *args, **kwargs)

    def _prepare(self, text: str) -> Query:
        if text not in self._prepared:
            try:
                self._prepared[text] = prepared(text, self._prefixes)
            except Exception as error:  # rdflib raises pyparsing's errors and plain ones
                raise _refusal(error) from error
        return self._prepared[text]


def results_of(data: Graph, shapes: Shapes) -> tuple[list[Result], Graph]:
    """Results of pySHACL, and its report as a graph.

    Raises InputError when the shapes cannot be run.
    """
    advanced = any((None, predicate, None) in shapes.graph for predicate in _ADVANCED)
    try:
        _, report, _ = run(
            _PreparedGraph(data, dict(shapes.graph.namespaces())),
            shacl_graph=shapes.graph,
            advanced=advanced,
            inference="none",
            do_owl_imports=False,
        )
    except _REFUSALS as error:
        raise _refusal(error) from error
    except re.error as error:
        raise _refusal(f"a pattern cannot be read: {error}.") from error
    except (DtrackError, MemoryError):
        raise
    except Exception as error:
        raise InputError(
            f"The reference engine cannot run these shapes ({type(error).__name__}).",
            remedy="Check that they are SHACL, and that none is nested without end.",
        ) from error
    if not isinstance(report, Graph):
        raise _refusal(report)
    _mend_messages(report, shapes)
    return list(_results(report)), report


def _refusal(error: object) -> InputError:
    reason = str(getattr(error, "message", "") or error).strip().split("\n")[0]
    return InputError(
        f"The shapes cannot be run: {reason}",
        remedy="Correct the shape or its query; a query needs its prefixes declared (sh:prefixes).",
    )


def validate_graph(data: Graph, shapes: Shapes, places: Mapping[str, str] | None = None) -> Report:
    """Report of pySHACL on a graph; ``places`` names the file of each subject.

    The graph holds what class targets need: rdfs:subClassOf of the ontology.
    """
    results, report = results_of(data, shapes)
    return report_of(
        results,
        shapes,
        focus_nodes=len(focus_nodes(shapes.graph, data)),
        places=places or {},
        turtle=turtle_text(report),
    )


def _results(report: Graph) -> Iterator[Result]:
    """Top-level results; those below sh:detail explain them."""
    details = set(report.objects(None, SH.detail))
    for node in report.objects(None, SH.result):
        if node in details:
            continue
        component = report.value(node, SH.sourceConstraintComponent)
        focus, shape = report.value(node, SH.focusNode), report.value(node, SH.sourceShape)
        if focus is None or shape is None:
            continue
        yield Result(
            focus=focus,
            shape=shape,
            component=URIRef(str(component)),
            severity=report.value(node, SH.resultSeverity) or SH.Violation,
            path=report.value(node, SH.resultPath),
            value=report.value(node, SH.value),
            constraint=report.value(node, SH.sourceConstraint),
            messages=_messages(report, node),
        )


def _messages(report: Graph, node: Node) -> dict[str, str]:
    found = {}
    for text in report.objects(node, SH.resultMessage):
        language = (text.language or "") if isinstance(text, Literal) else ""
        found[language.lower()] = str(text)
    return found


def _mend_messages(report: Graph, shapes: Shapes) -> None:
    """Give messages back the language tags that pySHACL loses for SPARQL constraints."""
    for node, text in list(report.subject_objects(SH.resultMessage)):
        if not isinstance(text, Literal) or text.language:
            continue
        for source in (SH.sourceConstraint, SH.sourceShape):
            origin = report.value(node, source)
            known = shapes.messages.get(origin or BNode(), {})
            for language, message in known.items():
                if language and message == str(text):
                    report.remove((node, SH.resultMessage, text))
                    report.add((node, SH.resultMessage, Literal(message, lang=language)))
