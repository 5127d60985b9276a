"""Which directives a question is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dtrack.overlap.columns import ACTIVE, OPERATIONAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dtrack.overlap.index import OverlapIndex


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters of a question; None or empty = no filter.

    ``framework``: provisions that address one of its items, directly or by a
    mapping. ``target``, ``theme``, ``actor`` and ``verb`` (a verb force):
    provisions with it or a narrower one. ``since`` and ``until``: years of
    adoption, inclusive. ``ended`` also takes provisions whose force has ended or
    whose work is done, ``only_ended`` these alone; ``informational`` also those
    that only note. ``as_of``: what was adopted by a day (ISO 8601) and, unless
    ``ended``, directed somebody on it.
    """

    instruments: tuple[str, ...] = ()
    framework: str | None = None
    theme: str | None = None
    actor: str | None = None
    since: int | None = None
    until: int | None = None
    ended: bool = False
    informational: bool = False
    target: str | None = None
    verb: str | None = None
    only_ended: bool = False
    as_of: str | None = None


DEFAULT = Selection()


def select(selection: Selection, index: OverlapIndex) -> NDArray[np.bool_]:
    """For each row of the index, whether the question is about it; not to be changed."""
    return index.kept("selections", selection, lambda: _select(selection, index), limit=64)


def _select(s: Selection, index: OverlapIndex) -> NDArray[np.bool_]:
    chosen = np.ones(len(index), dtype=np.bool_)
    if s.instruments:
        named = np.array([name in s.instruments for name in index.instruments], dtype=np.bool_)
        chosen &= named[index.owner] if len(named) else False
    if not s.ended or s.only_ended:
        active = _active(s, index)
        chosen &= ~active if s.only_ended else active
    if not s.informational:
        chosen &= (index.columns.flags & OPERATIONAL) > 0
    if s.as_of:
        chosen &= _adopted_by(s.as_of, index)
    if s.since is not None:
        chosen &= index.starts >= s.since
    if s.until is not None:
        chosen &= index.starts <= s.until
    for dimension in ("target", "theme", "actor", "verb"):
        if (value := getattr(s, dimension)) is not None:
            chosen &= _with(dimension, value, index)
    if s.framework is not None:
        chosen &= _serving_framework(s.framework, index)
    return chosen


def _active(s: Selection, index: OverlapIndex) -> NDArray[np.bool_]:
    if not s.as_of:
        return (index.columns.flags & ACTIVE) > 0
    spans, day = index.columns.spans, int(s.as_of.replace("-", ""))
    active = np.ones(len(index), dtype=np.bool_)
    active[spans[(spans[:, 1] <= day) & (spans[:, 2] >= day), 0]] = False
    return active


def _adopted_by(day: str, index: OverlapIndex) -> NDArray[np.bool_]:
    columns = index.columns
    adopted = np.array([block[1] <= day for block in columns.blocks], dtype=np.bool_)
    return np.repeat(adopted, np.diff(columns.firsts))


def _with(dimension: str, value: str, index: OverlapIndex) -> NDArray[np.bool_]:
    ancestors = index.tables.ancestors
    return _having(dimension, lambda held: held == value or value in ancestors.get(held, ()), index)


def _serving_framework(framework: str, index: OverlapIndex) -> NDArray[np.bool_]:
    items, alignments = index.tables.items, index.alignments

    def inside(value: str) -> bool:
        item = items.get(value)
        return item is not None and item.framework == framework

    return _having(
        "target",
        lambda value: (
            inside(value)
            or any(link.mappings and inside(link.target) for link in alignments.of(value).values())
        ),
        index,
    )


def _having(
    dimension: str, wanted: Callable[[str], bool], index: OverlapIndex
) -> NDArray[np.bool_]:
    sets = index.columns.sets[dimension]
    values = np.array([wanted(value) for value in sets.values], dtype=np.bool_)
    return sets.any_of(values)[index.columns.numbers[dimension]]
