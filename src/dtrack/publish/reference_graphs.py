"""What reference pages read from graphs: labels in two languages, names, expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.collection import Collection

from dtrack.terms import BASE, compact

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdflib.term import Node

_PREFIXES = {
    "dt-sh": f"{BASE}/shapes#",
    "id": f"{BASE}/id/",
    "codes": f"{BASE}/codes/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "eli-dl": "http://data.europa.eu/eli/eli-draft-legislation-ontology#",
    "schema": "https://schema.org/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "vann": "http://purl.org/vocab/vann/",
}


def read(files: Iterable[Path]) -> Graph:
    """Graph of all files together, with the prefixes that they declare."""
    graph = Graph()
    for path in files:
        graph.parse(path, format="turtle")
    return graph


def name_of(node: Node, graph: Graph) -> str:
    """Short name of an IRI, with our prefixes first, then with those of the graph."""
    iri = str(node)
    short = compact(iri)
    if short != iri:
        return short
    namespaces = sorted(
        [*_PREFIXES.items(), *((prefix, str(space)) for prefix, space in graph.namespaces())],
        key=lambda item: -len(item[1]),
    )
    for prefix, space in namespaces:
        if prefix and iri.startswith(space) and len(iri) > len(space):
            return f"{prefix}:{iri[len(space) :]}"
    return f"<{iri}>"


def texts(graph: Graph, node: Node, predicate: URIRef, language: str) -> list[str]:
    """Texts of a node in one language, sorted."""
    return sorted(
        str(value)
        for value in graph.objects(node, predicate)
        if isinstance(value, Literal) and (value.language or "en") == language
    )


def text(graph: Graph, node: Node, predicate: URIRef, language: str) -> str:
    """First text of a node in one language, or ""."""
    return next(iter(texts(graph, node, predicate, language)), "")


def key_of(node: Node) -> str:
    """Last part of an IRI: the key of a concept."""
    return str(node).rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def notation(graph: Graph, node: Node) -> str:
    """Notation of a concept, or the last part of its IRI."""
    return str(graph.value(node, SKOS.notation) or key_of(node))


def ordered(nodes: Iterable[Node]) -> list[Node]:
    """Nodes by the text of their IRIs."""
    return sorted(nodes, key=str)


_LISTS = ((OWL.intersectionOf, " and "), (OWL.unionOf, " or "))
_RESTRICTIONS = (
    (OWL.someValuesFrom, "some"),
    (OWL.allValuesFrom, "only"),
    (OWL.hasValue, "value"),
)


def expression(graph: Graph, node: Node) -> str:
    """Class expression in the manner of the Manchester syntax."""
    if isinstance(node, URIRef | Literal):
        return name_of(node, graph)
    for predicate, word in _LISTS:
        members = graph.value(node, predicate)
        if members is not None:
            parts = [expression(graph, member) for member in Collection(graph, members)]
            return f"({word.join(parts)})"
    inverse = graph.value(node, OWL.inverseOf)
    if inverse is not None:
        return f"inverse of {name_of(inverse, graph)}"
    on = graph.value(node, OWL.onProperty)
    for predicate, word in _RESTRICTIONS:
        filler = graph.value(node, predicate)
        if on is not None and filler is not None:
            return f"({name_of(on, graph)} {word} {expression(graph, filler)})"
    raise ValueError("An expression of a kind that the reference does not know.")


_STEPS = (
    (SH.inversePath, "^{}"),
    (SH.zeroOrMorePath, "{}*"),
    (SH.oneOrMorePath, "{}+"),
    (SH.zeroOrOnePath, "{}?"),
)


def path_of(graph: Graph, node: Node) -> str:
    """SHACL path as SPARQL writes it."""
    if isinstance(node, URIRef):
        return name_of(node, graph)
    either = graph.value(node, SH.alternativePath)
    if either is not None:
        return "(" + "|".join(path_of(graph, part) for part in Collection(graph, either)) + ")"
    if graph.value(node, RDF.first) is not None:
        return "/".join(path_of(graph, part) for part in Collection(graph, node))
    for predicate, form in _STEPS:
        inner = graph.value(node, predicate)
        if inner is not None:
            return form.format(path_of(graph, inner))
    raise ValueError("A path of a kind that the reference does not know.")


def label(graph: Graph, node: Node, language: str) -> str:
    """Label of a term or concept in one language, or ""."""
    return text(graph, node, SKOS.prefLabel, language) or text(graph, node, RDFS.label, language)
