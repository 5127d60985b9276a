"""Disks that are full, or may only be read: a clear error, and nothing that was told is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import postgres as pg
from conftest import lacking
from disk_faults import own_mounts
from small_home import faults_of, fill, small_curator

TESTS = Path(__file__).parents[1]
SCRIPT = str(TESTS / "disk_faults.py")


def run(*command: str) -> dict[str, Any]:
    """What the writer told."""
    paths = [str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def check_survived(found: dict[str, Any]) -> None:
    """It failed with errors of ours, was read meanwhile, and went on afterwards."""
    assert len(found["errors"]) == 3, found
    for error in found["errors"]:
        assert error["ours"], error
        assert any(word in error["text"].lower() for word in ("full", "room")), error
    assert found["read"] > 0
    assert found["faults"] == []
    assert found["after"] > found["acknowledged"]


@pytest.mark.parametrize("kib", [0, 60, 150, 400, 1500])
def test_a_full_disk_refuses_writes_and_loses_nothing(tmp_path: Path, kib: int) -> None:
    prefix = own_mounts()
    if prefix is None:
        lacking("the right to mount (`unshare --mount`)")
        return
    script = 'mount -t tmpfs -o size=48m tmpfs "$1" && exec "$2" "$3" full "$1/home" "" "$4"'
    arguments = [str(tmp_path), sys.executable, SCRIPT, str(kib)]
    check_survived(run(*prefix, "sh", "-c", script, "sh", *arguments))


@pytest.mark.parametrize("kib", [8, 700])
def test_a_disk_that_takes_no_more_refuses_writes_and_loses_nothing(
    tmp_path: Path, kib: int
) -> None:
    # As above, but by a limit on the size of files, which needs no rights.
    check_survived(run(sys.executable, SCRIPT, "limited", str(tmp_path / "home"), "", str(kib)))


def test_a_full_disk_of_the_store_leaves_a_journal_elsewhere_whole(
    tmp_path: Path, postgres: pg.PostgresServer
) -> None:
    url = postgres.new_database()
    check_survived(run(sys.executable, SCRIPT, "limited", str(tmp_path / "home"), url, "40"))


def read_only(home: Path, url: str) -> dict[str, Any]:
    """What a writer tells whose home may only be read."""
    if os.geteuid() != 0:
        folders = [home, *(path for path in home.rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o555)
        try:
            return run(sys.executable, SCRIPT, "readonly", str(home), url)
        finally:
            for folder in folders:
                folder.chmod(0o755)
    prefix = own_mounts()
    if prefix is None:
        lacking("the right to mount (`unshare --mount`)")
    script = (
        'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" '
        '&& exec "$2" "$3" readonly "$1" "$4"'
    )
    return run(*prefix or (), "sh", "-c", script, "sh", str(home), sys.executable, SCRIPT, url)


@pytest.mark.parametrize("journal", ["in the home", "elsewhere"])
def test_a_home_that_may_only_be_read_is_read_and_says_why_it_is_not_written(
    tmp_path: Path, journal: str, request: pytest.FixtureRequest
) -> None:
    url = ""
    if journal == "elsewhere":
        server: pg.PostgresServer = request.getfixturevalue("postgres")
        url = server.new_database()
    home = tmp_path / "home"
    with small_curator(home, url) as curator:
        fill(curator)
    found = read_only(home, url)
    (error,) = found["errors"]
    assert error["ours"], error
    assert "owner" in error["text"] or "read" in error["text"].lower(), error
    assert found["read"] > 0
    with small_curator(home, url) as curator:
        assert curator.journal.last() == 1
        assert faults_of(curator, {}) == []
