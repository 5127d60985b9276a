"""The overlap index as what lies beside a store; fulfils dtrack.model.Projection."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dtrack.errors import NoStoreError
from dtrack.model import no_progress
from dtrack.overlap.index import OverlapIndex

if TYPE_CHECKING:
    from dtrack.model import Changed, Progress, Store


class OverlapProjection:
    """Builds, brings forward, opens and checks the overlap index of a store."""

    name = "overlap"

    def __init__(self, queries: Path) -> None:
        self._queries = queries

    def build(self, store: Store, folder: Path, progress: Progress = no_progress) -> None:
        """Index of everything that a store holds; its closures must be derived already."""
        progress("Scoring pairs of provisions", 0, 1)
        OverlapIndex.built(store, self._queries).save(folder)

    def update(self, store: Store, changed: Changed, former: Path, folder: Path) -> None:
        """Index of a store after some graphs have changed, from the index of before."""
        OverlapIndex.load(former).updated(store, self._queries, changed).save(folder)

    def open(self, folder: Path) -> OverlapIndex:
        """Index in a folder. Raises StoreError where there is none of this format."""
        if not folder.is_dir():
            raise NoStoreError("The overlap index is missing.", remedy="Run `dtrack rebuild`.")
        return OverlapIndex.load(folder)

    def check(self, store: Store, folder: Path) -> list[str]:
        """What is wrong with the index in a folder: any file that would be written otherwise."""
        self.open(folder)
        with TemporaryDirectory(prefix="dtrack-overlap-") as name:
            self.build(store, Path(name))
            made = {path.name: path.read_bytes() for path in Path(name).iterdir()}
        held = {path.name: path.read_bytes() for path in folder.iterdir()}
        return [
            f"The file {name} of the overlap index is not what the store says."
            for name in sorted(made.keys() | held.keys())
            if made.get(name) != held.get(name)
        ]
