"""Stores that are locked, damaged or lost: refused, told, and built again from the journal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import dtrack.curate.writing as writing_module
from dtrack.curate.writing import Curator
from dtrack.errors import JournalError, NoStoreError, StoreError, StoreLockedError
from dtrack.journal import Journal
from dtrack.stores.building import current_folder, current_marker, drafting, open_current
from dtrack.stores.markers import marker_of
from small_home import edit_of, faults_of, fill, note, note_graph, rules, small_curator

TESTS = Path(__file__).parents[1]
DRAFTING = """
import sys
from pathlib import Path
from dtrack.stores.building import drafting
with drafting(Path(sys.argv[1])):
    print("drafting", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def curator(tmp_path: Path) -> Iterator[Curator]:
    """A home with three revisions."""
    with small_curator(tmp_path / "home") as opened:
        fill(opened)
        opened.write(edit_of(1, text="second"))
        opened.write(edit_of(2, text="third"))
        yield opened


@pytest.fixture
def holder(curator: Curator) -> Iterator[subprocess.Popen[str]]:
    """Another process that drafts."""
    process = subprocess.Popen(
        [sys.executable, "-c", DRAFTING, str(curator.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "drafting\n"
    yield process
    process.kill()
    process.communicate()


def test_a_store_that_another_process_drafts_is_refused_and_names_it(
    curator: Curator, holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_module, "PATIENCE", 0.2)
    with pytest.raises(StoreLockedError, match=str(holder.pid)):
        curator.write(edit_of(3, text="never"))
    assert curator.journal.last() == 3
    with open_current(curator.home) as store:
        assert store.graph(note_graph(3)) == note(3, "first")
    assert curator.journal.entries()[0].outcome == "failed"


def test_a_writer_waits_for_the_one_before(curator: Curator, holder: subprocess.Popen[str]) -> None:
    assert holder.stdin
    holder.stdin.write("\n")
    holder.stdin.flush()
    assert curator.write(edit_of(3, text="fourth")).revision == 4


def test_a_drafter_that_is_killed_leaves_no_lock(
    curator: Curator, holder: subprocess.Popen[str]
) -> None:
    holder.kill()
    holder.wait()
    assert curator.write(edit_of(3, text="fourth")).revision == 4
    names = [path.name for path in (curator.home / "stores").iterdir()]
    assert not [name for name in names if name.startswith("building-")]


def lose_stores(home: Path) -> None:
    shutil.rmtree(home / "stores")


def lose_current(home: Path) -> None:
    (home / "current").unlink()


def lose_all_but_the_journal(home: Path) -> None:
    lose_stores(home)
    (home / "current").unlink()
    (home / "lock").unlink()


def bend_current(home: Path) -> None:
    (home / "current").write_bytes(b"\xff\xfe\x00 nonsense")


def point_elsewhere(home: Path) -> None:
    (home / "current").write_text("store-that-never-was\n")


def empty_current(home: Path) -> None:
    (home / "current").write_bytes(b"")


def lose_marker(home: Path) -> None:
    (current_folder(home) / "marker.json").unlink()


def bend_marker(home: Path) -> None:
    (current_folder(home) / "marker.json").write_bytes(b'{"digest": "\x00')


def strange_marker(home: Path) -> None:
    (current_folder(home) / "marker.json").write_text('{"colour": "blue"}')


def list_for_marker(home: Path) -> None:
    (current_folder(home) / "marker.json").write_text("[1, 2]")


@pytest.mark.parametrize(
    "harm",
    [
        lose_stores, lose_current, lose_all_but_the_journal, bend_current, point_elsewhere,
        empty_current, lose_marker, bend_marker, strange_marker, list_for_marker,
    ],
)  # fmt: skip
def test_what_is_lost_of_a_home_comes_back_from_the_journal_with_the_same_digest(
    curator: Curator, harm: Callable[[Path], None]
) -> None:
    before = current_marker(curator.home)
    harm(curator.home)
    with pytest.raises(StoreError) as error:
        current_marker(curator.home)
    assert error.value.remedy
    assert curator.recover()
    after = current_marker(curator.home)
    assert (after.digest, after.triples, after.revision) == (before.digest, before.triples, 3)
    assert faults_of(curator, {}) == []


def test_the_next_write_mends_a_lost_store_first(curator: Curator) -> None:
    lose_stores(curator.home)
    assert curator.write(edit_of(5, text="fourth")).revision == 4
    assert faults_of(curator, {}) == []


def overwrite(paths: list[Path], keep: int = 0) -> None:
    """Bytes of files changed in place, as a failing disk does."""
    assert paths
    for path in paths:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(keep)
            file.write(os.urandom(max(0, size - keep)))


@pytest.mark.parametrize("pattern", ["*.sst", "MANIFEST-*", "CURRENT"])
def test_a_snapshot_whose_bytes_have_changed_is_noticed_and_built_again(
    curator: Curator, pattern: str
) -> None:
    before = current_marker(curator.home)
    overwrite([p for p in current_folder(curator.home).glob(pattern) if p.stat().st_size])
    # What the doctor compares; an error is as good as another digest.
    digest = None
    with suppress(StoreError), open_current(curator.home) as store:
        digest = marker_of(store).digest
    assert digest != before.digest
    assert curator.rebuild().digest == before.digest
    assert faults_of(curator, {}) == []


def test_a_write_to_a_damaged_snapshot_is_told_and_the_journal_stays_whole(
    curator: Curator,
) -> None:
    overwrite(list(current_folder(curator.home).glob("*.sst")))
    with pytest.raises(StoreError, match="rebuild"):
        curator.write(edit_of(*range(30), text="after the damage"))
    assert curator.journal.check() == []
    curator.rebuild()
    assert faults_of(curator, {}) == []
    assert curator.write(edit_of(1, text="goes on")).revision == curator.journal.last()


def test_a_store_of_another_journal_is_not_written_over_but_built_from_this_one(
    curator: Curator, tmp_path: Path
) -> None:
    with Journal.open(f"sqlite:///{tmp_path / 'other.sqlite'}") as other:
        stranger = Curator(tmp_path / "elsewhere", other, rules())
        fill(stranger, 5)
        mixed = Curator(curator.home, other, rules())
        mixed.recover()
        assert faults_of(mixed, {}) == []
    curator.recover()
    assert faults_of(curator, {}) == []


def test_an_empty_home_with_an_empty_journal_says_what_to_do(tmp_path: Path) -> None:
    with small_curator(tmp_path / "home") as curator:
        assert curator.recover() is False
        with pytest.raises(NoStoreError, match="init"):
            curator.write(edit_of(1, text="x"))
        with pytest.raises(NoStoreError, match="init"):
            curator.rebuild()


def test_the_next_open_applies_what_the_journal_has_and_the_store_has_not(
    curator: Curator,
) -> None:
    former = (curator.home / "current").read_text()
    kept = curator.home.parent / "kept"
    shutil.copytree(current_folder(curator.home), kept)
    for turn in range(3):
        curator.write(edit_of(turn, 7, text=f"turn {turn}"))
    # As if killed after each journal write and before the switch.
    shutil.rmtree(curator.home / "stores")
    shutil.copytree(kept, curator.home / "stores" / former.strip())
    (curator.home / "current").write_text(former)
    assert current_marker(curator.home).revision == 3
    assert curator.recover()
    assert current_marker(curator.home).revision == 6
    assert faults_of(curator, {}) == []


def test_the_lock_is_free_after_each_error(curator: Curator) -> None:
    with pytest.raises(ZeroDivisionError), drafting(curator.home):
        raise ZeroDivisionError
    with drafting(curator.home):
        pass


def test_a_damaged_journal_is_told_and_never_taken_for_an_empty_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with small_curator(home) as curator:
        fill(curator)
    overwrite([home / "journal.sqlite"])
    with pytest.raises(JournalError, match="damaged"), small_curator(home) as curator:
        curator.recover()
    # What was published is still read.
    with open_current(home) as store:
        assert store.graph(note_graph(1)) == note(1, "first")


def found_by_check(journal: Journal) -> list[str]:
    """Faults, whether some are listed or the database itself gives up."""
    try:
        return journal.check()
    except JournalError as error:
        return [error.message] if "damaged" in error.message else []


def test_damage_inside_the_journal_is_found_by_its_check_and_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with small_curator(home) as curator:
        fill(curator, 400)
    file = home / "journal.sqlite"
    # The header and the first pages stay: the database opens.
    with file.open("r+b") as handle:
        handle.seek(file.stat().st_size // 2)
        handle.write(os.urandom(file.stat().st_size // 4))
    with small_curator(home) as curator:
        assert found_by_check(curator.journal)


def test_a_journal_that_is_lost_beside_a_store_says_so(curator: Curator) -> None:
    home = curator.home
    curator.journal.close()
    for path in home.glob("journal.sqlite*"):
        path.unlink()
    with small_curator(home) as again:
        with pytest.raises(JournalError, match=r"journal is empty.*restore"):
            again.write(edit_of(1, text="x"))
        assert again.journal.last() == 0
    with open_current(home) as store:
        assert store.graph(note_graph(1)) == note(1, "second")
