"""A store is drafted beside the current one and switched to in one step.

A draft is empty, or a copy of the current store by hard links, which costs
milliseconds at any size: so a change is tried, checked and made in the draft,
and who reads the current store never sees half of it.

::

    home/
    ├── lock        held by whoever drafts; names its process
    ├── current     name of the folder to read, replaced atomically
    └── stores/
        ├── store-…       whole: its marker was written last
        │   ├── marker.json
        │   ├── lease     locked (shared) by each reader
        │   └── beside/   what is computed from it: indexes (dtrack.stores.beside)
        └── building-…    a draft: somebody is at it, or was killed

Killed at any moment, the home holds the former store or the new one, whole;
the next draft clears away what was left. A former store stays while it is read.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from dtrack.errors import NoStoreError, StoreError, StoreLockedError
from dtrack.stores.copying import copy_sealed
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.markers import MARKER, Marker, marker_in, marker_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CURRENT: Final = "current"
_LOCK: Final = "lock"
_LEASE: Final = "lease"
_ATTEMPTS: Final = 5
_PAUSE: Final = 0.01
_SYNCS: Final = 8
"""Files that are brought to disk at a time."""

T = TypeVar("T")


class Draft:
    """A store that becomes the current one when it is switched to."""

    def __init__(self, home: Path, folder: Path, store: EmbeddedStore, former: Path | None) -> None:
        self._home = home
        self.folder = folder
        self.store = store
        """Open for writing until the draft is sealed."""
        self.former = former
        """Folder of the store that it is a copy of; None for a draft that began empty."""

    def seal(self, marker: Marker) -> None:
        """Bring everything to disk, the marker last; nothing is changed after."""
        self.store.flush()
        self.store.close()
        with _disk_errors():
            (self.folder / _LEASE).touch()
            (self.folder / MARKER).write_text(json.dumps(asdict(marker), indent=1) + "\n")
            _sync_tree(self.folder)

    def switch(self) -> None:
        """Make the sealed draft the current store."""
        with _disk_errors():
            name = self.folder.name.replace("building-", "store-")
            whole = self.folder.rename(self.folder.with_name(name))
            _sync(whole.parent)
            _switch(self._home, whole.name)
            _clear_away(self._home)

    def drop(self) -> None:
        """Let go of a draft that was not switched to."""
        self.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def drafting(home: Path, *, empty: bool = False, wait: float = 0.0) -> Iterator[Draft]:
    """Draft of the next store, a copy of the current one or ``empty``.

    It is dropped unless it is switched to before the end. Raises StoreLockedError
    when another process drafts for longer than ``wait`` seconds, NoStoreError
    when there is nothing to copy.
    """
    stores = home / "stores"
    _make_folders(stores)
    with _lock(home, wait):
        _clear_away(home)
        folder = stores / f"building-{os.getpid()}-{secrets.token_hex(4)}"
        try:
            former = None if empty else current_folder(home)
            if former is not None:
                copy_held(former, folder)
            draft = Draft(home, folder, EmbeddedStore.open(folder), former)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        try:
            yield draft
        finally:
            draft.drop()


def publish(home: Path, build: Callable[[EmbeddedStore], object]) -> Marker:
    """Make what ``build`` puts into an empty store the current one, and give its marker.

    Raises StoreLockedError while another process drafts. When ``build`` raises,
    the former store stays.
    """
    with drafting(home, empty=True) as draft:
        build(draft.store)
        marker = marker_of(draft.store)
        draft.seal(marker)
        draft.switch()
    return marker


class LeasedStore(EmbeddedStore):
    """A published store; nobody removes its folder while it is open."""

    folder: Path


def open_current(home: Path, *, read_only: bool = True) -> LeasedStore:
    """Store that was published last; nobody removes it while it is open.

    Raises NoStoreError before the first build.
    """
    return at_current(home, partial(_open_leased, read_only=read_only))


def at_current(home: Path, look: Callable[[Path], T]) -> T:
    """What ``look`` makes of the folder of the store that was published last.

    A writer may switch and clear away between our finding the folder and looking
    into it; then the one that is current now is looked at. Raises NoStoreError
    before the first build.
    """
    for _ in range(_ATTEMPTS - 1):
        with suppress(NoStoreError):
            return look(current_folder(home))
    return look(current_folder(home))


def open_folder(folder: Path) -> LeasedStore:
    """Store in a folder of stores, read only; nobody removes it while it is open."""
    return _open_leased(folder, read_only=True)


def copy_held(store: Path, folder: Path) -> None:
    """Copy a published store into a new folder; nobody removes it meanwhile.

    Raises NoStoreError when it is gone, StoreError for trouble with the disk.
    """
    release = lease(store)
    try:
        with _disk_errors():
            copy_sealed(store, folder)
    finally:
        release()


def _open_leased(folder: Path, *, read_only: bool) -> LeasedStore:
    """Store in a folder, with a lease that ends when it is closed."""
    release = lease(folder)
    try:
        store = LeasedStore.open(folder, read_only=read_only, on_close=release)
    except BaseException:
        release()
        raise
    store.folder = folder
    return store


def current_folder(home: Path) -> Path:
    """Folder of the store that was published last. Raises NoStoreError."""
    try:
        name = (home / CURRENT).read_text().strip()
    except FileNotFoundError as error:
        raise NoStoreError(
            "No data has been loaded yet.",
            remedy="Run `dtrack init`; where all is harvested, `dtrack harvest run --all`.",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"The file '{CURRENT}' of the store cannot be read.", remedy="Run `dtrack rebuild`."
        ) from error
    return home / "stores" / name


def current_marker(home: Path) -> Marker:
    """Marker of the store that was published last. Raises NoStoreError, StoreError."""
    return at_current(home, marker_in)


def lease(folder: Path) -> Callable[[], None]:
    """Keep a store folder from being removed, until the function given back is called, once.

    The lease ends with the process, however that ends. Raises NoStoreError when
    the folder is gone.
    """
    try:
        handle = os.open(folder / _LEASE, os.O_RDONLY)
    except OSError as error:
        raise NoStoreError(
            "The store that was loaded is gone.", remedy="Run `dtrack rebuild`."
        ) from error
    fcntl.flock(handle, fcntl.LOCK_SH)
    if not (folder / MARKER).is_file():
        os.close(handle)
        raise NoStoreError("The store that was loaded is gone.", remedy="Run `dtrack rebuild`.")

    return partial(os.close, handle)


def _make_folders(stores: Path) -> None:
    """Make the folders of a home where they are missing."""
    try:
        stores.mkdir(parents=True, exist_ok=True)
        (stores.parent / _LOCK).touch()
    except OSError as error:
        raise StoreError(
            f"The folder of the store cannot be written: {error.strerror or error}.",
            remedy="Make room, check its owner, or set DTRACK_HOME to another folder.",
        ) from error


@contextmanager
def _lock(home: Path, wait: float) -> Iterator[None]:
    """Be the only process that drafts in a home; ``wait`` seconds for one's turn."""
    handle = os.open(home / _LOCK, os.O_RDWR)
    try:
        deadline = time.monotonic() + wait
        while not _is_locked(handle):
            if time.monotonic() > deadline:
                holder = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
                raise StoreLockedError(
                    f"Another process (pid {holder}) is building the store.",
                    remedy="Wait for it to end, or end it.",
                )
            time.sleep(_PAUSE)
        with _disk_errors():
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _is_locked(handle: int) -> bool:
    """Whether the lock is now ours."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Say what a full or read-only disk means here."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"The folder of the store cannot be written: {error.strerror or error}.",
            remedy="Make room, or check the folder's owner; then try again.",
        ) from error


def forget(home: Path) -> None:
    """Remove a home, unless somebody reads or drafts in it."""
    with suppress(StoreError, OSError), _lock(home, 0.0):
        (home / CURRENT).unlink(missing_ok=True)
        _clear_away(home)
        if not any((home / "stores").iterdir()):
            shutil.rmtree(home, ignore_errors=True)


def _switch(home: Path, name: str) -> None:
    """Make a store the current one, in one step."""
    draft = home / f"{CURRENT}.new"
    draft.write_text(f"{name}\n")
    _sync(draft)
    draft.replace(home / CURRENT)
    _sync(home)


def _clear_away(home: Path) -> None:
    """Remove builds that died, and former stores that nobody reads.

    We hold the lock, so no build but ours is alive.
    """
    current = None
    with suppress(StoreError):
        current = current_folder(home)
    for folder in (home / "stores").iterdir():
        if folder != current and folder.is_dir() and not _is_read(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_read(folder: Path) -> bool:
    """Whether somebody holds a lease on a store."""
    try:
        handle = os.open(folder / _LEASE, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        # Readers who come now find no marker, and look for the current store again.
        (folder / MARKER).unlink(missing_ok=True)
        return False
    finally:
        os.close(handle)


def _sync_tree(folder: Path) -> None:
    """Bring all files of a folder to disk: many at once, which a disk does in fewer goes.

    Those that have another name were brought there with the store that they are shared with.
    """
    files, folders = _within(folder)
    files = [file for file in files if file.stat().st_nlink == 1]
    with ThreadPoolExecutor(_SYNCS) as pool:
        # Names last: what they lead to is there then.
        for paths in (files, folders):
            list(pool.map(_sync, paths))


def _within(folder: Path) -> tuple[list[Path], list[Path]]:
    """Files of a folder, and the folders, itself included."""
    files, folders = [], [folder]
    for path in folder.iterdir():
        if path.is_dir():
            more, below = _within(path)
            files += more
            folders += below
        else:
            files.append(path)
    return files, folders


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
