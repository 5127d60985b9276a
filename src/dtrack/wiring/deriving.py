"""What follows from the records: the derived graph, and the indexes beside the store."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dtrack.curate import Derived
from dtrack.errors import StoreError
from dtrack.overlap import follow, follow_after, publish
from dtrack.overlap.projection import OverlapProjection
from dtrack.overlap.publishing import former_lines
from dtrack.resources import root_folder
from dtrack.searching.projection import TextProjection
from dtrack.stores.beside import place_of, project

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.curate import Basis
    from dtrack.model import Progress, Projection, Store
    from dtrack.overlap import OverlapIndex


class _EndedError(Exception):
    """Nobody waits any more for what a thread writes."""


@lru_cache(maxsize=1)
def overlap_beside() -> OverlapProjection:
    """Overlap index of a store."""
    return OverlapProjection(root_folder("queries"))


@lru_cache(maxsize=1)
def texts_beside() -> TextProjection:
    """Text index of a store."""
    return TextProjection(root_folder("queries"))


def projections() -> tuple[Projection[Any], ...]:
    """What lies beside each store, in the order in which it is made."""
    return (overlap_beside(), texts_beside())


def derive(basis: Basis, progress: Progress) -> Derived | None:
    """Derive what follows: all of it, or what a change has made otherwise.

    Both give the same, triple by triple; None = all of it.
    """
    store, queries = basis.store, root_folder("queries")
    former = _former_index(basis)
    if former is None or basis.changed is None:
        scored = follow(store, queries, progress)
        index = _projected(basis, progress)
        progress("Publishing the overlap matrix", 0, 1)
        publish(store, index, scored)
        return None
    followed = follow_after(store, queries, basis.changed)
    index = _projected(basis, progress)
    if index is former:
        # The change says nothing about overlap, so the matrix stands.
        return Derived(followed.left, followed.came)
    published = publish(store, index, former_lines(store, former))
    return Derived(followed.left | published.left, followed.came | published.came)


def _projected(basis: Basis, progress: Progress) -> OverlapIndex:
    """Overlap index, after all indexes are written beside a store.

    They are written at once, for none reads another one, and the engine and the libraries
    do their work beside each other.
    """
    lock, ended = threading.Lock(), threading.Event()

    def told(what: str, done: int, total: int) -> None:
        if ended.is_set():
            raise _EndedError
        with lock:
            progress(what, done, total)

    def write(projection: Projection[Any]) -> None:
        project(projection, basis.store, basis.folder, basis.former, basis.changed, told)

    # All have ended before the first error is told, or the store would be dropped under one.
    with ThreadPoolExecutor(len(projections())) as threads:
        try:
            writing = [threads.submit(write, projection) for projection in projections()]
            wait(writing)
        except BaseException:
            # Somebody pressed Ctrl-C: the threads end at the next step that they tell.
            ended.set()
            raise
    for each in writing:
        each.result()
    return overlap_beside().open(place_of(overlap_beside(), basis.folder))


def _former_index(basis: Basis) -> OverlapIndex | None:
    """Index whose findings the derived graph still has; None where it is not known."""
    if basis.former is None or basis.changed is None:
        return None
    try:
        return overlap_beside().open(place_of(overlap_beside(), basis.former))
    except StoreError:
        return None


def check_beside(store: Store, folder: Path) -> list[str]:
    """What is wrong with the indexes beside a store, in sentences.

    One that is not there is no fault: who opens the store next makes it.
    """
    faults: list[str] = []
    for projection in projections():
        place = place_of(projection, folder)
        try:
            if place.exists():
                faults += projection.check(store, place)
        except StoreError as error:
            faults.append(error.message)
    return faults
