"""The clients that people use: each queries, pages and updates a running server."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from conftest import lacking
from processes import Served

G = "http://example.org/g"
P = "http://example.org/p"


@pytest.fixture(autouse=True)
def _numbers(plain: Served) -> None:
    """Twenty triples in a graph, and nothing else."""
    lines = " ".join(f"<http://example.org/s{n:02}> <{P}> {n} ." for n in range(20))
    _curl_update(plain, f"CLEAR ALL ; INSERT DATA {{ GRAPH <{G}> {{ {lines} }} }}")


def _curl(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("curl")
    if program is None:
        lacking("curl")
    return subprocess.run(
        [str(program), "-sS", "--fail-with-body", "--max-time", "60", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


def _curl_update(server: Served, update: str) -> None:
    done = _curl("--data-urlencode", f"update={update}", f"{server.url}/update")
    assert done.returncode == 0, done.stdout


def _page(start: int) -> str:
    return f"SELECT ?o {{ GRAPH <{G}> {{ ?s <{P}> ?o }} }} ORDER BY ?o LIMIT 8 OFFSET {start}"


def test_curl(plain: Served) -> None:
    pages = []
    for start in (0, 8, 16):
        answer = _curl(
            "--get", "--data-urlencode", f"query={_page(start)}", "-H", "Accept: text/csv",
            "--compressed", f"{plain.url}/sparql",
        )  # fmt: skip
        pages += answer.stdout.split()[1:]
    put = _curl(
        "-X", "PUT", "-H", "Content-Type: text/turtle", "--data", "<a> <b> <c> .",
        f"{plain.url}/graphs?graph=http://example.org/new", "-w", "%{http_code}",
    )  # fmt: skip
    wrong = _curl("--data-urlencode", "update=INSERT DATA {", f"{plain.url}/update")

    assert pages == [str(n) for n in range(20)]
    assert put.stdout == "201"
    assert wrong.returncode == 22
    assert json.loads(wrong.stdout)["place"]["line"] == 1


def test_rdflib_sparql_store(plain: Served) -> None:
    reading = SPARQLStore(f"{plain.url}/sparql", context_aware=True)
    pages = [
        int(row[0])
        for start in (0, 8, 16)
        for row in reading.query(_page(start))
    ]  # fmt: skip
    store = SPARQLUpdateStore(f"{plain.url}/sparql", f"{plain.url}/update", context_aware=True)
    graph = Graph(store, identifier=URIRef(G))
    graph.add((URIRef("http://example.org/new"), URIRef(P), Literal("neu", lang="de")))
    store.commit()

    assert pages == list(range(20))
    assert len(graph) == 21
    assert (URIRef("http://example.org/new"), URIRef(P), Literal("neu", lang="de")) in graph
    graph.remove((URIRef("http://example.org/new"), None, None))
    store.commit()
    assert len(graph) == 20


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper(plain: Served, method: str) -> None:
    with warnings.catch_warnings():
        # The library's own use of what Python has deprecated.
        warnings.simplefilter("ignore")
        import SPARQLWrapper as wrapper  # noqa: N813 - a package named like its class

        client = wrapper.SPARQLWrapper(f"{plain.url}/sparql", f"{plain.url}/update")
        client.setTimeout(60)
        client.setMethod(method)
        client.setReturnFormat(wrapper.JSON)
        pages = []
        for start in (0, 8, 16):
            client.setQuery(_page(start))
            found = client.query().convert()["results"]["bindings"]
            pages += [int(row["o"]["value"]) for row in found]
        client.setReturnFormat(wrapper.TURTLE)
        client.setQuery(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{G}> {{ ?s ?p ?o }} }}")
        turtle = client.query().convert()
        client.setMethod("POST")
        client.setQuery(f"INSERT DATA {{ GRAPH <{G}> {{ <urn:new> <{P}> 1 }} }}")
        client.query()

    assert pages == list(range(20))
    assert len(Graph().parse(data=turtle, format="turtle")) == 20
    asked = _curl(
        "--get", "--data-urlencode", f"query=ASK {{ GRAPH <{G}> {{ <urn:new> ?p ?o }} }}",
        f"{plain.url}/sparql",
    )  # fmt: skip
    assert json.loads(asked.stdout)["boolean"] is True
