"""What tests of harvests share: a node to harvest from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import make_home
from harvesting import Server, publisher, serving


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[tuple[Server, str]]:
    """A node with the small corpus, and a key that may publish there."""
    home = make_home(tmp_path_factory, tmp_path_factory.mktemp("origin"), root)
    server = Server(home)
    key = publisher(home)
    with serving(server):
        yield server, key
