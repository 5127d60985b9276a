"""What a store notes while it is loaded is what it would answer, or it does not claim to know."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtrack.hearing import Hearing
from dtrack.model import Record, Revision
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.told import Told
from dtrack.terms import BASE, HISTORY_GRAPHS

P, Q, R = (f"{BASE}/ontology#{name}" for name in "pqr")
XSD = "http://www.w3.org/2001/XMLSchema#"


def graph(*triples: tuple[str, str, str]) -> bytes:
    """Canonical N-Triples of subjects, properties and terms."""
    return "".join(sorted(f"<{BASE}/{s}> <{p}> {o} .\n" for s, p, o in triples)).encode()


def loaded(*graphs: bytes) -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    store.load(
        (Record(f"{BASE}/graph/{n}", text, "test") for n, text in enumerate(graphs)),
        hearing=Hearing([P, Q]),
    )
    return store


def told(store: EmbeddedStore) -> Told:
    known = store.told()
    assert known is not None
    return known


def facts(store: EmbeddedStore, name: str) -> list[tuple[bytes, bytes]]:
    return sorted(zip(*told(store).facts(name), strict=True))


def test_each_fact_of_the_union_is_noted_once():
    store = loaded(
        graph(("a", P, '"1"'), ("a", P, '"2"@en'), ("b", P, f"<{BASE}/a>"), ("b", R, '"no"')),
        graph(("a", P, '"1"'), ("c", P, '"1"')),
    )

    assert facts(store, P) == [
        (f"<{BASE}/{s}>".encode(), value)
        for s, value in (
            ("a", b'"1"'), ("a", b'"2"@en'), ("b", f"<{BASE}/a>".encode()), ("c", b'"1"'),
        )
    ]  # fmt: skip
    assert facts(store, Q) == []
    with pytest.raises(KeyError):
        told(store).facts(R)


def test_nothing_is_noted_unasked():
    store = EmbeddedStore.in_memory()
    store.load([Record(f"{BASE}/graph/0", graph(("a", P, '"1"')), "test")])
    assert store.told() is None


def test_history_is_not_in_the_union():
    store = EmbeddedStore.in_memory()
    store.load([Record(f"{HISTORY_GRAPHS}1", graph(("a", P, '"1"')), "test")], hearing=Hearing([P]))
    assert facts(store, P) == []

    store.apply(Revision(2, {f"{HISTORY_GRAPHS}2": graph(("a", P, '"1"'))}))
    assert facts(store, P) == []


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (f'"01"^^<{XSD}integer>', f'"1"^^<{XSD}integer>'),
        (f'"0.50"^^<{XSD}decimal>', f'"0.5"^^<{XSD}decimal>'),
        (f'"2020-01-01"^^<{XSD}date>', f'"2020-01-01"^^<{XSD}date>'),
        (f'"a <b>"^^<{XSD}string>', '"a <b>"'),
        ('"a <b>"', '"a <b>"'),
    ],
)
def test_literals_are_as_storage_gives_them(written, stored):
    store = loaded(graph(("a", P, written), ("b", P, written)))
    assert [value for _, value in facts(store, P)] == [stored.encode()] * 2
    assert store.graph(f"{BASE}/graph/0") == graph(("a", P, stored), ("b", P, stored))


def test_what_is_added_is_noted_and_what_else_is_done_makes_it_unknown():
    store = loaded(graph(("a", P, '"1"')))
    added = f"{BASE}/graph/1"
    store.patch(added, (), graph(("a", P, '"1"'), ("b", P, '"2"')).splitlines(keepends=True))
    assert [value for _, value in facts(store, P)] == [b'"1"', b'"2"']

    store.patch(added, graph(("b", P, '"2"')).splitlines(keepends=True), ())
    assert store.told() is None

    other = loaded(graph(("a", P, '"1"')))
    other.apply(Revision(1, {added: graph(("b", P, '"2"'))}))
    assert other.told() is None


def test_what_is_foretold_is_noted_once_and_stored_when_it_is_put_in():
    store = loaded(graph(("a", P, '"1"')))
    lines = graph(("b", P, '"2"'), ("c", P, '"3"')).splitlines(keepends=True)

    added = f"{BASE}/graph/1"

    store.foretell(lines[:1])
    store.foretell(lines[:1])
    assert [value for _, value in facts(store, P)] == [b'"1"', b'"2"']
    assert store.graph(added) == b""

    store.patch(added, (), lines)
    noted = told(store)._facts[f"<{P}>".encode()]
    assert noted[1] == [b'"1"', b'"2"', b'"3"'], "each has been heard once"
    assert store.graph(added) == b"".join(lines)


def test_a_closed_store_has_noted_nothing():
    store = loaded(graph(("a", P, '"1"')))
    store.close()
    assert store.told() is None


def test_facts_may_be_read_while_others_are_heard():
    known = Told([P])
    ended = threading.Event()

    def hear() -> None:
        for number in range(300):
            known.hear(graph(*((f"{number}-{i}", P, f'"{i}"') for i in range(100))))
        ended.set()

    thread = threading.Thread(target=hear)
    thread.start()
    seen = 0
    while not ended.is_set():
        subjects, values = known.facts(P)
        assert len(subjects) == len(values) >= seen
        seen = len(values)
    thread.join()
    assert len(known.facts(P)[0]) == 30_000


_TERMS = st.sampled_from(["a", "b", "c"])
_TRIPLES = st.lists(
    st.tuples(_TERMS, st.sampled_from([P, Q]), st.sampled_from(['"1"', '"2"@en', f"<{BASE}/a>"])),
    max_size=8,
)


@given(st.lists(_TRIPLES, max_size=3))
def test_rows_are_those_of_the_query(graphs):
    store = loaded(*(graph(*set(triples)) for triples in graphs))
    query = f"SELECT ?s ?p ?q {{ ?s <{P}> ?p OPTIONAL {{ ?s <{Q}> ?q }} }}"
    _, *lines = store.serialise(query, "text/tab-separated-values").body.splitlines()

    rows = list(told(store).rows([P], [Q]))

    assert sorted(b"\t".join(row) for row in rows) == sorted(lines)
    needed = list(told(store).rows([P, Q]))
    assert sorted(needed) == sorted(row for row in rows if row[2])
