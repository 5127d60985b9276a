"""How long the gate takes for one changed decision, and the audit against pySHACL.

    python bench/gate.py --sizes 100k 1m 10m --folder /var/tmp

Prints a table in Markdown, then the same as JSON. Stores lie on disk in a
folder of their own that is removed at the end (10 M triples: about 3 GB).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from corpus import SIZES, corpus

from dtrack.model import Revision, Severity
from dtrack.stores.embedded import EmbeddedStore
from dtrack.validation.compiled import validate_store
from dtrack.validation.gate import gate
from dtrack.validation.reading import graph_of
from dtrack.validation.reference import validate_graph
from dtrack.validation.shapes import bundled_shapes

if TYPE_CHECKING:
    from collections.abc import Callable

    from dtrack.model import Report

_DECISIONS: Final = """
SELECT ?graph WHERE {
  ?graph a <https://w3id.org/dtrack/ontology#Record> ;
         <https://w3id.org/dtrack/ontology#recordOf> ?text .
  ?text <https://w3id.org/dtrack/ontology#instrument> ?instrument .
  FILTER(STRSTARTS(STR(?text), "https://w3id.org/dtrack/id/decision/bench"))
}
"""


def retitled(content: bytes) -> bytes:
    """Another English title."""
    return re.sub(rb'(terms/title> ")[^"]*("@en)', rb"\1another title\2", content)


def restated(content: bytes) -> bytes:
    """Another summary and another actor in the first paragraph."""
    content = re.sub(rb'(/1> <[^>]*#summary> ")[^"]*("@en)', rb"\1another summary\2", content)
    return re.sub(rb"(/1/1> <[^>]*#addressee> <[^>]*/actor/)[^>]*>", rb"\1parties>", content)


def redated(content: bytes) -> bytes:
    """Another day of adoption, which taggings and citations read."""
    return re.sub(rb'(#adopted> "\d{4}-10-)17', rb"\g<1>18", content)


def broken(content: bytes) -> bytes:
    """A part above that is not there."""
    return re.sub(rb"(/1> <[^>]*#partOf> <)[^>]*>", rb"\1urn:nowhere>", content)


EDITS: Final[tuple[tuple[Callable[[bytes], bytes], bool], ...]] = (
    (retitled, True),
    (restated, True),
    (redated, True),
    (broken, False),
    (lambda _content: b"", True),
)
"""What is done to a decision, and whether it conforms afterwards."""


def timed(work: Callable[[], Report]) -> tuple[float, Report]:
    """Seconds that some work takes, and what it gives."""
    start = time.perf_counter()
    report = work()
    return time.perf_counter() - start, report


def gate_times(store: EmbeddedStore, edits: int, seed: int = 1) -> list[float]:
    """Milliseconds of the gate for so many edits of one decision each."""
    dice = random.Random(seed)
    graphs = sorted(str(graph) for (graph,) in store.select(_DECISIONS).rows)
    found: list[float] = []
    for number in range(edits + 2):
        edit, conforms = EDITS[number % len(EDITS)]
        graph = dice.choice(graphs)
        before = store.graph(graph)
        after = edit(before)
        store.apply(Revision(1, {graph: after or None}))
        changed = {graph: (before, after)}
        seconds, report = timed(lambda: gate(store, bundled_shapes(), changed))  # noqa: B023
        store.apply(Revision(2, {graph: before}))
        if report.conforms is not conforms:
            raise SystemExit(f"{edit.__name__}: the gate says {report.conforms}")
        if number >= 2:  # the first reads the shapes
            found.append(seconds * 1000)
    return found


def measured(size: str, folder: Path, *, edits: int, audit: bool) -> dict[str, float | str]:
    """Figures of one size."""
    figures: dict[str, float | str] = {"size": size}
    with tempfile.TemporaryDirectory(dir=folder) as place:
        store = EmbeddedStore.open(Path(place) / "store")
        start = time.perf_counter()
        figures["triples"] = store.load(corpus(SIZES[size]))
        figures["made and loaded s"] = round(time.perf_counter() - start, 1)
        times = sorted(gate_times(store, edits))
        figures["gate p50 ms"] = round(statistics.median(times), 1)
        figures["gate p95 ms"] = round(times[int(len(times) * 0.95)], 1)
        if audit:
            seconds, report = timed(lambda: validate_store(store, bundled_shapes()))
            figures["audit s"] = round(seconds, 1)
            figures["audit triples per s"] = round(int(figures["triples"]) / seconds)
            figures["violations"] = sum(
                finding.severity is Severity.VIOLATION for finding in report.findings
            )
        store.close()
    return figures


def reference(size: str) -> dict[str, float | str]:
    """pySHACL on a whole corpus."""
    records = list(corpus(SIZES[size]))
    triples = sum(record.size for record in records)
    graph, _ = graph_of(records)
    seconds, _ = timed(lambda: validate_graph(graph, bundled_shapes()))
    return {
        "pySHACL size": size,
        "pySHACL s": round(seconds, 1),
        "pySHACL triples per s": round(triples / seconds),
    }


def table(rows: list[dict[str, float | str]]) -> str:
    """Rows as Markdown."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, ["---"] * len(names)]
    lines += [[str(row.get(name, "")) for name in names] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", choices=sorted(SIZES), default=["100k", "1m"])
    parser.add_argument("--edits", type=int, default=30)
    parser.add_argument("--reference", choices=["100k", "none"], default="100k")
    parser.add_argument("--audit-up-to", choices=sorted(SIZES), default="1m")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    asked = parser.parse_args()
    most = SIZES[asked.audit_up_to]
    rows = [
        measured(size, asked.folder, edits=asked.edits, audit=SIZES[size] <= most)
        for size in asked.sizes
    ]
    print(table(rows))
    result: dict[str, object] = {"stores": rows}
    if asked.reference != "none":
        slow = reference(asked.reference)
        speeds = [int(row["audit triples per s"]) for row in rows if "audit s" in row]
        if speeds:
            slow["audit is faster by"] = round(speeds[-1] / int(slow["pySHACL triples per s"]))
        print("\n" + table([slow]))
        result["reference"] = slow
    print("\n" + json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
