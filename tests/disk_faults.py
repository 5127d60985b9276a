"""A writer whose disk fails: run as a process of its own, it tells as JSON what it met.

python disk_faults.py full HOME URL KIB     little room is left on the disk of HOME
python disk_faults.py limited HOME URL KIB  no file may grow past a size
python disk_faults.py readonly HOME URL     HOME is on a disk that may only be read
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from os import geteuid
from pathlib import Path

from dtrack.curate.writing import Curator
from dtrack.errors import DtrackError
from dtrack.stores.building import open_current
from small_home import edit_of, faults_of, fill, note_graph, random_act, small_curator

TURNS = 400


@cache
def own_mounts() -> tuple[str, ...] | None:
    """Command that runs another with mounts of its own; None where that is not allowed."""
    command = ("unshare", *(() if geteuid() == 0 else ("--map-root-user",)), "--mount")
    if shutil.which("unshare") is None:
        return None
    probe = [*command, "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    return command if subprocess.run(probe, capture_output=True).returncode == 0 else None


@contextmanager
def hardly_any_room(home: Path, kib: int) -> Iterator[None]:
    """Fill the disk, but for some KiB."""
    ballast = home.parent / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            file.truncate(max(0, file.tell() - 1024 * kib))
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def small_files(_home: Path, kib: int) -> Iterator[None]:
    """Let no file grow past some KiB."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * kib, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def told(error: Exception) -> dict[str, object]:
    """An error as a test looks at it."""
    ours = isinstance(error, DtrackError)
    return {"type": type(error).__name__, "ours": ours, "text": str(error)}


def until_it_fails(curator: Curator, acknowledged: dict[int, str]) -> list[dict[str, object]]:
    """Write until the disk refuses, then twice more; the errors."""
    dice, errors = random.Random(1), []
    for turn in range(TURNS):
        try:
            _, number = random_act(curator, dice, turn)
        except Exception as error:  # noqa: BLE001 - the test says which it may be
            errors.append(told(error))
            if len(errors) == 3:
                break
        else:
            acknowledged[number] = curator.journal.facts(number).digest
    return errors


def short_of_room(mode: str, home: Path, url: str, kib: int) -> dict[str, object]:
    """Fill a home, let it run short of room, give it room again."""
    acknowledged: dict[int, str] = {}
    with small_curator(home, url) as curator:
        fill(curator)
        with (hardly_any_room if mode == "full" else small_files)(home, kib):
            errors = until_it_fails(curator, acknowledged)
            with open_current(home) as store:
                read = len(store.graph(note_graph(1)))
        recovered = curator.recover()
        after = curator.write(edit_of(1, text="after")).revision
        faults = faults_of(curator, acknowledged)
    return {
        "errors": errors,
        "read": read,
        "acknowledged": len(acknowledged),
        "recovered": recovered,
        "after": after,
        "faults": faults,
    }


def only_read(home: Path, url: str) -> dict[str, object]:
    """Try to write to a home that may only be read, and read it."""
    errors = []
    try:
        with small_curator(home, url) as curator:
            curator.write(edit_of(1, text="never"))
    except Exception as error:  # noqa: BLE001 - the test says which it may be
        errors.append(told(error))
    with open_current(home) as store:
        return {"errors": errors, "read": len(store.graph(note_graph(1)))}


def main() -> None:
    mode, home, url = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    if mode == "readonly":
        found = only_read(home, url)
    else:
        found = short_of_room(mode, home, url, int(sys.argv[4]))
    sys.stdout.write(f"{json.dumps(found)}\n")


if __name__ == "__main__":
    main()
