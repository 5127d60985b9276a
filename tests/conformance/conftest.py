from __future__ import annotations

from collections.abc import Iterator

import pytest

from processes import Served, served_plain


@pytest.fixture(scope="module")
def plain() -> Iterator[Served]:
    """A plain store that runs: query, update, graph store."""
    with served_plain({"DTRACK_QUERY_SECONDS": "5"}) as server:
        yield server
