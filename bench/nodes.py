"""Two nodes over one PostgreSQL journal and one remote store, which is killed amid the load.

    python bench/nodes.py [--seconds 60] [--json FILE]

Six clients read and two write, half of them at each node, for so many seconds.
A third of the time in, the remote store (Oxigraph) is ended by SIGKILL; ten
seconds later it starts again. Afterwards every acknowledged write must be in
the journal, in both nodes and in the remote store, and every answer that was
no success must be a clean 503. Exit code 1 otherwise.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import postgres as pg
import triple_stores
from dtrack.model import no_progress
from dtrack.settings import load_settings
from dtrack.stores.building import open_current
from dtrack.stores.remote import RemoteStore
from dtrack.terms import BASE
from dtrack.wiring.writing import load_corpus, open_curator
from processes import served, wait_until

READERS = 6
DOWN_SECONDS = 10.0
TITLE = "http://purl.org/dc/terms/title"
GRAPHS = tuple(f"{BASE}/graph/decision/cbd-cop-12-{number}" for number in (19, 28))
"""One for each writer, so that the last acknowledged title of each is known."""


def _things(graph: str) -> str:
    return graph.replace("/graph/", "/id/")


def _sparql(query: str) -> str:
    return f"/sparql?query={quote(query)}"


READS = (
    _sparql(f"SELECT ?t {{ <{_things(GRAPHS[0])}> <{TITLE}> ?t }}"),
    _sparql(f"SELECT * {{ ?s a <{BASE}/ontology#Decision> }} LIMIT 20"),
    "/api/v1/instruments?limit=10",
    "/api/v1/queries/frameworks_overview",
)


@dataclass
class Counts:
    """What happened, counted by all clients."""

    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    unclean: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)


def _asked(request: urllib.request.Request, counts: Counts, kind: str, times: list[float]) -> bool:
    """Whether a request succeeded; what else it got is counted."""
    start = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=90) as response:
            response.read()
        times.append(1000 * (time.perf_counter() - start))
        return True
    except urllib.error.HTTPError as error:
        media = error.headers.get("Content-Type", "")
        if error.code == 503 and media.startswith("application/problem+json"):
            counts.refused[f"{kind} 503"] += 1
        else:
            counts.unclean.append(f"{kind}: {error.code} {media}")
    except OSError as error:
        counts.unclean.append(f"{kind}: {type(error).__name__}")
    return False


def _read(url: str, number: int, end: float, counts: Counts) -> None:
    while time.monotonic() < end:
        for read in READS[number % 2 :]:
            _asked(urllib.request.Request(url + read), counts, "read", counts.reads)
            time.sleep(0.05)


def _write(url: str, graph: str, content: bytes, key: str, end: float, counts: Counts) -> None:
    """Give a decision one title after the other."""
    number = 0
    while time.monotonic() < end:
        number += 1
        title = f"title {number}"
        line = f'<{_things(graph)}> <{TITLE}> "{title}"@en .\n'.encode()
        request = urllib.request.Request(
            f"{url}/graphs?graph={quote(graph, safe='')}",
            content + line,
            {"Authorization": f"Bearer {key}", "Content-Type": "application/n-triples"},
            method="PUT",
        )
        if _asked(request, counts, "write", counts.writes):
            counts.said[graph] = title
        time.sleep(0.2)


def _shown(url: str, graph: str) -> str:
    query = f'SELECT ?t {{ <{_things(graph)}> <{TITLE}> ?t FILTER(LANG(?t) = "en") }}'
    request = urllib.request.Request(
        url + _sparql(query), headers={"Accept": "application/sparql-results+json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        (row,) = json.load(response)["results"]["bindings"]
    return str(row["t"]["value"])


def _percentile(times: list[float], share: int) -> int:
    return round(statistics.quantiles(times, n=100)[share - 1]) if len(times) > 1 else 0


def run(seconds: float) -> tuple[Counts, list[str]]:
    """Load, kill, start again, and look; gives the counts, and what was lost or differs."""
    counts = Counts()
    found = pg.programs()
    if found is None:
        raise SystemExit("PostgreSQL is not installed.")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dtrack-nodes-")))
        server = stack.enter_context(pg.running(found))
        oxigraph = stack.enter_context(triple_stores.oxigraph_server())
        environment = {
            "DTRACK_JOURNAL_URL": server.new_database(),
            "DTRACK_STORE_URL": oxigraph.endpoint.query,
            "DTRACK_STORE_UPDATE_URL": oxigraph.endpoint.update,
            "DTRACK_FOLLOW_SECONDS": "1",
            "DTRACK_CLIENT_BUDGET": "100000",
        }
        homes = [folder / "one", folder / "two"]
        settings = load_settings({"home": homes[0]}, environment, folder=folder)
        load_corpus(settings, None, no_progress)
        with open_curator(settings) as curator:
            key = curator.journal.create_key("publish", ["publish"], None, "bench", "cli")[1]
        urls = [
            stack.enter_context(served(environment={**environment, "DTRACK_HOME": str(home)})).url
            for home in homes
        ]
        with open_current(homes[0]) as store:
            contents = [
                b"".join(
                    line
                    for line in store.graph(graph).splitlines(keepends=True)
                    if f"<{TITLE}>".encode() not in line or b"@en" not in line
                )
                for graph in GRAPHS
            ]
        end = time.monotonic() + seconds
        threads = [
            threading.Thread(target=_read, args=(urls[n % 2], n, end, counts))
            for n in range(READERS)
        ]
        threads += [
            threading.Thread(target=_write, args=(urls[n], graph, contents[n], key, end, counts))
            for n, graph in enumerate(GRAPHS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(seconds / 3)
        oxigraph.stop(kill=True)
        time.sleep(DOWN_SECONDS)
        oxigraph.start()
        for thread in threads:
            thread.join()
        return counts, _lost(urls, homes, RemoteStore(oxigraph.endpoint), counts)


def _lost(urls: list[str], homes: list[Path], remote: RemoteStore, counts: Counts) -> list[str]:
    """What is not as it was acknowledged, some time after the last write."""
    expected = [counts.said[graph] for graph in GRAPHS if graph in counts.said]

    def dumps() -> set[bytes]:
        found = {remote.dump()}
        for home in homes:
            with open_current(home) as store:
                found.add(store.dump())
        return found

    faults = []
    if not wait_until(lambda: len(dumps()) == 1, 60):
        faults.append("nodes and remote store do not hold the same")
    for url in urls:
        shown = [_shown(url, graph) for graph in GRAPHS if graph in counts.said]
        if shown != expected:
            faults.append(f"a node shows {shown}, acknowledged was {expected}")
    return faults


def main() -> int:
    """Run, print, and say whether all was well."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    counts, faults = run(options.seconds)
    figures = {
        "seconds": options.seconds,
        "reads": len(counts.reads),
        "read_p50_ms": _percentile(counts.reads, 50),
        "read_p95_ms": _percentile(counts.reads, 95),
        "writes_acknowledged": len(counts.writes),
        "write_p50_ms": _percentile(counts.writes, 50),
        "write_p95_ms": _percentile(counts.writes, 95),
        "refused_cleanly": dict(counts.refused),
        "unclean": Counter(counts.unclean),
        "lost_or_different": faults,
    }
    for name, value in figures.items():
        print(f"{name:<22} {value}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 1 if faults or counts.unclean else 0


if __name__ == "__main__":
    sys.exit(main())
