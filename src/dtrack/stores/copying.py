"""Copies of stores that nobody writes to: their files, without opening them.

A store that is sealed never changes: its tables are shared by hard links, and the few
small files that name them are copied. To open it, only to ask the engine for a copy,
would take as long as the copy is to save.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

from dtrack.errors import NoStoreError

if TYPE_CHECKING:
    from pathlib import Path

_TABLES: Final = ".sst"
_NAMED: Final = ("CURRENT", "IDENTITY", "MANIFEST-", "OPTIONS-")
_LOGS: Final = ".log"
"""What was written and is in no table yet."""


def copy_sealed(store: Path, target: Path) -> None:
    """Make a store in a new folder, or an empty one, that holds the same as a sealed one.

    What lies beside the store is not copied. Raises NoStoreError where there is none,
    OSError.
    """
    if not (store / "CURRENT").is_file():
        raise NoStoreError("The store that was loaded is gone.", remedy="Run `dtrack rebuild`.")
    target.mkdir(parents=True, exist_ok=True)
    for path in store.iterdir():
        if path.suffix == _TABLES:
            _share(path, target / path.name)
        elif path.suffix == _LOGS or path.name.startswith(_NAMED):
            shutil.copyfile(path, target / path.name)


def _share(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:
        # On another disk, or where files cannot have two names.
        shutil.copyfile(path, target)
