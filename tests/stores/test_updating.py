"""What an update would change is found on a copy, operation by operation."""

from __future__ import annotations

import pyoxigraph as engine
import pytest

from dtrack.errors import QueryError, RefusedError
from dtrack.model import Record
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.updating import UpdateText, effects
from dtrack.terms import DERIVED_GRAPH, HISTORY_GRAPHS

BASE = "https://example.org/"


@pytest.fixture
def store() -> engine.Store:
    embedded = EmbeddedStore.in_memory()
    embedded.load(
        [
            Record("urn:a", b'<urn:s1> <urn:p> "1" .\n<urn:s2> <urn:p> "2" .\n', "made"),
            Record("urn:b", b'<urn:s1> <urn:p> "1" .\n', "made"),
            Record(DERIVED_GRAPH, b'<urn:s1> <urn:q> "9" .\n', "made"),
        ]
    )
    return embedded._engine


def changes(store, text, using=(), named=()):
    return dict(effects(store, UpdateText(text, BASE, using, named)).changes)


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (
            "INSERT DATA { GRAPH <urn:b> { <urn:s3> <urn:p> 3 } }",
            {
                "urn:b": b'<urn:s1> <urn:p> "1" .\n'
                b'<urn:s3> <urn:p> "3"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
            },
        ),
        ('DELETE DATA { GRAPH <urn:b> { <urn:s1> <urn:p> "1" } }', {"urn:b": None}),
        ('DELETE DATA { GRAPH <urn:b> { <urn:s1> <urn:p> "none" } }', {}),
        (
            "DELETE WHERE { GRAPH ?g { <urn:s2> <urn:p> ?o } }",
            {"urn:a": b'<urn:s1> <urn:p> "1" .\n'},
        ),
        (
            (
                'WITH <urn:a> DELETE { ?s <urn:p> "1" } INSERT { ?s <urn:p> "one" } '
                'WHERE { ?s ?p "1" }'
            ),
            {"urn:a": b'<urn:s1> <urn:p> "one" .\n<urn:s2> <urn:p> "2" .\n'},
        ),
        ("CLEAR GRAPH <urn:a>", {"urn:a": None}),
        ("DROP SILENT GRAPH <urn:none>", {}),
        ("CREATE GRAPH <urn:new>", {}),
        ("COPY <urn:b> TO <urn:c>", {"urn:c": b'<urn:s1> <urn:p> "1" .\n'}),
        ("MOVE <urn:b> TO <urn:c>", {"urn:b": None, "urn:c": b'<urn:s1> <urn:p> "1" .\n'}),
        (
            "PREFIX u: <urn:> ADD GRAPH u:a TO u:b",
            {"urn:b": b'<urn:s1> <urn:p> "1" .\n<urn:s2> <urn:p> "2" .\n'},
        ),
        (
            "BASE <http://e/> INSERT DATA { GRAPH <http://e/> { <s> <p> <http://e/o> } }",
            {"http://e/": b"<http://e/s> <http://e/p> <http://e/o> .\n"},
        ),
        ("", {}),
    ],
)  # fmt: skip
def test_each_operation_changes_its_graphs(store, update, expected):
    assert changes(store, update) == expected


def test_relative_graph_names_are_resolved(store):
    found = changes(store, "INSERT DATA { GRAPH <g> { <s> <p> <o> } }")

    assert set(found) == {"https://example.org/g"}


def test_later_operations_see_what_former_ones_did_also_in_the_union(store):
    found = changes(
        store,
        """PREFIX u: <urn:>
        INSERT DATA { GRAPH u:c { u:new u:p "x" } } ;
        # the pattern reads the union
        INSERT { GRAPH u:d { ?s u:seen true } } WHERE { ?s u:p "x" } ;
        DELETE WHERE { GRAPH u:c { ?s u:p "x" } } ;
        INSERT { GRAPH u:e { ?s u:seen true } } WHERE { ?s u:p "x" }""",
    )

    assert set(found) == {"urn:d"}


def test_triple_that_another_graph_holds_stays_in_the_union(store):
    found = changes(
        store,
        "DELETE WHERE { GRAPH <urn:a> { <urn:s1> ?p ?o } } ; "
        'INSERT { GRAPH <urn:e> { ?s <urn:seen> true } } WHERE { ?s <urn:p> "1" }',
    )

    assert set(found) == {"urn:a", "urn:e"}


@pytest.mark.parametrize(
    ("using", "named", "expected"),
    [
        (("urn:b",), (), {"urn:s1"}),
        (("urn:a", "urn:b"), (), {"urn:s1", "urn:s2"}),
        ((), ("urn:a",), set()),
    ],
)
def test_request_says_which_graphs_are_read(store, using, named, expected):
    found = changes(
        store,
        "INSERT { GRAPH <urn:d> { ?s <urn:seen> true } } WHERE { ?s <urn:p> ?o }",
        using,
        named,
    )

    lines = found.get("urn:d", b"").decode().splitlines()
    assert {line[1 : line.index(">")] for line in lines} == expected


def test_using_in_the_text_says_which_graphs_are_read(store):
    found = changes(
        store,
        "INSERT { GRAPH ?g { ?s <urn:seen> true } } USING NAMED <urn:b> "
        "WHERE { GRAPH ?g { ?s <urn:p> ?o } }",
    )

    assert set(found) == {"urn:b"}


def test_delete_where_reads_from_the_graphs_of_the_request(store):
    found = changes(store, "DELETE WHERE { GRAPH ?g { ?s <urn:p> ?o } }", (), ("urn:b",))

    assert found == {"urn:b": None}


def test_blank_nodes_become_iris(store):
    (content,) = changes(store, "INSERT DATA { GRAPH <urn:d> { [] <urn:p> [] } }").values()

    assert b"_:" not in content
    assert b"/.well-known/genid/" in content


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <urn:s> <urn:p> 1 }",
        "INSERT DATA { GRAPH <urn:a> { <urn:s> <urn:p> 1 } <urn:s> <urn:p> 1 }",
        "INSERT { ?s <urn:p> 1 } WHERE { ?s ?p ?o }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP NAMED",
        "CLEAR DEFAULT",
        "COPY DEFAULT TO <urn:a>",
        "MOVE <urn:a> TO DEFAULT",
        f"CLEAR GRAPH <{DERIVED_GRAPH}>",
        f"INSERT DATA {{ GRAPH <{HISTORY_GRAPHS}1> {{ <urn:s> <urn:p> 1 }} }}",
        "DELETE WHERE { GRAPH ?g { ?s <urn:q> ?o } }",
        f"BASE <{DERIVED_GRAPH}> INSERT DATA {{ GRAPH <> {{ <urn:s> <urn:p> 1 }} }}",
    ],
)
def test_writing_to_the_union_or_to_our_graphs_is_refused(store, update):
    with pytest.raises(RefusedError) as caught:
        changes(store, update)

    assert caught.value.remedy


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://127.0.0.1/>",
        "load silent <file:///etc/passwd> INTO GRAPH <urn:a>",
        "INSERT DATA { GRAPH <urn:a> { <urn:s> <urn:p> 1 } };LOAD<file:///etc/passwd>",
        "INSERT { GRAPH <urn:a> { ?s ?p ?o } } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    ],
)  # fmt: skip
def test_nothing_is_fetched(store, update):
    with pytest.raises(QueryError, match="refused"):
        changes(store, update)


@pytest.mark.parametrize(
    ("update", "place"),
    [
        ("SELECT * { ?s ?p ?o }", "update:1:1"),
        ("CLEAR GRAPH <urn:a> ;\nINSERT DATA { GRAPH <urn:a> { <urn:s> <urn:p> } }", "update:2:47"),
        ("PREFIX u: <urn:>\nINSERT DATA { GRAPH u:a { u:s u:p ?x } }", "update:2:41"),
        ("CLEAR GRAPH <urn:none>", "update:1:1"),
        ("INSERT DATA { GRAPH nope:a { <urn:s> <urn:p> 1 } }", "update:1:21"),
        ("CLEAR XYZ", "update:1:10"),
        ("WITH <urn:a> DELETE { ?s ?p ?o } USING <urn:b> WHERE", "update:1:53"),
    ],
)
def test_errors_name_their_place(store, update, place):
    with pytest.raises(QueryError) as caught:
        changes(store, update)

    assert str(caught.value.place) == place


def test_dataset_in_request_and_text_is_a_conflict(store):
    with pytest.raises(QueryError, match="Both the request and the update"):
        changes(store, "WITH <urn:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", (), ("urn:b",))


def test_graph_names_of_a_request_cannot_break_out(store):
    with pytest.raises(QueryError, match="no absolute IRI"):
        changes(
            store,
            "INSERT { GRAPH <urn:d> { ?s ?p ?o } } WHERE { ?s ?p ?o }",
            ("urn:b> WHERE {} ; CLEAR ALL #",),
        )
