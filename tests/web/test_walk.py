"""Walks through the pages in a browser: sound, light, accessible, in two languages and widths."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import lacking
from processes import served
from web.kinds import KINDS

MOST_BYTES = 200_000
HEAVY = {"sparql", "answer"}
"""Pages that bring the editor, which is a megabyte of its own."""


@pytest.fixture(scope="module")
def walked(corpus_home: Path, root: Path) -> dict[str, Any]:
    """What a walk through all kinds of pages saw."""
    node = shutil.which("node")
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if node is None or browser is None:
        lacking("Node and a browser (`node`, `chromium`)")
    for name in ("playwright-core", "axe-core", "html-validate"):
        if not (root / "node_modules" / name).is_dir():
            lacking(f"{name} of package.json (`make clients`)")
    if not (root / "src/dtrack/web/static/vendor/yasgui/yasgui.min.js").is_file():
        lacking("the editor for SPARQL (`make editor`)")
    with served(
        environment={"DTRACK_HOME": str(corpus_home), "DTRACK_CLIENT_BUDGET": "1000"}
    ) as at:
        asked = {"url": at.url, "browser": str(browser), "pages": KINDS}
        done = subprocess.run(
            [str(node), str(root / "tests" / "web" / "walk.mjs"), json.dumps(asked)],
            env={n: v for n, v in os.environ.items() if not n.lower().endswith("_proxy")},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_nothing_is_wrong_on_any_page(walked):
    assert walked["axed"] == walked["validated"] == 2 * len(KINDS)
    assert walked["faults"] == [], "\n".join(walked["faults"][:60])


def test_pages_say_their_piece_without_scripts(walked):
    assert walked["unscripted"].keys() == KINDS.keys()
    assert {kind for kind, length in walked["unscripted"].items() if length < 100} == set()


def test_pages_are_light(walked, capsys):
    lines = [
        f"{kind:14} {seen['bytes']:8} bytes {seen['requests']:3} requests "
        f"{seen['paint']:5} ms to content {seen['load']:5} ms loaded"
        for kind, seen in walked["budgets"].items()
    ]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")

    heavy = {k for k, seen in walked["budgets"].items() if seen["bytes"] > MOST_BYTES} - HEAVY
    assert heavy <= {"ontology"}
    assert walked["budgets"]["start"]["requests"] <= 4


@pytest.mark.parametrize(
    ("journey", "expected"),
    [
        ("matrix", [2, True]),
        ("search", [True, True]),
        ("target", ["#content", 20]),
        ("filter", ["wetlands", True]),
        ("sparql", [True, True]),
    ],
)
def test_journey_arrives(walked, journey, expected):
    assert walked["journeys"][journey][: len(expected)] == expected
