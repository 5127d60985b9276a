"""Requests that two servers could read differently are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_BODY: Final = (
    b'{"type": "https://w3id.org/dtrack/problem/bad-request", "title": "Bad Request", '
    b'"status": 400, "detail": "The request says its length in two ways.", "instance": "", '
    b'"remedy": "Send Content-Length or Transfer-Encoding, not both.", "place": null}'
)


class OneLengthMiddleware:
    """Wraps an application; ends the connection of who sends two lengths.

    A server in front that believes the other one would take the rest of the
    body for a request of somebody else (RFC 9112, 6.1).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        names = [name for name, _ in scope["headers"]] if scope["type"] == "http" else []
        if b"content-length" not in names or b"transfer-encoding" not in names:
            await self._app(scope, receive, send)
            return
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(_BODY)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": _BODY})
