"""The draft of the next edit, made before anybody asks for it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from dtrack.errors import StoreError
from dtrack.stores.building import clear_away, current_folder, drafted_ahead

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.stores.building import Draft


class Ahead:
    """A draft of a home that is held until somebody edits.

    To copy and open a large store takes a tenth of a second; a process that goes on
    after an edit does it then, when nobody waits.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._ready: Draft | None = None
        self._turn = threading.Lock()
        self._closed = False

    def prepare(self) -> None:
        """Make the draft, unless there is one of the store that is current.

        Then what the last edit left is cleared away.
        """
        with self._turn:
            if self._closed:
                return
            try:
                current = current_folder(self._home)
            except StoreError:
                return
            if self._ready is None or self._ready.former != current:
                self._drop()
                self._ready = drafted_ahead(self._home)
        clear_away(self._home)

    def take(self) -> Draft | None:
        """Give the draft away, if there is one.

        One that is being made is waited for, since it is there sooner than another one.
        """
        with self._turn:
            ready, self._ready = self._ready, None
            return ready

    def close(self) -> None:
        """Drop the draft, and make no other one."""
        with self._turn:
            self._closed = True
            self._drop()

    def _drop(self) -> None:
        ready, self._ready = self._ready, None
        if ready is not None:
            ready.drop()
