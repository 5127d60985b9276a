"""Writers killed at random moments, with SQLite and with PostgreSQL: the bench, in short."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import postgres as pg
from conftest import lacking
from small_home import faults_of, fill, small_curator


@pytest.mark.parametrize("journal", ["sqlite", "postgres"])
def test_a_killed_writer_loses_nothing_that_was_acknowledged(
    root: Path, tmp_path: Path, journal: str
) -> None:
    if journal == "postgres" and pg.programs() is None:
        lacking("PostgreSQL (`initdb`, `postgres`, `pg_ctl`)")
    told = tmp_path / "counts.json"
    command = [sys.executable, str(root / "bench" / "faults.py"), "--kills", "6"]
    done = subprocess.run(
        [*command, "--journal", journal, "--json", str(told)],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (counts,) = json.loads(told.read_text())
    assert counts["kills"] == 6
    assert counts["faults"] == []
    assert counts["doctor_runs"] == 1
    assert sum(counts["killed_in"].values()) == 6


def test_the_bench_would_notice_a_revision_that_is_lost(tmp_path: Path) -> None:
    # Its judge, asked about revisions that never were.
    with small_curator(tmp_path / "home") as curator:
        fill(curator)
        assert faults_of(curator, {}) == []
        assert faults_of(curator, {2: "0" * 64}) != []
        assert faults_of(curator, {1: "0" * 64}) != []
