"""What every response gets: headers, an ETag, an answer to HEAD."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from dtrack.api.problems import SECURITY_HEADERS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from dtrack.wiring.serving import Source

_READING = frozenset({"GET", "HEAD"})
_CORS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Content-Language, Retry-After, X-Request-ID"),
)
_PREFLIGHT = (
    (b"access-control-allow-headers", b"Accept, Accept-Language, Content-Type, If-None-Match"),
    (b"access-control-max-age", b"86400"),
)

_VARY = b"Accept, Accept-Encoding, Accept-Language"

_WRITTEN = re.compile(r"/(?:update|graphs)(?:/|$)")
"""Addresses that are written to; pages of other origins may only read them."""
_READ_BY_POST = b"GET, HEAD, POST"
_READ_ONLY = b"GET, HEAD"

Headers = list[tuple[bytes, bytes]]


class ResponseMiddleware:
    """Wraps an application; each request is given the service that is current when it comes."""

    def __init__(self, app: ASGIApp, source: Source) -> None:
        self._app = app
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        service = self._source.current()
        scope.setdefault("state", {})["service"] = service
        answer = _Answer(scope, send, service.marker.digest)
        if scope["method"] == "OPTIONS":
            await answer.preflight()
        else:
            inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
            try:
                await self._app(inner, receive, answer.pass_on)
            finally:
                scope["route"] = inner.get("route")


class _Answer:
    """One response on its way out; the body of a successful reading is held until it is whole."""

    def __init__(self, scope: Scope, send: Send, digest: str) -> None:
        self._scope = scope
        self._send = send
        self._digest = digest
        self._head: Message | None = None
        self._body: list[bytes] = []
        self._status = 0

    async def preflight(self) -> None:
        """Tell a browser what other origins may do."""
        self._status = 204
        path = self._scope["path"]
        others = _READ_ONLY if _WRITTEN.match(path) else _READ_BY_POST
        headers = [
            *_CORS,
            *_PREFLIGHT,
            *_fixed(),
            (b"access-control-allow-methods", others),
            (b"allow", allowed(path)),
        ]
        await self._send({"type": "http.response.start", "status": 204, "headers": headers})
        await self._send({"type": "http.response.body", "body": b""})

    async def pass_on(self, message: Message) -> None:
        """Take a message from the application."""
        if message["type"] == "http.response.start":
            self._head = message
            self._status = message["status"]
        elif message["type"] == "http.response.body":
            self._body.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._finish()
        else:
            await self._send(message)

    async def _finish(self) -> None:
        assert self._head is not None  # noqa: S101 - the head comes before the body
        body = b"".join(self._body)
        headers: Headers = list(self._head["headers"])
        _add_missing(headers, [*_fixed(), (b"vary", _VARY), *_CORS])
        if self._status == 200 and self._scope["method"] in _READING:
            tag = _header(headers, b"etag") or self._tag(body, headers)
            _add_missing(headers, [(b"etag", tag), (b"cache-control", b"no-cache")])
            if _matches(_header(self._scope["headers"], b"if-none-match"), tag):
                self._status, body = 304, b""
                headers = [pair for pair in headers if not pair[0].startswith(b"content-le")]
        if self._scope["method"] == "HEAD":
            body = b""
        await self._send({**self._head, "status": self._status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    def _tag(self, body: bytes, headers: Headers) -> bytes:
        """Entity tag of the store's content and this representation of it."""
        whole = sha256(self._digest.encode())
        whole.update(_header(headers, b"content-type"))
        whole.update(body)
        return f'"{whole.hexdigest()[:32]}"'.encode()


def allowed(path: str) -> bytes:
    """Methods that an address knows."""
    if path == "/update":
        return b"POST, OPTIONS"
    if _WRITTEN.match(path):
        return b"GET, HEAD, PUT, POST, DELETE, OPTIONS"
    return b"GET, HEAD, POST, OPTIONS"


def _fixed() -> Headers:
    return [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]


def _header(headers: Headers, name: bytes) -> bytes:
    """Value of a header, b"" where it is missing."""
    return next((value for key, value in headers if key.lower() == name), b"")


def _add_missing(headers: Headers, more: Headers) -> None:
    """Add headers that are not there yet."""
    present = {name.lower() for name, _ in headers}
    headers += [pair for pair in more if pair[0] not in present]


def _matches(condition: bytes, tag: bytes) -> bool:
    """Whether If-None-Match names a tag; a weak comparison (RFC 9110, 13.1.2)."""
    named = {part.strip().removeprefix(b"W/") for part in condition.split(b",")}
    return tag.removeprefix(b"W/") in named or b"*" in named
