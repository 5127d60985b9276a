"""W3C's own cases for protocol and graph store, and ours, against the served application."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from processes import Served


def run(shared: Path, tmp_path: Path, program: str, *arguments: str) -> tuple[str, dict[str, int]]:
    """What a harness prints, and how many cases of each group passed."""
    told = tmp_path / "told.json"
    ended = subprocess.run(
        [
            sys.executable,
            str(shared / "conformance" / program),
            *arguments,
            "--quiet",
            "--json",
            str(told),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    passed: dict[str, int] = {}
    for case in json.loads(told.read_text())["cases"]:
        if case["outcome"] == "pass":
            passed[case["group"]] = passed.get(case["group"], 0) + 1
    return ended.stdout + ended.stderr, passed


def test_sparql_protocol(plain: Served, shared: Path, tmp_path: Path) -> None:
    told, passed = run(
        shared, tmp_path, "sparql_protocol.py", "--extra", "--heavy-limit", "15",
        "--query-url", f"{plain.url}/sparql", "--update-url", f"{plain.url}/update",
    )  # fmt: skip

    assert "FAIL" not in told, told
    # 40 and the heavy query.
    assert passed == {"protocol": 34, "service-description": 3, "extra": 41}


def test_graph_store_protocol(plain: Served, shared: Path, tmp_path: Path) -> None:
    told, passed = run(
        shared, tmp_path, "gsp.py", "--direct", "--post-creation", "--extra", "--bomb",
        "--gsp-url", f"{plain.url}/graphs",
    )  # fmt: skip

    assert "FAIL" not in told, told
    assert passed == {"direct": 5, "indirect": 9, "extra": 13}
