"""What the index gives to the derived graph is written as the store keeps it."""

from __future__ import annotations

from pathlib import Path

from dtrack.overlap.publishing import is_scored, scored_lines
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import DERIVED_GRAPH
from serving import small_service

ROOT = Path(__file__).resolve().parents[2]


def test_lines_are_what_the_store_gives_back():
    service = small_service(ROOT)
    lines = scored_lines(service.answers.index)

    assert any(b"meanScore" in line for line in lines)
    assert parse_turtle(b"".join(lines)) == b"".join(sorted(lines))
    held = service.store.graph(DERIVED_GRAPH).splitlines(keepends=True)
    assert {line for line in held if is_scored(line)} == lines


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
