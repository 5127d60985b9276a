"""Every RDF format says the same, to another reader too."""

from __future__ import annotations

import pytest
from rdflib import Dataset, Graph, URIRef
from rdflib.compare import isomorphic

from dtrack.errors import InputError
from dtrack.stores.parsing import parse_turtle
from dtrack.stores.rdf_formats import RDF_FORMATS, rdf_format

TEXT = """@prefix dt: <https://w3id.org/dtrack/ontology#> .
<id/decision/a> a dt:Decision ; dt:symbol "X\\n\\"1\\"" ; dt:note "第"@zh ; dt:confidence 0.5 .
"""
GRAPHS = {
    "https://x.org/b": parse_turtle(TEXT.encode()),
    "https://x.org/a": parse_turtle(b"<id/s> <id/p> 1 , 2 ."),
    "https://x.org/c": parse_turtle(b"<id/s> <id/p> 1 ."),
}


def union() -> Graph:
    return Graph().parse(data=b"".join(GRAPHS.values()), format="nt")


@pytest.mark.parametrize("name", [n for n, form in RDF_FORMATS.items() if form.keeps_graphs])
def test_formats_with_graphs_keep_them(name: str) -> None:
    form = rdf_format(name)

    read = Dataset().parse(data=form.write(GRAPHS), format=form.media_type)

    for graph, content in GRAPHS.items():
        expected = Graph().parse(data=content, format="nt")
        assert isomorphic(read.get_context(URIRef(graph)), expected)
    assert len(expected) == 1


@pytest.mark.parametrize("name", [n for n, form in RDF_FORMATS.items() if not form.keeps_graphs])
def test_formats_without_graphs_hold_their_union(name: str) -> None:
    form = rdf_format(name)

    read = Graph().parse(data=form.write(GRAPHS), format=form.media_type)

    assert len(read) == 6
    assert isomorphic(read, union())


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_order_of_graphs_does_not_matter(name: str) -> None:
    write = rdf_format(name).write

    assert write(dict(reversed(GRAPHS.items()))) == write(GRAPHS)


def test_prefixes_are_those_needed() -> None:
    text = rdf_format("turtle").write(GRAPHS).decode()

    assert "dt:Decision" in text
    assert "prefix skos:" not in text


def test_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match="nquads, trig, jsonld"):
        rdf_format("xlsx")
