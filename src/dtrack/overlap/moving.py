"""Where directives stand after an edit: those that say what they said, those gone, those that came.

An edit writes a whole text anew, but most of its directives say afterwards what they
said before; what was found about these still holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import numpy as np

from dtrack.overlap.corpus import VALUE_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Hashable

    from dtrack.overlap.columns import Columns
    from dtrack.overlap.similarity import Booleans, Places


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """What became of rows.

    ``rows[r]`` is the new row of the old row ``r``, -1 where it is gone or says something
    else; the order among those that moved is kept. ``gone`` are these old rows, ``come``
    the new rows that no old one moved to.
    """

    rows: Places
    gone: Places
    come: Places


def moves(old: Columns, new: Columns, texts: frozenset[str]) -> Moves:
    """What an edit of some texts did to rows; those of all others say what they said."""
    if new.blocks is old.blocks:
        at = list(range(len(old.blocks)))
    else:
        place = {block: at for at, block in enumerate(new.blocks)}
        at = [place.get(block, -1) for block in old.blocks]
    blocks = np.array([-1 if b[2] in texts else p for b, p in zip(old.blocks, at, strict=True)])
    sizes = np.diff(old.firsts)
    blocks = blocks.astype(np.int64)
    shift = np.repeat(new.firsts[blocks] - old.firsts[:-1], sizes) if len(blocks) else blocks
    rows = np.arange(len(old), dtype=np.int64) + shift
    rows[np.repeat(blocks < 0, sizes)] = -1
    for was, now in enumerate(at):
        if now >= 0 and old.blocks[was][2] in texts:
            _match(old, new, _run(old, was), _run(new, now), rows)
    came: Booleans = np.ones(len(new), dtype=np.bool_)
    came[rows[rows >= 0]] = False
    return Moves(rows, np.flatnonzero(rows < 0), np.flatnonzero(came))


def _run(columns: Columns, block: int) -> range:
    return range(int(columns.firsts[block]), int(columns.firsts[block + 1]))


def _match(old: Columns, new: Columns, before: range, after: range, rows: Places) -> None:
    """Say of the rows of one text which say what they said."""
    was = [_said(old, row) for row in before]
    now = [_said(new, row) for row in after]
    for start, to, size in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks():
        for step in range(size):
            rows[before[start + step]] = after[to + step]


def _said(columns: Columns, row: int) -> Hashable:
    """All that an index knows of a row, but when what it asks for was done."""
    return (
        columns.provisions.raw(row),
        int(columns.flags[row]),
        tuple(columns.periods[columns.period[row]].tolist()),
        *(columns.sets[name].names(int(columns.numbers[name][row])) for name in VALUE_DIMENSIONS),
    )
