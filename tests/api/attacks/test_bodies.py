"""Bodies that grow, never end, or are nested without end harm nobody."""

from __future__ import annotations

import gzip
import time
import zlib

import anyio
import pytest
from fastapi import Request

from desk import GRAPH, decision
from dtrack.api import bodies
from dtrack.api.problems import HttpProblem

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'
DEEP = 3000


def bomb(head: str) -> bytes:
    return (
        f"{head}<rdf:RDF {RDF}><rdf:Description rdf:about='http://e/s'><e:p>&j;</e:p>"
        "</rdf:Description></rdf:RDF>"
    ).encode()


ENTITIES = "".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
)  # fmt: skip
BOMBS = {
    # 500 bytes that would be 10 GB.
    "laughs": bomb(f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'),
    "declared": bomb(f'<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "a">{ENTITIES}]>'),
    "commented": bomb(f'<!-- - --><!DOCTYPE\nr\n[<!ENTITY j "{"a" * 100}">]>'),
    "parameter": bomb("<!DOCTYPE r [<!ENTITY % p \"<!ENTITY j 'x'>\">%p;]>"),
    "marked": b"\xef\xbb\xbf" + bomb('<!DOCTYPE r [<!ENTITY j "x">]>'),
    "wide": bomb('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r [<!ENTITY j "x">]>')
    .decode()
    .encode("utf-16"),
}
NESTED = {
    "xml": (
        f"<rdf:RDF {RDF}>".encode()
        + b"<rdf:Description><e:p>" * DEEP + b"</e:p></rdf:Description>" * DEEP + b"</rdf:RDF>",
        "application/rdf+xml",
    ),
    # A quoted ">" does not hide how deep it is.
    "xml-quoted": (
        f"<rdf:RDF {RDF}>".encode()
        + b"<rdf:Description e:q='/>'><e:p>" * DEEP + b"</e:p></rdf:Description>" * DEEP
        + b"</rdf:RDF>",
        "application/rdf+xml",
    ),
    "json": (
        b'{"@id": "http://e/s", "http://e/p": ' * DEEP + b"1" + b"}" * DEEP,
        "application/ld+json",
    ),
    "lists": (b"<http://e/s> <http://e/p> " + b"(" * DEEP + b")" * DEEP + b" .", "text/turtle"),
    "brackets": (
        b"<http://e/s> <http://e/p> " + b"[<http://e/p> " * DEEP + b"1" + b"]" * DEEP + b" .",
        "text/turtle",
    ),
}  # fmt: skip


def put(victim, content, media, **more):
    client, key = victim
    return client.put(
        "/graphs",
        params={"graph": GRAPH},
        content=content,
        headers={**key, "Content-Type": media, **more},
    )


def unharmed(victim) -> bool:
    client, _ = victim
    kept = client.get("/graphs", params={"graph": GRAPH, "format": "ntriples"})
    return bool(kept.content == decision())


@pytest.mark.parametrize("name", BOMBS)
def test_entities_are_refused(victim, name):
    # Without the refusal of a DOCTYPE the parser unfolds them.
    started = time.monotonic()
    response = put(victim, BOMBS[name], "application/rdf+xml")

    assert response.status_code == 400
    assert time.monotonic() - started < 5
    assert unharmed(victim)


@pytest.mark.parametrize("name", NESTED)
def test_depth_is_bounded(victim, name):
    # Without the bound, XML takes quadratic time and a parser its whole stack.
    content, media = NESTED[name]
    started = time.monotonic()
    response = put(victim, content, media)

    assert response.status_code == 400
    assert "nested" in response.json()["detail"]
    assert time.monotonic() - started < 5
    assert unharmed(victim)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * DEEP + "}" * DEEP,
        "ASK { FILTER(" + "(" * DEEP + "1" + ")" * DEEP + ") }",
    ],
)
@pytest.mark.parametrize("path", ["/sparql", "/update"])
def test_depth_of_queries_is_bounded(victim, path, query):
    client, key = victim
    media = "application/sparql-query" if path == "/sparql" else "application/sparql-update"

    response = client.post(path, content=query, headers={**key, "Content-Type": media})

    assert response.status_code == 400
    assert "deep" in response.json()["detail"]


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)]
)
@pytest.mark.parametrize("path", ["/graphs", "/sparql", "/update"])
def test_packed_body_is_unpacked_no_further_than_the_limit(victim, path, encoding, pack):
    client, key = victim
    content = pack(b" " * (100 << 20))
    media = {
        "/graphs": "text/turtle",
        "/sparql": "application/sparql-query",
        "/update": "application/x-www-form-urlencoded",
    }[path]

    response = client.request(
        "PUT" if path == "/graphs" else "POST",
        path,
        params={"graph": GRAPH} if path == "/graphs" else {},
        content=content,
        headers={**key, "Content-Type": media, "Content-Encoding": encoding},
    )

    assert response.status_code == 413


@pytest.mark.parametrize("path", ["/graphs?graph=urn:g", "/sparql", "/update"])
def test_declared_size_is_enough_to_refuse(victim, path):
    client, key = victim
    media = {"/graphs": "text/turtle", "/sparql": "application/sparql-query"}.get(
        path.partition("?")[0], "application/sparql-update"
    )

    response = client.request(
        "PUT" if path.startswith("/graphs") else "POST",
        path,
        content=b"x",
        headers={**key, "Content-Type": media, "Content-Length": str(1 << 40)},
    )

    assert response.status_code == 413


def test_form_of_many_fields_is_refused(victim):
    client, _ = victim

    response = client.post(
        "/sparql",
        content="&".join(f"a{n}=1" for n in range(5000)),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert response.status_code == 400


def test_slow_body_is_given_up(monkeypatch):
    # Without the limit of time this never ends.
    monkeypatch.setattr(bodies, "SECONDS", 0.3)

    async def receive():
        await anyio.sleep(0.05)
        return {"type": "http.request", "body": b"#", "more_body": True}

    scope = {"type": "http", "method": "POST", "headers": [], "path": "/", "query_string": b""}

    async def read():
        with pytest.raises(HttpProblem) as caught:
            await bodies.body_of(Request(scope, receive), 1000)
        return caught.value.status

    assert anyio.run(read) == 408
