"""An index takes much memory: when nobody holds it, it goes at once."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dtrack.overlap import (
    OverlapIndex,
    Selection,
    between,
    clusters,
    conflicts,
    duplicates,
    effect,
    gaps,
    leads,
    nearest,
    refreshed,
    serving,
    warm,
)
from dtrack.overlap.publishing import published
from dtrack.stores.beside import place_of
from dtrack.stores.building import current_folder
from dtrack.terms import BASE
from dtrack.wiring.beside import overlap_beside

ALL = Selection()
AICHI = f"{BASE}/id/framework/aichi"
QUESTIONS: dict[str, Callable[[OverlapIndex], object]] = {
    "warm": warm,
    "published": published,
    "refreshed": refreshed,
    "between": lambda index: between(index, *index.instruments[:2], ALL, limit=5),
    "nearest": lambda index: nearest(index, index.directive(0).provision, ALL, limit=5),
    "gaps": lambda index: gaps(index, AICHI, ALL),
    "leads": lambda index: leads(index, AICHI, ALL),
    "serving": lambda index: serving(index, f"{BASE}/id/target/aichi-5", ALL),
    "duplicates": lambda index: duplicates(index, ALL),
    "clusters": lambda index: clusters(index, ALL),
    "conflicts": lambda index: conflicts(index, ALL),
    "effect": lambda index: effect(index, index.tables.mappings[0].iri, ALL),
}


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for what goes round in circles."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_an_index_keeps_does_not_hold_it(name: str, corpus_home: Path) -> None:
    with uncollected():
        index = OverlapIndex.load(place_of(overlap_beside(), current_folder(corpus_home)))
        QUESTIONS[name](index)
        known = weakref.ref(index)
        del index

        assert known() is None
