"""The bundled corpus in memory, loaded once; tests put back what they change."""

from __future__ import annotations

import pytest

from dtrack.model import Record
from dtrack.stores.embedded import EmbeddedStore
from dtrack.wiring import bundled_corpus


@pytest.fixture(scope="session")
def corpus_records() -> list[Record]:
    return list(bundled_corpus().read())


@pytest.fixture(scope="session")
def corpus_store(corpus_records: list[Record]) -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    store.load(corpus_records)
    return store
