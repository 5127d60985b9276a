"""A change of names alone leaves the index as it is, and is seen in the answers all the same."""

from __future__ import annotations

from pathlib import Path

from dtrack.answer.answers import Answers
from dtrack.model import Revision
from dtrack.overlap import Selection
from serving import small_service

ROOT = Path(__file__).resolve().parents[2]


def test_names_are_those_of_the_snapshot_not_of_the_index():
    before = small_service(ROOT)
    overlaps = before.answers.overlaps()
    first = overlaps.matrix(Selection()).instruments[0]
    graph = next(
        graph for graph in before.store.graphs()
        if b"<%s> <http://www.w3.org/2004/02/skos/core#prefLabel>" % first.iri.encode()
        in before.store.graph(graph)
    )  # fmt: skip
    said = before.store.graph(graph)
    changed = said.replace(f'"{first.label}"@en'.encode(), b'"Another name"@en')
    assert changed != said

    before.store.apply(Revision(2, {graph: changed}))
    after = Answers(
        before.store, before.answers.catalogue, ROOT / "queries", index=before.answers.index
    )

    assert after.overlaps().matrix(Selection()).instruments[0].label == "Another name"
    assert after.overlaps().coverage({first.iri: 1})[0].instrument.label == "Another name"
