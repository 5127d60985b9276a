"""Nobody makes the server call an address or read a file, through whatever door.

Each door opens where its guard is missing: the engine follows SERVICE and LOAD
by itself (guard.check, guard.check_update), rdflib would follow FROM, and XML
parsers external entities (uploads refuse a DOCTYPE).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk import GRAPH

HOSTS = [
    "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "[::1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "example.org@127.0.0.1", "127.0.0.1.nip.io",
]  # fmt: skip
RDF_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'


def doors(address: str) -> dict[str, tuple[str, str, dict[str, str], bytes, str]]:
    """Requests that would make a careless server fetch an address."""
    json_ld = json.dumps({"@context": address, "@id": "http://e/s", "p": "x"}).encode()
    imported = json.dumps(
        {"@context": {"@version": 1.1, "@import": address}, "@id": "http://e/s"}
    ).encode()
    entity = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "{address}">]>{RDF_XML}'
        '<rdf:Description rdf:about="http://e/s"><e:p>&x;</e:p></rdf:Description></rdf:RDF>'
    ).encode()
    external = f'<!DOCTYPE r SYSTEM "{address}">{RDF_XML}</rdf:RDF>'.encode()
    service = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
    variable = f"SELECT * {{ VALUES ?e {{ <{address}> }} SERVICE SILENT ?e {{ ?s ?p ?o }} }}"
    disguised = f"SELECT * {{ ?s ?p trueSERVICE<{address}>{{}} }}"
    reading = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } LIMIT 1"
    inserted = (
        f"INSERT {{ GRAPH <urn:g> {{ ?s ?p ?o }} }} WHERE {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
    )
    using = f"INSERT {{ GRAPH <urn:g> {{ ?s ?p ?o }} }} USING <{address}> WHERE {{ ?s ?p ?o }}"
    update = "application/sparql-update"
    return {
        "service": ("GET", "/sparql", {"query": service}, b"", ""),
        "service-by-variable": ("GET", "/sparql", {"query": variable}, b"", ""),
        "service-in-disguise": ("GET", "/sparql", {"query": disguised}, b"", ""),
        "service-posted": ("POST", "/sparql", {}, service.encode(), "application/sparql-query"),
        "from": ("GET", "/sparql", {"query": f"SELECT * FROM <{address}> {{ ?s ?p ?o }}"}, b"", ""),
        "from-named": (
            "GET", "/sparql",
            {"query": f"SELECT * FROM NAMED <{address}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"}, b"", "",
        ),
        "default-graph": (
            "GET", "/sparql", {"query": reading, "default-graph-uri": address}, b"", "",
        ),
        "named-graph": ("GET", "/sparql", {"query": reading, "named-graph-uri": address}, b"", ""),
        "load": ("POST", "/update", {}, f"LOAD <{address}> INTO GRAPH <urn:g>".encode(), update),
        "load-silent": ("POST", "/update", {}, f"LOAD SILENT <{address}>".encode(), update),
        "load-later": (
            "POST", "/update", {}, f"CLEAR SILENT GRAPH <urn:g>;LOAD<{address}>".encode(), update,
        ),
        "service-in-update": ("POST", "/update", {}, inserted.encode(), update),
        "using": ("POST", "/update", {}, using.encode(), update),
        "using-graph": (
            "POST", "/update", {"using-graph-uri": address},
            b"INSERT { GRAPH <urn:g> { ?s ?p ?o } } WHERE { ?s ?p ?o }", update,
        ),
        "graph": ("GET", "/graphs", {"graph": address}, b"", ""),
        "graph-put": (
            "PUT", "/graphs", {"graph": address}, b"<> <http://e/p> <x> .", "text/turtle",
        ),
        "context": ("PUT", "/graphs", {"graph": GRAPH}, json_ld, "application/ld+json"),
        "import": ("PUT", "/graphs", {"graph": GRAPH}, imported, "application/ld+json"),
        "entity": ("PUT", "/graphs", {"graph": GRAPH}, entity, "application/rdf+xml"),
        "document-type": ("PUT", "/graphs", {"graph": GRAPH}, external, "application/rdf+xml"),
        "symbol": ("GET", "/api/v1/resolve", {"symbol": address}, b"", ""),
    }  # fmt: skip


def send(victim, door, address):
    client, key = victim
    method, path, parameters, content, media = doors(address)[door]
    headers = {**key, **({"Content-Type": media} if media else {})}
    return client.request(method, path, params=parameters, content=content, headers=headers)


@pytest.mark.parametrize("door", doors("http://x/"))
def test_no_address_is_called(victim, listener, door):
    for host in HOSTS:
        response = send(victim, door, f"http://{host}:{listener.port}/x")

        assert response.status_code < 500, response.text
        assert not listener.calls, host


@pytest.mark.parametrize("door", doors("http://x/"))
def test_no_file_is_read(victim, tmp_path: Path, door):
    token = "a-secret-that-is-in-a-file"
    for name, text in (
        ("secret.ttl", f'<http://e/s> <http://e/p> "{token}" .'),
        ("secret.txt", token),
        ("secret.jsonld", json.dumps({"@context": {"p": f"http://e/{token}"}})),
    ):
        path = tmp_path / name
        path.write_text(text)
        for address in (f"file://{path}", f"file:{path}", f"file://localhost{path}", str(path)):
            response = send(victim, door, address)

            assert token not in response.text
            assert response.status_code < 500, response.text
    client, _ = victim
    query = f'SELECT * {{ GRAPH ?g {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), "{token}")) }} }}'
    found = client.get("/sparql", params={"query": query})
    assert found.json()["results"]["bindings"] == []


@pytest.mark.parametrize("door", ["service", "load", "context", "entity", "document-type"])
def test_refusal_is_a_problem_that_says_why(victim, door):
    response = send(victim, door, "http://169.254.169.254/latest/meta-data/")

    assert response.status_code == 400
    assert response.json()["remedy"]
