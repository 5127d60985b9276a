"""The ontology, its alignments and the shapes as documents.

They come from their files and not from the store, where the blank nodes that
OWL and SHACL need have become IRIs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef

from dtrack.errors import NotFoundError
from dtrack.resources import root_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdflib.term import Node

_WRITERS: Final = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
_OWN_SHAPES: Final = "ontology-style.ttl"


@dataclass(frozen=True, slots=True)
class Entry:
    """A class, property or shape as a page shows it; texts by language."""

    iri: str
    name: str
    labels: dict[str, str]
    texts: dict[str, str]
    examples: dict[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A vocabulary: its title by language, its version, and its entries by kind."""

    iri: str
    titles: dict[str, str]
    version: str
    groups: dict[str, list[Entry]]


def _files(name: str) -> list[Path]:
    """Files of ``ontology``, ``alignments/NAME`` or ``shapes``. Raises NotFoundError."""
    if name == "shapes":
        return [p for p in sorted(root_folder("shapes").glob("*.ttl")) if p.name != _OWN_SHAPES]
    folder = root_folder("ontology")
    known = {f"alignments/{path.stem}": path for path in (folder / "alignments").glob("*.ttl")}
    known["ontology"] = folder / "dtrack.ttl"
    if name not in known:
        raise NotFoundError(f"There is no vocabulary '{name[:80]}'.", remedy="See /ontology.")
    return [known[name]]


@lru_cache(maxsize=12)
def vocabulary_graph(name: str) -> Graph:
    """Graph of a vocabulary. Raises NotFoundError."""
    graph = Graph()
    for path in _files(name):
        graph.parse(path, format="turtle")
    return graph


@lru_cache(maxsize=48)
def vocabulary_rdf(name: str, ending: str) -> bytes:
    """A vocabulary in a format, by the end of its file name. Raises NotFoundError."""
    files = _files(name)
    if ending == "ttl" and len(files) == 1:
        # As it was written: in reading order, with its remarks.
        return files[0].read_bytes()
    return vocabulary_graph(name).serialize(format=_WRITERS[ending], encoding="utf-8")


@lru_cache(maxsize=12)
def read_vocabulary(name: str) -> Vocabulary:
    """What a page about a vocabulary shows. Raises NotFoundError."""
    graph = vocabulary_graph(name)
    head = next(node for node in graph.subjects(RDF.type, OWL.Ontology))
    kinds = {
        "classes": OWL.Class,
        "object_properties": OWL.ObjectProperty,
        "datatype_properties": OWL.DatatypeProperty,
        "node_shapes": SH.NodeShape,
        "property_shapes": SH.PropertyShape,
    }
    groups = {kind: _entries(graph, graph.subjects(RDF.type, of)) for kind, of in kinds.items()}
    return Vocabulary(
        iri=str(head),
        titles=_texts(graph, head, DCTERMS.title),
        version=str(graph.value(head, OWL.versionInfo) or ""),
        groups={kind: entries for kind, entries in groups.items() if entries},
    )


def _entries(graph: Graph, nodes: Iterable[Node]) -> list[Entry]:
    own = {node for node in nodes if isinstance(node, URIRef) and "#" in node}
    return [
        Entry(
            iri=str(node),
            name=node.partition("#")[2],
            labels=_texts(graph, node, RDFS.label),
            texts=_texts(graph, node, SKOS.definition) or _texts(graph, node, SH.message),
            examples=_texts(graph, node, SKOS.example),
        )
        for node in sorted(own)
    ]


def _texts(graph: Graph, node: Node, *properties: URIRef) -> dict[str, str]:
    """Texts of a node by language."""
    return {
        value.language or "": str(value)
        for name in properties
        for value in sorted(graph.objects(node, name), key=str)
        if isinstance(value, Literal)
    }
