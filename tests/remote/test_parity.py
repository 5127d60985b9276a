"""Every catalogue query gives the same rows on Oxigraph and Virtuoso as on the embedded store."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from dtrack.errors import DtrackError
from dtrack.model import Record
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.remote import RemoteStore
from triple_stores import TripleStore

PLACE = Path(__file__).parents[1] / "queries" / "test_catalogue_cases.py"

VIRTUOSO_FAULTS = {
    "search": "Virtuoso 7.2.5 turns characters beyond Latin-1 into '?' in grouped expressions",
    "citation_chain": "Virtuoso 7.2.5 puts another branch's value into a grouped variable of UNION",
}
"""Queries that a server answers wrongly, with its fault; a test says that it still does."""


def _cases() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue_cases", PLACE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


CATALOGUE_CASES = _cases()
BY_QUERY: dict[str, list[object]] = {}
for case in CATALOGUE_CASES.CASES:
    if not case.corpus:
        BY_QUERY.setdefault(case.query, []).append(case)


def _differences(remote: RemoteStore, query: str) -> tuple[list[str], int, float]:
    """Cases whose rows differ, rows in all, and milliseconds of all queries."""
    wrong, rows, seconds = [], 0, 0.0
    for case in BY_QUERY[query]:
        with EmbeddedStore.in_memory() as memory:
            memory.load(CATALOGUE_CASES.own_records(case))
            if case.derived:
                CATALOGUE_CASES.refresh(memory, CATALOGUE_CASES.QUERIES)
            remote.clear()
            remote.load([Record(graph, memory.graph(graph), "case") for graph in memory.graphs()])
        start = time.perf_counter()
        try:
            found = CATALOGUE_CASES.answer(case, remote)
        except DtrackError as error:
            found = str(error)
        seconds += time.perf_counter() - start
        rows += found.count("\n") - 1
        if found != case.expected.read_text(encoding="utf-8"):
            wrong.append(case.folder.name)
    return wrong, rows, 1000 * seconds


@pytest.mark.parametrize("query", sorted(BY_QUERY))
def test_rows_are_the_same(
    query: str, server: TripleStore, remote: RemoteStore, record_property: pytest.RecordProperty
) -> None:
    wrong, rows, milliseconds = _differences(remote, query)

    record_property("parity", json.dumps([server.name, query, rows, round(milliseconds)]))
    if server.name == "Virtuoso" and query in VIRTUOSO_FAULTS:
        assert wrong, f"{query} is right on Virtuoso now: take it out of VIRTUOSO_FAULTS"
    else:
        assert wrong == []


def test_every_query_is_compared() -> None:
    names = {query.name for query in CATALOGUE_CASES.CATALOGUE}

    assert sorted(names - set(BY_QUERY)) == []
