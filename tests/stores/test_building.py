"""A home holds a whole store at every moment, also when a build is killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dtrack import __version__
from dtrack.errors import NoStoreError, StoreError, StoreLockedError
from dtrack.model import Iri, Record
from dtrack.stores import building
from dtrack.stores.building import (
    CURRENT,
    current_folder,
    current_marker,
    lease,
    open_current,
    publish,
)
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.markers import MARKER, content_digest
from dtrack.stores.parsing import parse_turtle

KILLS = 20
BUILD = """
import sys
from pathlib import Path
from dtrack.model import Record
from dtrack.stores.building import publish
home, graphs, size = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
def records():
    for g in range(graphs):
        lines = sorted(f"<urn:s{n}> <urn:p> <urn:o{g}-{n}> .\\n" for n in range(size))
        yield Record(f"urn:g{g}", "".join(lines).encode(), "made")
print("ready", flush=True)
publish(home, lambda store: store.load(records()))
"""
KILL_AT = """
import os, signal, sys
from pathlib import Path
from dtrack.model import Record
from dtrack.stores import building
step, calls = building.{name}, 0
def die(*arguments):
    global calls
    calls += 1
    if calls == {number} and "{when}" == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    value = step(*arguments)
    if calls == {number}:
        os.kill(os.getpid(), signal.SIGKILL)
    return value
building.{name} = die
lines = [f'<x:s> <x:p> "{{n}}"^^<http://www.w3.org/2001/XMLSchema#integer> .\\n' for n in (1, 2)]
made = [Record(f"urn:{{n}}", line.encode(), "made") for n, line in enumerate(lines, 1)]
building.publish(Path(sys.argv[1]), lambda store: store.load(made))
"""


def records(*numbers: int) -> list[Record]:
    return [
        Record(f"urn:{n}", parse_turtle(f"<x:s> <x:p> {n} .".encode()), "made") for n in numbers
    ]


def build(home: Path, *numbers: int) -> str:
    return publish(home, lambda store: store.load(records(*numbers))).digest


def folders(home: Path) -> set[str]:
    return {folder.name for folder in (home / "stores").iterdir()}


def test_published_store_is_opened_with_its_marker(tmp_path: Path) -> None:
    digest = build(tmp_path, 1, 2)

    with open_current(tmp_path) as store:
        marker = current_marker(tmp_path)
        assert store.graphs() == ("urn:1", "urn:2")
        assert content_digest(store) == digest == marker.digest
    assert (marker.triples, marker.graphs, marker.version) == (2, 2, __version__)
    assert marker.built.endswith("+00:00")


def test_digest_is_of_the_content_alone(tmp_path: Path) -> None:
    one, two = build(tmp_path / "a", 1, 2), build(tmp_path / "b", 2, 1)

    assert one == two
    assert build(tmp_path / "a", 1, 3) != one
    memory = EmbeddedStore.in_memory()
    memory.load(records(1, 2))
    assert content_digest(memory) == one


def test_new_store_takes_the_place_of_the_former(tmp_path: Path) -> None:
    build(tmp_path, 1)

    build(tmp_path, 2)

    assert len(folders(tmp_path)) == 1
    with open_current(tmp_path) as store:
        assert store.graphs() == ("urn:2",)


def test_former_store_stays_while_it_is_read(tmp_path: Path) -> None:
    build(tmp_path, 1)
    with open_current(tmp_path) as former:
        build(tmp_path, 2)
        build(tmp_path, 3)

        assert former.graphs() == ("urn:1",)
        assert len(folders(tmp_path)) == 2
    build(tmp_path, 4)
    assert len(folders(tmp_path)) == 1


def test_failed_build_leaves_the_former_store(tmp_path: Path) -> None:
    before = build(tmp_path, 1)

    def fail(store: EmbeddedStore) -> None:
        store.load(records(2))
        raise LookupError

    with pytest.raises(LookupError):
        publish(tmp_path, fail)

    assert current_marker(tmp_path).digest == before
    assert len(folders(tmp_path)) == 1


def test_second_build_at_once_is_refused(tmp_path: Path) -> None:
    def nested(_store: EmbeddedStore) -> None:
        build(tmp_path, 2)

    with pytest.raises(StoreLockedError, match=rf"pid {os.getpid()}\)"):
        publish(tmp_path, nested)
    assert build(tmp_path, 1)


def test_what_died_builds_left_is_cleared_away(tmp_path: Path) -> None:
    build(tmp_path, 1)
    for name in ("building-99999-dead", "store-99999-dead"):
        (tmp_path / "stores" / name).mkdir()
        (tmp_path / "stores" / name / "000001.sst").write_text("half")

    build(tmp_path, 2)

    assert folders(tmp_path) == {current_folder(tmp_path).name}


def test_home_without_store_says_so(tmp_path: Path) -> None:
    for look in (open_current, current_marker, current_folder):
        with pytest.raises(NoStoreError, match="dtrack init"):
            look(tmp_path)
    build(tmp_path, 1)
    (tmp_path / CURRENT).write_text("store-gone\n")
    for look in (open_current, current_marker):
        with pytest.raises(NoStoreError, match="dtrack rebuild"):
            look(tmp_path)


def test_damaged_home_says_so(tmp_path: Path) -> None:
    build(tmp_path, 1)
    (current_folder(tmp_path) / MARKER).write_text("{}")
    with pytest.raises(StoreError, match="marker"):
        current_marker(tmp_path)
    (tmp_path / CURRENT).write_bytes(b"\xff")
    with pytest.raises(StoreError, match="cannot be read"):
        current_folder(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="DTRACK_HOME"):
        build(tmp_path / "file", 1)


def test_store_that_is_cleared_away_while_it_is_looked_for_is_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, 1)
    found = current_folder

    def overtaken(home: Path) -> Path:
        """Find a folder, and be overtaken by a writer who clears it away, once."""
        monkeypatch.setattr(building, "current_folder", found)
        folder = found(home)
        build(tmp_path, 2)
        return folder

    for look in (current_marker, open_current):
        monkeypatch.setattr(building, "current_folder", overtaken)
        seen = look(tmp_path)
        if isinstance(seen, EmbeddedStore):
            assert seen.graphs() == ("urn:2",)
            seen.close()
    assert current_marker(tmp_path).triples == 1


def test_lease_on_a_store_being_removed_is_refused(tmp_path: Path) -> None:
    build(tmp_path, 1)
    folder = current_folder(tmp_path)
    (folder / MARKER).unlink()

    with pytest.raises(NoStoreError):
        lease(folder)


def start_build(home: Path, graphs: int = 60, size: int = 400) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(home), str(graphs), str(size)],
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    return process


def finished(process: subprocess.Popen[bytes]) -> int:
    """Exit code, when it has ended."""
    with process:
        return process.wait()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "step", ["_clear_away 1", "marker_of 1", "sync_tree 1", "_switch 1", "_clear_away 2"]
)
def test_build_killed_at_a_step_leaves_a_whole_store(tmp_path: Path, step: str, when: str) -> None:
    former = build(tmp_path, 1)
    new = build(tmp_path / "other", 1, 2)
    name, number = step.split()
    program = KILL_AT.format(name=name, number=number, when=when)

    process = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)])

    assert finished(process) == -signal.SIGKILL
    switched = (name == "_switch" and when == "after") or number == "2"
    with open_current(tmp_path) as store:
        assert content_digest(store) == current_marker(tmp_path).digest
        assert content_digest(store) == (new if switched else former)
    assert build(tmp_path, 1, 2) == new
    assert len(folders(tmp_path)) == 1


def test_killed_build_leaves_the_former_store_or_the_new_one(tmp_path: Path) -> None:
    reference = tmp_path / "reference"
    started = time.monotonic()
    assert finished(start_build(reference)) == 0
    duration = time.monotonic() - started
    new = current_marker(reference).digest
    home = tmp_path / "home"
    former = build(home, 1, 2, 3)
    chance = random.Random(2)
    killed = 0

    for number in range(KILLS):
        process = start_build(home)
        # Moments spread over the build, the end (marker, switch, clearing) included.
        time.sleep(duration * (number + chance.random()) / KILLS * 1.1)
        process.send_signal(signal.SIGKILL)
        killed += finished(process) == -signal.SIGKILL
        with open_current(home) as store:
            digest = content_digest(store)
        assert digest == current_marker(home).digest
        assert digest in {former, new}
        if digest == new:
            build(home, 1, 2, 3)

    assert killed >= KILLS // 4
    assert finished(start_build(home)) == 0
    assert current_marker(home).digest == new
    assert folders(home) == {current_folder(home).name}


def test_store_on_disk_answers_after_reopening(tmp_path: Path) -> None:
    build(tmp_path, 5)

    with open_current(tmp_path) as store:
        ((subject,),) = store.select("SELECT ?s WHERE { ?s ?p 5 }").rows

    assert subject == Iri("x:s")
