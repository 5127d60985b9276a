"""What the index gives to the derived graph is written as the store keeps it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dtrack.overlap.publishing import Published, is_scored, published
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import DERIVED_GRAPH
from serving import small_service

ROOT = Path(__file__).resolve().parents[2]


def test_lines_are_what_the_store_gives_back():
    service = small_service(ROOT)
    lines = published(service.answers.index).lines()

    assert any(b"meanScore" in line for line in lines)
    assert parse_turtle(b"".join(lines)) == b"".join(sorted(lines))
    held = service.store.graph(DERIVED_GRAPH).splitlines(keepends=True)
    assert {line for line in held if is_scored(line)} == lines


FIGURES = st.tuples(*[st.sampled_from(["0", "0.5", "7"])] * 12)
PAIRS = [("urn:i/a", "urn:i/b"), ("urn:i/a", "urn:i/c"), ("urn:i/b", "urn:i/c")]
FOUND = st.builds(
    Published,
    st.frozensets(st.sampled_from([b"<urn:m1> .\n", b"<urn:m2> .\n"])),
    st.dictionaries(st.sampled_from(PAIRS), FIGURES),
)


@given(FOUND, FOUND)
def test_what_one_has_beside_another_is_the_difference_of_their_lines(one, other):
    assert one.beside(other) == one.lines() - other.lines()
    assert one.beside(one) == set()


def test_a_patch_twice_is_a_patch_once():
    store = EmbeddedStore.in_memory()
    one, two = b"<urn:s> <urn:p> <urn:o1> .\n", b"<urn:s> <urn:p> <urn:o2> .\n"
    for _ in range(2):
        store.patch("urn:g", [], [one])
    assert store.graph("urn:g") == one

    for _ in range(2):
        store.patch("urn:g", [one], [two])

    assert store.graph("urn:g") == two
    assert store.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }").rows == (
        ("urn:s", "urn:p", "urn:o2"),
    )

    store.patch("urn:g", [two], [])
    assert store.graphs() == ()
