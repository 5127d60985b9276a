"""Each guard is what stops its attack: with it nothing happens, and without it the attack works.

Guards are taken away in this process only, and nothing is called but this machine.
"""

from __future__ import annotations

import hmac
import os
import socket
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import anyio
import pyoxigraph as engine
import pytest
from fastapi import Request
from starlette.staticfiles import StaticFiles

from dtrack.api import bodies, middleware, security, wire
from dtrack.api.problems import HttpProblem
from dtrack.catalogue import binding, read_query
from dtrack.errors import DtrackError, QueryError, SyntaxProblem
from dtrack.stores import embedded, federation, guard, outgoing, plain, uploads
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.updating import UpdateText
from dtrack.web import rendering
from dtrack.web.app import create_app
from serving import TestClient, small_service

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'


@pytest.fixture
def client(root):
    with TestClient(create_app(small_service(root)), raise_server_exceptions=False) as client:
        yield client


def nothing(*_: object, **__: object) -> None:
    """What a guard is that is gone."""


def is_refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except (DtrackError, HttpProblem):
        return True
    return False


def test_engine_would_follow_service(monkeypatch, listener):
    store = EmbeddedStore.in_memory()
    query = f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{listener.port}/> {{ ?s ?p ?o }} }}"

    assert is_refused(lambda: store.select(query))
    assert not listener.calls
    monkeypatch.setattr(embedded, "check", nothing)
    with suppress(DtrackError):
        store.select(query)
    assert listener.calls


@pytest.mark.parametrize(
    "act",
    ["LOAD SILENT <{}>", "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{}> {{ ?s ?p ?o }} }}"],
    ids=["load", "service"],
)
def test_engine_would_follow_updates(monkeypatch, listener, act):
    text = UpdateText(act.format(f"http://127.0.0.1:{listener.port}/"), "http://e/")

    assert is_refused(lambda: plain.update(engine.Store(), text))
    assert not listener.calls
    monkeypatch.setattr(guard, "check_update", nothing)
    with suppress(DtrackError):
        plain.update(engine.Store(), text)
    assert listener.calls


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"])
def test_our_own_client_would_call_this_machine(monkeypatch, listener, host):
    def call() -> None:
        outgoing.post_query(f"https://{host}:{listener.port}/", "ASK {}")

    assert is_refused(call)
    assert not listener.calls
    monkeypatch.setattr(outgoing, "is_public", lambda _: True)
    assert is_refused(call)
    assert listener.calls


def test_any_endpoint_would_be_asked_for_its_rows():
    heard: list[str] = []

    def ask(address: str, _: str) -> bytes:
        heard.append(address)
        return b'{"head": {"vars": []}, "results": {"bindings": []}}'

    evil = "https://evil.example/"
    query = f"SELECT * {{ SERVICE <{evil}> {{ ?s ?p ?o }} }}"

    assert is_refused(lambda: federation.expanded(query, ["https://far.example/"], ask))
    assert heard == []
    federation.expanded(query, [evil], ask)
    assert heard == [evil]


def test_answer_that_drips_would_go_on_past_the_deadline(monkeypatch):
    monkeypatch.setattr(outgoing, "SECONDS", 0.3)

    def seconds() -> float:
        with socket.create_server(("127.0.0.1", 0)) as dripping:

            def drip() -> None:
                wire_, _ = dripping.accept()
                with wire_, suppress(OSError):
                    wire_.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                    for _ in range(20):
                        time.sleep(0.05)
                        wire_.sendall(b"0")

            thread = threading.Thread(target=drip)
            thread.start()
            started = time.monotonic()
            address = f"http://127.0.0.1:{dripping.getsockname()[1]}/"
            assert is_refused(lambda: outgoing.post_query(address, "ASK {}", inside=True))
            taken = time.monotonic() - started
            thread.join()
            return taken

    assert seconds() < 0.7
    monkeypatch.setattr(outgoing._Connection, "cut", nothing)
    assert seconds() > 0.9


def test_large_answer_would_be_taken(monkeypatch):
    class Answer:
        status = 200
        left = 5

        def read1(self, _: int) -> bytes:
            self.left -= 1
            return b"x" * 1000 if self.left else b""

    class Call:
        sock = None

        def getresponse(self) -> Answer:
            return Answer()

    def read() -> object:
        return outgoing._body(Call(), time.monotonic() + 5)

    monkeypatch.setattr(outgoing, "MOST_BYTES", 2000)
    assert is_refused(read)
    monkeypatch.setattr(outgoing, "MOST_BYTES", 1 << 30)
    assert read() == b"x" * 4000


def test_parser_would_unfold_entities(monkeypatch):
    ten = "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in (("a", "b"), ("b", "c"), ("c", "j"))
    )
    data = (
        f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">{ten}]><rdf:RDF {RDF}>'
        "<rdf:Description rdf:about='http://e/s'><e:p>&j;</e:p></rdf:Description></rdf:RDF>"
    ).encode()

    def read() -> list[engine.Triple]:
        return uploads.upload_triples(data, "application/rdf+xml", "http://e/")

    assert is_refused(read)
    monkeypatch.setattr(uploads, "_check", nothing)
    assert len(str(read()[0].object.value)) == 10_000 > 20 * len(data)


def test_parser_would_go_as_deep_as_one_likes(monkeypatch):
    depth = 400
    data = (
        f"<rdf:RDF {RDF}>".encode()
        + b"<rdf:Description><e:p>" * depth + b"</e:p></rdf:Description>" * depth + b"</rdf:RDF>"
    )  # fmt: skip

    def read() -> list[engine.Triple]:
        return uploads.upload_triples(data, "application/rdf+xml", "http://e/")

    with pytest.raises(SyntaxProblem, match="nested"):
        read()
    monkeypatch.setattr(uploads, "DEEPEST", 10**6)
    assert len(read()) >= depth - 1


def test_query_would_go_as_deep_as_one_likes(monkeypatch):
    query = "ASK " + "{" * 300 + "}" * 300

    with pytest.raises(QueryError, match="deep"):
        guard.check(query)
    monkeypatch.setattr(guard, "_DEEPEST", 10**6)
    guard.check(query)


def test_triples_would_be_without_number(monkeypatch):
    data = b"".join(b"<http://e/s> <http://e/p> %d .\n" % n for n in range(11))

    def read() -> list[engine.Triple]:
        return uploads.upload_triples(data, "text/turtle", "http://e/")

    monkeypatch.setattr(uploads, "MOST_TRIPLES", 10)
    assert is_refused(read)
    monkeypatch.setattr(uploads, "MOST_TRIPLES", 10**6)
    assert len(read()) == 11


def _received(chunk: bytes, limit: int) -> bytes | None:
    """Body of a request whose chunks never end, or None when it was still coming."""

    async def receive() -> dict[str, object]:
        await anyio.sleep(0.02)
        return {"type": "http.request", "body": chunk, "more_body": True}

    scope = {"type": "http", "method": "POST", "headers": [], "path": "/", "query_string": b""}

    async def read() -> bytes | None:
        with anyio.move_on_after(1):
            return await bodies.body_of(Request(scope, receive), limit)
        return None

    return anyio.run(read)


def test_slow_body_would_be_awaited_for_ever(monkeypatch):
    monkeypatch.setattr(bodies, "SECONDS", 0.2)
    with pytest.raises(HttpProblem) as caught:
        _received(b"#", 10**6)
    assert caught.value.status == 408

    monkeypatch.setattr(bodies, "SECONDS", float("inf"))
    assert _received(b"#", 10**6) is None


def test_body_without_a_length_would_grow_for_ever():
    with pytest.raises(HttpProblem) as caught:
        _received(b"#" * 1000, 5000)
    assert caught.value.status == 413

    # The limit is all that ends it.
    assert _received(b"#" * 1000, 10**9) is None


def test_packed_body_would_be_unpacked_whole(monkeypatch):
    packed = zlib.compress(b" " * (20 << 20), 9)
    assert len(bodies._Unpacking()(packed, 1000)) == 1000

    monkeypatch.setattr(
        bodies._Unpacking, "__call__", lambda self, piece, _: self._stream.decompress(piece)
    )
    assert len(bodies._Unpacking()(packed, 1000)) == 20 << 20


def test_javascript_would_be_a_link(monkeypatch, client):
    page = client.get("/doc/decision/cbd-cop-12-19", headers={"Accept": "text/html"}).text
    assert "javascript:" in page
    assert 'href="javascript:' not in page

    monkeypatch.setattr(rendering, "href", lambda iri, _=(): iri)
    page = client.get("/doc/decision/cbd-cop-12-19", headers={"Accept": "text/html"}).text
    assert 'href="javascript:' in page


def test_browsers_would_not_be_told_to_be_careful(monkeypatch, client):
    names = {"content-security-policy", "x-content-type-options"}
    assert names <= set(client.get("/sparql?query=ASK%7B%7D").headers)

    monkeypatch.setattr(middleware, "SECURITY_HEADERS", {})
    assert not names & set(client.get("/sparql?query=ASK%7B%7D").headers)


def test_pages_of_other_origins_could_write(monkeypatch, client):
    def methods() -> str:
        return str(client.options("/update").headers["access-control-allow-methods"])

    assert "POST" not in methods()
    monkeypatch.setattr(middleware, "_WRITTEN", middleware.re.compile("(?!)"))
    assert "POST" in methods()


def test_text_would_become_syntax(monkeypatch, root):
    path = root / "queries" / "catalogue" / "search.rq"
    query = read_query("search", path.read_text("utf-8"), path.name)
    attack = 'x") } } INSERT DATA { <a:b> <a:b> <a:b> } #'

    def is_syntax() -> bool:
        return any(
            t.is_word("INSERT") for t in binding.tokens(binding.bind(query, {"words": attack}))
        )

    assert not is_syntax()
    monkeypatch.setattr(binding, "sparql", lambda term: f'"{getattr(term, "lexical", term)}"')
    assert is_syntax()


def test_two_lengths_would_be_taken(monkeypatch, client):
    headers = {
        "Content-Type": "application/sparql-query", "Content-Length": "5",
        "Transfer-Encoding": "chunked",
    }  # fmt: skip

    def status() -> int:
        return int(client.post("/sparql", content=b"ASK{}", headers=headers).status_code)

    assert status() == 400

    async def let_pass(self, scope, receive, send) -> None:
        await self._app(scope, receive, send)

    monkeypatch.setattr(wire.OneLengthMiddleware, "__call__", let_pass)
    assert status() == 200


def test_static_paths_would_lead_out(monkeypatch, client):
    path = "/static/%2e%2e/app.py"
    assert client.get(path).status_code == 404

    def careless(self, path: str) -> tuple[str, os.stat_result | None]:
        full = Path(self.directory) / path
        return str(full), full.stat() if full.exists() else None

    monkeypatch.setattr(StaticFiles, "lookup_path", careless)
    assert "def create_app" in client.get(path).text


@pytest.fixture
def guesses(victim):
    """Statuses of some guesses at a key whose id is known, and a change with each."""
    client, headers = victim
    client.app.state.attempts = security.Attempts()
    identity = headers["Authorization"].split("_")[1]

    def guess(count: int, secret: str = "0") -> list[int]:
        token = f"dt_{identity}_{secret * 64}"
        return [
            client.get("/api/v1/keys", headers={"Authorization": f"Bearer {token}"}).status_code
            if secret == "0"
            else client.post(
                "/update",
                content="DELETE WHERE { GRAPH <urn:none> { ?s ?p ?o } }",
                headers={
                    "Authorization": f"Bearer {token}",
                    "Content-Type": "application/sparql-update",
                },
            ).status_code
            for _ in range(count)
        ]

    yield guess
    client.app.state.attempts = security.Attempts()


def test_keys_could_be_guessed_without_end(monkeypatch, victim, guesses):
    many = security.FAILURES + 5
    assert guesses(many) == [401] * security.FAILURES + [429] * 5

    victim[0].app.state.attempts = security.Attempts(most=10**6)
    assert guesses(many) == [401] * many


def test_comparison_in_constant_time_is_what_decides(monkeypatch, guesses):
    compared: list[tuple[object, object]] = []

    def says(answer: bool) -> Callable[[object, object], bool]:
        def compare(given: object, held: object) -> bool:
            compared.append((given, held))
            return answer

        return compare

    assert guesses(1, "1") == [401]
    monkeypatch.setattr(hmac, "compare_digest", says(True))
    # A wrong secret opens when the comparison says so, and nothing else is asked.
    assert guesses(1, "1") == [204]
    # What is compared are digests of one length, never secrets.
    assert {len(str(each)) for pair in compared for each in pair} == {64}
