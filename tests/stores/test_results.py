"""Answers come in the format asked for, whole, and never past their cap."""

from __future__ import annotations

import json

import pyoxigraph as engine
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph

from dtrack.errors import NotAcceptableError, ResultTooLargeError
from dtrack.model import Record, ResultKind
from dtrack.stores import results
from dtrack.stores.counting import counter
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle
from dtrack.stores.results import Limits
from strategies import ntriples_term, terms

OFFERS = ("text/turtle", "application/n-triples", "application/ld+json")


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    opened = EmbeddedStore.in_memory()
    numbers = ", ".join(map(str, range(50)))
    opened.load([Record("urn:g", parse_turtle(f"<x:s> <x:p> {numbers} .".encode()), "g")])
    return opened


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("application/n-triples", "application/n-triples"),
        ("APPLICATION/LD+JSON", "application/ld+json"),
        ("text/html, application/ld+json;q=0.5, */*;q=0.1", "application/ld+json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/turtle"),
        ("text/*;q=0.2, application/*;q=0.3", "application/n-triples"),
        ("text/turtle;q=0, */*", "application/n-triples"),
        ("*/*;q=0.9, text/turtle;q=0.1, application/*;q=0.2", "application/n-triples"),
        ('text/turtle;profile="a";q=0.5, application/ld+json', "application/ld+json"),
        ("text/turtle;q=nonsense", "text/turtle"),
    ],
)
def test_accept_header_picks_the_format(accept: str, media: str) -> None:
    assert results.negotiate(accept, OFFERS) == media


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=1", "text/turtle;q=0", "text"])
def test_unknown_format_is_refused_with_those_there_are(accept: str) -> None:
    with pytest.raises(NotAcceptableError, match="application/n-triples"):
        results.negotiate(accept, OFFERS)


@pytest.mark.parametrize("accept", results.SOLUTION_FORMATS)
def test_solutions_come_in_every_format(store: EmbeddedStore, accept: str) -> None:
    answer = store.serialise("SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?o LIMIT 3", accept)

    assert answer.kind is ResultKind.SOLUTIONS
    assert answer.size == 3
    assert answer.media_type.startswith(accept)
    if "csv" in accept:
        assert answer.body == b"o\r\n0\r\n1\r\n2\r\n"
    elif "tab" not in accept:
        form = results.SOLUTION_FORMATS[accept]
        rows = list(engine.parse_query_results(answer.body, form))
        assert [row["o"].value for row in rows] == ["0", "1", "2"]


@pytest.mark.parametrize("accept", results.SOLUTION_FORMATS)
def test_boolean_comes_in_every_format(store: EmbeddedStore, accept: str) -> None:
    answer = store.serialise("ASK { ?s ?p 7 }", accept)

    assert answer.kind is ResultKind.BOOLEAN
    assert b"true" in answer.body
    assert answer.size == 1


@pytest.mark.parametrize("accept", results.GRAPH_FORMATS)
def test_graph_comes_in_every_format(store: EmbeddedStore, accept: str) -> None:
    answer = store.serialise("CONSTRUCT WHERE { ?s ?p ?o }", accept)

    form = {"application/json": "json-ld", "application/xml": "xml"}.get(accept, accept)
    graph = Graph().parse(data=answer.body, format=form)
    assert answer.kind is ResultKind.GRAPH
    assert answer.size == len(graph) == 50


def test_turtle_abbreviates_with_the_prefixes_it_needs(store: EmbeddedStore) -> None:
    query = "CONSTRUCT { <x:s> a <http://www.w3.org/2004/02/skos/core#Concept> } {}"

    text = store.serialise(query, "text/turtle").body.decode()

    assert "skos:Concept" in text
    assert "prefix dt:" not in text


@pytest.mark.parametrize("accept", [*results.SOLUTION_FORMATS, ""])
def test_rows_past_the_cap_are_refused(store: EmbeddedStore, accept: str) -> None:
    query = "SELECT * WHERE { ?s ?p ?o }"

    assert store.serialise(query, accept, Limits(rows=50)).size == 50
    with pytest.raises(ResultTooLargeError, match="more than 49 rows"):
        store.serialise(query, accept, Limits(rows=49))


def test_triples_past_the_cap_are_refused(store: EmbeddedStore) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"

    assert store.serialise(query, "", Limits(rows=50)).size == 50
    with pytest.raises(ResultTooLargeError, match="more than 49 triples"):
        store.serialise(query, "", Limits(rows=49))


def test_bytes_past_the_cap_are_refused(store: EmbeddedStore) -> None:
    for query in ("SELECT * WHERE { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        with pytest.raises(ResultTooLargeError, match="MiB"):
            store.serialise(query, "", Limits(megabytes=0))


cells = st.one_of(
    st.just("UNDEF"),
    terms.map(ntriples_term),
    terms.map(lambda term: f"<<( <x:a> <x:b> {ntriples_term(term)} )>>"),
    terms.map(lambda term: f"<<( <x:a> <x:b> <<( <x:a> <x:b> {ntriples_term(term)} )>> )>>"),
)
tables = st.integers(0, 3).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=6).map(
        lambda rows: (width, rows)
    )
)


@settings(deadline=None, max_examples=150)
@given(tables, st.integers(1, 40))
def test_rows_are_counted_in_any_pieces(table: tuple[int, list[list[str]]], size: int) -> None:
    width, rows = table
    head = " ".join(f"?v{n}" for n in range(width))
    values = " ".join(f"({' '.join(row)})" for row in rows)
    query = f"SELECT * WHERE {{ VALUES ({head}) {{ {values} }} }}"

    for form in set(results.SOLUTION_FORMATS.values()):
        body = engine.Store().query(query).serialize(format=form) or b""
        count = counter(form)
        counted = sum(count(body[at : at + size]) for at in range(0, len(body), size))

        assert counted == len(rows), (form, body)


def test_json_is_what_the_engine_writes(store: EmbeddedStore) -> None:
    answer = store.serialise("SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?o LIMIT 1", "application/json")

    assert json.loads(answer.body)["results"]["bindings"] == [
        {"o": {"type": "literal", "value": "0", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}
    ]  # fmt: skip
