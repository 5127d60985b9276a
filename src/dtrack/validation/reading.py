"""Turtle and records to rdflib graphs, with every literal as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rdflib import Graph, Literal, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax, RDFSink, SinkParser

from dtrack.errors import Place, SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from dtrack.model import Record


class _ExactSink(RDFSink):
    """Keep lexical forms: rdflib would make ``true`` of ``"1"^^xsd:boolean``."""

    def newLiteral(  # noqa: N802 - rdflib's name
        self, s: str, dt: URIRef | None, lang: str | None
    ) -> Literal:
        """Literal exactly as written."""
        return Literal(s, lang, str(dt), normalize=False) if dt else Literal(s, lang)


def parse_turtle(content: bytes, base: str, place: str, into: Graph | None = None) -> Graph:
    """Graph of a Turtle document. Raises SyntaxProblem with file and line."""
    graph = Graph() if into is None else into
    parser = SinkParser(_ExactSink(graph), baseURI=base, turtle=True)
    try:
        parser.loadBuf(content)
    except BadSyntax as error:
        raise SyntaxProblem(
            f"This is not Turtle: {error._why}.", place=Place(place, error.lines + 1)
        ) from error
    except IndexError as error:
        # rdflib looks for the next sign where there is none.
        lines = content.count(b"\n", 0, len(content.rstrip())) + 1
        raise SyntaxProblem(
            "This is not Turtle: it ends in the middle of a statement.",
            remedy="See whether the file is whole, and whether its last statement ends in a point.",
            place=Place(place, lines),
        ) from error
    except (UnicodeDecodeError, ValueError, TypeError, AssertionError) as error:
        raise SyntaxProblem("This is not Turtle in UTF-8.", place=Place(place)) from error
    for prefix, namespace in parser._bindings.items():
        graph.bind(prefix, namespace)
    return graph


def read_turtle(path: Path, into: Graph | None = None) -> Graph:
    """Graph of a Turtle or N-Triples file; its own address is the base."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SyntaxProblem(
            "The file cannot be read.", remedy="Check its name.", place=Place(path.name)
        ) from error
    return parse_turtle(content, path.resolve().as_uri(), path.name, into)


def graph_of(records: Iterable[Record]) -> tuple[Graph, Mapping[str, str]]:
    """Union of records as one graph, and the place (file) of each subject in them."""
    graph, places = Graph(), cast("dict[str, str]", {})
    for record in records:
        for triple in parse_turtle(record.ntriples, record.graph, record.place):
            graph.add(triple)
            places.setdefault(str(triple[0]), record.place)
    return graph, places
