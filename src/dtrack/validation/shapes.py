"""Shapes: Turtle files read into one shapes graph, fit to be run."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from rdflib import OWL, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql.parser import expandUnicodeEscapes

from dtrack import sparql
from dtrack.errors import InputError
from dtrack.resources import root_folder
from dtrack.validation.reading import parse_turtle, read_turtle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from rdflib.term import Node

ONTOLOGY_STYLE: Final = "ontology-style.ttl"
"""The one file of the folder that judges our ontology and no data."""

_QUERIES: Final = (SH.select, SH.ask, SH.construct, SH.update)
_IRI: Final = re.compile(r'[^\x00-\x20<>"{}|^`\\]*')
_TRUE: Final = Literal("true", datatype=XSD.boolean, normalize=False)


@dataclass(frozen=True, eq=False)
class Shapes:
    """A shapes graph, one and the same only as an object. ``graph`` is not to be changed."""

    graph: Graph

    @cached_property
    def messages(self) -> Mapping[Node, Mapping[str, str]]:
        """Messages of each shape and SPARQL constraint, by language ("" for none)."""
        found: dict[Node, dict[str, str]] = {}
        for shape, text in self.graph.subject_objects(SH.message):
            language = (text.language or "").lower() if isinstance(text, Literal) else ""
            found.setdefault(shape, {})[language] = str(text)
        return found

    @cached_property
    def named(self) -> tuple[str, ...]:
        """IRIs of the shapes that can be the source of a finding, sorted."""
        kinds = (SH.NodeShape, SH.PropertyShape)
        shapes = {s for kind in kinds for s in self.graph.subjects(None, kind)}
        return tuple(sorted(str(shape) for shape in shapes if isinstance(shape, URIRef)))

    @cached_property
    def version(self) -> str:
        """First sixteen hexadecimal digits of the SHA-256 of the graph, blank nodes told out."""
        lines = sorted(_told(self.graph, one) for one in self.graph.subjects(unique=True))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

    def __len__(self) -> int:
        """Count the shapes, named or not."""
        kinds = (SH.NodeShape, SH.PropertyShape)
        return len({s for kind in kinds for s in self.graph.subjects(None, kind)})


def shapes_of(graph: Graph) -> Shapes:
    """Shapes of a graph.

    Raises InputError when a query in it reaches outside the data: rdflib would
    open local files for FROM.
    """
    for predicate in _QUERIES:
        for text in graph.objects(None, predicate):
            _refuse_outside(str(text))
    for iri in {term for triple in graph for term in triple if isinstance(term, URIRef)}:
        if not is_iri(iri):
            raise InputError(
                "The shapes hold an IRI with blanks, quotes or brackets in it.",
                remedy="Write such characters percent-encoded.",
            )
    # Only the literal true counts (W3C test uniqueLang-002), pySHACL takes 1 as well.
    for shape, value in list(graph.subject_objects(SH.uniqueLang)):
        if str(value) != str(_TRUE):
            graph.remove((shape, SH.uniqueLang, value))
    _share_prefixes(graph)
    return Shapes(graph)


def parse_shapes(content: bytes, place: str) -> Shapes:
    """Shapes of a Turtle document. Raises SyntaxProblem, InputError."""
    return shapes_of(parse_turtle(content, f"urn:dtrack:{place}", place))


def read_shapes(paths: Iterable[Path]) -> Shapes:
    """Shapes of Turtle files, as one shapes graph. Raises SyntaxProblem, InputError."""
    graph = Graph()
    for path in paths:
        read_turtle(path, graph)
    return shapes_of(graph)


@cache
def bundled_shapes() -> Shapes:
    """Shapes for data that ship with dtrack: the folder without the ontology's own rules."""
    files = sorted(root_folder("shapes").glob("*.ttl"))
    return read_shapes(path for path in files if path.name != ONTOLOGY_STYLE)


def shapes_version(shapes: Shapes) -> str:
    """Short digest of the shapes in force: the same for the same rules, whatever their files."""
    return shapes.version


def _told(graph: Graph, node: Node, above: tuple[Node, ...] = ()) -> str:
    """What a graph says of a node; blank nodes below it by what they say."""
    if node in above:
        return "[circle]"
    said = sorted(
        f"{predicate.n3()} "
        + (_told(graph, thing, (*above, node)) if isinstance(thing, BNode) else thing.n3())
        for predicate, thing in graph.predicate_objects(node)
    )
    return f"{'[]' if isinstance(node, BNode) else node.n3()} {{ {' ; '.join(said)} }}"


def is_iri(text: str) -> bool:
    """Whether a text can stand between < and > in SPARQL."""
    return _IRI.fullmatch(text) is not None


def _share_prefixes(graph: Graph) -> None:
    """Give what sh:prefixes names the declarations of what it imports (SHACL 5.2.1)."""
    for node in set(graph.objects(None, SH.prefixes)):
        for imported in list(graph.transitive_objects(node, OWL.imports)):
            for declaration in list(graph.objects(imported, SH.declare)):
                graph.add((node, SH.declare, declaration))


def _refuse_outside(text: str) -> None:
    """Raise InputError for FROM and SERVICE."""
    # A word may be written with escapes; rdflib reads them first, too.
    for token in sparql.significant(expandUnicodeEscapes(text)):
        if token.is_word("FROM", "SERVICE", "LOAD"):
            raise InputError(
                f"A query in the shapes uses {token.text.upper()}, which reaches outside the data.",
                remedy="Leave it out: constraints see the data handed in, and nothing else.",
            )
