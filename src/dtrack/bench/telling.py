"""Figures as a report in Markdown, with what the machine is."""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dtrack.bench.questions import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dtrack.bench.running import Found


def machine() -> dict[str, Any]:
    """What the figures were measured on, and beside what load."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return {
        "when": datetime.now(UTC).isoformat(timespec="minutes"),
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "memory GiB": memory,
        "system": f"{platform.system()} {platform.release()}",
        "Python": sys.version.split()[0],
        "pyoxigraph": version("pyoxigraph"),
        "load average": " ".join(f"{load:.1f}" for load in os.getloadavg()),
    }


def report(found: Sequence[Found], facts: Mapping[str, object]) -> str:
    """All of it in Markdown."""
    parts = [_table(("machine", ""), facts.items())]
    for one in found:
        parts += [
            f"## {one.size}: {_sizes(one)}",
            "Loading, in seconds:",
            _table(("", "s"), ((n, f"{s:.2f}") for n, s in one.loading.items())),
            "Memory, resident, in MiB:",
            _table(("", "MiB"), one.memory.items()),
            "On disk, in MiB:",
            _table(("", "MiB"), one.disk.items()),
            "Answers, in milliseconds, p50 / p95 / max (the first of all in brackets):",
            _answers(one),
            "An edit of one decision, in milliseconds, p50 / p95 / max:",
            _table(("phase", "ms"), ((n, _cell(f)) for n, f in one.edits.items())),
        ]
        if one.anew:
            parts += [
                "Asked right after an edit, when nothing of the answer was kept, in milliseconds:",
                _table(
                    ("question", "ms"),
                    ((n.replace("_", " "), _cell(f)) for n, f in one.anew.items()),
                ),
            ]
        if one.screening:
            parts.append(f"Screening a draft of twenty paragraphs: {_cell(one.screening)} ms.")
        if one.checked:
            parts += [
                "After the edits, beside a rebuild from the journal:",
                _table(("", ""), one.checked.items()),
            ]
    return "\n\n".join(parts) + "\n"


def _sizes(one: Found) -> str:
    return f"{one.triples:,} triples, {one.derived:,} derived, {one.directives:,} directives"


def _answers(one: Found) -> str:
    peers = [who for who in one.answers if who not in {"in process", "over HTTP"}]
    rows = []
    for name in NAMES:
        times = [one.answers[who][name] for who in one.answers]
        rows.append((name.replace("_", " "), *(_cell(t) for t in times), _ratio(one, name, peers)))
    return _table(("question", *one.answers, "best peer / our p50, / our first"), rows)


def _cell(times: Mapping[str, float | str]) -> str:
    if isinstance(times["p50"], str):
        return str(times["p50"])
    return f"{times['p50']} / {times['p95']} / {times['max']} ({times['first']})"


def _ratio(one: Found, name: str, peers: Sequence[str]) -> str:
    """How many times as long the best peer takes: by our median, and by our first answer.

    A question that was asked before is answered from what was kept; the first was not.
    """
    theirs = [t for who in peers if isinstance(t := one.answers[who][name]["p50"], float)]
    ours = [one.answers["in process"][name][which] for which in ("p50", "first")]
    if not peers:
        return ""
    if not theirs:
        return "none in time"
    ratios = [min(theirs) / max(time, 0.01) for time in ours if isinstance(time, float)]
    return " / ".join(f"{ratio:.2g}" for ratio in ratios)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
