"""Projections of a store, in its folder: made with it, opened with it, gone with it.

::

    store-…/
    ├── marker.json
    └── beside/
        └── NAME/     what one projection has written
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dtrack.errors import StoreError
from dtrack.model import at_once, no_progress
from dtrack.stores.homes import sync_tree
from dtrack.stores.trouble import disk_trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from dtrack.model import Changed, Progress, Projection, Store

log = logging.getLogger(__name__)

_FOLDER: Final = "beside"

T = TypeVar("T")


def place_of(projection: Projection[Any], folder: Path) -> Path:
    """Folder of a projection in the folder of its store."""
    return folder / _FOLDER / projection.name


def read_ahead(folder: Path, most: int) -> int:
    """Ask the system to have what lies beside a store in memory before it is asked for.

    No more than ``most`` bytes, smaller files first. Gives how many; where the system
    cannot be asked, none.
    """
    if not hasattr(os, "posix_fadvise"):
        return 0
    found = [path for path in (folder / _FOLDER).rglob("*") if path.is_file()]
    done = 0
    for size, path in sorted((path.stat().st_size, path) for path in found):
        if done + size > most:
            break
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)
        done += size
    return done


def project(
    projection: Projection[Any],
    store: Store,
    folder: Path,
    former: Path | None,
    changed: Changed | None,
    progress: Progress = no_progress,
    derived: Callable[[], None] = at_once,
) -> None:
    """Write a projection into the folder of a drafted store.

    It is brought up to date from that of the ``former`` store where the change
    is known and there is one, else built; ``derived`` is that of Projection.build().
    Raises StoreError.
    """
    place = place_of(projection, folder)
    started = time.monotonic()
    try:
        place.mkdir(parents=True)
        if not _updated(projection, store, place, former, changed):
            projection.build(store, place, progress, derived)
    except OSError as error:
        raise disk_trouble(error) or StoreError(
            f"The {projection.name} index cannot be written: {error.strerror or error}.",
            remedy="Make room, or check the folder's owner; then try again.",
        ) from error
    taken = round(1000 * (time.monotonic() - started))
    log.debug("index written", extra={"projection": projection.name, "ms": taken})


def _updated(
    projection: Projection[Any],
    store: Store,
    place: Path,
    former: Path | None,
    changed: Changed | None,
) -> bool:
    """Whether a projection could be brought up to date from what it was."""
    if former is None or changed is None:
        return False
    try:
        projection.update(store, changed, place_of(projection, former), place)
    except StoreError as error:
        log.info(
            "index is built anew", extra={"projection": projection.name, "reason": error.message}
        )
        shutil.rmtree(place)
        place.mkdir()
        return False
    return True


def opened(projection: Projection[T], store: Store, folder: Path) -> T:
    """Projection of the store in a folder; made now where it is missing or outdated.

    A folder that cannot be written gets none: then it is made for this process alone.
    """
    place = place_of(projection, folder)
    try:
        return projection.open(place)
    except StoreError as error:
        log.warning(
            "index is built again", extra={"projection": projection.name, "reason": error.message}
        )
    try:
        return _placed(projection, store, place)
    except OSError as error:
        log.warning("index is kept in memory only", extra={"reason": error.strerror})
    with tempfile.TemporaryDirectory(prefix="dtrack-index-") as name:
        projection.build(store, Path(name))
        return projection.open(Path(name))


def _placed(projection: Projection[T], store: Store, place: Path) -> T:
    """Projection built in a place, which it gets when it is whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f"{place.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        draft.mkdir()
        projection.build(store, draft)
        # The next store shares these files, and takes them to be on disk.
        sync_tree(draft)
        if place.exists():
            place.rename(draft.with_suffix(".outdated"))
        draft.rename(place)
        return projection.open(place)
    finally:
        for path in (draft, draft.with_suffix(".outdated")):
            shutil.rmtree(path, ignore_errors=True)
