"""The thread of a node that minds what is due: what it runs, when, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dtrack.curate.harvests import wanted
from dtrack.curate.writing import Curator
from dtrack.errors import FetchError
from dtrack.journal.harvests import Ending, Harvests
from dtrack.settings import Settings, load_settings
from dtrack.wiring import harvesting
from dtrack.wiring.harvesting import Harvester
from processes import wait_until
from small_home import fill, small_curator

FAR = "2999-01-01T00:00:00.000000Z"


@pytest.fixture
def curator(tmp_path: Path) -> Iterator[Curator]:
    with small_curator(tmp_path) as made:
        fill(made)
        for name in ("broken-off", "due", "later", "paused"):
            Harvests(made.journal).add(wanted(name, "https://o.example/ldes", "tests"))
        harvests = Harvests(made.journal)
        harvests.end("later", Ending("done", "", FAR))
        harvests.set_state("paused", "paused")
        harvests.begin("broken-off", FAR)
        yield made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(load_settings({"home": tmp_path}, {}, folder=tmp_path), harvest_seconds=0.05)


def minding(
    curator: Curator, settings: Settings, monkeypatch: pytest.MonkeyPatch, *, fault: bool = False
) -> tuple[Harvester, list[str], list[int]]:
    """Harvester whose runs are noted instead of made, and how often readers were told."""
    ran: list[str] = []
    written: list[int] = []

    def run(of: Curator, name: str, *_: Any, **__: Any) -> Any:
        ran.append(name)
        Harvests(of.journal).end(name, Ending("done", "", FAR))
        if fault:
            raise (FetchError("Down.") if name == "due" else RuntimeError("odd"))
        return SimpleNamespace(settled=SimpleNamespace(revision=7), faults=0)

    monkeypatch.setattr(harvesting, "run", run)
    return Harvester(settings, curator, lambda: written.append(1)), ran, written


def test_what_is_due_is_run_and_what_was_broken_off_is_taken_up(
    curator: Curator, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    harvester, ran, written = minding(curator, settings, monkeypatch)
    harvester.start()
    try:
        assert wait_until(lambda: len(ran) == 2, 20)
        Harvests(curator.journal).set_state("paused", "active")
        assert wait_until(lambda: len(ran) == 3, 20)
    finally:
        harvester.stop()

    assert ran == ["broken-off", "due", "paused"]
    assert len(written) == 3
    assert not [t for t in threading.enumerate() if t.name == "harvester"]


def test_an_origin_s_oddities_stop_nobody_and_are_logged(
    curator: Curator,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    harvester, ran, written = minding(curator, settings, monkeypatch, fault=True)
    harvester.start()
    try:
        assert wait_until(lambda: len(ran) == 2, 20)
    finally:
        harvester.stop()
    assert (ran, written) == (["broken-off", "due"], [])
    assert [record.getMessage() for record in caplog.records] == [
        "harvest failed unexpectedly",
        "harvest failed",
    ]


def test_a_node_that_is_told_not_to_harvests_nothing() -> None:
    assert load_settings({}, {"DTRACK_RUN_HARVESTS": "no"}).run_harvests is False
    assert load_settings({}, {}).run_harvests is True
