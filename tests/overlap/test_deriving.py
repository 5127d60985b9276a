"""After each edit, graph and indexes are those that deriving everything gives, byte for byte."""

from __future__ import annotations

import random
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from dtrack.curate.rules import Basis
from dtrack.digests import changed_lines, lines_digest
from dtrack.errors import StoreError
from dtrack.hearing import Hearing
from dtrack.model import Record, Revision, no_progress
from dtrack.overlap.projection import OverlapProjection
from dtrack.stores.beside import place_of
from dtrack.stores.building import current_folder, drafting
from dtrack.stores.markers import marker_of
from dtrack.terms import DERIVED_GRAPH
from dtrack.validation.readings import readings
from dtrack.validation.shapes import bundled_shapes
from dtrack.wiring import deriving
from dtrack.wiring.apart import IndexesApart
from dtrack.wiring.beside import check_beside
from dtrack.wiring.deriving import derive
from serving import small_records, small_service

ROOT = Path(__file__).resolve().parents[2]
OVERLAP = OverlapProjection(ROOT / "queries")
EDITS = 4
NOBODY = Hearing()


def gone() -> IndexesApart:
    """A process that ends before it has told anything."""
    return IndexesApart("dtrack.wiring.nothing")


HEARINGS = {
    "noted": deriving.heard(1000),
    "apart": deriving.heard(10_000_000),
    "gone": Hearing((), gone),
}
"""What is kept of few triples, and of many, by another process; and where that fails."""


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place_of(OVERLAP, folder).glob("*.*")}


def derived_anew(
    home: Path, records: list[Record], hearing: Hearing = NOBODY
) -> tuple[bytes, dict[str, bytes]]:
    with drafting(home, empty=True) as draft:
        draft.store.load(records, hearing=hearing)
        assert derive(Basis(draft.store, draft.folder), no_progress) is None
        graph = draft.store.graph(DERIVED_GRAPH)
        draft.seal(marker_of(draft.store))
        draft.switch()
    return graph, files(current_folder(home))


def changed_content(content: bytes, dice: random.Random, turn: int) -> bytes:
    """Some triples less, and now and then nothing; every fourth time another title."""
    lines = content.splitlines(keepends=True)
    if turn % 4 == 3:
        return b""
    return b"".join(line for line in lines if dice.random() < 0.9)


def test_edits_are_followed_as_if_all_were_derived_anew(tmp_path):
    dice = random.Random(5)
    records = {r.graph: r.ntriples for r in small_records(ROOT)}
    home = tmp_path / "home"
    derived_anew(home, [Record(g, c, g) for g, c in records.items()])
    texts = [graph for graph, content in records.items() if b"#elementOf" in content]
    assert texts

    for turn in range(EDITS):
        graph = texts[turn % len(texts)]
        before = records.pop(graph, b"")
        after = changed_content(before, dice, turn)
        if after:
            records[graph] = after
        with drafting(home) as draft:
            former = draft.store.graph(DERIVED_GRAPH).splitlines(keepends=True)
            draft.store.apply(Revision(turn, {graph: after or None}))
            changed = {graph: (before, after)}
            patch = derive(Basis(draft.store, draft.folder, draft.former, changed), no_progress)
            assert patch is not None
            digest = changed_lines(lines_digest(former), patch.left, patch.came)
            seen = draft.store.graph(DERIVED_GRAPH)
            assert lines_digest(seen.splitlines(keepends=True)) == digest
            assert check_beside(draft.store, draft.folder) == []
            draft.seal(marker_of(draft.store))
            draft.switch()
        other = tmp_path / f"anew-{turn}"
        graph_anew, files_anew = derived_anew(other, [Record(g, c, g) for g, c in records.items()])

        assert seen == graph_anew
        assert files(current_folder(home)) == files_anew


def test_no_shape_reads_what_is_derived_so_the_gate_may_be_asked_meanwhile():
    read = {reading.predicate for reading in readings(bundled_shapes())}
    patterns = " ".join(reading.pattern for reading in readings(bundled_shapes()))
    service = small_service(ROOT)
    lines = service.store.graph(DERIVED_GRAPH).decode().splitlines()
    recorded = {
        line.split(" ", 2)[1] for record in small_records(ROOT)
        for line in record.ntriples.decode().splitlines()
    }  # fmt: skip
    # Types are read of what a change describes, which no derived triple is about.
    derived = {line.split(" ", 2)[1] for line in lines} - recorded

    assert len(derived) > 10
    assert not {predicate[1:-1] for predicate in derived} & read
    assert not any(predicate in patterns for predicate in derived)


def test_doctor_finds_an_index_that_says_something_else(tmp_path):
    records = small_records(ROOT)
    derived_anew(tmp_path, records)
    folder = current_folder(tmp_path)
    (place_of(OVERLAP, folder) / "flags.npy").write_bytes(b"damaged")

    with drafting(tmp_path) as draft:
        assert any("overlap" in fault for fault in check_beside(draft.store, folder))


@pytest.mark.parametrize(
    ("file", "array", "what"),
    [
        ("leaders.npz", "scores", "best pairs"),
        ("totals.npz", "closeness", "totals"),
        ("totals.npz", "served", "counts for gaps"),
    ],
)
def test_doctor_finds_what_is_kept_with_an_index_and_is_not_of_the_store(
    tmp_path, file, array, what
):
    derived_anew(tmp_path, small_records(ROOT))
    folder = current_folder(tmp_path)
    kept = place_of(OVERLAP, folder) / "kept" / file
    with np.load(kept) as held:
        arrays = dict(held)
    assert arrays[array].any()
    np.savez(kept, **{**arrays, array: arrays[array] / 2})

    with drafting(tmp_path) as draft:
        assert any(what in fault for fault in check_beside(draft.store, folder))


def test_what_was_heard_gives_what_the_store_says_when_asked(tmp_path):
    records = small_records(ROOT)
    asked = derived_anew(tmp_path / "asked", records)
    for name, hearing in HEARINGS.items():
        assert derived_anew(tmp_path / name, records, hearing) == asked

        with drafting(tmp_path / name) as draft:
            assert draft.store.told() is draft.store.listener() is None
            assert check_beside(draft.store, current_folder(tmp_path / name)) == []


@pytest.mark.parametrize("hearing", [NOBODY, *HEARINGS.values()])
def test_whoever_waits_for_what_fails_is_told_and_ends(tmp_path, monkeypatch, hearing):
    def fail(*_: object) -> set[bytes]:
        raise StoreError("The disk is full.", remedy="Make room.")

    monkeypatch.setattr(deriving, "follow", fail)
    home = tmp_path / "home"
    with pytest.raises(StoreError, match="disk is full"):
        derived_anew(home, small_records(ROOT), hearing)
    assert not list((home / "stores").iterdir())


class Slow:
    """A projection that is stopped while it writes, as by Ctrl-C; it tells how it ended."""

    name = "slow"

    def __init__(self) -> None:
        self.told = ""

    def build(self, store, folder, progress, derived):
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, signal.SIGINT)
        last = time.monotonic() + 30
        try:
            while time.monotonic() < last:
                progress("Writing", 0, 1)
                time.sleep(0.01)
            self.told = "was never stopped"
        except Exception as error:
            # What the library still has to write is written into a folder that is there.
            time.sleep(0.2)
            (folder / "rest").write_text("rest")
            self.told = type(error).__name__
            raise


@pytest.fixture
def ctrl_c():
    """Ctrl-C raises here, whatever a test before has made of it in this process."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.mark.usefixtures("ctrl_c")
def test_whoever_stops_it_waits_for_what_is_being_written(tmp_path, monkeypatch, caplog):
    slow = Slow()
    monkeypatch.setattr(deriving, "projections", lambda: (slow,))

    with pytest.raises(KeyboardInterrupt), drafting(tmp_path / "home", empty=True) as draft:
        derive(Basis(draft.store, draft.folder), no_progress)

    assert slow.told == "_EndedError"
    assert not draft.folder.exists()
    assert caplog.records == []
