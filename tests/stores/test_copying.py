"""A copy of a sealed store holds the same, shares its tables, and is a store of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.errors import NoStoreError
from dtrack.model import Revision
from dtrack.stores.building import open_current, publish
from dtrack.stores.copying import copy_sealed
from dtrack.stores.embedded import EmbeddedStore

GRAPH = "urn:graph"


def line(number: int) -> bytes:
    return f"<urn:s{number}> <urn:p> <urn:o> .\n".encode()


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    publish(home, lambda store: store.apply(Revision(1, {GRAPH: line(1)})))
    with open_current(home) as store:
        return store.folder


def test_copy_holds_the_same_and_changes_alone(sealed: Path, tmp_path: Path) -> None:
    copy_sealed(sealed, tmp_path / "copy")

    with EmbeddedStore.open(tmp_path / "copy") as copy:
        assert copy.graph(GRAPH) == line(1)
        copy.apply(Revision(2, {GRAPH: line(2)}))
        assert copy.graph(GRAPH) == line(2)
    with EmbeddedStore.open(sealed, read_only=True) as store:
        assert store.graph(GRAPH) == line(1)


def test_tables_are_shared_and_nothing_beside_is_copied(sealed: Path, tmp_path: Path) -> None:
    copy_sealed(sealed, tmp_path / "copy")

    names = {path.name for path in (tmp_path / "copy").iterdir()}
    tables = [name for name in names if name.endswith(".sst")]
    assert tables
    assert all((sealed / name).samefile(tmp_path / "copy" / name) for name in tables)
    assert not names & {"marker.json", "lease", "beside", "LOCK"}


def test_where_there_is_no_store_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(NoStoreError, match="gone"):
        copy_sealed(tmp_path, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
