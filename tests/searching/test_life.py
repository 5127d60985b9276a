"""The life of a text index: built, brought forward, opened, checked, and lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.errors import NoStoreError, StoreError
from dtrack.model import Revision
from dtrack.searching import Question, TextIndex
from dtrack.searching.projection import TextProjection
from dtrack.stores.embedded import EmbeddedStore
from dtrack.terms import BASE
from searched import RECORDS, record, records

GRAPH = f"{BASE}/graph/test/"
CHANGES = {
    "a summary": ("x-2", RECORDS["x-2"].replace("Plant mangroves", "Plant glaciers")),
    "the year of a text": ("x-1", RECORDS["x-1"].replace("2014-10-17", "2015-10-17")),
    "a theme": ("x-1", RECORDS["x-1"].replace("theme/wetlands", "theme/peat")),
    "a withdrawal": ("x-3", ""),
    "a new thing": ("new", '<id/target/t-9> a dt:Target ; skos:prefLabel "Calm seas"@en .'),
    "a name elsewhere": ("more", '<id/target/t-1> skos:altLabel "Wet places"@en .'),
    "a status": (
        "status",
        """<id/status/1> a dt:PublishedStatus ; dt:statusOf <id/provision/x-2/1> .
        <id/provision/x-2/1> dt:currentStatus <codes/published-status/elapsed> .""",
    ),
}


@pytest.fixture
def projection(root: Path) -> TextProjection:
    return TextProjection(root / "queries")


@pytest.fixture
def store() -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    store.load(records())
    return store


def change(store: EmbeddedStore, slug: str, body: str) -> dict[str, tuple[bytes, bytes]]:
    """Give one graph a body; what has changed."""
    before = store.graph(GRAPH + slug)
    after = record(slug, body).ntriples if body else b""
    store.apply(Revision(1, {GRAPH + slug: after or None}))
    return {GRAPH + slug: (before, after)}


@pytest.mark.parametrize("name", CHANGES)
def test_index_brought_forward_finds_what_one_built_anew_finds(projection, store, tmp_path, name):
    projection.build(store, tmp_path / "old")
    size = len(projection.open(tmp_path / "old"))

    changed = change(store, *CHANGES[name])
    assert projection.check(store, tmp_path / "old") != []
    projection.update(store, changed, tmp_path / "old", tmp_path / "new")

    assert projection.check(store, tmp_path / "new") == []
    # The former index still answers as before, for its readers.
    assert len(projection.open(tmp_path / "old")) == size


def test_many_changes_one_after_the_other_leave_it_exact(projection, store, tmp_path):
    projection.build(store, tmp_path / "0")
    for number, (slug, body) in enumerate(list(CHANGES.values()) * 2):
        changed = change(store, slug, body)
        projection.update(store, changed, tmp_path / f"{number}", tmp_path / f"{number + 1}")

    assert projection.check(store, tmp_path / f"{2 * len(CHANGES)}") == []


def test_status_whose_value_alone_has_changed_is_followed(projection, store, tmp_path):
    status = """<id/status/1> a dt:PublishedStatus ; dt:statusOf <id/provision/x-2/1> ;
        dt:statusValue <codes/legal-force/VALUE> ."""
    derived = "<id/provision/x-2/1> dt:currentStatus <codes/legal-force/VALUE> ."
    for slug, body in (("status", status), ("derived", derived)):
        change(store, slug, body.replace("VALUE", "in-force"))
    projection.build(store, tmp_path / "old")

    changed = change(store, "status", status.replace("VALUE", "repealed"))
    change(store, "derived", derived.replace("VALUE", "repealed"))
    projection.update(store, changed, tmp_path / "old", tmp_path / "new")

    assert projection.check(store, tmp_path / "new") == []


def test_element_that_asks_somebody_else_is_followed(projection, store, tmp_path):
    element = """<id/element/1> a dt:Element ; dt:elementOf <id/provision/x-2/1> ;
        dt:sequence 1 ; dt:verb <codes/verb/VERB> ; dt:addressee <codes/actor/WHO> ."""
    asked = [("urges", "parties"), ("urges", "gef"), ("invites", "gef")]
    for number, (verb, who) in enumerate(asked):
        projection.build(store, tmp_path / f"old-{number}")
        body = element.replace("VERB", verb).replace("WHO", who)
        changed = change(store, "asks", body)
        projection.update(store, changed, tmp_path / f"old-{number}", tmp_path / f"new-{number}")

        assert projection.check(store, tmp_path / f"new-{number}") == []
        thing = projection.open(tmp_path / f"new-{number}").thing(f"{BASE}/id/provision/x-2/1")
        assert [thing.verbs, thing.addressees] == [
            (f"{BASE}/codes/verb/{verb}",),
            (f"{BASE}/codes/actor/{who}",),
        ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tagging-state/proposed", "tagging-state/accepted"),
        ("confidence 0.5", "confidence 0.25"),
        ('author "ana"', 'author "ben"'),
        ("review-state/unreviewed", "review-state/reviewed"),
        ("dt:tag <id/target/t-1>", "dt:tag <id/theme/peat>"),
    ],
)
def test_tagging_that_says_something_else_is_followed(projection, store, tmp_path, before, after):
    tagging = """<id/tagging/1> a dt:Tagging ; dt:tagged <id/provision/x-2/1> ;
        dt:tag <id/target/t-1> ; dt:author "ana" ; dt:confidence 0.5 ;
        dt:taggingState <codes/tagging-state/accepted> ;
        dt:reviewState <codes/review-state/unreviewed> ."""
    if "proposed" in before:
        tagging = tagging.replace("tagging-state/accepted", "tagging-state/proposed")
    change(store, "tags", tagging)
    projection.build(store, tmp_path / "old")
    changed = change(store, "tags", tagging.replace(before, after))
    projection.update(store, changed, tmp_path / "old", tmp_path / "new")

    assert projection.check(store, tmp_path / "old") != []
    assert projection.check(store, tmp_path / "new") == []


def test_part_of_a_text_in_another_graph_follows_its_text(projection, store, tmp_path):
    change(
        store,
        "annex",
        """<id/provision/x-1/a> a dt:OperativeProvision ; dt:number "a" ;
        dt:ofText <id/decision/x-1> ; dt:summary "Annexed peatlands."@en .""",
    )
    projection.build(store, tmp_path / "old")

    changed = change(store, "x-1", RECORDS["x-1"].replace("2014-10-17", "2016-10-17"))
    projection.update(store, changed, tmp_path / "old", tmp_path / "new")

    found = projection.open(tmp_path / "new").search(Question("peatlands"), facets=True)
    assert found.facets["year"] == {"2016": 1}


def test_index_that_is_missing_damaged_or_of_another_layout_is_told(projection, store, tmp_path):
    with pytest.raises(NoStoreError):
        projection.open(tmp_path / "nothing")
    projection.build(store, tmp_path / "texts")
    (tmp_path / "texts" / "format").write_text("0\n")
    with pytest.raises(NoStoreError):
        projection.open(tmp_path / "texts")
    with pytest.raises(NoStoreError):
        projection.update(store, {}, tmp_path / "texts", tmp_path / "next")
    (tmp_path / "texts" / "format").write_text("1\n")
    (tmp_path / "texts" / "meta.json").write_text("{")
    with pytest.raises(StoreError):
        projection.open(tmp_path / "texts")


def test_disk_that_cannot_be_written_is_told(store, root, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="cannot be written"):
        TextIndex.build(store, root / "queries", tmp_path / "file" / "texts")
