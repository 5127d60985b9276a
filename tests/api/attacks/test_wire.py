"""Raw requests against the served program: paths, headers, and clients that dawdle."""

from __future__ import annotations

import socket
import time
import urllib.request
from urllib.parse import urlsplit

import pytest

from processes import Served


def talk(server: Served, data: bytes, seconds: float = 1) -> bytes:
    """All that the server says to some bytes."""
    parts = urlsplit(server.url)
    said = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=seconds) as wire:
        wire.sendall(data)
        try:
            while piece := wire.recv(65536):
                said += piece
        except (TimeoutError, ConnectionResetError):
            pass
    return said


def statuses(said: bytes) -> list[int]:
    """Statuses of the responses in what was said."""
    return [int(part[:3]) for part in said.split(b"HTTP/1.1 ")[1:]]


CLIMBS = [
    "/static/../../../../pyproject.toml", "/static/..%2f..%2f..%2f..%2fpyproject.toml",
    "/static/%2e%2e/%2e%2e/%2e%2e/pyproject.toml", "/static/....//....//pyproject.toml",
    "/static/..\\..\\pyproject.toml", "/static//etc/passwd", "/static/%00/../../etc/passwd",
    "/doc/../../../etc/passwd", "/doc/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/id/../../etc/passwd",
    "/codes/../../../etc/passwd", "/graph/../../../etc/passwd", "/graphs?graph=../../etc/passwd",
    "/api/v1/queries/..%2f..%2f..%2fetc%2fpasswd", "/api/v1/queries/../../../etc/passwd",
    "/ontology/../../../etc/passwd", "/dump/../../../../etc/passwd", "//etc/passwd",
    "/.%2e/.%2e/etc/passwd", "/%c0%ae%c0%ae/etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("path", CLIMBS)
def test_no_path_leads_out(server: Served, path: str) -> None:
    said = talk(server, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())

    assert b"root:" not in said
    assert b"[project]" not in said
    (status,) = statuses(said)
    assert status in {400, 403, 404, 406}


HIDDEN = b"GET /version HTTP/1.1\r\nHost: hidden\r\n\r\n"
SMUGGLED = {
    "both-lengths": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two-lengths": b"Content-Length: 0\r\nContent-Length: 41\r\n\r\n" + HIDDEN,
    "listed-lengths": b"Content-Length: 0, 41\r\n\r\n" + HIDDEN,
    "signed-length": b"Content-Length: +0\r\n\r\n" + HIDDEN,
    "negative-length": b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "strange-coding": b"Transfer-Encoding: xchunked\r\n\r\n" + HIDDEN,
    "coding-twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + HIDDEN,
    "space-before-colon": b"Content-Length : 41\r\n\r\n" + HIDDEN,
    "folded": b"X: a\r\n Content-Length: 41\r\n\x0bY: b\r\n\r\n" + HIDDEN,
    "zero-byte": b"X: a\x00b\r\n\r\n" + HIDDEN,
    "bad-chunk": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + HIDDEN,
    "long-chunk-size": b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 100 + b"1\r\nx\r\n" + HIDDEN,
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_no_request_is_hidden_in_another(server: Served, name: str) -> None:
    said = talk(
        server,
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        + SMUGGLED[name],
    )

    # A second response would be one to the hidden request; the first must be a refusal.
    found = statuses(said)
    assert len(found) <= 1
    assert all(status >= 400 for status in found)
    assert b'"digest"' not in said


@pytest.mark.parametrize(
    "value", ["evil.example", "evil.example\r\nX-Injected: 1", "127.0.0.1:1@evil.example"]
)
def test_nothing_is_made_of_the_host_header(server: Served, value: str) -> None:
    for path in ("/sparql", "/id/decision/cbd-cop-12-98", "/", "/openapi.json"):
        said = talk(
            server,
            f"GET {path} HTTP/1.1\r\nHost: {value}\r\nConnection: close\r\n\r\n".encode(),
        )

        assert b"evil.example" not in said


def test_no_header_is_injected_by_a_parameter(server: Served) -> None:
    for path in (
        "/find?q=x%0d%0aX-Injected:%201", "/id/%0d%0aX-Injected:%201", "/sparql?format=%0d%0aX:1",
        "/api/v1/instruments?lang=en%0d%0aX-Injected:%201",
    ):  # fmt: skip
        said = talk(server, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())

        head = said.partition(b"\r\n\r\n")[0].lower()
        assert b"\r\nx-injected" not in head
        assert b"\r\nx:1" not in head


def test_long_heads_are_refused(server: Served) -> None:
    said = talk(server, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * (1 << 20) + b"\r\n\r\n")

    assert statuses(said) in ([400], [431], [])


def test_clients_that_dawdle_hinder_nobody(server: Served) -> None:
    parts = urlsplit(server.url)
    slow = [socket.create_connection((parts.hostname, parts.port)) for _ in range(100)]
    try:
        for number, wire in enumerate(slow):
            wire.sendall(
                b"GET / HTTP/1.1\r\nHost: x\r\nX-"
                if number % 2
                else b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
                b"Content-Type: application/sparql-query\r\n\r\nASK"
            )
        started = time.monotonic()
        with urllib.request.urlopen(f"{server.url}/sparql?query=ASK%7B%7D", timeout=10) as response:
            assert b"true" in response.read()
        assert time.monotonic() - started < 3
    finally:
        for wire in slow:
            wire.close()
