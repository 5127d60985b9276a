"""A client that others wrote replicates the stream of a running node."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import lacking
from desk import GRAPH, desk_settings, make_home
from dtrack.curate.returning import withdraw_graphs
from dtrack.wiring.writing import open_curator
from processes import served

ABOUT_A_MEMBER = 10
"""Triples of a page about one member that is no end."""


def test_ldes_client_replicates_every_version(
    run_script: Callable[[str, dict[str, str]], Any],
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
    root: Path,
) -> None:
    if not (root / "node_modules" / "ldes-client").is_dir():
        lacking("ldes-client of package.json (`make clients`)")
    home = make_home(tmp_path_factory, tmp_path, root)
    with open_curator(desk_settings(home)) as curator:
        withdraw_graphs(curator, [GRAPH], "eva", "Made up", "cli")
        journal = curator.journal
        versions = journal.sequence(0, 10_000)
        digests = {each.change.digest for each in versions if each.change.digest}
        sizes = journal.sizes(digests)
    with served(environment={"DTRACK_HOME": str(home)}) as running:
        members = run_script("stream.mjs", {"url": running.url})

    assert len(members) == len(versions) > 100
    assert sorted(each["of"] for each in members) == sorted(v.change.graph for v in versions)
    by_record = {each["of"]: each for each in members if each["of"] != GRAPH}
    for version in versions:
        change = version.change
        if change.graph != GRAPH and change.digest:
            assert by_record[change.graph]["quads"] == sizes[change.digest] + ABOUT_A_MEMBER
    # In order of time, so the end of a record comes after its beginning.
    assert [each["of"] for each in members][-1] == GRAPH
