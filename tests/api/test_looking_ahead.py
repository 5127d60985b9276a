"""A running node has the draft of the next edit ready, also when edits follow each other fast."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import DECISION, GRAPH, decision, make_home
from dtrack.answer.readying import asked_before
from dtrack.model import Edit
from dtrack.overlap import Selection
from dtrack.settings import load_settings
from dtrack.stores.building import current_folder
from dtrack.terms import BASE
from dtrack.wiring import readying
from dtrack.wiring.serving import Node
from processes import wait_until


@pytest.fixture
def node(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, root: Path) -> Iterator[Node]:
    home = make_home(tmp_path_factory, tmp_path, root)
    made = Node(load_settings({"home": home, "query_workers": 1}, {}, folder=tmp_path))
    try:
        yield made
    finally:
        made.close()


def write(node: Node, title: str) -> None:
    node.desk.write(Edit({GRAPH: decision(98, title)}, "tester", "Try", "tests"))


def is_ready(node: Node) -> bool:
    ready = node.desk.curator.ahead._ready
    return ready is not None and ready.former == current_folder(node.desk.curator.home)


def test_draft_of_the_next_edit_is_ready_after_one(node: Node) -> None:
    write(node, "First")

    assert wait_until(lambda: is_ready(node), 30)


def test_edit_that_comes_while_the_node_looks_ahead_gets_its_draft_too(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_index: object) -> int:
        begun.set()
        assert go_on.wait(60)
        return 0

    monkeypatch.setattr(readying, "refreshed", slow)
    write(node, "First")
    assert begun.wait(30)

    write(node, "Second")
    go_on.set()

    assert wait_until(lambda: is_ready(node), 30)


AICHI = f"{BASE}/id/framework/aichi"
WETLANDS = Selection(theme=f"{BASE}/codes/theme/wetlands")


def form(view: object) -> str:
    """A finished view in another form."""
    return repr(view)


def test_what_was_asked_of_a_snapshot_is_there_in_the_next_ones(node: Node) -> None:
    before = node.service.answers
    overlaps = before.overlaps("fr")
    overlaps.matrix(WETLANDS, before.weights({"theme": 0.4}), values=3)
    overlaps.matrix_as(form, Selection())
    overlaps.gaps(AICHI, Selection())
    asked = asked_before(before)
    assert {one.kind for one in asked} == {"matrix view", "matrix forms", "gaps view"}

    for title in ("First", "Second"):
        write(node, title)
        answers = node.service.answers
        assert answers is not before

        def is_there() -> bool:
            return all(answers.keep.holds(*one) for one in asked)  # noqa: B023

        assert wait_until(is_there, 30)
        assert not asked_before(answers)


def test_what_nobody_asks_any_more_is_not_asked_again_for_ever(node: Node) -> None:
    node.service.answers.overlaps("fr").gaps(AICHI, Selection())
    for number in range(1, readying._AGAIN + 1):
        write(node, f"Number {number}")
        wanted = node._readying._wanted
        assert [one.kind for one in wanted] == ["gaps view"]
        if number == 1:
            assert wait_until(lambda: not node._readying._turn.locked(), 30)

    write(node, "One more")
    assert not node._readying._wanted


def test_what_is_ready_is_what_holds_now(node: Node) -> None:
    node.warm(changes=False)
    answers = node.service.answers
    assert answers.keep.holds("matrix view", answers.overlaps().key_of(Selection()))
    assert answers.texts.labels([DECISION], "en") == {DECISION: "Made up"}

    write(node, "Called otherwise")

    now = node.service.answers
    assert now.texts.labels([DECISION], "en") == {DECISION: "Called otherwise"}
    assert answers.texts.labels([DECISION], "en") == {DECISION: "Made up"}


def test_an_edit_under_way_is_given_way_to(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def noted(answers: object) -> Iterator[None]:
        made.append(answers)
        yield

    monkeypatch.setattr(readying, "pieces", noted)

    with node.desk.curator.ahead._turn:  # the draft of the next edit is not made yet
        write_thread = threading.Thread(target=write, args=(node, "First"))
        node.desk._count(1)
        node.look_ahead()
    assert wait_until(lambda: is_ready(node), 30)
    assert wait_until(lambda: not node._readying._turn.locked(), 30)
    assert not made

    node.desk._count(-1)
    write_thread.start()
    write_thread.join(60)
    assert wait_until(lambda: made == [node.service.answers], 30)


def test_what_takes_long_is_made_when_nobody_asks(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    warmed = threading.Event()
    monkeypatch.setattr(readying, "warm", lambda _index: warmed.set())
    monkeypatch.setattr(readying, "_ARRIVAL", 0.0)
    monkeypatch.setattr(readying, "_QUIET", 10.0)

    node.warm(changes=False)
    node.current()
    assert not warmed.wait(1)

    monkeypatch.setattr(readying, "_QUIET", 0.1)
    assert warmed.wait(30)


def test_a_start_does_not_wait_for_an_index_that_is_built(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, made = threading.Event(), threading.Event()

    def slow(_answers: object) -> None:
        assert go_on.wait(60)
        made.set()

    monkeypatch.setattr(readying, "make_ready", slow)
    monkeypatch.setattr(readying, "_PATIENCE", 0.1)

    node.warm(changes=False)

    assert not made.is_set()
    go_on.set()
    assert made.wait(30)
