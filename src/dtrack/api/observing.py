"""What operators see of each request: an id, figures, and one line in the log."""

from __future__ import annotations

import logging
import re
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final
from uuid import uuid4

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from dtrack.api.metrics import Metrics

log = logging.getLogger("dtrack.requests")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request that is being answered, for every line of the log."""

_SANE: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HEADER: Final = b"x-request-id"


class ObservingMiddleware:
    """Wraps all else, so that refused and failed requests are seen too."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = _Seen(scope, send)
        request_id.set(seen.id)
        with self._metrics.running.track_inprogress():
            try:
                await self._app(scope, receive, seen.pass_on)
            except BaseException:
                seen.failed()
                raise
            finally:
                seconds = time.monotonic() - seen.started
                self._metrics.count(scope["method"], seen.route(), seen.status, seconds)
                seen.log(seconds)


class _Seen:
    """What is seen of one request."""

    def __init__(self, scope: Scope, send: Send) -> None:
        given = next((v for k, v in scope["headers"] if k == _HEADER), b"")
        self.id = given.decode() if _SANE.fullmatch(given) else uuid4().hex
        self.started = time.monotonic()
        self.status = 0
        self._size = 0
        self._scope = scope
        self._send = send

    async def pass_on(self, message: Message) -> None:
        """Take a message on its way out."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message["headers"], (_HEADER, self.id.encode())]
            message = {**message, "headers": headers}
        elif message["type"] == "http.response.body":
            self._size += len(message.get("body", b""))
        await self._send(message)

    def failed(self) -> None:
        """Take note of a fault of ours; the answer is then made further out."""
        self.status = self.status or 500

    def route(self) -> str:
        """Address as its route writes it; "none" where there is no route."""
        return str(getattr(self._scope.get("route"), "path", "none"))

    def log(self, seconds: float) -> None:
        """One line; addresses may hold private queries, so only the path and the route."""
        log.info(
            "request answered",
            extra={
                "request_id": self.id,
                "method": self._scope["method"],
                "path": self._scope["path"],
                "route": self.route(),
                "status": self.status,
                "bytes": self._size,
                "ms": round(seconds * 1000),
            },
        )
