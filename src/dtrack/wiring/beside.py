"""Which indexes lie beside a store.

A projection is imported when it is asked for: most answers need one index or none, and
the libraries behind them take longer to import than a symbol to resolve.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dtrack.errors import StoreError
from dtrack.resources import root_folder
from dtrack.stores.beside import place_of

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.model import Projection, Store
    from dtrack.overlap.projection import OverlapProjection
    from dtrack.searching.projection import TextProjection


@lru_cache(maxsize=1)
def overlap_beside() -> OverlapProjection:
    """Overlap index of a store."""
    from dtrack.overlap.projection import OverlapProjection

    return OverlapProjection(root_folder("queries"))


@lru_cache(maxsize=1)
def texts_beside() -> TextProjection:
    """Text index of a store."""
    from dtrack.searching.projection import TextProjection

    return TextProjection(root_folder("queries"))


def projections() -> tuple[Projection[Any], ...]:
    """What lies beside each store, in the order in which it is made."""
    return (overlap_beside(), texts_beside())


def check_beside(store: Store, folder: Path) -> list[str]:
    """What is wrong with the indexes beside a store, in sentences.

    One that is not there is no fault: who opens the store next makes it.
    """
    faults: list[str] = []
    for projection in projections():
        place = place_of(projection, folder)
        try:
            if place.exists():
                faults += projection.check(store, place)
        except StoreError as error:
            faults.append(error.message)
    return faults
