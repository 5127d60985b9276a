"""The folder of a home: made, locked by who writes, brought to disk."""

from __future__ import annotations

import fcntl
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from dtrack.errors import StoreError, StoreLockedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK: Final = "lock"
_PAUSE: Final = 0.01
_SYNCS: Final = 8
"""Files that are brought to disk at a time."""


def make_folders(stores: Path) -> None:
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
def lock(home: Path, wait: float) -> Iterator[None]:
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
        with disk_errors():
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
def disk_errors() -> Iterator[None]:
    """Say what a full or read-only disk means here."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"The folder of the store cannot be written: {error.strerror or error}.",
            remedy="Make room, or check the folder's owner; then try again.",
        ) from error


def sync_tree(folder: Path) -> None:
    """Bring all files of a folder to disk: many at once, which a disk does in fewer goes.

    Those that have another name were brought there with the store that they are shared with.
    """
    files, folders = _within(folder)
    with ThreadPoolExecutor(_SYNCS) as pool:
        # Names last: what they lead to is there then.
        for paths in (files, folders):
            list(pool.map(sync, paths))


def _within(folder: Path) -> tuple[list[str], list[str]]:
    """Files of a folder that have no other name, and the folders, itself included.

    A large store has hundreds of files; to look at each as a path takes five times as long.
    """
    files, folders = [], [str(folder)]
    for top in folders:
        with os.scandir(top) as entries:
            for entry in entries:
                if entry.is_dir():
                    folders.append(entry.path)
                elif entry.stat().st_nlink == 1:
                    files.append(entry.path)
    return files, folders


def sync(path: Path | str) -> None:
    """Bring a file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
