"""Real SPARQL servers, one of each kind for all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import triple_stores
from conftest import lacking
from dtrack.stores.remote import RemoteStore


@pytest.fixture(scope="session")
def oxigraph() -> Iterator[triple_stores.TripleStore]:
    if triple_stores.oxigraph_program() is None:
        lacking("the Oxigraph server (PyPI: oxigraph)")
    with triple_stores.oxigraph_server() as server:
        yield server


@pytest.fixture(scope="session")
def virtuoso() -> Iterator[triple_stores.TripleStore]:
    if triple_stores.virtuoso_programs() is None:
        lacking("Virtuoso (Debian: virtuoso-opensource)")
    with triple_stores.virtuoso_server() as server:
        yield server


@pytest.fixture(params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest) -> triple_stores.TripleStore:
    found: triple_stores.TripleStore = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def remote(server: triple_stores.TripleStore) -> RemoteStore:
    """An empty store on a real server."""
    store = RemoteStore(server.endpoint)
    store.clear()
    return store
