"""The overlap index as what lies beside a store; fulfils dtrack.model.Projection."""

from __future__ import annotations

import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.errors import NoStoreError
from dtrack.model import at_once, no_progress
from dtrack.overlap.gaps import served
from dtrack.overlap.index import OverlapIndex
from dtrack.overlap.leaders import leaders
from dtrack.overlap.profiles import Totals, totals
from dtrack.overlap.saving import MANIFEST
from dtrack.overlap.selection import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable

    from dtrack.model import Changed, Progress, Store


_MOST: Final = 2
"""Indexes that are kept in memory: the former and the present one."""

_Key = tuple[int, int, int]


def _key(folder: Path) -> _Key | None:
    """What tells the index in a folder from all others, whatever the folder is called.

    A draft is renamed when it becomes current, and the manifest is written last.
    """
    try:
        found = (folder / MANIFEST).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns


class OverlapProjection:
    """Builds, brings forward, opens and checks the overlap index of a store."""

    name = "overlap"

    def __init__(self, queries: Path) -> None:
        self._queries = queries
        self._lock = threading.Lock()
        self._kept: dict[_Key, OverlapIndex] = {}

    def build(
        self,
        store: Store,
        folder: Path,
        progress: Progress = no_progress,
        derived: Callable[[], None] = at_once,
    ) -> None:
        """Index of everything that a store holds, its closures once they are ``derived``."""
        progress("Scoring pairs of provisions", 0, 1)
        index = OverlapIndex.built(store, self._queries, derived)
        index.save(folder)
        self._keep(index, folder)

    def update(self, store: Store, changed: Changed, former: Path, folder: Path) -> None:
        """Index of a store after some graphs have changed, from the index of before."""
        known = self.open(former)
        index = known.updated(store, self._queries, changed)
        index.save(folder, (former, known))
        same = (former / MANIFEST).read_bytes() == (folder / MANIFEST).read_bytes()
        # Where the change says nothing about overlap, what was derived from it still holds.
        self._keep(known if same else index, folder)

    def open(self, folder: Path) -> OverlapIndex:
        """Index in a folder. Raises StoreError where there is none of this format."""
        if not folder.is_dir():
            raise NoStoreError("The overlap index is missing.", remedy="Run `dtrack rebuild`.")
        key = _key(folder)
        with self._lock:
            known = self._kept.get(key) if key else None
        return known or self._keep(OverlapIndex.load(folder), folder)

    def _keep(self, index: OverlapIndex, folder: Path) -> OverlapIndex:
        """Keep an index in memory: who writes needs the former one again, and readers the next."""
        key = _key(folder)
        with self._lock:
            if key:
                self._kept[key] = index
            while len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]
        return index

    def check(self, store: Store, folder: Path) -> list[str]:
        """What is wrong with the index in a folder: any file that would be written otherwise."""
        known = OverlapIndex.load(folder)
        with TemporaryDirectory(prefix="dtrack-overlap-") as name:
            self.build(store, Path(name))
            anew = self.open(Path(name))
            tops = leaders(anew).tops()
            made = {path.name: path.read_bytes() for path in Path(name).iterdir() if path.is_file()}
        held = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        faults = [
            f"The file {name} of the overlap index is not what the store says."
            for name in sorted(made.keys() | held.keys())
            if made.get(name) != held.get(name)
        ]
        if not faults and not np.array_equal(leaders(known).tops(), tops):
            faults.append("The best pairs kept with the overlap index are not what the store says.")
        if not faults and not _totals_of(known).same(_totals_of(anew)):
            faults.append("The totals kept with the overlap index are not what the store says.")
        if not faults and not np.array_equal(served(known), served(anew)):
            faults.append(
                "The counts for gaps kept with the overlap index are not what the store says."
            )
        return faults


def _totals_of(index: OverlapIndex) -> Totals:
    return totals(index, DEFAULT, index.weights.dimensions)
