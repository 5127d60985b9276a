"""An edit becomes a revision whole or not at all, and the store is its projection."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dtrack.curate import loading, projecting
from dtrack.curate import rules as checks
from dtrack.curate.checking import check
from dtrack.curate.loading import load
from dtrack.curate.writing import Curator
from dtrack.digests import graph_digest
from dtrack.errors import (
    ConflictError,
    InputError,
    NotConformingError,
    QueryError,
    StoreError,
    SyntaxProblem,
)
from dtrack.model import Edit, Record
from dtrack.stores import embedded
from dtrack.stores.building import current_folder, current_marker, open_current
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.markers import content_digest
from dtrack.terms import BASE, DERIVED_GRAPH, DT, HISTORY_GRAPHS
from small_home import EX, edit_of, faults_of, fill, note, note_graph, small_curator

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from dtrack.curate.rules import Basis, Derived
    from dtrack.model import Changed, Progress, Report, Store


@pytest.fixture
def curator(tmp_path: Path):
    with small_curator(tmp_path) as made:
        fill(made, 5)
        yield made


def standing(curator: Curator) -> tuple[str, str, int]:
    """What must not differ after a refusal."""
    last = curator.journal.last()
    return current_marker(curator.home).digest, curator.journal.facts(last).digest, last


def test_edit_is_read_by_who_asks_next(curator: Curator) -> None:
    receipt = curator.write(edit_of(2, text="second"))

    with open_current(curator.home) as store:
        assert receipt.revision == 2
        assert receipt.changed == (note_graph(2),)
        assert store.graph(note_graph(2)) == note(2, "second")
        assert store.ask(f'ASK {{ ?note <{EX}says> "second" }}'), "what follows is derived too"
    assert faults_of(curator, {2: curator.journal.facts(2).digest}) == []


def test_refused_edit_leaves_store_and_journal_as_they_were(curator: Curator) -> None:
    before = standing(curator)
    bad = Edit({note_graph(1): note(1, "one", "another")}, "writer", "Because", "desk")

    with pytest.raises(NotConformingError) as caught:
        curator.write(bad)

    assert [f.shape for f in caught.value.report.findings] == [f"{EX}NoteShape-text"]
    assert standing(curator) == before
    line = curator.journal.entries(limit=1)[0]
    assert (line.agent, line.outcome, line.object) == ("writer", "refused", note_graph(1))


BAD = Edit({note_graph(1): note(1, "one", "another")}, "writer", "Because", "desk")


def test_gate_is_asked_while_what_follows_is_derived(curator: Curator) -> None:
    turn, rules = threading.Barrier(2, timeout=30), curator.rules

    def gate(store: Store, changed: Changed, passed: Collection[str]) -> Report:
        turn.wait()
        return rules.gate(store, changed, passed)

    def derive(basis: Basis, progress: Progress) -> Derived | None:
        turn.wait()
        return rules.derive(basis, progress)

    curator.rules = replace(rules, gate=gate, derive=derive)

    receipt = curator.write(edit_of(2, text="second"))

    assert receipt.revision == 2
    assert {"draft", "gate", "derive", "seal"} <= receipt.milliseconds.keys()


@pytest.mark.parametrize("fails", [False, True])
def test_refusal_is_told_whatever_deriving_comes_to(curator: Curator, fails: bool) -> None:
    before, rules = standing(curator), curator.rules

    def derive(basis: Basis, progress: Progress) -> Derived | None:
        if fails:
            raise StoreError("No room.", remedy="Make room.")
        return rules.derive(basis, progress)

    curator.rules = replace(rules, derive=derive)

    with pytest.raises(NotConformingError):
        curator.write(BAD)

    assert standing(curator) == before


def test_nothing_is_derived_of_a_large_change_that_is_refused(
    curator: Curator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "LARGE", 3)
    derived: list[Basis] = []
    curator.rules = replace(
        curator.rules,
        gate=lambda *_: pytest.fail("a large change is audited"),
        derive=lambda basis, _: derived.append(basis),
    )

    with pytest.raises(NotConformingError):
        curator.write(BAD)

    assert derived == []


def test_edits_use_the_draft_that_was_made_ahead(curator: Curator) -> None:
    def ahead() -> set[str]:
        names = (path.name for path in (curator.home / "stores").iterdir())
        return {name for name in names if name.startswith("building-")}

    for turn in range(3):
        curator.ahead.prepare()
        curator.ahead.prepare()
        (name,) = ahead()
        curator.write(edit_of(2, text=f"turn {turn}"))
        assert current_folder(curator.home).name == name.replace("building-", "store-")
    curator.ahead.prepare()
    with pytest.raises(NotConformingError):
        curator.write(BAD)
    assert ahead() == set()
    curator.ahead.prepare()
    assert len(ahead()) == 1

    curator.ahead.close()
    curator.ahead.prepare()

    assert ahead() == set()


def test_damage_is_told_past_an_edit_of_the_damaged_graph_until_all_is_built_again(
    curator: Curator,
) -> None:
    def is_whole() -> bool:
        with open_current(curator.home) as store:
            return content_digest(store) == current_marker(curator.home).digest

    assert is_whole()
    graph = note_graph(2)
    with EmbeddedStore.open(current_folder(curator.home)) as store:
        (kind,) = [line for line in store.graph(graph).splitlines(keepends=True) if b"Note" in line]
        store.patch(graph, [kind], [])
    assert not is_whole()
    curator.write(edit_of(2, text="second"))
    assert not is_whole(), "an edit takes what the graph held from the journal"
    curator.rebuild()

    assert is_whole()


def test_edit_without_a_difference_makes_no_revision(curator: Curator) -> None:
    before = standing(curator)

    receipt = curator.write(edit_of(1, text="first"))

    assert receipt.revision is None
    assert standing(curator) == before


@pytest.mark.parametrize("graph", [DERIVED_GRAPH, f"{HISTORY_GRAPHS}1"])
def test_graphs_of_dtrack_itself_cannot_be_edited(curator: Curator, graph: str) -> None:
    with pytest.raises(InputError, match="written by dtrack itself"):
        curator.write(Edit({graph: note(1, "x")}, "writer", "Because", "desk"))


def test_edit_of_what_has_changed_meanwhile_is_refused(curator: Curator) -> None:
    seen = graph_digest(note(1, "first"))
    curator.write(edit_of(1, text="second"))

    with pytest.raises(ConflictError):
        curator.write(edit_of(1, text="third", expected={note_graph(1): seen}))

    assert curator.journal.last() == 2


def test_history_is_beside_the_data_and_not_in_it(curator: Curator) -> None:
    curator.write(edit_of(1, text="second"))

    with open_current(curator.home) as store:
        assert not store.ask(f"ASK {{ ?revision a <{DT}Revision> }}")
        rows = store.select(
            f"SELECT ?n ?why {{ GRAPH ?g {{ ?r <{DT}revisionNumber> ?n ; <{DT}reason> ?why }} }}"
            " ORDER BY ?n"
        )
    assert [(row["n"], row["why"]) for row in rows.texts()] == [("1", "Load"), ("2", "Because")]


def test_version_names_the_version_before_it(curator: Curator) -> None:
    curator.write(edit_of(1, text="second"))
    curator.write(edit_of(1, text="third"))

    with open_current(curator.home) as store:
        assert store.ask(
            "PREFIX prov: <http://www.w3.org/ns/prov#> ASK { GRAPH ?g {"
            f" <{BASE}/id/revision/3/note/1> prov:wasRevisionOf <{BASE}/id/revision/2/note/1> ;"
            f" prov:specializationOf <{note_graph(1)}> }} }}"
        )


def test_revision_that_the_store_lacks_is_applied_again(curator: Curator, tmp_path: Path) -> None:
    former = tmp_path / "former"
    shutil.copytree(curator.home / "stores", former / "stores")
    shutil.copy(curator.home / "current", former / "current")
    curator.write(edit_of(1, text="second"))
    curator.write(edit_of(2, 3, text="third"))
    wanted = current_marker(curator.home)
    shutil.rmtree(curator.home / "stores")
    shutil.copytree(former / "stores", curator.home / "stores")
    shutil.copy(former / "current", curator.home / "current")

    assert current_marker(curator.home).revision == 1
    assert curator.recover()

    assert current_marker(curator.home).digest == wanted.digest
    assert faults_of(curator, {}) == []
    assert not curator.recover()


def test_lost_store_is_built_again_by_the_next_writer(curator: Curator) -> None:
    digest = current_marker(curator.home).digest
    shutil.rmtree(curator.home / "stores")
    (curator.home / "current").unlink()

    receipt = curator.write(edit_of(1, text="first"))

    assert receipt.revision is None
    assert current_marker(curator.home).digest == digest


def test_store_of_another_journal_is_not_written_to(curator: Curator, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with small_curator(other) as stranger:
        fill(stranger, 3, "strange")
    for name in ("stores", "current"):
        path = curator.home / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(other / "stores", curator.home / "stores")
    shutil.copy(other / "current", curator.home / "current")

    curator.write(edit_of(1, text="second"))

    with open_current(curator.home) as store:
        assert store.graph(note_graph(4)) == note(4, "first")
    assert faults_of(curator, {}) == []


@pytest.mark.parametrize("held", [0, 300, 1 << 20])
@pytest.mark.parametrize("many", [0, 1 << 20])
def test_rebuilt_store_has_the_same_digest(
    curator: Curator, monkeypatch: pytest.MonkeyPatch, held: int, many: int
) -> None:
    # Of many triples graphs come in another order, and as much of history as can be held.
    monkeypatch.setattr(projecting, "_HELD", held)
    monkeypatch.setattr(projecting, "_MANY", many)
    curator.write(edit_of(1, 2, text="second"))
    curator.write(Edit({note_graph(3): None}, "writer", "Gone", "desk"))
    before, folder = current_marker(curator.home), current_folder(curator.home)
    with open_current(curator.home) as store:
        said = store.dump()

    after = curator.rebuild()

    assert current_folder(curator.home) != folder
    with open_current(curator.home) as store:
        assert store.dump() == said, "history too"
    assert (after.digest, after.triples, after.graphs) == (
        before.digest,
        before.triples,
        before.graphs,
    )
    assert faults_of(curator, {}) == []


BROKEN = [
    note(9, "ninth").replace(b"/note/9> <", b"/note/9 9> <"),
    note(9, "ninth").replace(b'"ninth" .', b'"ninth"@e_n .'),
]
"""Contents with a wrong IRI, and with a wrong tag of a language."""


def bring_in(curator: Curator, door: str, content: bytes) -> None:
    """Bring a note in by one of the doors of the journal."""
    edit = Edit({}, "writer", "Because", "notes")
    record = Record(note_graph(9), content, "note 9")
    if door == "write":
        curator.write(replace(edit, changes={note_graph(9): content}))
    elif door == "load":
        load(curator, [record], edit)
    elif door == "bring":
        loading.bring(curator, [record], edit)
    else:
        loading.change_graphs(curator, edit, curator.journal.stage([(note_graph(9), content)]))


@pytest.mark.parametrize("content", BROKEN)
@pytest.mark.parametrize("door", ["write", "load", "bring", "change", "large change"])
def test_wrong_iris_and_languages_come_through_no_door(
    curator: Curator, content: bytes, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = standing(curator)
    if door == "large change":
        monkeypatch.setattr(loading, "SMALL", 0)

    with pytest.raises((QueryError, SyntaxProblem)):
        bring_in(curator, door, content)

    assert standing(curator) == before


@pytest.mark.parametrize("content", BROKEN)
def test_journal_that_the_store_has_not_read_is_not_trusted(
    curator: Curator, content: bytes
) -> None:
    # As in a backup that somebody has made up.
    before, digest = current_marker(curator.home), graph_digest(content)
    edit = Edit({note_graph(9): content}, "writer", "Because", "desk")
    planned = curator.journal.plan(edit, {note_graph(9): digest}, {digest: 17}, "small")
    curator.journal.write(planned, {digest: content}, set())

    with pytest.raises((QueryError, SyntaxProblem)):
        curator.rebuild()

    assert current_marker(curator.home) == before


def test_rebuild_trusts_what_the_store_has_read(
    curator: Curator, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    bulk_load = embedded.bulk_load

    def looked_at(*given: Any, trusted: bool = False, **more: bool) -> None:
        seen.append(trusted)
        bulk_load(*given, trusted=trusted, **more)

    monkeypatch.setattr(embedded, "bulk_load", looked_at)
    curator.write(edit_of(1, text="second"))
    curator.rebuild()
    shutil.rmtree(current_folder(curator.home))
    curator.rebuild()

    assert seen == [True, False]


def test_withdrawn_thing_is_remembered_until_it_comes_back(curator: Curator) -> None:
    thing = f"{BASE}/id/note/3"
    curator.write(Edit({note_graph(3): None}, "ana", "Not ours", "desk"))

    gone = curator.journal.withdrawal(thing)

    assert gone is not None
    assert (gone.number, gone.agent, gone.reason) == (2, "ana", "Not ours")
    assert curator.journal.withdrawal(f"{BASE}/id/note/1") is None


def test_the_gate_is_told_which_graphs_passed_these_shapes(curator: Curator) -> None:
    """Those that a revision under shapes of the same version has made."""
    told: list[set[str]] = []
    rules, version = curator.rules, ["small"]

    def gate(store: Store, changed: Changed, passed: Collection[str]) -> Report:
        told.append(set(passed))
        return rules.gate(store, changed, passed)

    curator.rules = replace(rules, gate=gate, version=lambda: version[0])
    curator.write(edit_of(1, text="second"))
    version[0] = "newer"
    curator.write(edit_of(1, 2, 7, text="third"))
    curator.write(edit_of(1, 3, 7, text="fourth"))
    check(curator, {note_graph(2): note(2, "fifth"), note_graph(4): note(4, "fifth")})

    assert told == [{note_graph(1)}, set(), {note_graph(1), note_graph(7)}, {note_graph(2)}]
