"""Runs a walk in a browser: what it needs, and what it saw."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from conftest import lacking


def needs(root: Path, *, editor: bool = False) -> tuple[str, str]:
    """Node and the browser; a test that lacks either, or a package, says so."""
    node = shutil.which("node")
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if node is None or browser is None:
        lacking("Node and a browser (`node`, `chromium`)")
    for name in ("playwright-core", "axe-core", "html-validate"):
        if not (root / "node_modules" / name).is_dir():
            lacking(f"{name} of package.json (`make clients`)")
    if editor and not (root / "src/dtrack/web/static/vendor/yasgui/yasgui.min.js").is_file():
        lacking("the editor for SPARQL (`make editor`)")
    return str(node), str(browser)


def walk(root: Path, script: str, asked: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What a script of this folder saw; fails with what it said when it ends badly."""
    node, browser = needs(root)
    done = subprocess.run(
        [node, str(root / "tests" / "web" / script), json.dumps(asked | {"browser": browser})],
        env={n: v for n, v in os.environ.items() if not n.lower().endswith("_proxy")},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found
