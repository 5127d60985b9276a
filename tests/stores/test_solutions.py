"""Rows that are read from TSV are, term by term, those that the engine gives one by one."""

from __future__ import annotations

import pyoxigraph as engine
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtrack.errors import QueryError
from dtrack.model import Iri, Literal
from dtrack.stores.conversion import to_term
from dtrack.stores.solutions import rows_of
from dtrack.terms import XSD

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"', "\\", "\\n", "\t", "\n", "\r", "\x0b\x0c\x1c\x85\u2028", "a\tb\\\"c", "", "5", "<urn:a>"]
)  # fmt: skip
NUMBERS = st.sampled_from(
    [
        "0",
        "-7",
        "+7",
        "1.5",
        "-.5",
        "1e3",
        "1E-3",
        ".5e+2",
        "1.0",
        "INF",
        "NaN",
        "true",
        "false",
        "x",
    ]
)
NAMED = ("integer", "decimal", "double", "float", "boolean", "int", "string", "date")
TERMS = st.one_of(
    st.none(),
    st.just(engine.NamedNode("https://example.org/a-b?c=d&e=(f)#é")),
    st.just(engine.BlankNode("b1")),
    st.builds(engine.Literal, TEXT),
    st.builds(
        lambda text, tag: engine.Literal(text, language=tag),
        TEXT,
        st.sampled_from(["en", "zh-Hant", "de-1996", "x-dtrack-a"]),
    ),
    st.builds(
        lambda text, name: engine.Literal(text, datatype=engine.NamedNode(f"{XSD}{name}")),
        NUMBERS | TEXT,
        st.sampled_from(NAMED),
    ),
    st.builds(
        lambda text: engine.Literal(text, datatype=engine.NamedNode("urn:x-type")), NUMBERS | TEXT
    ),
)
LISTS = st.lists(st.tuples(TERMS, TERMS), max_size=6)
QUERY = """
SELECT ?a ?b WHERE { ?row <urn:row> ?n OPTIONAL { ?row <urn:a> ?a } OPTIONAL { ?row <urn:b> ?b } }
"""


def held(rows: list[tuple[object, object]]) -> engine.Store:
    store = engine.Store()
    for number, row in enumerate(rows):
        subject = engine.NamedNode(f"urn:row:{number}")
        store.add(engine.Quad(subject, engine.NamedNode("urn:row"), engine.Literal(number)))
        for name, value in zip("ab", row, strict=True):
            if value is not None:
                store.add(engine.Quad(subject, engine.NamedNode(f"urn:{name}"), value))
    return store


@given(LISTS)
def test_rows_are_those_of_the_engine(rows: list[tuple[object, object]]) -> None:
    store = held(rows)
    one_by_one = [
        tuple(None if value is None else to_term(value) for value in solution)
        for solution in store.query(QUERY)
    ]
    found = rows_of(store.query(QUERY))

    assert found.columns == ("a", "b")
    assert list(found.rows) == one_by_one
    assert len(found) == len(rows)
    kinds = [[type(term) for term in row] for row in found.rows]
    assert kinds == [[type(term) for term in row] for row in one_by_one]


@pytest.mark.parametrize(
    ("query", "columns", "rows"),
    [
        ("SELECT * {}", (), ((),)),
        ("SELECT * { FILTER(false) }", (), ()),
        ("SELECT ?a { FILTER(false) }", ("a",), ()),
        ("SELECT ?a {}", ("a",), ((None,),)),
        ("SELECT ?a ?b { VALUES (?a ?b) { (UNDEF '') (<urn:x> UNDEF) } }", ("a", "b"),
         ((None, Literal("")), (Iri("urn:x"), None))),
        ('SELECT ?a { VALUES ?a { "x"@en--ltr } }', ("a",), None),
    ],
)  # fmt: skip
def test_rows_of_odd_answers(query: str, columns: tuple[str, ...], rows: object) -> None:
    store = engine.Store()
    found = rows_of(store.query(query))

    assert found.columns == columns
    assert found.rows == rows or rows is None
    assert found.rows == tuple(
        tuple(None if value is None else to_term(value) for value in solution)
        for solution in store.query(query)
    )


def test_a_triple_term_is_refused() -> None:
    answer = engine.Store().query("SELECT (TRIPLE(<urn:s>, <urn:p>, 1) AS ?a) {}")

    with pytest.raises(QueryError, match="triple term"):
        rows_of(answer)
