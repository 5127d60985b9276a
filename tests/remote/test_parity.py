"""Every catalogue query gives the same rows on Oxigraph and Virtuoso as on the embedded store.

What was compared is printed at the end of the run, with milliseconds, and
written to the file that ``--parity`` names (``make parity``).
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

import parity
import triple_stores
from conftest import lacking
from dtrack.errors import DtrackError
from dtrack.model import Record
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.remote import RemoteStore
from parity import Compared
from triple_stores import TripleStore

PLACE = Path(__file__).parents[1] / "queries" / "test_catalogue_cases.py"


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


def _timed(case: object, store: EmbeddedStore | RemoteStore) -> tuple[str, float]:
    """CSV of a case's rows, or what went wrong, and the seconds it took."""
    start = time.perf_counter()
    try:
        found = CATALOGUE_CASES.answer(case, store)
    except DtrackError as error:
        found = str(error)
    return found, time.perf_counter() - start


def _compared(name: str, remote: RemoteStore, query: str) -> tuple[list[str], Compared]:
    """Cases whose rows are not the expected ones, and how much was compared."""
    wrong, rows, embedded, there = [], 0, 0.0, 0.0
    for case in BY_QUERY[query]:
        with EmbeddedStore.in_memory() as memory:
            memory.load(CATALOGUE_CASES.own_records(case))
            if case.derived:
                CATALOGUE_CASES.refresh(memory, CATALOGUE_CASES.QUERIES)
            remote.clear()
            remote.load([Record(graph, memory.graph(graph), "case") for graph in memory.graphs()])
            _, seconds = _timed(case, memory)
            embedded += seconds
        expected = case.expected.read_text(encoding="utf-8")
        found, seconds = _timed(case, remote)
        there += seconds
        rows += expected.count("\n") - 1
        if found != expected:
            wrong.append(case.folder.name)
    return wrong, Compared(query, len(BY_QUERY[query]), rows, embedded, name, there)


@pytest.mark.parametrize("query", sorted(BY_QUERY))
def test_rows_are_the_same(
    query: str, server: TripleStore, remote: RemoteStore, request: pytest.FixtureRequest
) -> None:
    wrong, compared = _compared(server.name, remote, query)

    request.node.user_properties.append((parity.PROPERTY, compared.as_json()))
    assert wrong == []


def test_rows_are_the_same_where_nothing_was_asked_before() -> None:
    """How Virtuoso goes about a query depends on what it has heard before."""
    if triple_stores.virtuoso_programs() is None:
        lacking("Virtuoso (Debian: virtuoso-opensource)")
    with triple_stores.virtuoso_server() as fresh:
        remote = RemoteStore(fresh.endpoint)
        remote.clear()

        wrong, _ = _compared(fresh.name, remote, "meeting_timeline")

    assert wrong == []


def test_the_table_has_a_line_a_query_and_a_column_a_server() -> None:
    told = [
        Compared("b", 1, 3, 0.001, "Virtuoso", 0.02).as_json(),
        Compared("a", 2, 5, 0.002, "Virtuoso", 0.03).as_json(),
        Compared("a", 2, 5, 0.004, "Oxigraph", 0.01).as_json(),
    ]

    assert parity.table(told).splitlines()[2:] == [
        "| a | 2 | 5 | 3.0 | 10.0 | 30.0 |",
        "| b | 1 | 3 | 1.0 | | 20.0 |",
    ]


def test_every_query_is_compared() -> None:
    names = {query.name for query in CATALOGUE_CASES.CATALOGUE}

    assert sorted(names - set(BY_QUERY)) == []
