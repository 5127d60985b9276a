"""What another process makes is what the store says; where it fails, the store is asked."""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from dtrack.errors import StoreError
from dtrack.hearing import Hearing
from dtrack.model import Record, Revision, at_once, no_progress
from dtrack.overlap.changing import DIRECTIVES, Read, read_whole
from dtrack.overlap.saving import _arrays
from dtrack.overlap.told import NOTING as OF_OVERLAP
from dtrack.searching.index import TextIndex
from dtrack.searching.projection import TextProjection
from dtrack.stores.building import open_current
from dtrack.stores.embedded import EmbeddedStore
from dtrack.terms import BASE, DERIVED_GRAPH, DT, HISTORY_GRAPHS
from dtrack.wiring.apart import HEAD, IndexesApart
from dtrack.wiring.excerpts import NOTING as OF_RULES
from dtrack.wiring.excerpts import first_given
from dtrack.wiring.giving_way import give_way
from searched import record, records

LINE = f"<{BASE}/id/provision/x-1/1> <{DT}currentStatus> <{BASE}/codes/legal-force/in-force> .\n"


@contextmanager
def loaded(make=IndexesApart):
    made: list[IndexesApart] = []

    def listening() -> IndexesApart:
        made.append(make())
        return made[-1]

    with EmbeddedStore.in_memory() as store:
        store.load(records(), hearing=Hearing((), listening))
        assert store.told() is None
        yield store, made[0]
    assert made[0]._process.poll() is not None, "it ends with the store at the latest"


def built(store, root, folder, derived=at_once) -> list[str]:
    texts = TextProjection(root / "queries")
    folder.mkdir(exist_ok=True)
    texts.build(store, folder, no_progress, derived)
    return texts.check(store, folder)


def test_index_is_that_of_the_store(root, tmp_path, caplog, monkeypatch):
    def here(*_: object) -> None:
        raise AssertionError("It is made here.")

    monkeypatch.setattr(TextIndex, "build", here)
    with loaded() as (store, _):

        def derived() -> None:
            store.patch(DERIVED_GRAPH, [], [LINE.encode()])

        assert built(store, root, tmp_path / "texts", derived) == []
        texts = TextProjection(root / "queries").open(tmp_path / "texts")
        thing = texts.thing(f"{BASE}/id/provision/x-1/1")
        assert thing is not None
        assert f"{BASE}/codes/legal-force/in-force" in thing.statuses
    assert caplog.records == []


def killed(apart: IndexesApart) -> None:
    apart._process.kill()
    apart._process.wait()


def stopped(apart: IndexesApart) -> None:
    apart.close()


@pytest.mark.parametrize("end", [killed, stopped])
@pytest.mark.parametrize("when", ["before", "while it waits"])
def test_index_is_made_here_where_the_process_is_gone(root, tmp_path, caplog, end, when):
    with loaded() as (store, apart):
        if when == "before":
            end(apart)
        derived = (lambda: end(apart)) if when == "while it waits" else at_once
        assert built(store, root, tmp_path / "texts", derived) == []
    assert [line.message for line in caplog.records] == ["text index is made here"]


def test_index_is_made_here_where_the_process_does_not_start(root, tmp_path, caplog, capfd):
    with loaded(lambda: IndexesApart("dtrack.wiring.nothing")) as (store, _):
        assert built(store, root, tmp_path / "texts") == []
    assert [line.message for line in caplog.records] == ["text index is made here"]
    assert capfd.readouterr().err == ""


def test_index_is_made_here_where_the_process_cannot_write(root, tmp_path, caplog):
    # What lies in its way is gone once the folder is made anew.
    (tmp_path / "texts" / "meta.json").mkdir(parents=True)
    with loaded() as (store, _):
        assert built(store, root, tmp_path / "texts") == []
    assert [line.message for line in caplog.records] == ["text index is made here"]
    assert "cannot be written" in caplog.records[0].reason


def test_that_something_unforeseen_went_wrong_is_told_in_one_line(root, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG, "dtrack.wiring.apart")
    with loaded() as (store, apart):
        # A folder of no name that could be: nobody has thought of that.
        apart._send(b"", b"\xff")
        assert built(store, root, tmp_path / "texts") == []

    warning, whole = (line for line in caplog.records if line.name == "dtrack.wiring.apart")
    assert warning.message == "text index is made here"
    assert re.fullmatch(r"UnicodeDecodeError at dtrack\.wiring\.indexing:\d+", warning.reason)
    assert whole.levelname == "DEBUG"
    assert "Traceback" in whole.message
    assert capfd.readouterr().err == ""


def test_it_ends_where_it_cannot_take_in_what_is_sent(capfd):
    apart = IndexesApart()
    assert apart._process.stdin is not None
    apart._process.stdin.write(b"\xff" * HEAD)
    apart._process.stdin.flush()

    assert apart._process.wait(30) == 1
    apart.close()
    assert capfd.readouterr().err == ""


def test_whatever_changes_after_the_load_is_in_the_index(root, tmp_path):
    with loaded() as (store, _):
        more = record("more", '<id/target/t-9> a dt:Target ; skos:prefLabel "Ninth"@en .')
        store.apply(Revision(2, {more.graph: more.ntriples}))
        assert store.listener() is None
        assert built(store, root, tmp_path / "texts") == []
        texts = TextProjection(root / "queries").open(tmp_path / "texts")
        assert texts.thing(f"{BASE}/id/target/t-9") is not None


def test_who_does_not_wait_any_more_ends_it(root, tmp_path):
    def never() -> None:
        raise StoreError("The disk is full.", remedy="Make room.")

    with loaded() as (store, _), pytest.raises(StoreError, match="disk is full"):
        built(store, root, tmp_path / "texts", never)


def test_progress_is_asked_whether_anybody_waits(root, tmp_path):
    (folder := tmp_path / "texts").mkdir()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with loaded() as (_, apart):
        os.kill(apart._process.pid, signal.SIGSTOP)
        with pytest.raises(KeyboardInterrupt):
            apart.write(folder, stop, at_once)


def test_what_it_makes_of_what_is_loaded_is_what_is_made_here(corpus_home, root):
    with open_current(corpus_home) as whole:
        graphs = [
            Record(name, whole.graph(name), name)
            for name in whole.graphs()
            if name != DERIVED_GRAPH and not name.startswith(HISTORY_GRAPHS)
        ]
    noting, apart = EmbeddedStore.in_memory(), EmbeddedStore.in_memory()
    noting.load(graphs, hearing=Hearing(OF_OVERLAP | OF_RULES))
    given = first_given(noting, root / "queries")
    noting.foretell(set().union(*given.values()))
    read = read_whole(noting, root / "queries" / "index")
    assert all(given.values())
    assert len(read.columns)
    assert read.tables.ancestors
    assert read.tables.mappings
    assert read.tables.items

    with apart:
        apart.load(graphs, hearing=Hearing((), IndexesApart))
        assert first_given(apart, root / "queries") == given
        assert pickled(read_whole(apart, root / "queries" / "index")) == pickled(read)
        assert apart.listener().made(DIRECTIVES, at_once) is None, "it is given once"


def pickled(read: Read) -> object:
    """What was read, so that it can be compared."""
    arrays = _arrays(read.columns)
    return read.columns.blocks, read.tables, {n: a.tolist() for n, a in arrays.items()}


@pytest.mark.parametrize("end", [killed, stopped])
def test_nothing_is_told_by_a_process_that_is_gone(root, end):
    with loaded() as (store, apart):
        end(apart)
        assert first_given(store, root / "queries") == {}
        assert apart.made(DIRECTIVES, at_once) is None


def test_whoever_waits_for_what_it_makes_may_be_stopped():
    def stop() -> None:
        raise KeyboardInterrupt

    with loaded() as (_, apart):
        os.kill(apart._process.pid, signal.SIGSTOP)
        with pytest.raises(KeyboardInterrupt):
            apart.made(DIRECTIVES, stop)


def test_several_may_wait_and_whoever_stops_keeps_nobody(tmp_path):
    with loaded() as (_, apart):
        os.kill(apart._process.pid, signal.SIGSTOP)
        texts = threading.Thread(target=apart.write, args=(tmp_path, no_progress, at_once))
        texts.start()
        looks: list[float] = []

        def look() -> None:
            looks.append(time.monotonic())
            if len(looks) > 2:
                raise KeyboardInterrupt

        # Another one is at it.
        with pytest.raises(KeyboardInterrupt):
            apart.made(DIRECTIVES, look)
        apart.close()
        texts.join(30)
        assert not texts.is_alive()


def test_what_was_told_is_had_before_what_comes_later(tmp_path):
    with loaded() as (_, apart):
        wait = threading.Event()
        texts = threading.Thread(
            target=apart.write, args=(tmp_path, no_progress, lambda: wait.wait(30))
        )
        texts.start()
        reading = threading.Thread(target=apart._taken, args=("never", at_once))
        reading.start()
        assert apart.made(DIRECTIVES, at_once) is not None
        assert texts.is_alive()
        wait.set()
        texts.join(30)
        reading.join(30)
        assert not texts.is_alive()
        assert not reading.is_alive()


def test_it_ends_with_who_began_it(root):
    with loaded() as (_, apart):
        assert apart._process.stdin is not None
        apart._process.stdin.close()
        assert apart._process.wait(30) == 1


def test_much_is_heard_while_it_is_slow(root, tmp_path):
    with loaded() as (store, apart):
        os.kill(apart._process.pid, signal.SIGSTOP)
        waking = threading.Timer(0.5, os.kill, (apart._process.pid, signal.SIGCONT))
        waking.start()
        began = time.monotonic()
        lines = [f'<{BASE}/id/note/{n}> <{DT}note> "n" .\n'.encode() for n in range(30_000)]
        store.patch(f"{BASE}/graph/more", [], lines)
        assert time.monotonic() - began > 0.3, "more than a pipe holds waits for who hears it"
        assert built(store, root, tmp_path / "texts") == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of single threads")
@pytest.mark.parametrize("nicer", [0, 3, 19])
def test_only_the_thread_that_gives_way_does_and_never_gets_ahead(nicer):
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def work() -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), begun)
        give_way()
        told.append(niceness())

    told: list[int] = []
    mine = niceness()
    begun = min(19, mine + nicer)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert told == [min(19, begun + 10)]
    assert niceness() == mine
