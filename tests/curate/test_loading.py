"""A source is brought in as one revision; what was edited here since is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.curate.loading import bring, load
from dtrack.curate.writing import Curator
from dtrack.errors import NotConformingError, SyntaxProblem
from dtrack.model import Edit, Record
from dtrack.stores.building import current_marker, open_current
from small_home import edit_of, fill, note, note_graph, notes, small_curator

FEED = Edit({}, "feed", "Load", "notes", "import")


@pytest.fixture(params=[load, bring], ids=["anew", "in place"])
def ways(request: pytest.FixtureRequest):
    return request.param


@pytest.fixture
def curator(tmp_path: Path):
    with small_curator(tmp_path) as made:
        fill(made, 5)
        yield made


def text_of(curator: Curator, number: int) -> bytes:
    with open_current(curator.home) as store:
        return store.graph(note_graph(number))


def test_loading_the_same_again_makes_no_revision(curator: Curator, ways) -> None:
    digest = current_marker(curator.home).digest

    loading = ways(curator, notes(0, 5, "first"), FEED, complete=True)

    assert (loading.revision, loading.changed, loading.kept) == (None, (), ())
    assert current_marker(curator.home).digest == digest


def test_only_what_is_new_is_changed(curator: Curator, ways) -> None:
    records = [*notes(0, 4, "first"), *notes(4, 1, "second"), *notes(5, 1, "new")]

    loading = ways(curator, records, FEED, complete=True)

    assert loading.revision == 2
    assert loading.changed == (note_graph(4), note_graph(5))
    assert text_of(curator, 5) == note(5, "new")


def test_complete_source_withdraws_what_it_has_no_more(curator: Curator, ways) -> None:
    loading = ways(curator, notes(0, 3, "first"), FEED, complete=True)

    assert loading.changed == (note_graph(3), note_graph(4))
    assert text_of(curator, 4) == b""


def test_part_of_a_source_withdraws_nothing(curator: Curator, ways) -> None:
    loading = ways(curator, notes(0, 1, "second"), FEED)

    assert loading.changed == (note_graph(0),)
    assert text_of(curator, 4) == note(4, "first")


def test_what_was_edited_here_stays_while_the_source_is_the_same(curator: Curator, ways) -> None:
    curator.write(edit_of(1, text="mended"))

    loading = ways(curator, notes(0, 5, "first"), FEED, complete=True)

    assert (loading.revision, loading.kept) == (None, ())
    assert text_of(curator, 1) == note(1, "mended")


def test_what_both_have_changed_stays_as_edited_and_is_told(curator: Curator, ways) -> None:
    curator.write(edit_of(1, text="mended"))

    loading = ways(curator, notes(0, 5, "newer"), FEED, complete=True)

    assert loading.kept == (note_graph(1),)
    assert text_of(curator, 1) == note(1, "mended")
    assert text_of(curator, 2) == note(2, "newer")


def test_source_may_win_over_what_was_edited(curator: Curator, ways) -> None:
    curator.write(edit_of(1, text="mended"))

    loading = ways(curator, notes(0, 5, "newer"), FEED, complete=True, overwrite=True)

    assert loading.kept == ()
    assert text_of(curator, 1) == note(1, "newer")


def test_graph_of_another_source_is_not_taken_over(curator: Curator, ways) -> None:
    other = Edit({}, "feed", "Load", "another feed", "import")

    loading = ways(curator, notes(1, 1, "theirs"), other)

    assert loading.kept == (note_graph(1),)
    assert text_of(curator, 1) == note(1, "first")


def test_faulty_source_changes_nothing(curator: Curator, ways) -> None:
    before = current_marker(curator.home), curator.journal.last()
    bad = [*notes(0, 2, "second"), Record(note_graph(9), note(9, "a", "b"), "bad")]

    with pytest.raises(NotConformingError):
        ways(curator, bad, FEED)

    assert (current_marker(curator.home), curator.journal.last()) == before


def test_source_without_records_is_refused(curator: Curator) -> None:
    with pytest.raises(SyntaxProblem, match="nothing to load"):
        load(curator, [], FEED)


def test_both_ways_give_the_same_store(tmp_path: Path) -> None:
    digests = []
    for way in (load, bring):
        with small_curator(tmp_path / way.__name__) as curator:
            fill(curator, 8)
            curator.write(edit_of(3, text="mended"))
            way(curator, [*notes(0, 6, "first"), *notes(6, 4, "new")], FEED, complete=True)
            digests.append((current_marker(curator.home).digest, curator.journal.facts(3).digest))
    assert digests[0] == digests[1]
