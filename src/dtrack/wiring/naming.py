"""Names of the current store, for who asks for nothing else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from dtrack.answer.names import Names
from dtrack.resources import root_folder
from dtrack.stores.building import open_current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.settings import Settings


@contextmanager
def open_names(settings: Settings) -> Iterator[Names]:
    """Names of the current store. Raises NoStoreError before the first load."""
    store = open_current(settings.home)
    try:
        yield Names(store, root_folder("queries"), settings.language)
    finally:
        store.close()
