"""A store on a real server does what the embedded one does."""

from __future__ import annotations

import pytest

from dtrack.errors import QueryError, ResultTooLargeError, StoreError
from dtrack.model import Iri, Literal, Record, Revision
from dtrack.stores.remote import Applied, RemoteStore
from dtrack.stores.results import Limits
from dtrack.stores.wire import Endpoint, Wire
from dtrack.terms import BASE, DT, HISTORY_GRAPHS
from triple_stores import TripleStore

A, B, HISTORY = f"{BASE}/graph/a", f"{BASE}/graph/b", f"{HISTORY_GRAPHS}7"
SHARED = b'<urn:s> <urn:p> "both"@en .\n'
ONLY_A = b"<urn:s> <urn:p> <urn:a> .\n"
ONLY_B = '<urn:s> <urn:p> "湿地"@zh .\n'.encode()
EVERYTHING = "SELECT ?o WHERE { ?s ?p ?o } ORDER BY STR(?o)"


def load(remote: RemoteStore) -> None:
    remote.load(
        [
            Record(A, ONLY_A + SHARED, "a"),
            Record(B, ONLY_B + SHARED, "b"),
            Record(HISTORY, b"<urn:h> <urn:p> <urn:h> .\n", "h"),
        ]
    )


def shown(remote: RemoteStore) -> list[object]:
    return [row[0] for row in remote.select(EVERYTHING).rows]


def test_the_union_holds_each_triple_once_and_no_history(remote: RemoteStore) -> None:
    load(remote)

    assert shown(remote) == [
        Literal("both", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "en"),
        Iri("urn:a"),
        Literal("湿地", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "zh"),
    ]
    assert remote.graphs() == (A, B, HISTORY)
    assert remote.graph(B) == ONLY_B + SHARED or remote.graph(B) == SHARED + ONLY_B
    assert remote.ask("ASK { ?s ?p <urn:a> }")
    assert not remote.ask("ASK { ?s ?p <urn:h> }")
    assert remote.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(ISIRI(?o)) }") == ONLY_A


def test_graphs_of_any_size_are_loaded_together(
    remote: RemoteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    update = Wire.update

    def counting(wire: Wire, text: str) -> None:
        sent.append(text.count("@en ."))
        update(wire, text)

    monkeypatch.setattr(Wire, "update", counting)
    # Sizes at which others wait already, so that what is sent could become too much.
    sizes = {f"{BASE}/graph/tests/of-{size}": size for size in (3, 490, 1000, 2500)}
    records = [
        Record(
            graph,
            "".join(f'<{graph}/{n}> <{DT}note> "note {n}"@en .\n' for n in range(size)).encode(),
            "tests",
        )
        for graph, size in sizes.items()
    ]

    assert remote.load(records) == sum(sizes.values())

    assert {graph: remote.graph(graph).count(b"\n") for graph in remote.graphs()} == sizes
    (row,) = remote.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").texts()
    assert int(row["n"]) == sum(sizes.values())
    assert sum(sent) == 2 * sum(sizes.values())
    # A Virtuoso as it is packaged takes no more than 1400.
    assert max(sent) <= 1000


def test_a_revision_replaces_graphs_and_what_others_hold_stays(remote: RemoteStore) -> None:
    load(remote)
    new = b"<urn:s> <urn:p> <urn:new> .\n"
    revision = Revision(1, {A: new, B: ONLY_B + SHARED})

    remote.apply(revision)
    once = shown(remote), remote.dump()
    remote.apply(revision)

    assert (shown(remote), remote.dump()) == once
    assert [str(getattr(term, "lexical", term)) for term in once[0]] == ["both", "urn:new", "湿地"]

    remote.apply(Revision(2, {B: None}))

    assert remote.graphs() == (A, HISTORY)
    assert shown(remote) == [Iri("urn:new")]


def test_a_patch_changes_lines_of_one_graph(remote: RemoteStore) -> None:
    load(remote)

    remote.patch(A, [ONLY_A], [b"<urn:s> <urn:p> <urn:z> .\n"])

    assert [term for term in shown(remote) if isinstance(term, Iri)] == [Iri("urn:z")]


def test_the_marker_says_what_was_applied(remote: RemoteStore) -> None:
    load(remote)

    remote.mark(Applied(5, "journal"))
    remote.mark(Applied(6, "journal"))

    assert remote.applied() == Applied(6, "journal")
    remote.clear()
    assert remote.graphs() == ()


def test_answers_come_in_the_form_asked_for_within_limits(remote: RemoteStore) -> None:
    load(remote)

    rows = remote.serialise(EVERYTHING, "text/csv")
    graph = remote.serialise("DESCRIBE <urn:s>", "application/n-triples")
    truth = remote.serialise("ASK { ?s ?p <urn:a> }", "application/sparql-results+json")

    assert rows.body.decode().split() == ["o", "both", "urn:a", "湿地"]
    assert ONLY_A in graph.body
    assert b"true" in truth.body
    with pytest.raises(ResultTooLargeError):
        remote.serialise(EVERYTHING, "text/csv", Limits(rows=2))


@pytest.mark.parametrize(
    "text", ["SELECT ?s WHERE {", "SELECT (1 AS ?s) WHERE { SERVICE <urn:x> {} }"]
)
def test_what_does_not_parse_or_calls_others_is_refused(remote: RemoteStore, text: str) -> None:
    with pytest.raises(QueryError):
        remote.serialise(text, "text/csv")


class Counting(RemoteStore):
    """Lets others write, or counts too many, between counting and reading a graph."""

    written: list[bytes]
    more = 0

    def _size(self, name: str) -> int:
        size = super()._size(name)
        if self.written:
            super().apply(Revision(1, {A: self.written.pop()}))
        return size + self.more


def counting(server: TripleStore, written: list[bytes], more: int = 0) -> Counting:
    store = Counting(server.endpoint)
    store.written, store.more = written, more
    return store


def test_a_graph_that_is_written_while_it_is_read_is_read_again(
    remote: RemoteStore, server: TripleStore
) -> None:
    load(remote)

    assert counting(server, [ONLY_B]).graph(A) == ONLY_B
    assert counting(server, [ONLY_A + ONLY_B]).graph(A).count(b"\n") == 2


def test_a_graph_that_never_rests_is_told_from_a_cut_answer(
    remote: RemoteStore, server: TripleStore
) -> None:
    load(remote)

    with pytest.raises(StoreError, match="changes while it is read"):
        counting(server, [ONLY_A + ONLY_B, ONLY_A] * 4).graph(A)
    with pytest.raises(StoreError, match="cuts long answers"):
        counting(server, [], more=1).graph(A)


def test_a_server_that_is_not_there_is_said_so() -> None:
    store = RemoteStore(Endpoint.of("http://127.0.0.1:9/query", seconds=2))

    with pytest.raises(StoreError, match="does not answer"):
        store.applied()


def test_a_full_store_is_not_loaded_into(remote: RemoteStore) -> None:
    load(remote)

    with pytest.raises(StoreError, match="not empty"):
        load(remote)


def test_a_server_back_from_a_kill_answers_again(oxigraph: TripleStore) -> None:
    store = RemoteStore(oxigraph.endpoint)
    store.clear()
    load(store)
    oxigraph.stop(kill=True)
    with pytest.raises(StoreError, match="does not answer"):
        store.select(EVERYTHING)

    oxigraph.start()

    assert len(shown(store)) == 3
