"""A running node opens what was committed last, however many write beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk import GRAPH, decision, make_home
from dtrack.model import Edit
from dtrack.settings import load_settings
from dtrack.stores import building
from dtrack.wiring.serving import Node
from dtrack.wiring.writing import open_curator


def test_snapshot_that_another_writer_clears_away_is_left_for_the_next(
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = make_home(tmp_path_factory, tmp_path, root)
    settings = load_settings({"home": home, "query_workers": 1}, {}, folder=tmp_path)
    node = Node(settings)
    try:
        with open_curator(settings) as other:

            def write(title: str) -> int:
                edit = Edit({GRAPH: decision(title=title)}, "other", "Because", "desk")
                revision = other.write(edit).revision
                assert revision is not None
                return revision

            write("first")
            found = building.current_folder

            def overtaken(asked: Path) -> Path:
                """Find the folder, and be overtaken by the other writer, once."""
                monkeypatch.setattr(building, "current_folder", found)
                folder = found(asked)
                write("second")
                return folder

            monkeypatch.setattr(building, "current_folder", overtaken)
            node.refresh()

        assert b'"second"@en' in node.current().store.graph(GRAPH)
    finally:
        node.close()
