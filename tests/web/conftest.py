from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dtrack.web.app import create_app
from serving import TestClient, small_service


@pytest.fixture(scope="session")
def client(root: Path) -> Iterator[TestClient]:
    """Client of the application over the small corpus; faults of ours stay responses."""
    with TestClient(create_app(small_service(root)), raise_server_exceptions=False) as client:
        yield client
