"""Who only looks whether a harvest runs disturbs neither a run nor others who look."""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path

import pytest

from dtrack.curate.harvests import is_running_here, running
from dtrack.errors import StateError


def test_who_looks_does_not_take_others_who_look_for_a_run(tmp_path: Path) -> None:
    with running._alone(tmp_path, "north"):
        assert is_running_here(tmp_path, "north")
    with (tmp_path / "harvests" / "north.lock").open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)

        assert not is_running_here(tmp_path, "north")


def test_a_run_waits_for_a_look_but_not_for_another_run(tmp_path: Path) -> None:
    with running._alone(tmp_path, "north"):
        pass
    looking = (tmp_path / "harvests" / "north.lock").open()
    fcntl.flock(looking, fcntl.LOCK_SH)
    threading.Timer(0.05, looking.close).start()

    with running._alone(tmp_path, "north"):
        assert looking.closed
        with pytest.raises(StateError, match="north"), running._alone(tmp_path, "north"):
            pytest.fail("Two ran at once.")
