"""Every change can be told, compared, taken back and seen as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.curate.looking_back import differences, graphs_that_told, history
from dtrack.curate.past import materialise
from dtrack.curate.returning import return_to, revert, withdraw_graphs, withdraw_source
from dtrack.curate.writing import Curator
from dtrack.errors import ConflictError, InputError, NotFoundError
from dtrack.journal import Journal, back_up, restore
from dtrack.model import Edit, no_progress
from dtrack.stores.building import current_marker, open_current
from dtrack.terms import BASE
from small_home import EX, edit_of, faults_of, fill, note_graph, small_curator


@pytest.fixture
def curator(tmp_path: Path):
    with small_curator(tmp_path / "home") as made:
        fill(made, 5)
        yield made


def dump(home: Path) -> bytes:
    with open_current(home) as store:
        return store.dump()


def test_history_says_who_said_each_triple_when_and_why(curator: Curator) -> None:
    thing = f"{BASE}/id/note/1"
    curator.write(
        Edit({note_graph(1): edit_of(1, text="second").changes[note_graph(1)]}, "ana", "Mend", "d")
    )

    found = history(curator.journal, thing, [note_graph(1)])

    assert [(s.facts.number, s.facts.agent, s.facts.reason) for s in found.steps] == [
        (1, "filler", "Load"),
        (2, "ana", "Mend"),
    ]
    by_triple = {one.triple: one.facts.agent for one in found.assertions}
    assert by_triple[f'<{thing}> <{EX}text> "second" .'] == "ana"
    assert [who for line, who in by_triple.items() if "#type>" in line] == ["filler"]
    assert f'<{thing}> <{EX}text> "first" .' in found.steps[1].removed


def test_triple_that_left_and_came_back_is_its_last_bringers(curator: Curator) -> None:
    curator.write(edit_of(1, text="second"))
    revert(curator, 2, "ben", "No")

    found = history(curator.journal, f"{BASE}/id/note/1", [note_graph(1)])

    texts = [one for one in found.assertions if f"<{EX}text>" in one.triple]
    assert [(one.facts.number, one.facts.agent) for one in texts] == [(3, "ben")]


def test_withdrawn_thing_still_has_its_history(curator: Curator) -> None:
    thing = f"{BASE}/id/note/1"
    withdraw_graphs(curator, [note_graph(1)], "ana", "Not ours")

    found = history(curator.journal, thing, graphs_that_told(curator.journal, thing))

    assert [step.facts.agent for step in found.steps] == ["filler", "ana"]
    assert found.assertions == ()


def test_what_nobody_said_has_no_history(curator: Curator) -> None:
    with pytest.raises(NotFoundError, match="knows nothing"):
        history(curator.journal, f"{BASE}/id/note/99", [])


def test_difference_holds_what_came_and_left(curator: Curator) -> None:
    curator.write(edit_of(1, text="second"))

    (one,) = differences(curator.journal, 1, 2)

    assert one.graph == note_graph(1)
    assert f'<{BASE}/id/note/1> <{EX}text> "second" .' in one.added
    assert f'<{BASE}/id/note/1> <{EX}text> "first" .' in one.removed
    assert len(one.added) == len(one.removed)
    (back,) = differences(curator.journal, 2, 1)
    assert (back.added, back.removed) == (one.removed, one.added)
    assert differences(curator.journal, 1, 2, [note_graph(2)]) == []


def test_revert_brings_back_what_was(curator: Curator) -> None:
    before = current_marker(curator.home).digest
    curator.write(edit_of(1, 2, text="second"))

    receipt = revert(curator, 2, "ben", "")

    assert receipt.revision == 3
    assert current_marker(curator.home).digest == before
    assert curator.journal.facts(3).reason == "Revert revision 2"
    assert faults_of(curator, {}) == []


def test_revert_of_what_was_changed_again_is_refused(curator: Curator) -> None:
    curator.write(edit_of(1, text="second"))
    curator.write(edit_of(1, text="third"))

    with pytest.raises(ConflictError, match="changed again since"):
        revert(curator, 2, "ben", "")

    assert curator.journal.last() == 3


def test_everything_returns_to_a_revision(curator: Curator) -> None:
    before = current_marker(curator.home).digest
    curator.write(edit_of(1, text="second"))
    withdraw_graphs(curator, [note_graph(2)], "ana", "")

    return_to(curator, 1, "ben", "")

    assert current_marker(curator.home).digest == before
    assert curator.journal.last() == 4


def test_source_is_withdrawn_in_one_revision(curator: Curator) -> None:
    new = edit_of(70, text="mine")
    curator.write(new)

    receipt = withdraw_source(curator, "notes", "ana", "")

    assert len(receipt.changed) == 5
    assert list(curator.journal.heads()) == [note_graph(70)]
    with pytest.raises(NotFoundError, match="no source 'notes'"):
        withdraw_source(curator, "notes", "ana", "")


def test_past_revision_is_materialised_as_it_was(curator: Curator) -> None:
    then = {1: dump(curator.home)}
    for number, text in enumerate(("second", "third", "fourth"), 2):
        curator.write(edit_of(number, text=text))
        then[number] = dump(curator.home)

    for number in (2, 1, 3, 4, 2):
        home = materialise(curator, number)
        assert dump(home) == then[number]
    assert current_marker(curator.home).revision == 4
    assert len(list((curator.home / "past").iterdir())) == 3, "older ones are not kept"


def test_backup_comes_back_whole(curator: Curator, tmp_path: Path) -> None:
    curator.write(edit_of(1, text="second"))
    file = tmp_path / "some.backup"

    assert back_up(curator.journal, file, no_progress) == 2
    curator.write(edit_of(2, text="after the backup"))

    other = tmp_path / "other"
    other.mkdir()
    assert restore(file, f"sqlite:///{other / 'journal.sqlite'}", no_progress) == 2
    with small_curator(other) as restored:
        marker = restored.rebuild()
        assert restored.journal.identity == curator.journal.identity
        assert restored.journal.facts(2) == curator.journal.facts(2)
        assert restored.journal.check() == []
        assert faults_of(restored, {}) == []
        revert(restored, 2, "ben", "")
        assert marker.digest != current_marker(other).digest


def test_restore_keeps_the_journal_that_was_there(curator: Curator, tmp_path: Path) -> None:
    file = tmp_path / "some.backup"
    back_up(curator.journal, file, no_progress)
    curator.write(edit_of(1, text="second"))
    curator.journal.close()
    url = f"sqlite:///{curator.home / 'journal.sqlite'}"

    restore(file, url, no_progress)

    with Journal.open(url) as now:
        assert now.last() == 1
    (kept,) = curator.home.glob("journal.sqlite.before-*Z")
    with Journal.open(f"sqlite:///{kept}") as former:
        assert former.last() == 2


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_file_that_is_no_backup_is_refused(
    curator: Curator, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "some.backup"
    file.write_bytes(content)

    with pytest.raises(InputError, match="no backup"):
        restore(file, f"sqlite:///{curator.home / 'journal.sqlite'}", no_progress)

    assert curator.journal.last() == 1


def test_damaged_backup_is_refused(curator: Curator, tmp_path: Path) -> None:
    file = tmp_path / "some.backup"
    back_up(curator.journal, file, no_progress)
    import sqlite3

    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE contents SET body = x'00' WHERE rowid = 1")
    connection.close()

    with pytest.raises(InputError, match="damaged"):
        restore(file, f"sqlite:///{tmp_path / 'new.sqlite'}", no_progress)

    assert not (tmp_path / "new.sqlite").exists()


def test_backup_does_not_overwrite_a_file(curator: Curator, tmp_path: Path) -> None:
    file = tmp_path / "some.backup"
    file.write_text("mine")

    with pytest.raises(InputError, match="already"):
        back_up(curator.journal, file, no_progress)

    assert file.read_text() == "mine"
