"""A running node has the draft of the next edit ready, also when edits follow each other fast."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import GRAPH, decision, make_home
from dtrack.model import Edit
from dtrack.settings import load_settings
from dtrack.stores.building import current_folder
from dtrack.wiring import serving
from dtrack.wiring.serving import Node
from processes import wait_until


@pytest.fixture
def node(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Iterator[Node]:
    home = make_home(tmp_path_factory, tmp_path, root)
    made = Node(load_settings({"home": home, "query_workers": 1}, {}, folder=tmp_path))
    try:
        yield made
    finally:
        made.close()


def write(node: Node, title: str) -> None:
    node.desk.write(Edit({GRAPH: decision(98, title)}, "tester", "Try", "tests"))


def is_ready(node: Node) -> bool:
    ready = node.desk.curator.ahead._ready
    return ready is not None and ready.former == current_folder(node.desk.curator.home)


def test_draft_of_the_next_edit_is_ready_after_one(node: Node) -> None:
    write(node, "First")

    assert wait_until(lambda: is_ready(node), 30)


def test_edit_that_comes_while_the_node_looks_ahead_gets_its_draft_too(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_index: object) -> int:
        begun.set()
        assert go_on.wait(60)
        return 0

    monkeypatch.setattr(serving, "refreshed", slow)
    write(node, "First")
    assert begun.wait(30)

    write(node, "Second")
    go_on.set()

    assert wait_until(lambda: is_ready(node), 30)
