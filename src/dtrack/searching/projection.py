"""The text index as what lies beside a store; fulfils dtrack.model.Projection."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from dtrack.model import at_once, no_progress
from dtrack.searching.index import META, TextIndex
from dtrack.searching.things import read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from dtrack.model import Progress, Store


_Key = tuple[int, int, int]


def _key(folder: Path) -> _Key | None:
    """What tells the index in a folder from all others, whatever the folder is called."""
    try:
        found = (folder / META).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns


class TextProjection:
    """Builds, brings forward, opens and checks the text index of a store."""

    name = "texts"

    def __init__(self, queries: Path) -> None:
        self._queries = queries
        self._opened: weakref.WeakValueDictionary[_Key, TextIndex] = weakref.WeakValueDictionary()
        self._forward: tuple[_Key | None, _Key | None, frozenset[str]] = None, None, frozenset()
        """The index brought forward last, that from which it was, and what may differ."""

    def build(
        self,
        store: Store,
        folder: Path,
        progress: Progress = no_progress,
        derived: Callable[[], None] = at_once,
    ) -> None:
        """Index everything that a store holds, in an empty folder, once all is ``derived``."""
        listener = store.listener()
        if listener is None or not listener.write(folder, progress, derived):
            TextIndex.build(store, self._queries, folder, progress, derived)

    def update(
        self,
        store: Store,
        changed: Mapping[str, tuple[bytes, bytes]],
        former: Path,
        folder: Path,
    ) -> None:
        """Index a store after some graphs have changed, from the index of before."""
        found = TextIndex.updated(store, self._queries, former, folder, changed)
        self._forward = _key(folder), _key(former), found.changed

    def open(self, folder: Path) -> TextIndex:
        """Index in a folder. Raises StoreError where there is none, or of another layout.

        What things are called is taken over from the index before, where that is still open.
        """
        found, key = TextIndex.open(folder), _key(folder)
        latest, before, changed = self._forward
        if key is not None:
            if key == latest and before and (former := self._opened.get(before)):
                found.adopt(former, changed)
            self._opened[key] = found
        return found

    def check(self, store: Store, folder: Path) -> list[str]:
        """What is wrong with the index in a folder, in sentences."""
        held = TextIndex.open(folder)
        said = {thing.iri: thing for thing in read_all(store, self._queries, no_progress)}
        faults = [
            f"The text index does not find <{iri}> as the store says it."
            for iri, thing in said.items()
            if held.thing(iri) != thing
        ]
        if len(held) != len(said):
            faults.append(f"The text index holds {len(held)} things, the store {len(said)}.")
        return faults
