"""The embedded store keeps what it is given, and answers over the union of its graphs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dtrack.errors import (
    DtrackError,
    NoStoreError,
    QueryError,
    StoreError,
    StoreLockedError,
    SyntaxProblem,
)
from dtrack.hearing import Hearing
from dtrack.model import Iri, Literal, Record, Revision, Store
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import HISTORY_GRAPHS, RDF, XSD
from strategies import ntriples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

A, B = "https://example.org/a", "https://example.org/b"
ONE = parse_turtle(b'<x:s> <x:p> "one"@en , 1 . <x:both> <x:in> <x:two> .')
TWO = parse_turtle(b"<x:t> <x:p> 0.5 . <x:both> <x:in> <x:two> .")
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmbeddedStore]:
    on_disk = request.param == "disk"
    with EmbeddedStore.open(tmp_path / "s") if on_disk else EmbeddedStore.in_memory() as opened:
        opened.load([Record(A, ONE, "a"), Record(B, TWO, "b")])
        yield opened


def count(store: EmbeddedStore, query: str = COUNT) -> str:
    (row,) = store.select(query).texts()
    return row["n"]


def test_it_is_a_store(store: EmbeddedStore) -> None:
    assert isinstance(store, Store)


def test_a_store_that_holds_nothing_is_whole(tmp_path: Path) -> None:
    for empty in (EmbeddedStore.in_memory(), EmbeddedStore.open(tmp_path / "empty")):
        with empty as store:
            store.load([])

            store.whole()

            assert list(store.graphs()) == []


def test_graphs_come_back_as_they_went_in(store: EmbeddedStore) -> None:
    assert store.graphs() == (A, B)
    assert store.graph(A) == ONE
    assert store.graph(B) == TWO
    assert store.graph("https://example.org/none") == b""


def test_dump_is_all_quads_sorted(store: EmbeddedStore) -> None:
    lines = store.dump().splitlines()

    assert len(lines) == 5
    assert lines == sorted(lines)
    assert b"<x:both> <x:in> <x:two> <https://example.org/b> ." in lines


def test_union_holds_a_triple_of_two_graphs_once(store: EmbeddedStore) -> None:
    assert count(store) == "4"
    assert count(store, "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }") == "5"


def test_from_names_graphs_and_nothing_else(store: EmbeddedStore) -> None:
    assert count(store, f"SELECT (COUNT(*) AS ?n) FROM <{B}> WHERE {{ ?s ?p ?o }}") == "2"
    assert (
        count(store, f"SELECT (COUNT(*) AS ?n) FROM NAMED <{B}> {{ GRAPH ?g {{ ?s ?p ?o }} }}")
        == "2"
    )
    assert count(store, f"SELECT (COUNT(*) AS ?n) FROM <file://{__file__}> {{ ?s ?p ?o }}") == "0"


def test_select_gives_terms(store: EmbeddedStore) -> None:
    rows = store.select("SELECT ?s ?o ?none WHERE { ?s <x:p> ?o } ORDER BY ?s ?o")

    assert rows.columns == ("s", "o", "none")
    assert set(rows.rows) == {
        (Iri("x:s"), Literal("one", f"{RDF}langString", "en"), None),
        (Iri("x:s"), Literal("1", f"{XSD}integer"), None),
        (Iri("x:t"), Literal("0.5", f"{XSD}decimal"), None),
    }  # fmt: skip


def test_ask_and_construct_answer(store: EmbeddedStore) -> None:
    assert store.ask("ASK { <x:s> ?p ?o }")
    assert not store.ask("ASK { <x:none> ?p ?o }")
    assert store.construct("CONSTRUCT { ?o ?p <x:z> } { ?s ?p ?o FILTER(ISIRI(?o)) }") == (
        b"<x:two> <x:in> <x:z> .\n"
    )
    assert store.construct("DESCRIBE <x:t>") == b'<x:t> <x:p> "0.5"^^<%sdecimal> .\n' % XSD.encode()


def test_blank_nodes_that_a_query_makes_become_iris(store: EmbeddedStore) -> None:
    template = "CONSTRUCT { [] <x:of> ?s ; <x:is> ?o } WHERE { ?s <x:p> ?o }"

    assert store.construct(template) == store.construct(template)
    assert b"/.well-known/genid/" in store.construct(template)
    ((value,),) = store.select("SELECT (BNODE() AS ?b) {}").rows
    assert isinstance(value, Iri)


def test_answers_made_to_be_hard_are_refused(store: EmbeddedStore) -> None:
    leaves = " , ".join(f"_:leaf{n}" for n in range(12))

    with pytest.raises(QueryError, match="cannot be told apart"):
        store.construct(f"CONSTRUCT {{ _:root <x:p> {leaves} }} WHERE {{}}")


@pytest.mark.parametrize(
    ("query", "place", "message"),
    [
        ("SELECT ?s WHERE { ?s ?p }", "query:1:26", "near"),
        ("SELECT ?s WHERE {\n ?s ?p ?o . FILTER(?o = ) }", "query:2:28", "near"),
        ("SELECT ?s WHERE { dt:a ?p ?o }", "query:1:19", "prefix 'dt:' has not been declared"),
        ("SELECT ?s ?s WHERE { ?s ?p ?o }", "query:1:32", "Duplicated variable name"),
        ("DELETE WHERE { ?s ?p ?o }", "query:1:1", "update"),
        ("PREFIX a: <x:> LOAD <http://x/>", "query:1:16", "update"),
        ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "query:1:12", "SERVICE"),
        ("ASK {}", "None", "no SELECT query"),
        ("SELECT (<<( <x:a> <x:b> 1 )>> AS ?t) {}", "None", "triple term"),
        ('SELECT ("\ud800" AS ?x) {}', "None", "half a surrogate"),
        ("SELECT (<x:f>(1) AS ?n) {}", "None", "calls <x:f>, a function that is not known"),
        ("", "query:1:1", "near"),
    ],
)
def test_faulty_query_is_refused_with_its_place(
    store: EmbeddedStore, query: str, place: str, message: str
) -> None:
    with pytest.raises(QueryError) as caught:
        store.select(query)

    assert str(caught.value.place) == place
    assert message in caught.value.message
    assert caught.value.remedy


def test_other_forms_are_refused(store: EmbeddedStore) -> None:
    with pytest.raises(QueryError, match="no ASK"):
        store.ask(COUNT)
    with pytest.raises(QueryError, match="no CONSTRUCT"):
        store.construct(COUNT)


def test_apply_replaces_adds_and_withdraws_graphs(store: EmbeddedStore) -> None:
    new = parse_turtle(b"<x:new> <x:p> 7 .")

    store.apply(Revision(1, {A: None, B: new, "https://example.org/c": new}))

    assert store.graphs() == (B, "https://example.org/c")
    assert store.graph(B) == new
    assert count(store) == "1"


def test_apply_twice_changes_nothing(store: EmbeddedStore) -> None:
    revision = Revision(1, {A: TWO, B: None})
    store.apply(revision)
    before = store.dump()

    store.apply(revision)

    assert store.dump() == before
    assert count(store) == "2"


def test_faulty_revision_changes_nothing(store: EmbeddedStore) -> None:
    before = store.dump()

    for changes in ({A: None, B: b"} }; DROP ALL ; INSERT DATA {"}, {A: None, "no iri": TWO}):
        with pytest.raises(SyntaxProblem):
            store.apply(Revision(1, changes))

    assert store.dump() == before


contents = st.one_of(st.none(), ntriples)
revisions = st.lists(
    st.dictionaries(st.sampled_from([A, B, "urn:c"]), contents, max_size=3), max_size=4
)


@settings(deadline=None, max_examples=60)
@given(revisions)
def test_union_and_graphs_are_right_after_any_revisions(steps: list[dict[str, bytes]]) -> None:
    store = EmbeddedStore.in_memory()
    expected: dict[str, bytes] = {}

    for number, changes in enumerate(steps):
        store.apply(Revision(number, changes))
        expected |= {name: parse_turtle(content or b"") for name, content in changes.items()}

    assert {name: store.graph(name) for name in store.graphs()} == {
        name: content for name, content in expected.items() if content
    }
    union = set().union(*(content.splitlines() for content in expected.values()))
    assert set(store.construct("CONSTRUCT WHERE { ?s ?p ?o }").splitlines()) == union
    assert count(store) == str(len(union))


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ntriples, min_size=1, max_size=4))
def test_digest_of_what_is_stored_is_that_of_what_came_in(
    tmp_path_factory: pytest.TempPathFactory, texts: list[bytes]
) -> None:
    records = [Record(f"urn:{n}", parse_turtle(text), "x") for n, text in enumerate(texts)]

    for store in (
        EmbeddedStore.in_memory(),
        EmbeddedStore.open(tmp_path_factory.mktemp("store") / "s"),
    ):
        with store:
            assert store.load(records) == sum(record.size for record in records)
            assert [store.graph(r.graph) for r in records] == [r.ntriples for r in records]


def test_load_tells_its_progress_and_wants_an_empty_store(store: EmbeddedStore) -> None:
    seen: Counter[tuple[str, int, int]] = Counter()
    fresh = EmbeddedStore.in_memory()

    fresh.load([Record(A, ONE, "a"), Record(B, TWO, "b")], lambda *step: seen.update([step]))

    assert list(seen) == [("loading", 0, 2), ("loading", 1, 2), ("loading", 2, 2)]
    with pytest.raises(StoreError, match="not empty"):
        store.load([Record(A, ONE, "a")])


@pytest.mark.parametrize(
    "line",
    [
        '<urn:a b> <urn:p> "o" .', '<urn:s> <urn:p q> "o" .', "<urn:s> <urn:p> <urn:o o> .",
        '<s> <urn:p> "o" .', "<urn:s> <urn:p> <o> .", '<urn:s> <urn:p> "o" quoted" .',
        "", " ", "<urn:s>", "<urn:s> ", "<urn:s> .", '<urn:s> a "o" .', "<urn:s> <urn:p> .",
        '<urn:s> <urn:p> "o"^^<o o> .', '<urn:s> <urn:p> "\\x" .',
        '<urn:s> <urn:p> "o"@e_n .', '<urn:s> <urn:p> "o"',
        '<urn:s> <urn:p> "o"\n<urn:p> "more" .', "<urn:s> <urn:p> <urn:o>.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", '<urn:s> <urn:o> "before" .\n'])
@pytest.mark.parametrize("noting", [[], ["urn:p"]])
def test_faulty_lines_are_refused_in_bulk_too(before: str, line: str, noting: list[str]) -> None:
    record = Record("urn:g", f"{before}{line}\n".encode(), "x")
    with EmbeddedStore.in_memory() as store, pytest.raises((QueryError, SyntaxProblem)):
        store.load([record], hearing=Hearing(noting))


@settings(deadline=None, max_examples=40)
@given(st.lists(ntriples, min_size=1, max_size=4))
def test_what_was_read_before_is_stored_as_what_is_read_with_care(texts: list[bytes]) -> None:
    records = [Record(f"urn:{n}", parse_turtle(text), "x") for n, text in enumerate(texts)]

    with EmbeddedStore.in_memory() as careful, EmbeddedStore.in_memory() as trusting:
        careful.load(records)
        trusting.load(records, trusted=True)

        assert trusting.dump() == careful.dump()
        union = "CONSTRUCT WHERE { ?s ?p ?o }"
        assert trusting.construct(union) == careful.construct(union)


def test_history_is_read_with_care_whatever_is_trusted() -> None:
    record = Record(f"{HISTORY_GRAPHS}1", b'<urn:a b> <urn:p> "o" .\n', "x")
    with EmbeddedStore.in_memory() as store, pytest.raises(QueryError):
        store.load([record], trusted=True)


def test_second_writer_is_refused(tmp_path: Path) -> None:
    with (
        EmbeddedStore.open(tmp_path / "s"),
        pytest.raises(StoreLockedError, match="Stop it, or wait"),
    ):
        EmbeddedStore.open(tmp_path / "s")


def test_reader_sees_the_store_as_it_was_opened(tmp_path: Path) -> None:
    with EmbeddedStore.open(tmp_path / "s") as writer:
        writer.load([Record(A, ONE, "a")])
        with EmbeddedStore.open(tmp_path / "s", read_only=True) as reader:
            writer.apply(Revision(1, {A: None}))

            assert reader.graph(A) == ONE
            with pytest.raises(StoreError, match="failed while"):
                reader.apply(Revision(1, {A: None}))


def test_missing_damaged_and_closed_stores_say_so(tmp_path: Path) -> None:
    with pytest.raises(NoStoreError, match="dtrack init"):
        EmbeddedStore.open(tmp_path / "none", read_only=True)
    EmbeddedStore.open(tmp_path / "s").close()
    (tmp_path / "s" / "CURRENT").write_text("nonsense")
    with pytest.raises(StoreError, match="is damaged") as caught:
        EmbeddedStore.open(tmp_path / "s")
    assert str(tmp_path) not in str(caught.value)
    closed = EmbeddedStore.in_memory()
    closed.close()
    closed.close()
    with pytest.raises(StoreError, match="has been closed"):
        closed.ask("ASK {}")


def test_failed_question_keeps_nothing_of_the_engine_alive() -> None:
    """The engine's solutions may only be dropped by the thread that asked."""
    store = EmbeddedStore.in_memory()

    with pytest.raises(DtrackError) as caught:
        store.ask("SELECT ?s WHERE { ?s ?p ?o }")

    error: BaseException | None = caught.value
    assert error is not None
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    held = [value for frame in frames for value in frame.f_locals.values()]
    assert not [value for value in held if type(value).__module__ == "pyoxigraph"]
    assert error.__cause__ is None
    assert error.__context__ is None
