"""What follows from the records: the derived graph, and the indexes beside the store."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from dtrack.curate.rules import Derived
from dtrack.errors import StoreError
from dtrack.hearing import Hearing
from dtrack.overlap import follow, follow_after, prepare, publish, publish_after
from dtrack.overlap.told import NOTING as OF_OVERLAP
from dtrack.resources import root_folder
from dtrack.searching.told import NOTING as OF_SEARCH
from dtrack.stores.beside import place_of, project
from dtrack.wiring.apart import IndexesApart
from dtrack.wiring.beside import overlap_beside, projections
from dtrack.wiring.excerpts import NOTING as OF_RULES
from dtrack.wiring.excerpts import first_given
from dtrack.wiring.giving_way import give_way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dtrack.curate.rules import Basis
    from dtrack.model import Progress, Projection
    from dtrack.overlap import OverlapIndex

_MANY: Final = 500_000
"""Triples of which another process notes what indexes need; of fewer it is as fast here."""

_LOOK: Final = 0.5
"""Seconds between two looks for Ctrl-C while threads write."""


class _EndedError(Exception):
    """Nobody waits any more for what a thread writes."""


class _Shift:
    """What some threads do until it is called off: then none begins, and those at it are awaited.

    The threads are not asked themselves: an interrupt may come while one is being
    started, and a pool would then not know of it.
    """

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._at_it = 0
        self._over = False

    @contextmanager
    def part(self) -> Iterator[None]:
        """Be at it. Raises _EndedError when it has been called off."""
        with self._turn:
            self.go_on()
            self._at_it += 1
        try:
            yield
        finally:
            with self._turn:
                self._at_it -= 1
                self._turn.notify_all()

    def go_on(self) -> None:
        """Raise _EndedError when it has been called off."""
        if self._over:
            raise _EndedError

    def give_up(self) -> None:
        """Let nobody begin any more, nor go on: one of those at it has failed."""
        self._over = True

    def call_off(self) -> None:
        """Let nobody begin any more, and wait for those at it."""
        with self._turn:
            self._over = True
            self._turn.wait_for(lambda: not self._at_it)


def heard(triples: int) -> Hearing:
    """What is to be kept of so many triples while they are loaded, for derive()."""
    if triples > _MANY:
        return Hearing((), IndexesApart)
    return Hearing(OF_OVERLAP | OF_RULES | OF_SEARCH)


def derive(basis: Basis, progress: Progress) -> Derived | None:
    """Derive what follows: all of it, or what a change has made otherwise.

    Both give the same, triple by triple; None = all of it.
    """
    store, queries = basis.store, root_folder("queries")
    former = _former_index(basis)
    if former is None or basis.changed is None:
        scored = set[bytes]()

        def first(told: Progress, enough: Callable[[], None]) -> None:
            known = first_given(store, queries, lambda: told("Reading what is loaded", 0, 1))
            if known:
                # Stored now, it would have to be put together with all that has been already.
                store.foretell(set().union(*known.values()))
                enough()
            # The rules look up single things, which takes much longer in many files.
            store.put_together(told)
            scored.update(follow(store, queries, told, known))

        with _uncollected():
            index = _projected(basis, progress, first)
            progress("Publishing the overlap matrix", 0, 1)
            publish(store, index, scored)
        return None
    followed = follow_after(store, queries, basis.changed)
    index = _projected(basis, progress)
    if index is former:
        # The change says nothing about overlap, so the matrix stands.
        return Derived(followed.left, followed.came)
    published = publish_after(store, index, former)
    return Derived(followed.left | published.left, followed.came | published.came)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for cycles among millions of facts, where there are none.

    It would look at all of them again and again, for a tenth of what deriving takes.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _projected(
    basis: Basis,
    progress: Progress,
    first: Callable[[Progress, Callable[[], None]], None] | None = None,
) -> OverlapIndex:
    """Overlap index, after all indexes are written beside a store.

    They are written at once, for none reads another one, and the engine and the libraries
    do their work beside each other. What is ``first`` derived in the store is awaited only
    by what reads it, and only until it says that there is enough.
    """
    lock, shift, ready = threading.Lock(), _Shift(), threading.Event()

    def told(what: str, done: int, total: int) -> None:
        shift.go_on()
        with lock:
            progress(what, done, total)

    def begin() -> None:
        with shift.part():
            try:
                if first:
                    first(told, ready.set)
            except BaseException:
                shift.give_up()
                raise
            ready.set()

    def derived() -> None:
        while not ready.wait(_LOOK):
            shift.go_on()
        shift.go_on()

    def write(projection: Projection[Any]) -> None:
        with shift.part():
            _write(projection, basis, told, derived)

    # All have ended before the first error is told, or the store would be dropped under one.
    with ThreadPoolExecutor(1 + len(projections())) as threads:
        try:
            writing = [threads.submit(begin)]
            writing += [threads.submit(write, projection) for projection in projections()]
            # A signal that comes just before a wait does not end it, so it must end by itself.
            while wait(writing, _LOOK).not_done:
                pass
        finally:
            # Somebody may have pressed Ctrl-C: the threads end at the next step that they tell.
            shift.call_off()
    for each in writing:
        each.result()
    return overlap_beside().open(place_of(overlap_beside(), basis.folder))


def _write(
    projection: Projection[Any], basis: Basis, told: Progress, derived: Callable[[], None]
) -> None:
    """Write an index beside a store."""
    if basis.changed is None:
        # The engine has more to do than the indexes, and one thread for most of it.
        give_way()
    project(projection, basis.store, basis.folder, basis.former, basis.changed, told, derived)
    if basis.changed is None and projection is overlap_beside():
        # While files are put together there is time for what is published after.
        prepare(projection.open(place_of(projection, basis.folder)))


def _former_index(basis: Basis) -> OverlapIndex | None:
    """Index whose findings the derived graph still has; None where it is not known."""
    if basis.former is None or basis.changed is None:
        return None
    try:
        return overlap_beside().open(place_of(overlap_beside(), basis.former))
    except StoreError:
        return None
