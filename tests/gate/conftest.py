"""The bundled corpus in memory, loaded once; tests put back what they change."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.model import Record
from dtrack.sources.corpus import Corpus
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle


@pytest.fixture(scope="session")
def corpus_records(root: Path) -> list[Record]:
    return list(Corpus(root / "ontology", root / "data", parse_turtle).read())


@pytest.fixture(scope="session")
def corpus_store(corpus_records: list[Record]) -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    store.load(corpus_records)
    return store
