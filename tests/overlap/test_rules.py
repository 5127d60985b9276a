"""Deriving what a change touched gives, triple by triple, what deriving everything gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtrack.errors import CatalogueError
from dtrack.model import Revision
from dtrack.overlap import follow, follow_after
from dtrack.overlap import rules as module
from dtrack.overlap.rules import changed_nodes, read_rules
from dtrack.stores.embedded import EmbeddedStore
from dtrack.terms import BASE, DERIVED_GRAPH, DT, RDF, SKOS, XSD

QUERIES = Path(__file__).resolve().parents[2] / "queries"
CODES = f"{BASE}/codes"


def nodes(kind: str, count: int = 3) -> list[str]:
    return [f"<{BASE}/id/{kind}/{n}>" for n in range(count)]


CONCEPTS, INSTRUMENTS, MEETINGS = nodes("concept", 5), nodes("instrument", 2), nodes("meeting", 2)
TEXTS, PROVISIONS, ELEMENTS = nodes("text"), nodes("provision"), nodes("element")
TAGGINGS, STATUSES, RECORDS = nodes("tagging"), nodes("status", 4), nodes("record")
CITATIONS, VERSIONS = nodes("citation"), nodes("version", 2)
AXES, VALUES = nodes("axis", 2), nodes("value")
DAYS = [f'"200{n}-01-01"^^<{XSD}date>' for n in range(3)]
CLASSES = [f"<{DT}CuratedStatus>", f"<{DT}PublishedStatus>"]
EDGES = {
    f"{SKOS}broader": (CONCEPTS, CONCEPTS),
    f"{DT}statusOf": (STATUSES, [*TEXTS, *PROVISIONS]),
    f"{DT}statusAxis": (STATUSES, AXES),
    f"{DT}statusValue": (STATUSES, VALUES),
    f"{DT}from": (STATUSES, DAYS),
    f"{DT}until": (STATUSES[:1], DAYS[:1]),
    f"{RDF}type": (STATUSES, CLASSES),
    f"{DT}instrument": (TEXTS, INSTRUMENTS),
    f"{DT}adoptedAt": (TEXTS, MEETINGS),
    f"{DT}symbol": (TEXTS, ['"1/1"']),
    f"{DT}ofText": (PROVISIONS, TEXTS),
    f"{DT}versionOf": (VERSIONS, [*TEXTS[:2], PROVISIONS[0]]),
    f"{DT}citing": (CITATIONS, [TEXTS[0], *PROVISIONS, VERSIONS[0]]),
    f"{DT}cited": (CITATIONS, [*TEXTS, *PROVISIONS[1:], VERSIONS[1]]),
    f"{DT}elementOf": (ELEMENTS, PROVISIONS),
    f"{DT}tagged": (TAGGINGS, PROVISIONS),
    f"{DT}taggingState": (TAGGINGS, [f"<{CODES}/tagging-state/accepted>", VALUES[0]]),
    f"{DT}recordOf": (RECORDS, TEXTS),
    f"{DT}reviewState": (RECORDS, [f"<{CODES}/review-state/reviewed>", VALUES[0]]),
}
TRIPLES = [
    f"{subject} <{predicate}> {thing} .\n".encode()
    for predicate, (subjects, things) in EDGES.items()
    for subject in subjects
    for thing in things
    if subject != thing
]
"""All that the rules can read over a few nodes."""

graphs = st.sampled_from([f"{BASE}/graph/{name}" for name in "abc"])
contents = st.sets(st.sampled_from(TRIPLES), max_size=60).map(lambda lines: b"".join(sorted(lines)))


def derived_anew(store: EmbeddedStore) -> bytes:
    fresh = EmbeddedStore.in_memory()
    for graph in store.graphs():
        if graph != DERIVED_GRAPH:
            fresh.apply(Revision(0, {graph: store.graph(graph)}))
    follow(fresh, QUERIES)
    return fresh.graph(DERIVED_GRAPH)


def edit(store: EmbeddedStore, graph: str, content: bytes) -> None:
    changed = {graph: (store.graph(graph), content)}
    store.apply(Revision(0, {graph: content or None}))
    patch = follow_after(store, QUERIES, changed)
    assert not patch.left & patch.came


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(graphs, contents), min_size=2, max_size=6))
def test_a_change_is_followed_as_if_all_were_derived_anew(edits):
    store = EmbeddedStore.in_memory()

    for graph, content in edits:
        edit(store, graph, content)

        assert store.graph(DERIVED_GRAPH) == derived_anew(store)


PART = [("part", "ofText", "one")]


@pytest.mark.parametrize(
    ("cited", "before", "after"),
    [
        ("part", PART, [("part", "ofText", "two")]),
        ("version", [], [("version", "versionOf", "one")]),
        ("part", PART, [*PART, ("one", "versionOf", "two")]),
    ],
    ids=["a part moves", "a text becomes a version", "the whole of a part becomes a version"],
)  # fmt: skip
def test_what_is_cited_may_become_part_of_another_text(cited, before, after):
    def lines(*triples):
        return b"".join(
            sorted(f"<urn:{s}> <{DT}{p}> <urn:{o}> .\n".encode() for s, p, o in triples)
        )

    store = EmbeddedStore.in_memory()
    edit(store, f"{BASE}/graph/a", lines(("c", "citing", "text"), ("c", "cited", cited)))

    for triples in (before, after, before):
        edit(store, f"{BASE}/graph/b", lines(*triples))

        assert store.graph(DERIVED_GRAPH) == derived_anew(store)


def test_all_rules_have_something_to_say_of_such_triples():
    store = EmbeddedStore.in_memory()

    # A status that is curated and published, with every day, is nobody's latest: one is enough.
    kept = [line for line in TRIPLES if b"/until" not in line and b"PublishedStatus" not in line]
    edit(store, f"{BASE}/graph/a", b"".join(kept))

    for rule in read_rules(QUERIES):
        assert rule.everything(store), rule.name


def test_a_broad_change_is_followed_by_running_the_rules_on_everything(monkeypatch):
    monkeypatch.setattr(module, "BROAD", 2)
    store = EmbeddedStore.in_memory()

    for lines in (TRIPLES[::2], TRIPLES[::3], []):
        edit(store, f"{BASE}/graph/a", b"".join(lines))

        assert store.graph(DERIVED_GRAPH) == derived_anew(store)
    assert not store.graph(DERIVED_GRAPH)


def test_what_no_rule_reads_touches_nothing():
    title = b'<urn:text> <http://purl.org/dc/terms/title> "A title"@en .\n'
    for rule in read_rules(QUERIES):
        assert not changed_nodes({"urn:g": (b"", title)}, rule.predicates)


@pytest.mark.parametrize("fault", ["focus", "place", "touched"])
def test_a_rule_that_cannot_be_run_in_part_is_refused(tmp_path, fault):
    for folder in ("derive", "touched"):
        (tmp_path / folder).mkdir()
    text = (QUERIES / "derive" / "broader_closure.rq").read_text()
    if fault == "focus":
        text = text.replace("#+ focus: concept\n", "")
    if fault == "place":
        text = text.replace("VALUES ?concept { UNDEF }", "")
    (tmp_path / "derive" / "rule.rq").write_text(text)
    if fault != "touched":
        (tmp_path / "touched" / "rule.rq").write_text("SELECT ?concept WHERE {}")

    with pytest.raises(CatalogueError, match="rule"):
        read_rules(tmp_path)
