"""A node with a desk, and people with a key each who use its forms without scripts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk import desk_settings
from dtrack.web.app import create_app
from dtrack.wiring.serving import Node, open_service
from serving import TestClient

HTML = {"Accept": "text/html"}
SCOPES = {"ann": "propose", "ben": "review", "cat": "publish", "eva": "admin"}


class Desk:
    """A node, and a browser for each of four people."""

    def __init__(self, app, keys: dict[str, str], node: Node | None = None) -> None:
        self.node = node
        self.nobody = TestClient(app, raise_server_exceptions=False)
        self.browsers = {who: TestClient(app, raise_server_exceptions=False) for who in keys}
        self._keys = keys
        for who in keys:
            self.enter(who)

    def enter(self, who: str, back: str = ""):
        return self.browsers[who].post(
            "/desk/sign-in", data={"key": self._keys[who], "back": back},
            headers=HTML, follow_redirects=False,
        )  # fmt: skip

    def get(self, path: str, who: str = "ann") -> str:
        return self.browsers[who].get(path, headers=HTML).text

    def send(self, fields: dict[str, str], path: str = "/desk/text", who: str = "ann"):
        return self.browsers[who].post(
            path, files={name: (None, value) for name, value in fields.items()},
            headers=HTML, follow_redirects=False,
        )  # fmt: skip

    def read(self, content: str, **about: str):
        token = fields_of(self.get("/desk/text"))["token"]
        return self.send({"token": token, "content": content, **about})

    def act(self, who: str, number: str, act: str):
        token = fields_of(self.get(f"/desk/{number}", who))["token"]
        return self.browsers[who].post(
            f"/desk/{number}", data={"act": act, "text": "", "token": token},
            headers=HTML, follow_redirects=False,
        )  # fmt: skip


def fields_of(page: str) -> dict[str, str]:
    """Fields of a page's forms as a browser without scripts would send them."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, kind = _of(tag, "name"), _of(tag, "type")
        if name and kind != "file" and (kind not in {"radio", "checkbox"} or " checked" in tag):
            found[name] = _of(tag, "value")
    for head, body in re.findall(r"<textarea ([^>]*)>([^<]*)</textarea>", page):
        found[_of(head, "name")] = html.unescape(body)
    for head, body in re.findall(r"<select ([^>]*)>(.*?)</select>", page, re.DOTALL):
        options = re.findall(r"<option [^>]*>", body)
        chosen = [one for one in options if " selected" in one] or options
        found[_of(head, "name")] = _of(chosen[0], "value")
    return found


def _of(tag: str, name: str) -> str:
    match = re.search(rf'(?:^| ){name}="([^"]*)"', tag)
    return html.unescape(match[1]) if match else ""


@contextmanager
def opened(home: Path) -> Iterator[Desk]:
    """The desk of a home, with everybody signed in."""
    node = open_service(desk_settings(home))
    try:
        journal = node.desk.curator.journal
        yield Desk(
            create_app(node),
            {
                who: journal.create_key(who, [scope], None, "tests", "cli")[1]
                for who, scope in SCOPES.items()
            },
            node,
        )
    finally:
        node.close()
