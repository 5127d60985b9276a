"""Peers: engines and servers that are asked the same questions, each with a time limit."""

from __future__ import annotations

import json
import select
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Final, Protocol

from dtrack.errors import StoreError

GRAPH: Final = "urn:bench"
_START_SECONDS: Final = 120
_LOAD_SECONDS: Final = 7200


class Peer(Protocol):
    """Something that can be loaded and asked."""

    name: str

    def load(self, triples: Path) -> float:
        """Seconds that it takes to load a file of N-Triples, ready to be asked."""
        ...

    def ask(self, query: str, seconds: float) -> float | None:
        """Seconds until the whole answer is there; None past the limit."""
        ...

    def memory(self) -> int:
        """Resident memory, in MiB."""
        ...

    def close(self) -> None:
        """End it."""
        ...


def resident(pid: int) -> int:
    """Resident memory of a process, in MiB; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmRSS")), 0)


class Engine:
    """An engine in a process of its own (dtrack.bench.asked)."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder
        self._triples: Path | None = None
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dtrack.bench.asked", self.name, str(self._folder)]
        return subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def _request(self, request: dict[str, str], seconds: float) -> float | None:
        given, taken = self._process.stdin, self._process.stdout
        if given is None or taken is None:  # pragma: no cover - we asked for pipes
            return None
        given.write(json.dumps(request).encode() + b"\n")
        given.flush()
        if not select.select([taken], [], [], seconds)[0]:
            return None
        line = taken.readline()
        if not line:
            raise StoreError(f"{self.name} has ended amid a request.")
        return float(json.loads(line)["seconds"])

    def load(self, triples: Path) -> float:
        """Seconds that it takes to load a file."""
        self._triples = triples
        found = self._request({"load": str(triples)}, _LOAD_SECONDS)
        if found is None:
            raise StoreError(f"{self.name} does not load the data.")
        return found

    def ask(self, query: str, seconds: float) -> float | None:
        """Seconds until the whole answer is there; its process is ended past the limit."""
        found = self._request({"query": query}, seconds)
        if found is None:
            self.close()
            self._process = self._start()
            if self.name == "rdflib" and self._triples is not None:
                self.load(self._triples)
        return found

    def memory(self) -> int:
        """Resident memory, in MiB."""
        return resident(self._process.pid)

    def close(self) -> None:
        """End its process."""
        self._process.kill()
        self._process.communicate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A SPARQL server on the loopback; subclasses say how it is started and loaded."""

    name = "server"

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """Program with its arguments."""
        raise NotImplementedError

    def address(self) -> str:
        """Where queries go."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(  # noqa: S603
            self.command(), cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + _START_SECONDS
        while self.ask("ASK {}", 5) is None:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise StoreError(f"{self.name} does not start.")
            time.sleep(0.2)

    def ask(self, query: str, seconds: float) -> float | None:
        """Seconds until the whole answer is there; it is started again past the limit."""
        body = urllib.parse.urlencode({"query": query, **self.parameters()}).encode()
        request = urllib.request.Request(  # noqa: S310 - the address is ours
            self.address(), body, {"Accept": "application/sparql-results+json"}
        )
        started = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
                answer.read()
        except (OSError, urllib.error.HTTPError):
            if query != "ASK {}":
                self.close()
                self.start()
            return None
        taken = time.perf_counter() - started
        return taken if taken <= seconds else None

    def parameters(self) -> dict[str, str]:
        """What goes with each query."""
        return {}

    def memory(self) -> int:
        """Resident memory, in MiB."""
        return resident(self._process.pid) if self._process else 0

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Oxigraph(Server):
    """The Oxigraph server of PyPI."""

    name = "oxigraph"

    def command(self) -> list[str]:
        """Program with its arguments."""
        place = str(self._folder / "oxigraph")
        bind = f"127.0.0.1:{self._port}"
        return [_program("oxigraph"), "serve-read-only", "--location", place, "--bind", bind]

    def address(self) -> str:
        """Where queries go."""
        return f"http://127.0.0.1:{self._port}/query"

    def load(self, triples: Path) -> float:
        """Seconds that it takes to load a file, offline as its manual says."""
        started = time.perf_counter()
        place = str(self._folder / "oxigraph")
        command = [_program("oxigraph"), "load", "--location", place, "--file", str(triples)]
        subprocess.run(command, check=True, capture_output=True, timeout=_LOAD_SECONDS)  # noqa: S603
        taken = time.perf_counter() - started
        self.start()
        return taken


VIRTUOSO_INI: Final = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
MaxQueryMem = 2G
DirsAllowed = {folder}, {data}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = 2000000
MaxQueryExecutionTime = {seconds}
MaxQueryCostEstimationTime = 0
"""
"""Settings of a Virtuoso that listens on the loopback and lives in a folder."""


class Virtuoso(Server):
    """Virtuoso of Debian, with buffers for 4 GB as its manual recommends."""

    name = "virtuoso"

    def __init__(self, folder: Path, seconds: float) -> None:
        super().__init__(folder, seconds)
        self._sql = _free_port()

    def command(self) -> list[str]:
        """Program with its arguments."""
        ini = str(self._folder / "virtuoso.ini")
        return [_program("virtuoso-t"), "+configfile", ini, "+foreground"]

    def address(self) -> str:
        """Where queries go."""
        return f"http://127.0.0.1:{self._port}/sparql/"

    def parameters(self) -> dict[str, str]:
        """What goes with each query."""
        return {"default-graph-uri": GRAPH}

    def load(self, triples: Path) -> float:
        """Seconds that its bulk loader takes for a file."""
        ini = VIRTUOSO_INI.format(
            folder=self._folder, data=triples.parent, sql=self._sql, http=self._port,
            seconds=int(self._seconds), buffers=340_000, dirty=250_000,
        )  # fmt: skip
        (self._folder / "virtuoso.ini").write_text(ini)
        self.start()
        script = (
            f"ld_dir('{triples.parent}', '{triples.name}', '{GRAPH}');\n"
            "rdf_loader_run();\ncheckpoint;\n"
        )
        started = time.perf_counter()
        client = shutil.which("isql-vt") or _program("isql-v")
        subprocess.run(  # noqa: S603
            [client, f"127.0.0.1:{self._sql}", "dba", "dba"],
            input=script.encode(), check=True, capture_output=True, timeout=_LOAD_SECONDS,
        )  # fmt: skip
        return time.perf_counter() - started


def _program(name: str) -> str:
    """Path of a program, beside Python or on the path. Raises StoreError."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.is_file() else shutil.which(name)
    if not found:
        raise StoreError(
            f"The program '{name}' is missing.", remedy="Install it, or leave it out of --peers."
        )
    return found


PEERS: Final = ("pyoxigraph", "oxigraph", "virtuoso", "rdflib")


def peer(name: str, folder: Path, seconds: float) -> Peer:
    """Peer with its files in a folder."""
    if name == "oxigraph":
        return Oxigraph(folder, seconds)
    if name == "virtuoso":
        return Virtuoso(folder, seconds)
    return Engine(name, folder)
