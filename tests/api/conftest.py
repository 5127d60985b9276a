from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dtrack.overlap import refresh
from dtrack.stores.building import publish
from dtrack.stores.embedded import EmbeddedStore
from dtrack.web.app import create_app
from serving import TestClient, small_records, small_service


@pytest.fixture(scope="session")
def client(root: Path) -> Iterator[TestClient]:
    """Client of the application over the small corpus; faults of ours stay responses."""
    with TestClient(create_app(small_service(root)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Home of a store with the small corpus, for a server of its own."""
    folder = tmp_path_factory.mktemp("small-home")

    def build(store: EmbeddedStore) -> None:
        store.load(small_records(root))
        refresh(store, root / "queries")

    publish(folder, build)
    return folder
