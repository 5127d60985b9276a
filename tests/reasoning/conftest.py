"""Graphs to reason over: the ontology with its alignments, the corpus, and small records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

PREFIXES = """
@base <https://w3id.org/dtrack/> .
@prefix dt: <https://w3id.org/dtrack/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture(scope="session")
def ontology(root: Path) -> list[Graph]:
    """The ontology and all its alignments."""
    folder = root / "ontology"
    files = [folder / "dtrack.ttl", *sorted((folder / "alignments").glob("*.ttl"))]
    return [Graph().parse(file) for file in files]


@pytest.fixture(scope="session")
def corpus(root: Path) -> list[Graph]:
    """Codes and all records, each with its graph IRI where it is a record."""
    codes = sorted((root / "ontology" / "codes").glob("*.ttl"))
    graphs = [Graph().parse(file) for file in codes]
    for file in sorted((root / "data").rglob("*.ttl")):
        read = Graph().parse(file)
        names = [s for s in read.subjects() if str(s).startswith("https://w3id.org/dtrack/graph/")]
        named = Graph(identifier=names[0] if names else None)
        named += read
        graphs.append(named)
    return graphs


@pytest.fixture(scope="session")
def record() -> Callable[..., Graph]:
    """Maker of a small record from Turtle, with a graph IRI."""

    def make(turtle: str, slug: str = "test") -> Graph:
        iri = URIRef(f"https://w3id.org/dtrack/graph/decision/{slug}")
        return Graph(identifier=iri).parse(data=PREFIXES + turtle, format="turtle")

    return make
