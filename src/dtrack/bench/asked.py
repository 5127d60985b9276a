"""An engine in a process of its own: ``python -m dtrack.bench.asked ENGINE FOLDER``.

It reads requests as lines of JSON and answers each with one, so that a query
past its time can be ended with its process.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pyoxigraph
from rdflib import Graph


class Pyoxigraph:
    """The engine without dtrack, on disk."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._store = pyoxigraph.Store(str(folder / "pyoxigraph"))

    def load(self, path: str) -> None:
        """Load a file."""
        self._store.bulk_load(path=path)
        self._store.flush()

    def rows(self, query: str) -> int:
        """Rows of the whole answer."""
        answer = self._store.query(query)
        return sum(1 for _ in answer) if isinstance(answer, pyoxigraph.QuerySolutions) else 1


class Rdflib:
    """The library's own engine, in memory."""

    def __init__(self, _folder: Path) -> None:
        self._graph = Graph()

    def load(self, path: str) -> None:
        """Load a file."""
        self._graph.parse(path, format="nt")

    def rows(self, query: str) -> int:
        """Rows of the whole answer."""
        return sum(1 for _ in self._graph.query(query))


ENGINES: dict[str, type[Pyoxigraph | Rdflib]] = {"pyoxigraph": Pyoxigraph, "rdflib": Rdflib}


def _answer(engine: Pyoxigraph | Rdflib, request: dict[str, str]) -> dict[str, Any]:
    started = time.perf_counter()
    if "load" in request:
        engine.load(request["load"])
        return {"seconds": time.perf_counter() - started}
    rows = engine.rows(request["query"])
    return {"seconds": time.perf_counter() - started, "rows": rows}


def main() -> None:
    """Answer until the input ends."""
    engine = ENGINES[sys.argv[1]](Path(sys.argv[2]))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(engine, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
