"""What a graph becomes is written as triples, in whatever form it is given."""

from __future__ import annotations

import pytest

from dtrack.errors import SyntaxProblem
from dtrack.model import Revision
from dtrack.stores.embedded import EmbeddedStore

GRAPH = "urn:g"
KNOWN = b'<urn:s> <urn:p> "1" .\n'
OTHER = b'<urn:s> <urn:p> "2" .\n'


@pytest.fixture
def store() -> EmbeddedStore:
    made = EmbeddedStore.in_memory()
    made.apply(Revision(1, {GRAPH: KNOWN}))
    return made


@pytest.mark.parametrize(
    ("given", "held"),
    [
        (KNOWN + b"<urn:s> <urn:q> <urn:o> .\n", KNOWN + b"<urn:s> <urn:q> <urn:o> .\n"),
        (b"<urn:s> <urn:q> <urn:o> .\n" + KNOWN, KNOWN + b"<urn:s> <urn:q> <urn:o> .\n"),
        (b'@prefix u: <urn:> .\nu:s u:p "1" ; u:q "2" .\n', KNOWN + b'<urn:s> <urn:q> "2" .\n'),
        (KNOWN + b'<urn:s>   <urn:q> "\\u0032" .\n', KNOWN + b'<urn:s> <urn:q> "2" .\n'),
        (KNOWN + b'<urn:s> <urn:q> """2""" .', KNOWN + b'<urn:s> <urn:q> "2" .\n'),
        # Lines that are known, within a text of several lines: they say nothing there.
        (b'<urn:s> <urn:q> """\n' + KNOWN + b'""" .\n', None),
    ],
)
def test_content_is_held_as_what_it_says(
    store: EmbeddedStore, given: bytes, held: bytes | None
) -> None:
    store.apply(Revision(2, {GRAPH: given}))

    if held is None:
        assert KNOWN not in store.graph(GRAPH)
        assert store.graph(GRAPH).count(b"\n") == 1
    else:
        assert store.graph(GRAPH) == held


@pytest.mark.parametrize("after", [None, KNOWN, KNOWN + OTHER, OTHER, b"<urn:s> <urn:q> _:b .\n"])
def test_what_is_known_of_a_graph_is_not_read_again(after: bytes | None) -> None:
    stores = [EmbeddedStore.in_memory() for _ in range(2)]
    for store in stores:
        store.apply(Revision(1, {GRAPH: KNOWN, "urn:h": KNOWN}))
    read, told = stores
    read.apply(Revision(2, {GRAPH: after, "urn:new": OTHER}))
    told.apply(Revision(2, {GRAPH: after, "urn:new": OTHER}), {GRAPH: KNOWN, "urn:new": b""})

    assert told.dump() == read.dump()
    assert set(told.graphs()) == set(read.graphs())
    assert told.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == read.select(
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    )


def test_blank_nodes_get_names(store: EmbeddedStore) -> None:
    store.apply(Revision(2, {GRAPH: KNOWN + b"<urn:s> <urn:q> _:b .\n"}))

    assert store.graph(GRAPH).count(b"\n") == 2
    assert b"_:" not in store.graph(GRAPH)


@pytest.mark.parametrize(
    "line", [b"} ; DROP ALL ; INSERT DATA {\n", b"<urn:s> <urn:p> ?x .\n", b"GRAPH <urn:h> {\n"]
)
def test_nothing_but_triples_gets_into_the_store(store: EmbeddedStore, line: bytes) -> None:
    with pytest.raises(SyntaxProblem):
        store.apply(Revision(2, {GRAPH: KNOWN + line}))

    assert store.dump() == KNOWN.replace(b" .\n", b" <urn:g> .\n")
