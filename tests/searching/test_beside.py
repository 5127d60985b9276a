"""The text index beside a store: of the same revision after every edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dtrack.curate.loading import load
from dtrack.curate.rules import Rules
from dtrack.curate.writing import Curator
from dtrack.journal import Journal
from dtrack.model import Edit, Report
from dtrack.settings import load_settings
from dtrack.stores.beside import place_of
from dtrack.stores.building import current_folder, open_current
from dtrack.terms import BASE
from dtrack.wiring.beside import texts_beside
from dtrack.wiring.deriving import derive, heard
from dtrack.wiring.reading import open_answers
from serving import small_records

GRAPH = f"{BASE}/graph/decision/cbd-cop-12-19"


@pytest.fixture(scope="module")
def curator(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Curator]:
    """Curator of a small corpus whose gate lets everything pass."""
    home = tmp_path_factory.mktemp("home")
    rules = Rules(
        audit=lambda *_: Report((), 0, 0),
        gate=lambda *_: Report((), 0, 0),
        derive=derive,
        version=lambda: "none",
        heard=heard,
    )
    with Journal.open(f"sqlite:///{home / 'journal.sqlite'}") as journal:
        curator = Curator(home, journal, rules)
        load(curator, small_records(root), Edit({}, "test", "Load", "test", "import"))
        yield curator


def keys(curator: Curator, words: str) -> list[str]:
    with open_answers(load_settings({"home": curator.home}, {})) as answers:
        return [
            item.iri.removeprefix(f"{BASE}/id/") for item in answers.finding().search(words).items
        ]


def faults(curator: Curator) -> list[str]:
    with open_current(curator.home) as store:
        return texts_beside().check(store, place_of(texts_beside(), current_folder(curator.home)))


def write(curator: Curator, old: bytes, new: bytes) -> None:
    with open_current(curator.home) as store:
        content = store.graph(GRAPH)
    assert old in content
    lines = sorted(content.replace(old, new).splitlines(keepends=True))
    curator.write(Edit({GRAPH: b"".join(lines)}, "test", "Because", "desk"))


def test_load_makes_the_index(curator):
    assert keys(curator, "asks wetlands work")[0] == "provision/cbd-cop-12-19/1"
    assert faults(curator) == []


def test_edit_is_found_and_what_it_replaced_is_not(curator):
    write(curator, b"Asks for wetlands work", b"Asks for glaciers to be counted")

    assert keys(curator, "glaciers counted") == ["provision/cbd-cop-12-19/1"]
    assert "provision/cbd-cop-12-19/1" not in keys(curator, "asks wetlands work")
    assert faults(curator) == []

    write(curator, b"Asks for glaciers to be counted", b"Asks for wetlands work")

    assert keys(curator, "glaciers counted") == []
    assert faults(curator) == []


def test_names_are_taken_over_from_the_index_before_unless_they_changed(curator):
    decision, theme = f"{BASE}/id/decision/cbd-cop-12-19", f"{BASE}/codes/theme/wetlands"
    former = texts_beside().open(place_of(texts_beside(), current_folder(curator.home)))
    known = former.labels([decision, theme], "en")
    assert set(known) == {decision, theme}
    title = known[decision].encode()

    write(curator, b'"' + title + b'"', b'"Of another title"')
    index = texts_beside().open(place_of(texts_beside(), current_folder(curator.home)))

    assert index._kept == {"en": {theme: known[theme]}}
    assert index.labels([decision, theme], "en") == {**known, decision: "Of another title"}
    assert former.labels([decision], "en") == {decision: known[decision]}
    write(curator, b'"Of another title"', b'"' + title + b'"')


def test_former_index_is_shared_not_copied(curator):
    former = place_of(texts_beside(), current_folder(curator.home))
    kept = {path.stat().st_ino for path in former.iterdir()}

    write(curator, b"Asks for wetlands work", b"Asks for wetland work")

    now = place_of(texts_beside(), current_folder(curator.home))
    assert now != former
    assert kept & {path.stat().st_ino for path in now.iterdir()}


def test_withdrawal_is_found_no_more_and_rebuild_says_the_same(curator):
    curator.write(Edit({GRAPH: None}, "test", "Because", "desk"))

    assert keys(curator, "XII/19") == []
    curator.rebuild()
    assert keys(curator, "XII/19") == []
    assert faults(curator) == []
