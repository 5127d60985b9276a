"""How many directives serve each item of a framework, brought forward over an edit.

Whoever asks for gaps finds these figures ready; an edit moves only those of the
directives that it changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.overlap.gaps import SERVED, item_places, served
from dtrack.overlap.selection import DEFAULT, select

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dtrack.overlap.alignment import Alignments
    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.moving import Moves
    from dtrack.overlap.similarity import Places

_MOST: Final = 4000
"""Directives past which all are counted again."""


def carry_served(old: OverlapIndex, new: OverlapIndex, moved: Moves) -> None:
    """Give an index the counts of the one before, less what went and with what came.

    ``moved`` says what became of the rows of the one before. Where items or alignments
    differ, or much has changed, nothing is given.
    """
    same = new.tables is old.tables and new.alignments is old.alignments
    if not (same and old.has(SERVED, ()) and len(moved.gone) + len(moved.come) <= _MOST):
        return
    was = served(old)
    counts = np.zeros((len(was), len(new.instruments), 2), dtype=was.dtype)
    place = {name: at for at, name in enumerate(new.instruments)}
    kept = [(at, place[name]) for at, name in enumerate(old.instruments) if name in place]
    counts[:, [now for _, now in kept]] = was[:, [then for then, _ in kept]]
    items = item_places(new)
    # An instrument that is gone has no directive left to be taken off.
    _add(old, moved.gone, -1, items, place, counts)
    _add(new, moved.come, 1, items, place, counts)
    new.keep(SERVED, (), counts)


def _add(
    index: OverlapIndex,
    rows: Places,
    times: int,
    items: Mapping[str, int],
    place: Mapping[str, int],
    counts: Places,
) -> None:
    """Add what some rows serve to the counts, so many times."""
    sets, numbers = index.columns.sets["target"], index.columns.numbers["target"]
    for row in rows[select(DEFAULT, index)[rows]].tolist():
        column = place.get(index.instruments[index.owner[row]])
        if column is not None:
            for item, mapped in _led_to(index.alignments, sets.names(int(numbers[row]))).items():
                if item in items:
                    counts[items[item], column, int(mapped)] += times


def _led_to(alignments: Alignments, values: Iterable[str]) -> dict[str, bool]:
    """What a directive with some values serves, and whether only by a mapping.

    The best link of its values counts, as gaps() has it.
    """
    best: dict[str, tuple[float, str, bool]] = {}
    for value in values:
        links = [link for link in alignments.of(value).values() if link.relation != "narrower"]
        found = [(link.target, (link.weight, value, bool(link.mappings))) for link in links]
        for item, link in [(value, (1.0, value, False)), *found]:
            if item not in best or link[:2] > best[item][:2]:
                best[item] = link
    return {item: mapped for item, (_, _, mapped) in best.items()}
