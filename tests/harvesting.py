"""Nodes for the tests of harvests: parts of the bundled corpus, servers that may be killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from dtrack.model import no_progress
from dtrack.settings import load_settings
from dtrack.wiring.writing import load_corpus, open_journal
from processes import descendants, free_port, wait_until

LEFT_OUT = ("statements",)
"""Parts of the corpus that cite decisions of all conventions."""


def make_home(root: Path, folder: Path, decisions: Sequence[str]) -> Path:
    """Home with everything that conventions share, and the decisions of some."""
    data = folder / "data"
    wanted = {"SOURCE.md", *decisions}

    def left_out(place: str, names: list[str]) -> list[str]:
        if Path(place) == root / "data":
            return [name for name in names if name in LEFT_OUT]
        return [n for n in names if n not in wanted] if Path(place).name == "decisions" else []

    shutil.copytree(root / "data", data, ignore=left_out)
    home = folder / "home"
    load_corpus(load_settings({"home": home}, {}), data, no_progress)
    return home


def state(home: Path) -> str:
    """Digest of all records of a home."""
    with open_journal(load_settings({"home": home}, {})) as journal:
        return journal.facts(journal.last()).digest if journal.last() else ""


class Server:
    """A node that is served at an address that stays, whoever kills it."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = {f"DTRACK_{name.upper()}": value for name, value in settings.items()}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> None:
        """Serve, and be ready."""
        environment = {"DTRACK_HOME": str(self.home), "DTRACK_QUERY_WORKERS": "1"}
        with (self.home.parent / "stderr").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dtrack", "serve", "--port", str(self.port)],
                env={**os.environ, **environment, **self._settings},
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        if wait:
            self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        assert wait_until(lambda: self.answers("/health/ready"), 90), "the node does not answer"

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def get(self, path: str) -> object:
        """JSON at a path."""
        with urllib.request.urlopen(self.url + path, timeout=60) as response:
            return json.load(response)

    def kill(self) -> None:
        """End it and all that it has started at once, as kill -9 does."""
        process = self._process
        if process is None:
            return
        left = descendants(process.pid)
        process.kill()
        process.wait()
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process = None

    def stop(self) -> None:
        """End it as an operator does."""
        process = self._process
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        finally:
            self.kill()

    def put(self, graph: str, content: bytes | None, key: str) -> None:
        """Change a graph, or withdraw it."""
        request = urllib.request.Request(
            f"{self.url}/graphs?graph={quote(graph, safe='')}",
            content,
            {"Authorization": f"Bearer {key}", "Content-Type": "application/n-triples"},
            method="DELETE" if content is None else "PUT",
        )
        with urllib.request.urlopen(request, timeout=90) as response:
            assert response.status in {200, 201, 204}


def publisher(home: Path) -> str:
    """Key that may publish at a node."""
    with open_journal(load_settings({"home": home}, {})) as journal:
        return journal.create_key("publish", ["publish"], None, "tests", "cli")[1]


@contextmanager
def serving(*servers: Server) -> Iterator[None]:
    """Serve nodes, and end them."""
    try:
        for server in servers:
            server.start(wait=False)
        for server in servers:
            server.wait()
        yield
    finally:
        for server in servers:
            server.stop()
