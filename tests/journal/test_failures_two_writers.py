"""Two writers at once, in threads and in processes, in one home and in two."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import postgres as pg
from dtrack.curate.loading import load
from dtrack.digests import graph_digest
from dtrack.errors import ConflictError
from dtrack.journal import Journal, history_graph
from dtrack.journal.database import reading
from dtrack.journal.differing import difference
from dtrack.model import Edit
from dtrack.stores.building import current_marker, open_current
from small_home import edit_of, faults_of, fill, note, note_graph, notes, outcome, small_curator

FIRST = graph_digest(note(1, "first"))


@pytest.fixture
def home(tmp_path: Path, journal_url: str) -> Path:
    with small_curator(tmp_path / "home", journal_url) as curator:
        fill(curator)
    return tmp_path / "home"


Writers = Callable[[list[tuple[object, ...]]], list[tuple[str, str]]]


def in_threads(asked: list[tuple[object, ...]]) -> list[tuple[str, str]]:
    """Outcomes of writers that start at the same time."""
    gate = threading.Barrier(len(asked))

    def start(arguments: tuple[object, ...]) -> tuple[str, str]:
        gate.wait()
        return outcome(*arguments)  # type: ignore[arg-type]

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(start, asked))


def in_processes(asked: list[tuple[object, ...]]) -> list[tuple[str, str]]:
    """Outcomes of writers in processes of their own.

    They import what they run from small_home: "tests" may name somebody else's package.
    """
    environment = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[1]), environment])
    try:
        with multiprocessing.get_context("spawn").Pool(len(asked)) as pool:
            return pool.starmap(outcome, asked, chunksize=1)
    finally:
        os.environ["PYTHONPATH"] = environment


@pytest.fixture(params=[in_threads, in_processes])
def writers(request: pytest.FixtureRequest) -> Writers:
    found: Writers = request.param
    return found


def test_of_two_who_saw_the_same_graph_one_wins_and_the_other_is_told_the_difference(
    home: Path, journal_url: str, writers: Writers
) -> None:
    asked: list[tuple[object, ...]] = [
        (home, journal_url, 1, text, FIRST) for text in ("by anna", "by ben")
    ]
    told = writers(asked)
    assert sorted(kind for kind, _ in told) == ["conflict", "done"]
    winner = ("by anna", "by ben")[[kind for kind, _ in told].index("done")]
    lines = next(text for kind, text in told if kind == "conflict").split("\n")
    assert f'"{winner}" .' in next(n for n in lines if n.startswith("+ ") and "/text>" in n)
    assert '"first" .' in next(n for n in lines if n.startswith("- ") and "/text>" in n)
    assert {line[:2] for line in lines} == {"+ ", "- "}
    with small_curator(home, journal_url) as curator:
        assert curator.journal.last() == 2
        assert curator.journal.content(
            curator.journal.heads([note_graph(1)])[note_graph(1)].digest
        ) == note(1, winner)
        assert faults_of(curator, {}) == []


def test_on_different_graphs_all_succeed(home: Path, journal_url: str, writers: Writers) -> None:
    asked: list[tuple[object, ...]] = [
        (home, journal_url, n, f"by {n}", graph_digest(note(n, "first"))) for n in range(4)
    ]
    assert sorted(writers(asked)) == [("done", str(n)) for n in (2, 3, 4, 5)]
    with small_curator(home, journal_url) as curator:
        assert faults_of(curator, {}) == []


def test_two_nodes_with_one_journal_both_succeed_and_end_at_the_same_state(
    tmp_path: Path, postgres: pg.PostgresServer
) -> None:
    url = postgres.new_database()
    homes = [tmp_path / "one", tmp_path / "two"]
    with small_curator(homes[0], url) as curator:
        fill(curator)
    asked: list[tuple[object, ...]] = [
        (homes[n % 2], url, n, f"by {n}", graph_digest(note(n, "first"))) for n in range(6)
    ]
    assert sorted(in_threads(asked)) == [("done", str(n)) for n in range(2, 8)]
    for home in homes:
        with small_curator(home, url) as curator:
            curator.recover()
            assert faults_of(curator, {}) == []


def test_a_revision_of_another_node_during_recovery_is_left_for_the_next_time(
    tmp_path: Path, journal_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:
        with small_curator(home, journal_url) as curator:
            if not curator.journal.last():
                fill(curator)
            curator.recover()
    assert outcome(homes[0], journal_url, 1, "seen", None) == ("done", "2")
    makers = Journal.makers

    def makers_while_the_other_writes(self: Journal, number: int) -> dict[str, int]:
        monkeypatch.setattr(Journal, "makers", makers)
        assert outcome(homes[0], journal_url, 2, "meanwhile", None) == ("done", "3")
        return makers(self, number)

    monkeypatch.setattr(Journal, "makers", makers_while_the_other_writes)
    with small_curator(homes[1], journal_url) as curator:
        curator.recover()
        assert Journal.makers is makers
        assert current_marker(homes[1]).revision == 2
        with open_current(homes[1]) as store:
            assert history_graph(3) not in set(store.graphs())
        curator.recover()
        assert current_marker(homes[1]).revision == 3
        assert faults_of(curator, {}) == []


def test_an_import_beside_an_edit_keeps_both(home: Path, journal_url: str) -> None:
    def bring() -> int | None:
        with small_curator(home, journal_url) as curator:
            edit = Edit({}, "feed", "Load", "feed", "import")
            return load(curator, notes(500, 50, "new"), edit, complete=True).revision

    with ThreadPoolExecutor(2) as pool:
        imported = pool.submit(bring)
        edited = pool.submit(outcome, home, journal_url, 1, "by anna", FIRST)
        assert {imported.result(), int(edited.result()[1])} == {2, 3}
    with small_curator(home, journal_url) as curator:
        assert faults_of(curator, {}) == []
        heads = curator.journal.heads()
        assert heads[note_graph(1)].digest == graph_digest(note(1, "by anna"))
        assert heads[note_graph(549)].digest == graph_digest(note(549, "new"))
        done = {(entry.agent, entry.outcome) for entry in curator.journal.entries()}
        assert {("feed", "done"), ("writer", "done")} <= done


@pytest.mark.parametrize(
    ("expected", "sign"), [({1: None}, "+ "), ({99: FIRST}, "- ")], ids=["not there", "there"]
)
def test_what_should_or_should_not_be_there_is_told_whole(
    tmp_path: Path, expected: dict[int, str | None], sign: str
) -> None:
    with small_curator(tmp_path / "home") as curator:
        fill(curator)
        number, digest = next(iter(expected.items()))
        with pytest.raises(ConflictError) as error:
            curator.write(edit_of(number, text="x", expected={note_graph(number): digest}))
        lines = error.value.difference.split("\n")
        assert {line[:2] for line in lines} == {sign}
        assert len(lines) == note(1, "first").count(b"\n")


def test_a_digest_that_never_was_is_a_conflict_without_a_difference(tmp_path: Path) -> None:
    with small_curator(tmp_path / "home") as curator:
        fill(curator)
        with pytest.raises(ConflictError) as error:
            curator.write(edit_of(1, text="x", expected={note_graph(1): "f" * 64}))
        assert error.value.difference == ""


def test_a_long_difference_is_told_in_part(journal: Journal) -> None:
    lines = sorted(f'<urn:a> <urn:b> "{n}" .\n' for n in range(700))
    digest = journal.stage([("urn:g", "".join(lines).encode())])["urn:g"]
    with reading(journal.engine) as connection:
        told = difference(connection, None, digest).split("\n")
    assert len(told) == 501
    assert told[-1] == "… and 200 more lines"
