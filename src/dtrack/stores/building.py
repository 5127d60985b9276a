"""A store is built beside the current one and switched to in one step.

::

    home/
    ├── lock        held by whoever builds; names its process
    ├── current     name of the folder to read, replaced atomically
    └── stores/
        ├── store-…       whole: its marker was written last
        │   ├── marker.json
        │   └── lease     locked (shared) by each reader
        └── building-…    not whole: somebody builds, or was killed building

Killed at any moment, the home holds the former store or the new one, whole;
the next build clears away what was left. A former store stays while it is read.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from dtrack import __version__
from dtrack.errors import NoStoreError, StoreError, StoreLockedError
from dtrack.stores.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dtrack.model import Store

CURRENT: Final = "current"
MARKER: Final = "marker.json"
_LOCK: Final = "lock"
_LEASE: Final = "lease"
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Marker:
    """What a whole store holds: written last, so a store without one is not whole.

    ``digest`` is content_digest(), ``built`` a UTC time.
    """

    digest: str
    triples: int
    graphs: int
    version: str
    built: str


def content_digest(store: Store) -> str:
    """SHA-256 over the sorted pairs of graph IRI and digest of its canonical N-Triples."""
    return _marker(store).digest


def publish(home: Path, build: Callable[[EmbeddedStore], object]) -> Marker:
    """Make what ``build`` puts into an empty store the current one, and give its marker.

    Raises StoreLockedError while another process builds. When ``build`` raises,
    the former store stays.
    """
    stores = home / "stores"
    _make_folders(stores)
    with _lock(home):
        _clear_away(home)
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        folder = stores / f"building-{name}"
        try:
            with EmbeddedStore.open(folder) as store:
                build(store)
                marker = _marker(store)
            (folder / _LEASE).touch()
            (folder / MARKER).write_text(json.dumps(asdict(marker), indent=1) + "\n")
            _sync_tree(folder)
            whole = folder.rename(stores / f"store-{name}")
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _sync(stores)
        _switch(home, whole.name)
        _clear_away(home)
    return marker


def open_current(home: Path, *, read_only: bool = True) -> EmbeddedStore:
    """Store that was published last; nobody removes it while it is open.

    Raises NoStoreError before the first build.
    """
    for _ in range(_ATTEMPTS - 1):
        # A build may switch and clear away between our two looks.
        with suppress(NoStoreError):
            return _open_leased(current_folder(home), read_only=read_only)
    return _open_leased(current_folder(home), read_only=read_only)


def _open_leased(folder: Path, *, read_only: bool) -> EmbeddedStore:
    """Store in a folder, with a lease that ends when it is closed."""
    release = lease(folder)
    try:
        return EmbeddedStore.open(folder, read_only=read_only, on_close=release)
    except BaseException:
        release()
        raise


def current_folder(home: Path) -> Path:
    """Folder of the store that was published last. Raises NoStoreError."""
    try:
        name = (home / CURRENT).read_text().strip()
    except FileNotFoundError as error:
        raise NoStoreError("No data has been loaded yet.", remedy="Run `dtrack init`.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"The file '{CURRENT}' of the store cannot be read.", remedy="Run `dtrack init`."
        ) from error
    return home / "stores" / name


def current_marker(home: Path) -> Marker:
    """Marker of the store that was published last. Raises NoStoreError, StoreError."""
    try:
        return Marker(**json.loads((current_folder(home) / MARKER).read_text()))
    except FileNotFoundError as error:
        raise NoStoreError(
            "The store that was loaded is gone.", remedy="Run `dtrack init`."
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(
            "The marker of the store cannot be read.", remedy="Run `dtrack init`."
        ) from error


def lease(folder: Path) -> Callable[[], None]:
    """Keep a store folder from being removed, until the function given back is called, once.

    The lease ends with the process, however that ends. Raises NoStoreError when
    the folder is gone.
    """
    try:
        handle = os.open(folder / _LEASE, os.O_RDONLY)
    except OSError as error:
        raise NoStoreError(
            "The store that was loaded is gone.", remedy="Run `dtrack init`."
        ) from error
    fcntl.flock(handle, fcntl.LOCK_SH)
    if not (folder / MARKER).is_file():
        os.close(handle)
        raise NoStoreError("The store that was loaded is gone.", remedy="Run `dtrack init`.")

    return partial(os.close, handle)


def _marker(store: Store) -> Marker:
    """Marker of what a store holds now."""
    whole = sha256()
    triples = graphs = 0
    for graph in store.graphs():
        content = store.graph(graph)
        whole.update(f"{graph} {sha256(content).hexdigest()}\n".encode())
        triples += content.count(b"\n")
        graphs += 1
    built = datetime.now(UTC).isoformat(timespec="seconds")
    return Marker(whole.hexdigest(), triples, graphs, __version__, built)


def _make_folders(stores: Path) -> None:
    """Make the folders of a home where they are missing."""
    try:
        stores.mkdir(parents=True, exist_ok=True)
        (stores.parent / _LOCK).touch()
    except OSError as error:
        raise StoreError(
            "The folder of the store cannot be made.",
            remedy="Set DTRACK_HOME to a folder that you may write to.",
        ) from error


@contextmanager
def _lock(home: Path) -> Iterator[None]:
    """Be the only process that builds in a home."""
    handle = os.open(home / _LOCK, os.O_RDWR)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            raise StoreLockedError(
                f"Another process (pid {holder}) is building the store.",
                remedy="Wait for it to end, or end it.",
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


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
    """Bring all files of a folder to disk."""
    for path in folder.iterdir():
        if path.is_file():
            _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
