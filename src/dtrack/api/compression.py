"""Responses packed with gzip for those who accept it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TAG_MARK: Final = "-gz"
"""End of the entity tags of packed answers."""
SMALLEST: Final = 1024
"""Bodies below this gain nothing."""
_PACKED_ALREADY: Final = ("image/png", "image/jpeg", "application/zip", "application/gzip")
_PIECE: Final = 1 << 18


class CompressionMiddleware:
    """Wraps an application whose responses come in one piece.

    An entity tag is marked on the way, for the bytes are others.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not accepts_gzip(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        head: Message = {}

        async def pass_on(message: Message) -> None:
            nonlocal head
            if message["type"] == "http.response.start":
                head = message
                return
            if head and message["type"] == "http.response.body":
                started, head = head, {}
                if _gains(started, message):
                    message = {**message, "body": _packed(message["body"])}
                    _mark(started, len(message["body"]))
                await send(started)
            await send(message)

        await self._app(scope, receive, pass_on)


def accepts_gzip(headers: Headers) -> bool:
    """Whether Accept-Encoding names gzip, or anything, and does not refuse it."""
    qualities: dict[str, float] = {}
    for part in ",".join(headers.getlist("accept-encoding")).lower().split(",")[:20]:
        name, _, weight = part.partition(";")
        try:
            quality = float(weight.partition("=")[2] or 1)
        except ValueError:
            quality = 0.0
        qualities[name.strip()] = quality
    return qualities.get("gzip", qualities.get("*", 0.0)) > 0


def _gains(head: Message, body: Message) -> bool:
    """Whether a whole response is worth packing."""
    headers = MutableHeaders(raw=head["headers"])
    return (
        not body.get("more_body", False)
        and len(body.get("body", b"")) >= SMALLEST
        and "content-encoding" not in headers
        and headers.get("content-type", "").partition(";")[0] not in _PACKED_ALREADY
    )


def _packed(body: bytes) -> bytes:
    # Level 1: the answer should not wait for the last few percent.
    stream = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16)
    return stream.compress(body) + stream.flush()


def _mark(head: Message, size: int) -> None:
    """Say in the headers that a body is packed."""
    headers = MutableHeaders(raw=head["headers"])
    headers["content-encoding"] = "gzip"
    headers["content-length"] = str(size)
    tag = headers.get("etag")
    if tag is not None and tag.endswith('"'):
        headers["etag"] = f'{tag[:-1]}{TAG_MARK}"'
