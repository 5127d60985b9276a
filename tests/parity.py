"""The table of catalogue queries on several stores: rows, and milliseconds on each.

Tests hand over what they compared as a property of their report, which reaches
the end of the run from every process of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

PROPERTY = "parity"


@dataclass(frozen=True)
class Compared:
    """The cases of one query on one server and on the embedded store; seconds of all cases."""

    query: str
    cases: int
    rows: int
    embedded: float
    server: str
    there: float

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def table(told: Iterable[str]) -> str:
    """Markdown of what tests told: a line a query, a column a server; empty without any."""
    found = [Compared(**json.loads(text)) for text in told]
    if not found:
        return ""
    servers = sorted({each.server for each in found})
    heads = " | ".join(f"{server}, ms" for server in servers)
    lines = [
        f"| query | cases | rows | embedded, ms | {heads} |",
        "| --- " * (4 + len(servers)) + "|",
    ]
    for query in sorted({each.query for each in found}):
        own = {each.server: each for each in found if each.query == query}
        one = next(iter(own.values()))
        embedded = 1000 * sum(each.embedded for each in own.values()) / len(own)
        times = [f" {1000 * own[s].there:.1f} |" if s in own else " |" for s in servers]
        lines.append(f"| {query} | {one.cases} | {one.rows} | {embedded:.1f} |{''.join(times)}")
    return "\n".join(lines) + "\n"
