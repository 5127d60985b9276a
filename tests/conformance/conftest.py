from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conftest import lacking
from desk import desk_settings, make_home
from dtrack.wiring.writing import open_curator
from processes import Served, served, served_plain

OLDEST_NODE = 20


@pytest.fixture(scope="module")
def plain() -> Iterator[Served]:
    """A plain store that runs: query, update, graph store."""
    with served_plain({"DTRACK_QUERY_SECONDS": "5"}) as server:
        yield server


@dataclass(frozen=True)
class Keyed:
    """A node that runs, with journal and gate; a key that may publish, and one that may not."""

    url: str
    key: str
    other_key: str


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Keyed]:
    home = make_home(tmp_path_factory, tmp_path_factory.mktemp("node"), root)
    with open_curator(desk_settings(home)) as curator:
        keys = [
            curator.journal.create_key(scope, [scope], None, "tests", "cli")[1]
            for scope in ("publish", "propose")
        ]
    with served(environment={"DTRACK_HOME": str(home), "DTRACK_CLIENT_BUDGET": "1000"}) as running:
        yield Keyed(running.url, *keys)


RunScript = Callable[[str, dict[str, str | list[str]]], Any]


@pytest.fixture(scope="session")
def run_script(root: Path) -> RunScript:
    """What a script of tests/clients prints, run with Node."""
    program = shutil.which("node")
    if program is None:
        lacking("Node (`node`)")
    told = subprocess.run(
        [str(program), "--version"], capture_output=True, text=True, check=True
    ).stdout
    if int(told.strip().lstrip("v").partition(".")[0]) < OLDEST_NODE:
        lacking(f"Node {OLDEST_NODE} or newer, not {told.strip()}")
    if not (root / "node_modules" / "playwright-core").is_dir():
        lacking("the SPARQL clients of package.json (`make clients`)")

    def run(name: str, given: dict[str, str | list[str]]) -> Any:
        done = subprocess.run(
            [str(program), str(root / "tests" / "clients" / name), json.dumps(given)],
            # A proxy must not stand between two programs of this machine.
            env={n: v for n, v in os.environ.items() if not n.lower().endswith("_proxy")},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a browser."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        lacking("a browser (`chromium`)")
    return str(program)
