"""How the server fares under load: fast reads beside runaway queries, uploads and broken clients.

    python bench/load.py [--seconds 60] [--home FOLDER] [--no-uploads]

Sixteen clients, each with an address of its own on this machine, for so many
seconds against a real `dtrack serve`: twelve read, one sends a runaway query
every second, one uploads a record again and again, two hang up amid a query.
Without --home the bundled corpus is loaded into a temporary folder first.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from dtrack.model import no_progress
from dtrack.settings import load_settings
from dtrack.terms import BASE
from dtrack.wiring.writing import load_corpus, open_journal
from processes import descendants, served

READERS = 12
QUERY_SECONDS = 5
PAUSE = 0.1
"""Seconds that a reader thinks between two requests."""
RECORD = f"{BASE}/graph/decision/cbd-cop-12-19"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f) }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?c }"


def _sparql(query: str) -> str:
    return f"/sparql?query={quote(query)}"


FAST = (
    _sparql("ASK {}"),
    _sparql(f"SELECT * {{ ?s a <{BASE}/ontology#Decision> }} LIMIT 20"),
    _sparql(f"SELECT ?p ?o {{ <{BASE}/id/instrument/cbd> ?p ?o }}"),
    f"/graphs?graph={quote(RECORD)}",
    "/health/live",
    "/api/v1/instruments?limit=10",
)


@dataclass
class Counts:
    """What happened, counted by all clients."""

    fast: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    runaways: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    uploads: Counter[str] = field(default_factory=Counter)
    aborted: int = 0
    memory: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Client:
    """A client with an address of its own."""

    url: str
    number: int

    def connect(self, seconds: float = 60) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        # Budgets are kept for each address, and all of 127/8 is this machine.
        own = (f"127.0.1.{self.number}", 0)
        return http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=seconds, source_address=own
        )

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        connection = self.connect()
        try:
            connection.request(method, path, body or None, headers or {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def read_fast(client: Client, counts: Counts, end: float) -> None:
    choose = random.Random(client.number)
    while time.monotonic() < end:
        path = choose.choice(FAST)
        started = time.monotonic()
        try:
            status, _ = client.send("GET", path)
        except OSError as error:
            counts.wrong[type(error).__name__] += 1
        else:
            counts.fast.append(time.monotonic() - started)
            if status != 200:
                counts.wrong[f"{status} {path[:30]}"] += 1
        time.sleep(PAUSE)


def run_away(client: Client, counts: Counts, end: float) -> None:
    """Send a runaway query each second, without waiting for the former."""

    def one() -> None:
        started = time.monotonic()
        try:
            status, body = client.send("GET", _sparql(RUNAWAY))
        except OSError as error:
            counts.runaways[type(error).__name__] += 1
            return
        told = "ended at its deadline" if b"was ended after" in body else "refused"
        counts.runaways[f"{status} {told}"] += 1
        counts.longest = max(counts.longest, time.monotonic() - started)

    running = []
    while time.monotonic() < end:
        thread = threading.Thread(target=one)
        thread.start()
        running.append(thread)
        time.sleep(1)
    for thread in running:
        thread.join()


def upload(client: Client, counts: Counts, end: float, token: str) -> None:
    path = f"/graphs?graph={quote(RECORD)}"
    key = {"Authorization": f"Bearer {token}", "Content-Type": "application/n-triples"}
    _, record = client.send("GET", f"{path}&format=ntriples")
    title = b"<http://purl.org/dc/terms/modified>"
    for number in range(10_000):
        if time.monotonic() >= end:
            return
        day = f'"2026-11-{number % 28 + 1:02}"^^<http://www.w3.org/2001/XMLSchema#date>'.encode()
        lines = [
            line[: line.index(title)] + title + b" " + day + b" .\n" if title in line else line
            for line in record.splitlines(keepends=True)
        ]
        try:
            status, _ = client.send("PUT", path, b"".join(lines), key)
            counts.uploads[str(status)] += 1
        except OSError as error:
            counts.uploads[type(error).__name__] += 1
        time.sleep(1)


def abort(client: Client, counts: Counts, end: float) -> None:
    """Ask something slow, and hang up."""
    while time.monotonic() < end:
        connection = client.connect()
        try:
            connection.request("GET", _sparql(SLOW))
            time.sleep(0.2)
        except OSError:
            pass
        finally:
            connection.close()
        counts.aborted += 1
        time.sleep(0.3)


def watch(pid: int, counts: Counts, stop: threading.Event) -> None:
    """Note the resident memory of the server and its processes, in MiB."""
    while not stop.wait(1):
        total = 0
        for process in (pid, *descendants(pid)):
            try:
                pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
            except OSError:
                continue
            total += pages * os.sysconf("SC_PAGE_SIZE")
        counts.memory.append(total >> 20)


def measure(home: Path, seconds: float, *, uploads: bool = True) -> Counts:
    """Run all clients against a server for some seconds."""
    with open_journal(load_settings({"home": home})) as journal:
        name = f"bench-{os.getpid()}"
        token = journal.create_key(name, ["publish"], None, "bench", "cli")[1]
    environment = {"DTRACK_HOME": str(home), "DTRACK_QUERY_SECONDS": str(QUERY_SECONDS)}
    counts, stop = Counts(), threading.Event()
    with served(environment=environment) as server:
        end = time.monotonic() + seconds
        clients = [Client(server.url, number) for number in range(1, READERS + 5)]
        threads = [
            *(threading.Thread(target=read_fast, args=(c, counts, end)) for c in clients[:READERS]),
            threading.Thread(target=run_away, args=(clients[READERS], counts, end)),
            *(
                [threading.Thread(target=upload, args=(clients[READERS + 1], counts, end, token))]
                if uploads
                else []
            ),
            *(
                threading.Thread(target=abort, args=(c, counts, end))
                for c in clients[READERS + 2 :]
            ),
        ]
        watcher = threading.Thread(target=watch, args=(server.pid, counts, stop))
        for thread in (watcher, *threads):
            thread.start()
        for thread in threads:
            thread.join()
        stop.set()
        watcher.join()
    return counts


def report(counts: Counts, seconds: float) -> None:
    fast = sorted(counts.fast)
    cuts = statistics.quantiles(fast, n=100) if len(fast) > 1 else [0.0] * 99
    listed = ", ".join(f"{n} x {what}" for what, n in sorted(counts.wrong.items())) or "none"
    print(f"seconds                {seconds:g}")
    print(f"fast reads             {len(fast)}, {len(fast) / seconds:.0f} per second")
    print(f"  p50, p99, worst      {cuts[49] * 1000:.0f}, {cuts[98] * 1000:.0f}, "
          f"{fast[-1] * 1000 if fast else 0:.0f} ms")  # fmt: skip
    print(f"  errors               {listed}")
    print(f"runaways               {dict(counts.runaways)}, longest {counts.longest:.1f} s")
    print(f"uploads                {dict(counts.uploads)}")
    print(f"aborted                {counts.aborted}")
    memory = counts.memory or [0]
    print(f"memory of all, MiB     first {memory[0]}, last {memory[-1]}, most {max(memory)}")
    # served() fails where one is left.
    print("processes left         0")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--no-uploads", action="store_true", help="read only")
    given = parser.parse_args()
    if given.home:
        report(measure(given.home, given.seconds, uploads=not given.no_uploads), given.seconds)
        return
    with tempfile.TemporaryDirectory(prefix="dtrack-bench-") as folder:
        home = Path(folder) / "home"
        load_corpus(load_settings({"home": home}), None, no_progress)
        report(measure(home, given.seconds, uploads=not given.no_uploads), given.seconds)


if __name__ == "__main__":
    main()
