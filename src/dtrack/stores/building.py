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
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from dtrack.errors import NoStoreError, StoreError, nothing_loaded
from dtrack.stores.copying import copy_sealed
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.homes import disk_errors, lock, make_folders, sync, sync_tree
from dtrack.stores.markers import MARKER, Marker, marker_in, marker_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CURRENT: Final = "current"
_LEASE: Final = "lease"
_ATTEMPTS: Final = 5
_LOGGED: Final = 4 << 20
"""Bytes of its log up to which a store is sealed without tables being made of them.

Who opens it next reads the log, and makes them then; an edit need not wait for that.
"""

T = TypeVar("T")


class Draft:
    """A store that becomes the current one when it is switched to."""

    def __init__(
        self,
        home: Path,
        folder: Path,
        store: EmbeddedStore,
        former: Path | None,
        held: int | None = None,
    ) -> None:
        self._home = home
        self.folder = folder
        self.store = store
        """Open for writing until the draft is sealed."""
        self.former = former
        """Folder of the store that it is a copy of; None for a draft that began empty."""
        self._held = held
        """Handle of its lease, as long as it belongs to no edit."""
        self._ahead = held is not None
        """Whether who made it clears former stores away, too; see clear_away()."""

    def seal(self, marker: Marker) -> None:
        """Bring everything to disk, the marker last; nothing is changed after."""
        self.store.whole()
        if _logged(self.folder) > _LOGGED:
            self.store.flush()
        self.store.close()
        with disk_errors():
            (self.folder / _LEASE).touch()
            (self.folder / MARKER).write_text(json.dumps(asdict(marker), indent=1) + "\n")
            sync_tree(self.folder)

    def switch(self) -> None:
        """Make the sealed draft the current store."""
        with disk_errors():
            name = self.folder.name.replace("building-", "store-")
            whole = self.folder.rename(self.folder.with_name(name))
            sync(whole.parent)
            _switch(self._home, whole.name)
            if not self._ahead:
                _clear_away(self._home)

    def drop(self) -> None:
        """Let go of a draft that was not switched to."""
        self.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def take(self) -> bool:
        """Let it belong to an edit from now on; False where it was cleared away.

        Whoever asks holds the lock, so from here on nobody clears it away.
        """
        held = self._held
        if held is None:
            return False
        self._held = None
        try:
            whole = os.path.sameopenfile(held, lease := os.open(self.folder / _LEASE, os.O_RDONLY))
            os.close(lease)
        except OSError:
            whole = False
        os.close(held)
        return whole


@contextmanager
def drafting(
    home: Path, *, empty: bool = False, wait: float = 0.0, ready: Draft | None = None
) -> Iterator[Draft]:
    """Draft of the next store, a copy of the current one or ``empty``.

    ``ready`` is one that was made ahead; it is taken where it is a copy of the
    current store, else dropped. The draft is dropped unless it is switched to before
    the end. Raises StoreLockedError when another process drafts for longer than
    ``wait`` seconds, NoStoreError when there is nothing to copy.
    """
    try:
        make_folders(home / "stores")
        with lock(home, wait):
            former = None if empty else current_folder(home)
            if ready is not None and ready.former == former and ready.take():
                draft, ready = ready, None
            else:
                _clear_away(home)
                draft = _drafted(home, former)
            try:
                yield draft
            finally:
                draft.drop()
    finally:
        if ready is not None:
            ready.drop()


def drafted_ahead(home: Path) -> Draft | None:
    """Draft for an edit that nobody has asked for yet, held against being cleared away.

    None where it cannot be made now; then who edits makes one. Whoever asks for it
    drops it, or hands it to drafting(), and clears away what is of no use after.
    """
    try:
        return _drafted(home, current_folder(home), ahead=True)
    except (StoreError, OSError):
        return None


def _drafted(home: Path, former: Path | None, *, ahead: bool = False) -> Draft:
    """Draft in a folder of its own: a copy of a store, or empty."""
    folder = home / "stores" / f"building-{os.getpid()}-{secrets.token_hex(4)}"
    held = None
    try:
        folder.mkdir()
        if ahead:
            # Before anything else: others clear away what nobody holds.
            held = os.open(folder / _LEASE, os.O_RDONLY | os.O_CREAT)
            fcntl.flock(held, fcntl.LOCK_SH)
        if former is not None:
            copy_held(former, folder)
        return Draft(home, folder, EmbeddedStore.open(folder), former, held)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)
        raise


def _logged(folder: Path) -> int:
    """Bytes that were written to a store and are in none of its tables yet."""
    return sum(path.stat().st_size for path in folder.glob("*.log"))


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
    """Copy a published store into a folder without one; nobody removes it meanwhile.

    Raises NoStoreError when it is gone, StoreError for trouble with the disk.
    """
    release = lease(store)
    try:
        with disk_errors():
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
        raise nothing_loaded() from error
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"The file '{CURRENT}' of the store cannot be read.", remedy="Run `dtrack rebuild`."
        ) from error
    return home / "stores" / name


def has_store(home: Path) -> bool:
    """Whether a store was ever published in a home."""
    return (home / CURRENT).is_file()


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


def forget(home: Path) -> None:
    """Remove a home, unless somebody reads or drafts in it."""
    with suppress(StoreError, OSError), lock(home, 0.0):
        (home / CURRENT).unlink(missing_ok=True)
        _clear_away(home)
        if not any((home / "stores").iterdir()):
            shutil.rmtree(home, ignore_errors=True)


def _switch(home: Path, name: str) -> None:
    """Make a store the current one, in one step."""
    draft = home / f"{CURRENT}.new"
    draft.write_text(f"{name}\n")
    sync(draft)
    draft.replace(home / CURRENT)
    sync(home)


def _clear_away(home: Path) -> None:
    """Remove builds that died, and former stores that nobody reads.

    We hold the lock, so no build but ours is alive.
    """
    for folder in _useless(home):
        shutil.rmtree(folder, ignore_errors=True)


def clear_away(home: Path) -> None:
    """Remove builds that died, and former stores that nobody reads, unless somebody drafts.

    Nobody waits for it: to remove the files of a large store takes a tenth of a second,
    and writers are kept out only while its folder gets another name.
    """
    gone: list[Path] = []
    with suppress(StoreError, OSError), lock(home, 0.0):
        names = ((folder, f"gone-{secrets.token_hex(8)}") for folder in _useless(home))
        gone.extend(folder.rename(folder.with_name(name)) for folder, name in names)
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)


def _useless(home: Path) -> list[Path]:
    """Folders that nobody reads or drafts in; who asks holds the lock."""
    current = None
    with suppress(StoreError):
        current = current_folder(home)
    found = [path for path in (home / "stores").iterdir() if path != current and path.is_dir()]
    return [folder for folder in found if not _is_read(folder)]


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
