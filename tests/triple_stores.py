"""Real SPARQL servers for tests, each in a temporary folder on a free port of the loopback."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dtrack.bench.peers import VIRTUOSO_INI
from dtrack.stores.wire import Endpoint
from postgres import free_port

SECONDS = 60


class TripleStore:
    """A server that can be killed and started again on the same data and port."""

    def __init__(self, name: str, command: list[str], folder: Path, probe: str) -> None:
        self.name = name
        self.endpoint = Endpoint("", "")
        self._command = command
        self._folder = folder
        self._probe = probe
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                with urllib.request.urlopen(self._probe, timeout=2):
                    return
            except OSError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    said = (self._folder / "server.log").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"{self.name} does not start: {said}") from error
                time.sleep(0.1)

    def stop(self, *, kill: bool = False) -> None:
        if self._process is not None:
            self._process.kill() if kill else self._process.terminate()
            self._process.wait(SECONDS)
            self._process = None


def oxigraph_program() -> str | None:
    """The Oxigraph server, which comes from PyPI."""
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.is_file() else shutil.which("oxigraph")


def virtuoso_programs() -> tuple[str, str] | None:
    """Virtuoso and its client, which come from Debian (virtuoso-opensource)."""
    server, client = shutil.which("virtuoso-t"), shutil.which("isql-vt") or shutil.which("isql-v")
    return (server, client) if server and client else None


@contextmanager
def oxigraph_server() -> Iterator[TripleStore]:
    """A running Oxigraph server with nothing in it."""
    program = oxigraph_program()
    assert program is not None
    with tempfile.TemporaryDirectory(prefix="dtrack-oxigraph-") as name:
        folder, port = Path(name), free_port()
        command = [
            program,
            "serve",
            "--location",
            str(folder / "data"),
            "--bind",
            f"127.0.0.1:{port}",
        ]
        server = TripleStore("Oxigraph", command, folder, f"http://127.0.0.1:{port}/")
        server.endpoint = Endpoint(
            f"http://127.0.0.1:{port}/query", f"http://127.0.0.1:{port}/update", seconds=60
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def virtuoso_server() -> Iterator[TripleStore]:
    """A running Virtuoso with nothing in it, which lets anybody update."""
    programs = virtuoso_programs()
    assert programs is not None
    with tempfile.TemporaryDirectory(prefix="dtrack-virtuoso-") as name:
        folder, sql, http = Path(name), free_port(), free_port()
        ini = folder / "virtuoso.ini"
        text = VIRTUOSO_INI.format(
            folder=folder, data=folder, sql=sql, http=http, seconds=120, buffers=60_000,
            dirty=40_000,
        )  # fmt: skip
        ini.write_text(text)
        command = [programs[0], "+configfile", str(ini), "+foreground"]
        server = TripleStore(
            "Virtuoso", command, folder, f"http://127.0.0.1:{http}/sparql/?query=ASK%7B%7D"
        )
        address = f"http://127.0.0.1:{http}/sparql/"
        server.endpoint = Endpoint(address, address, seconds=120)
        server.start()
        try:
            subprocess.run(
                [programs[1], f"127.0.0.1:{sql}", "dba", "dba"],
                input=b'GRANT SPARQL_UPDATE TO "SPARQL";\n', check=True, capture_output=True,
                timeout=SECONDS,
            )  # fmt: skip
            yield server
        finally:
            server.stop()
