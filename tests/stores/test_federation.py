"""SERVICE becomes rows, from endpoints that the operator allows, and nobody else is called."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from dtrack.errors import QueryError
from dtrack.model import Record
from dtrack.stores import outgoing
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.federation import expanded
from dtrack.stores.outgoing import CallError, is_inside, is_public, post_query

FAR = "https://far.example/sparql"


def results(columns, *rows):
    return json.dumps({"head": {"vars": columns}, "results": {"bindings": list(rows)}}).encode()


def uri(text):
    return {"type": "uri", "value": text}


def literal(text, **more):
    return {"type": "literal", "value": text, **more}


@pytest.fixture
def store():
    opened = EmbeddedStore.in_memory()
    opened.load([Record("urn:g", b'<urn:a> <urn:p> "1" .\n<urn:b> <urn:p> "2" .\n', "made")])
    return opened


def asked(store, query, answer, asked_with=None):
    def ask(address, text):
        if asked_with is not None:
            asked_with.append((address, text))
        if isinstance(answer, Exception):
            raise answer
        return answer

    return [tuple(row.values()) for row in store.select(expanded(query, [FAR], ask)).texts()]


def test_rows_from_afar_join_those_at_home(store):
    heard = []
    answer = results(
        ["s", "name"], {"s": uri("urn:b"), "name": literal('B "\\\n', **{"xml:lang": "en"})}
    )

    rows = asked(
        store,
        "PREFIX u: <urn:> SELECT ?s ?o ?name "
        f"{{ ?s u:p ?o . SERVICE <{FAR}> {{ ?s u:name ?name }} }}",
        answer,
        heard,
    )  # fmt: skip

    assert rows == [("urn:b", "2", 'B "\\\n')]
    ((address, text),) = heard
    assert address == FAR
    assert text == "PREFIX u: <urn:>  SELECT * WHERE { ?s u:name ?name }"


def test_what_is_unbound_afar_joins_anything(store):
    rows = asked(
        store,
        f"SELECT ?s ?x {{ ?s <urn:p> ?o SERVICE <{FAR}> {{ ?s ?q ?x }} }} ORDER BY ?s",
        results(["s", "x"], {"x": literal("7", datatype="urn:d")}),
    )

    assert rows == [("urn:a", "7"), ("urn:b", "7")]


def test_no_rows_are_no_rows_and_silence_is_one(store):
    query = f"SELECT ?s {{ ?s <urn:p> ?o SERVICE <{FAR}> {{ ?s <urn:q> ?x }} }}"

    assert asked(store, query, results(["s", "x"])) == []
    assert len(asked(store, query.replace("SERVICE", "SERVICE SILENT"), CallError("x"))) == 2
    with pytest.raises(CallError):
        asked(store, query, CallError("x"))


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE <https://far.example/sparql/> { ?s ?p ?o }",
        "SERVICE <https://FAR.example/sparql> { ?s ?p ?o }",
        "SERVICE <https://far.example:443/sparql> { ?s ?p ?o }",
        "SERVICE <https://far.example/sparql?x=1> { ?s ?p ?o }",
        "SERVICE SILENT <https://evil.example/> { ?s ?p ?o }",
        "SERVICE far:sparql { ?s ?p ?o }",
        f"VALUES ?e {{ <{FAR}> }} SERVICE ?e {{ ?s ?p ?o }}",
        f"SERVICE <{FAR}> {{ SERVICE <{FAR}> {{ ?s ?p ?o }} }}",
        f"SERVICE <{FAR}>",
        f"{{ SERVICE <{FAR}> {{ ?s ?p ?o }} }} " * 6,
    ],
)
def test_others_are_not_called(store, clause):
    heard = []

    with pytest.raises(QueryError) as caught:
        asked(store, f"PREFIX far: <https://far.example/> SELECT * {{ {clause} }}", b"{}", heard)

    assert not heard
    assert caught.value.remedy


def test_keyword_in_disguise_still_meets_the_guard(store):
    with pytest.raises(QueryError, match="SERVICE is refused"):
        asked(store, "SELECT * { ?s ?p trueSERVICE<http://x>{} }", b"{}")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>root:x:0:0</html>",
        b"[]",
        b'{"head": {"vars": []}}',
        results(["s) { } } #"]),
        results(["s"], {"s": uri("urn:x> } SERVICE <http://127.0.0.1/> { ?a ?b ?c")}),
        results(["s"], {"s": literal("x", **{"xml:lang": 'en" } #'})}),
        results(["s"], {"s": literal("x", datatype="urn:x> } #")}),
        results(["s"], {"s": {"type": "triple", "value": {}}}),
        results(["s"], *({"s": uri("urn:x")} for _ in range(10_001))),
        b"[" * 100_000,
    ],
)
def test_answer_that_is_none_is_refused_and_not_repeated(store, answer):
    with pytest.raises(CallError) as caught:
        asked(store, f"SELECT * {{ SERVICE <{FAR}> {{ ?s ?p ?o }} }}", answer)

    assert "root" not in str(caught.value)
    assert "urn:x" not in str(caught.value)


INSIDE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "2001:0:7f00:1::", "ff02::1", "no address",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_the_inside_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_addresses_of_the_outside_are_public(address):
    assert is_public(address)


@pytest.fixture
def near():
    """A server of this machine that notes who calls."""

    class Near(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            self.server.heard.append((self.path, parse_qs(body.decode())))
            self.server.behave(self)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Near)
    server.heard = []
    server.behave = lambda handler: say(handler, 200, results(["s"]))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def say(handler, status, body=b"", **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def spellings(port):
    return [
        f"{scheme}://{host}:{port}/sparql"
        for scheme in ("http", "https")
        for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1",
                     "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "user@127.0.0.1")
    ]  # fmt: skip


def test_this_machine_is_not_called_however_it_is_spelt(near):
    # Fails where is_public() lets 127.0.0.1 pass, or names are not looked up first.
    for address in spellings(near.server_port):
        with pytest.raises(CallError):
            post_query(address, "ASK {}")

    assert not near.heard


def test_test_may_call_this_machine(near):
    body = post_query(f"http://127.0.0.1:{near.server_port}/x?y=1", "ASK {}", inside=True)

    assert json.loads(body)["head"] == {"vars": ["s"]}
    assert near.heard == [("/x?y=1", {"query": ["ASK {}"]})]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "::1", "fd12::1"]
)
def test_addresses_near_by_are_inside(address):
    assert is_inside(address)


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1",
     "::ffff:127.0.0.1", "64:ff9b::a00:1", "172.32.0.1", "8.8.8.8", "localhost"],
)  # fmt: skip
def test_addresses_where_clouds_keep_secrets_are_not_inside(address):
    assert not is_inside(address)


def test_redirects_are_not_followed(near):
    near.behave = lambda handler: say(
        handler, 302, Location=f"http://127.0.0.1:{near.server_port}/"
    )

    with pytest.raises(CallError, match="status 302"):
        post_query(f"http://127.0.0.1:{near.server_port}/", "ASK {}", inside=True)

    assert len(near.heard) == 1


def test_large_and_slow_answers_are_given_up(near, monkeypatch):
    address = f"http://127.0.0.1:{near.server_port}/"
    near.behave = lambda handler: say(handler, 200, b"x" * 2000)
    monkeypatch.setattr(outgoing, "MOST_BYTES", 1000)
    with pytest.raises(CallError, match="too large"):
        post_query(address, "ASK {}", inside=True)

    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(20):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    near.behave = drip
    monkeypatch.setattr(outgoing, "SECONDS", 0.5)
    started = time.monotonic()
    with pytest.raises(CallError, match="too long"):
        post_query(address, "ASK {}", inside=True)
    assert time.monotonic() - started < 1.5


DRIPS = {
    "status": b"",
    "headers": b"HTTP/1.1 200 OK\r\n",
    "a-header": b"HTTP/1.1 200 OK\r\nX: ",
    "chunk-size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
    "endless-body": b"HTTP/1.1 200 OK\r\n\r\n",
}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("where", DRIPS)
def test_answer_that_drips_is_cut_at_the_deadline(monkeypatch, where, scheme):
    # Without the cut, each byte gives the call as much time again.
    monkeypatch.setattr(outgoing, "SECONDS", 0.5)
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as dripping:

        def drip():
            wire, _ = dripping.accept()
            with wire, suppress(OSError):
                wire.sendall(DRIPS[where] if scheme == "http" else b"\x16\x03\x03\x40\x00")
                while not done.wait(0.05):
                    wire.sendall(b"0")

        thread = threading.Thread(target=drip)
        thread.start()
        started = time.monotonic()
        try:
            with pytest.raises(CallError, match="too long"):
                post_query(
                    f"{scheme}://127.0.0.1:{dripping.getsockname()[1]}/", "ASK {}", inside=True
                )
        finally:
            done.set()
            thread.join()
        assert time.monotonic() - started < 1.5


def test_all_calls_of_a_query_share_one_deadline(near, monkeypatch):
    address = f"http://127.0.0.1:{near.server_port}/"
    monkeypatch.setattr(outgoing, "SECONDS", 1.0)

    def slow(handler):
        time.sleep(0.6)
        with suppress(OSError):
            say(handler, 200, results(["s"]))

    near.behave = slow
    clause = f"{{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
    started = time.monotonic()
    with pytest.raises(CallError, match="too long"):
        expanded(f"SELECT * {{ {clause} UNION {clause} UNION {clause} }}", [address], inside=True)

    assert time.monotonic() - started < 1.6
    assert len(near.heard) == 2
