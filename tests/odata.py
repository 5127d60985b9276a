"""A small OData server on 127.0.0.1 for the tests of harvesting, and rows in own words."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

MS = 1_423_583_065_000
"""10 February 2015, as feeds write it: milliseconds since 1970."""


def decision(number: str = "XII/98", identifier: str = "d-1", **more: Any) -> dict[str, Any]:
    """A row of Decisions, version 3, with stubs where nothing is."""
    stub = [{"__metadata": {"type": "Decision"}}]
    row = {
        "__metadata": {"type": "Decision", "uri": f"http://h/x.svc/Decisions('{identifier}')"},
        "protocolVersion": 1, "id": identifier, "link": f"https://feed.example/{identifier}",
        "title": [{"language": "en", "value": "Made up"}], "longTitle": stub, "summary": stub,
        "type": "decision", "status": "active", "number": number, "treaty": "cbd",
        "published": f"/Date({MS})/", "updated": f"/Date({MS + 1000})/",
        "meetingId": "cbd-cop-12", "content": stub, "keywords": stub,
        "files": [{"__metadata": {"type": "File"}, "id": identifier}], "displayOrder": 7,
    }  # fmt: skip
    return {name: value for name, value in (row | more).items() if value is not ...}


def page(*rows: dict[str, Any]) -> bytes:
    """A page of version 3."""
    return json.dumps({"d": {"results": list(rows)}}).encode()


@dataclass
class Service:
    """What the server holds and does. ``sets`` maps a set to its rows."""

    sets: dict[str, list[dict[str, Any]]]
    version: int = 3
    size: int = 2
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    url: str = ""

    def body(self, name: str, query: dict[str, list[str]]) -> dict[str, Any] | None:
        """A page of a set, or the service's document; None where a filter is not understood."""
        if not name:
            listed = [{"name": n, "kind": "EntitySet", "url": n} for n in self.sets]
            return {"value": listed} if self.version == 4 else {"d": {"EntitySets": [*self.sets]}}
        asked = query.get("$filter", [""])[0]
        if asked and ("datetime'" in asked) != (self.version < 4):
            return None
        rows, skip = self.sets[name], int(query.get("$skip", ["0"])[0])
        part, rest = rows[skip : skip + self.size], rows[skip + self.size :]
        following = f"{self.url}/{name}?$skip={skip + self.size}"
        if self.version == 4:
            told: dict[str, Any] = {"@odata.context": f"{self.url}/$metadata#{name}", "value": part}
            return told | ({"@odata.nextLink": following} if rest else {})
        inner: dict[str, Any] = {"results": part}
        return {"d": inner | ({"__next": following} if rest else {})}


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    """The service on a free port of the loopback, for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            service.asked.append(self.path)
            name = parts.path.removeprefix("/x.svc").strip("/")
            if name in service.answers:
                service.answers[name](self)
                return
            body = service.body(name, parse_qs(parts.query))
            if body is None:
                self.reply(400, b"")
                return
            data = json.dumps(body).encode()
            etag = f'"{sha256(data).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == etag:
                self.reply(304, b"", ETag=etag)
                return
            self.reply(200, data, ETag=etag)

        def reply(self, status: int, data: bytes, **headers: str) -> None:
            service.statuses.append(status)
            self.send_response(status)
            for header, value in headers.items():
                self.send_header(header.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.url = f"http://127.0.0.1:{server.server_address[1]}/x.svc"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
