"""What is computed from a store lies beside it, is brought up to date with it, and goes with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dtrack.errors import StoreError
from dtrack.model import Changed, Progress, Record, Revision, Store, at_once, no_progress
from dtrack.stores import homes
from dtrack.stores.beside import opened, place_of, project, read_ahead
from dtrack.stores.building import current_folder, drafting, open_current, publish
from dtrack.stores.markers import marker_of

GRAPH = "urn:g"
LINE = b"<urn:s> <urn:p> <urn:o%d> .\n"


class Count:
    """Projection that counts triples; it notes how it came to know."""

    name = "count"

    def build(
        self,
        store: Store,
        folder: Path,
        progress: Progress = no_progress,
        derived: Callable[[], None] = at_once,
    ) -> None:
        self._write(folder, sum(store.graph(g).count(b"\n") for g in store.graphs()), "built")

    def update(self, store: Store, changed: Changed, former: Path, folder: Path) -> None:
        grown = sum(after.count(b"\n") - before.count(b"\n") for before, after in changed.values())
        self._write(folder, self.open(former)[0] + grown, "updated")

    def open(self, folder: Path) -> tuple[int, str]:
        try:
            number, how = (folder / "count-1").read_text().split()
        except FileNotFoundError:
            raise StoreError("The count is missing.") from None
        return int(number), how

    def check(self, store: Store, folder: Path) -> list[str]:
        return []

    def _write(self, folder: Path, number: int, how: str) -> None:
        (folder / "count-1").write_text(f"{number} {how}")


COUNT = Count()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with drafting(tmp_path, empty=True) as draft:
        draft.store.load([Record(GRAPH, LINE % 1, "made")])
        project(COUNT, draft.store, draft.folder, draft.former, None)
        draft.seal(marker_of(draft.store))
        draft.switch()
    return tmp_path


def change(home: Path) -> tuple[int, str]:
    """One triple more, committed; the count that readers open then."""
    with drafting(home) as draft:
        before = draft.store.graph(GRAPH)
        after = before + LINE % (before.count(b"\n") + 1)
        draft.store.apply(Revision(1, {GRAPH: after}))
        project(COUNT, draft.store, draft.folder, draft.former, {GRAPH: (before, after)})
        draft.seal(marker_of(draft.store))
        draft.switch()
    return COUNT.open(place_of(COUNT, current_folder(home)))


def test_a_change_is_projected_from_what_there_was(home):
    former = current_folder(home)
    assert COUNT.open(place_of(COUNT, former)) == (1, "built")

    assert change(home) == (2, "updated")
    assert not former.exists(), "it has gone with its store"


def test_one_that_is_missing_is_built_with_the_next_change(home):
    place = place_of(COUNT, current_folder(home))
    (place / "count-1").unlink()

    assert change(home) == (2, "built")


@pytest.mark.parametrize("fault", ["missing", "outdated"])
def test_one_that_is_missing_or_outdated_is_built_when_it_is_opened(tmp_path, fault):
    publish(tmp_path, lambda store: store.load([Record(GRAPH, LINE % 1, "made")]))
    folder = current_folder(tmp_path)
    if fault == "outdated":
        place_of(COUNT, folder).mkdir(parents=True)
        (place_of(COUNT, folder) / "count-0").write_text("1")

    with open_current(tmp_path) as store:
        assert opened(COUNT, store, folder) == (1, "built")

    assert [path.name for path in (folder / "beside").iterdir()] == ["count"]
    assert COUNT.open(place_of(COUNT, folder)) == (1, "built")


def test_all_files_of_a_store_are_on_disk_before_another_one_shares_them(tmp_path, monkeypatch):
    kept: set[int] = set()
    monkeypatch.setattr(homes.os, "fsync", lambda handle: kept.add(os.fstat(handle).st_ino))
    publish(tmp_path, lambda store: store.load([Record(GRAPH, LINE % 1, "made")]))
    folder = current_folder(tmp_path)
    with open_current(tmp_path) as store:
        opened(COUNT, store, folder)

    for _ in range(2):
        assert {path.stat().st_ino for path in folder.rglob("*") if path.is_file()} <= kept
        change(tmp_path)
        folder = current_folder(tmp_path)


def test_where_nothing_can_be_written_it_is_made_for_the_process_alone(home, monkeypatch):
    folder = current_folder(home)
    (place_of(COUNT, folder) / "count-1").unlink()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr("dtrack.stores.beside._placed", refused)
        with open_current(home) as store:
            assert opened(COUNT, store, folder) == (1, "built")

    assert not (place_of(COUNT, folder) / "count-1").exists()


def test_a_full_disk_is_told_as_one(home, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Count, "build", full)
    with drafting(home, empty=True) as draft, pytest.raises(StoreError, match="full"):
        project(COUNT, draft.store, draft.folder, None, None)


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="the system cannot be asked")
def test_no_more_is_read_ahead_than_is_allowed(tmp_path):
    for name, size in (("small", 10), ("middle", 100), ("large", 1000)):
        (tmp_path / "beside" / name).mkdir(parents=True)
        (tmp_path / "beside" / name / "file").write_bytes(b"x" * size)
    (tmp_path / "marker.json").write_bytes(b"{}")

    assert read_ahead(tmp_path, 10_000) == 1110
    assert read_ahead(tmp_path, 500) == 110
    assert read_ahead(tmp_path / "nowhere", 500) == 0
