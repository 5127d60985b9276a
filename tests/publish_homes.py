from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dtrack.curate.loading import load
from dtrack.curate.returning import withdraw_graphs
from dtrack.curate.writing import Curator
from dtrack.model import Edit, Report
from dtrack.settings import load_settings
from dtrack.terms import BASE
from dtrack.web.app import create_app
from dtrack.wiring.serving import Node, open_service
from dtrack.wiring.writing import open_curator
from serving import TestClient, small_records

EDITED = f"{BASE}/graph/decision/cbd-cop-12-20"
GONE = f"{BASE}/graph/decision/cms-res-11-10"


def unaudited(curator: Curator) -> Curator:
    """The made-up records are not all that the shapes ask for; other tests are about that."""
    passed = Report((), 0, 0)
    curator.rules = replace(curator.rules, audit=lambda *_: passed, gate=lambda *_: passed)
    return curator


@pytest.fixture(scope="session")
def told_home(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Home with three revisions: a load, an edit, a withdrawal; to be copied, never served."""
    home = tmp_path_factory.mktemp("told") / "home"
    with open_curator(load_settings({"home": home}, {})) as curator:
        unaudited(curator)
        edit = Edit({}, "ana", "Load", "small", "import")
        load(curator, small_records(root), edit, complete=True)
        heads = curator.journal.heads([EDITED])
        content = curator.journal.content(heads[EDITED].digest)
        new = content.replace(b'"Marine areas"@en', b'"Marine\\u0020<areas> & seas"@en')
        assert new != content
        curator.write(Edit({EDITED: new}, "ben", "Title \x07 mended", "desk", "cli"))
        withdraw_graphs(curator, [GONE], "eva", "Filed twice", "cli")
    return home


@dataclass(frozen=True)
class Told:
    """A node with a history, and a client of it."""

    node: Node
    client: TestClient


@pytest.fixture(scope="session")
def told(told_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The node, to be read only."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(told_home, home)
    node = open_service(load_settings({"home": home}, {}))
    try:
        with TestClient(create_app(node)) as client:
            yield Told(node, client)
    finally:
        node.close()


@pytest.fixture
def changing(told_home: Path, tmp_path: Path) -> Iterator[Told]:
    """A copy of the node that a test may change."""
    shutil.copytree(told_home, tmp_path / "home")
    node = open_service(load_settings({"home": tmp_path / "home"}, {}))
    unaudited(node.desk.curator)
    try:
        with TestClient(create_app(node)) as client:
            yield Told(node, client)
    finally:
        node.close()
