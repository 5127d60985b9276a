"""A draft that is made ahead is the next edit's, if it still is a copy of what is current."""

from __future__ import annotations

import fcntl
import shutil
from typing import TYPE_CHECKING

import pytest

from dtrack.model import Record, Revision
from dtrack.stores.building import (
    clear_away,
    current_folder,
    drafted_ahead,
    drafting,
    open_current,
    publish,
)
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.markers import marker_of

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.stores.building import Draft

GRAPH = "urn:g"
ONE, TWO = b"<urn:s> <urn:p> <urn:1> .\n", b"<urn:s> <urn:p> <urn:2> .\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    publish(tmp_path, lambda store: store.load([Record(GRAPH, ONE, "made")]))
    return tmp_path


@pytest.fixture
def ready(home: Path):
    draft = drafted_ahead(home)
    assert draft is not None
    yield draft
    draft.drop()


def write(home: Path, content: bytes, ready: Draft | None = None) -> str:
    """Name of the folder that an edit was made in."""
    with drafting(home, ready=ready) as draft:
        name = draft.folder.name
        draft.store.apply(Revision(1, {GRAPH: content}))
        draft.seal(marker_of(draft.store))
        draft.switch()
    return name


def held(home: Path) -> bytes:
    with open_current(home) as store:
        return store.graph(GRAPH)


def folders(home: Path) -> set[str]:
    return {path.name for path in (home / "stores").iterdir()}


def test_draft_made_ahead_becomes_the_current_store(home: Path, ready: Draft) -> None:
    name = write(home, TWO, ready)

    assert name == ready.folder.name
    assert held(home) == TWO
    clear_away(home)
    assert folders(home) == {current_folder(home).name}


def test_draft_is_kept_while_others_write_and_then_of_no_use(home: Path, ready: Draft) -> None:
    write(home, TWO)
    assert ready.folder.is_dir()

    name = write(home, ONE, ready)

    assert name != ready.folder.name
    assert held(home) == ONE
    assert not ready.folder.exists()
    assert folders(home) == {current_folder(home).name}


def test_draft_of_a_process_that_died_is_cleared_away(home: Path, ready: Draft) -> None:
    # Its lease ends with it.
    assert ready._held is not None
    fcntl.flock(ready._held, fcntl.LOCK_UN)

    write(home, TWO)

    assert folders(home) == {current_folder(home).name}


@pytest.mark.parametrize("again", [False, True])
def test_draft_that_was_cleared_away_is_not_taken(home: Path, ready: Draft, again: bool) -> None:
    shutil.rmtree(ready.folder)
    if again:
        # Somebody made a folder of that name meanwhile.
        ready.folder.mkdir()
        (ready.folder / "lease").touch()

    name = write(home, TWO, ready)

    assert name != ready.folder.name
    assert held(home) == TWO


def test_draft_is_not_taken_for_an_empty_one(home: Path, ready: Draft) -> None:
    with drafting(home, empty=True, ready=ready) as draft:
        assert draft.store.graphs() == ()

    assert not ready.folder.exists()
    assert held(home) == ONE


def test_former_stores_are_cleared_away_unless_read_or_another_writes(home: Path) -> None:
    former = open_current(home)
    write(home, TWO)
    current = current_folder(home).name

    clear_away(home)
    assert former.graph(GRAPH) == ONE
    assert former.folder.is_dir()
    former.close()
    with drafting(home) as draft:
        shutil.copytree(draft.folder, home / "stores" / "store-old")
        clear_away(home)
        assert (home / "stores" / "store-old").is_dir()

    clear_away(home)

    assert folders(home) == {current}


def test_nothing_is_made_ahead_where_nothing_is(tmp_path: Path) -> None:
    assert drafted_ahead(tmp_path) is None
    assert not any(tmp_path.iterdir())


def test_small_edits_are_read_from_the_log_by_all_who_open_the_store(home: Path) -> None:
    write(home, TWO)
    folder = current_folder(home)

    assert any(path.stat().st_size for path in folder.glob("*.log"))
    assert held(home) == TWO
    with open_current(home) as store:
        store.copy_to(home / "copy")
    with EmbeddedStore.open(home / "copy") as copy:
        assert copy.graph(GRAPH) == TWO
    write(home, ONE)
    assert held(home) == ONE
    # What is shared with a former store stays as it was.
    assert all(path.stat().st_size for path in current_folder(home).glob("*.sst"))
