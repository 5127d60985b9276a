"""Loads that go on once all is read: who asks waits, who fails is told, who closes ends them."""

from __future__ import annotations

import gc
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as engine
import pytest

from dtrack.errors import JournalError, StoreError
from dtrack.hearing import Hearing
from dtrack.model import Record
from dtrack.stores import embedded
from dtrack.stores.building import current_marker, drafting, publish
from dtrack.stores.bulk import bulk_load
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.markers import marker_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

RECORDS = [
    Record(f"urn:graph:{n}", f'<urn:s:{n}> <urn:p> "{n}" .\n'.encode(), f"{n}") for n in range(5)
]
HEARING = Hearing(["urn:p"])


@pytest.fixture
def at_the_end(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Has something done when the engine has read all, before it stores it."""

    def let(do: Callable[[], object]) -> None:
        def slow(
            store: engine.Store,
            graphs: Iterable[tuple[str, bytes]],
            at_end: Callable[[], None],
            trusted: bool,
            in_order: bool,
        ) -> None:
            read = list(graphs)
            at_end()
            do()
            bulk_load(store, read, trusted=trusted, in_order=in_order)

        monkeypatch.setattr(embedded, "bulk_load", slow)

    return let


def still_loading() -> bool:
    return any(thread.name == "loading" for thread in threading.enumerate())


def test_it_is_back_once_all_is_read_and_whoever_asks_waits(
    tmp_path: Path, at_the_end: Callable[[Callable[[], object]], None]
) -> None:
    go_on = threading.Event()
    at_the_end(go_on.wait)
    with EmbeddedStore.open(tmp_path / "ahead") as store:
        assert store.load(RECORDS, hearing=HEARING, ahead=True) == len(RECORDS)
        told = store.told()
        assert told
        assert len(told.facts("urn:p")[0]) == len(RECORDS)
        assert still_loading()

        threading.Timer(0.2, go_on.set).start()
        assert store.graphs() == tuple(record.graph for record in RECORDS)
        assert go_on.is_set()
        store.whole()
        with EmbeddedStore.in_memory() as other:
            other.load(RECORDS)
            assert other.dump() == store.dump()
    assert not still_loading()


def test_what_fails_before_all_is_read_is_told_at_once(tmp_path: Path) -> None:
    def records() -> Iterator[Record]:
        yield from RECORDS
        raise JournalError("The journal has lost a content.", remedy="Bring back a backup.")

    with (
        EmbeddedStore.open(tmp_path / "store") as store,
        pytest.raises(JournalError, match="lost a content"),
    ):
        store.load(records(), ahead=True)


def test_what_fails_later_is_told_to_each_who_asks(
    tmp_path: Path, at_the_end: Callable[[Callable[[], object]], None]
) -> None:
    go_on = threading.Event()

    def fail() -> None:
        go_on.wait()
        raise OSError("No space left on device")

    at_the_end(fail)
    with EmbeddedStore.open(tmp_path / "store") as store:
        store.load(RECORDS, ahead=True)
        go_on.set()
        for ask in (store.whole, store.graphs, store.flush, store.dump):
            with pytest.raises(StoreError, match="disk of the store is full"):
                ask()


def test_no_draft_is_sealed_whose_load_has_failed(
    tmp_path: Path, at_the_end: Callable[[Callable[[], object]], None]
) -> None:
    home = tmp_path / "home"
    publish(home, lambda store: store.load(RECORDS[:1]))
    before = current_marker(home)

    go_on = threading.Event()

    def fail() -> None:
        go_on.wait()
        raise OSError("No space left on device")

    at_the_end(fail)
    with pytest.raises(StoreError, match="is full"), drafting(home, empty=True) as draft:  # noqa: PT012
        draft.store.load(RECORDS, ahead=True)
        go_on.set()
        draft.seal(before)
    assert current_marker(home) == before
    assert not draft.folder.exists()


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C raises here, whatever a test before has made of it in this process."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.mark.usefixtures("ctrl_c")
def test_whoever_is_stopped_meanwhile_ends_the_load(tmp_path: Path) -> None:
    given: list[str] = []

    def records() -> Iterator[Record]:
        for number in range(1000):
            if number == 5:
                main = threading.main_thread().ident
                assert main is not None
                signal.pthread_kill(main, signal.SIGINT)
            time.sleep(0.01)
            given.append(f"urn:graph:{number}")
            yield Record(given[-1], RECORDS[0].ntriples, "")

    home = tmp_path / "home"
    with pytest.raises(KeyboardInterrupt), drafting(home, empty=True) as draft:
        draft.store.load(records(), ahead=True)
    assert 5 < len(given) < 900
    assert not still_loading()
    assert not draft.folder.exists()


def test_a_sealed_draft_holds_what_was_loaded_ahead(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with drafting(home, empty=True) as draft:
        draft.store.load(RECORDS, ahead=True)
        marker = marker_of(draft.store)
        draft.seal(marker)
        draft.switch()
    assert current_marker(home).triples == len(RECORDS)


def test_a_closed_store_is_let_go_of_at_once(tmp_path: Path) -> None:
    gc.disable()
    try:
        with EmbeddedStore.open(tmp_path / "store") as store:
            store.load(RECORDS, ahead=True)
        # The engine lets nobody in as long as anything holds the store.
        EmbeddedStore.open(tmp_path / "store").close()
    finally:
        gc.enable()
