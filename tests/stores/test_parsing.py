"""RDF comes in as canonical N-Triples, or is refused with a place and a remedy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Graph
from rdflib.compare import isomorphic

from dtrack.errors import SyntaxProblem
from dtrack.stores.parsing import parse_trig, parse_turtle, sorted_lines
from strategies import ntriples

PREFIXES = b"@prefix x: <http://x/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"


def parse(text: str) -> bytes:
    return parse_turtle(PREFIXES + text.encode(), place="a.ttl")


def test_lines_are_sorted_and_each_there_once() -> None:
    canonical = parse('x:b x:p 2 . x:a x:p "z"@EN , "\\u00e9\\t" . x:b x:p 2 .')

    assert canonical.decode().splitlines() == [
        '<http://x/a> <http://x/p> "z"@en .',
        '<http://x/a> <http://x/p> "é\\t" .',
        '<http://x/b> <http://x/p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    ]


def test_relative_iris_hang_on_the_base() -> None:
    assert parse_turtle(b"<id/a> <id/p> <> .", base="https://x/y/") == (
        b"<https://x/y/id/a> <https://x/y/id/p> <https://x/y/> .\n"
    )


@given(ntriples)
def test_canonical_form_is_its_own_canonical_form(text: bytes) -> None:
    canonical = parse_turtle(text)

    assert parse_turtle(canonical) == canonical
    assert sorted_lines(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        ("x:a x:p\n x:b ;\n y:c x:d .", "a.ttl:4:2", "prefix y: has not been declared", "Turtle"),
        ("x:a x:p 01 .", "a.ttl:2", '"01"', 'Write "1"^^xsd:integer.'),
        ("x:a x:p +1 .", "a.ttl:2", '"+1"', 'Write "1"^^xsd:integer.'),
        ("x:a x:p 1e3 .", "a.ttl:2", '"1e3"', 'Write "1000"^^xsd:double.'),
        ("x:a x:p .5 .", "a.ttl:2", '".5"', 'Write "0.5"^^xsd:decimal.'),
        ('x:a x:p\n"1"^^xsd:boolean .', "a.ttl:3", '"1"', 'Write "true"^^xsd:boolean.'),
        ('x:a x:p "1"^^xsd:int .', "a.ttl:2", "xsd:int", "xsd:integer"),
        ('x:a x:p "P1Y"^^xsd:duration .', "a.ttl:2", "xsd:duration", "xsd:date"),
        ('x:a x:p "a"@en--ltr .', "a.ttl:2", "direction", "--ltr"),
        ("x:a x:p <<( x:a x:b x:c )>> .", "a.ttl", "triple term", "node of its own"),
        ("x:a x:p x:b", "a.ttl:2:12", "Unexpected end", "Turtle"),
    ],
)
def test_what_storage_would_change_is_refused(
    text: str, place: str, message: str, remedy: str
) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(text)

    assert str(caught.value.place) == place
    assert message in caught.value.message
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("written", "kept"), [("1.0", "1"), ("0.70", "0.7"), ("-0.0", "0"), ("100.00", "100")]
)
def test_zeros_at_the_end_of_a_decimal_are_dropped(written: str, kept: str) -> None:
    assert f'"{kept}"^^'.encode() in parse(f"x:a x:p {written} .")


BLANK = """
x:a x:p [ x:q 1 ; x:r [ x:q 2 ] ] , [ x:q 1 ] , [ x:q 1 ] .
x:l x:list ( x:a [ x:q 3 ] x:a ) .
_:m x:next _:n . _:n x:next _:m . _:o x:self _:o .
"""


def test_blank_nodes_become_iris_and_nothing_else_changes() -> None:
    canonical = parse(BLANK)

    names = Graph().parse(data=canonical, format="nt")
    blanked = Graph()
    for triple in names:
        blanked.add(tuple(BNode(t.rpartition("/")[2]) if "genid" in str(t) else t for t in triple))
    expected = Graph().parse(data=PREFIXES + BLANK.encode(), format="turtle")
    assert len(expected) == 19
    assert b"_:" not in canonical
    assert isomorphic(blanked, expected)


@given(st.permutations([line for line in BLANK.splitlines() if line]), st.integers(0, 9))
def test_blank_nodes_get_the_same_iris_however_they_are_written(
    lines: list[str], number: int
) -> None:
    renamed = "\n".join(lines).replace("_:m", f"_:z{number}").replace("_:n", "_:a")

    assert parse(renamed) == parse(BLANK)


def test_an_edit_leaves_names_of_other_blank_nodes_alone() -> None:
    before = set(parse("x:a x:p [ x:q 1 ] . x:b x:p [ x:q 2 ] .").splitlines())
    after = set(parse("x:a x:p [ x:q 1 ] . x:b x:p [ x:q 3 ] .").splitlines())

    assert len(before & after) == 2


def test_blank_nodes_made_to_be_hard_are_refused() -> None:
    clique = " ".join(f"_:n{i} x:p _:n{j} ." for i in range(12) for j in range(12) if i != j)

    with pytest.raises(SyntaxProblem, match="Give them IRIs"):
        parse(clique)


def test_long_lists_are_not_hard() -> None:
    numbers = " ".join(f"[ x:q {n % 2} ]" for n in range(300))

    assert parse(f"x:a x:p ( {numbers} ) .").count(b"\n") == 901


def test_trig_gives_a_text_per_graph() -> None:
    graphs = parse_trig(PREFIXES + b"x:a x:p 1 . x:g { x:a x:p 2 } x:g { x:a x:p 3 }")

    assert {name: text.count(b"\n") for name, text in graphs.items()} == {"": 1, "http://x/g": 2}


def test_trig_with_a_nameless_graph_is_refused() -> None:
    with pytest.raises(SyntaxProblem, match="blank node for a name"):
        parse_trig(PREFIXES + b"_:g { x:a x:p 2 }")
