"""Overlap with what no store holds: the value sets of a draft against those of a directive."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dtrack.overlap.evidence import DimensionEvidence, SharedValue, shared_values
from dtrack.overlap.selection import select
from dtrack.overlap.weights import DIMENSIONS, SUBJECT_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.selection import Selection
    from dtrack.overlap.similarity import Floats

    Values = Mapping[str, Sequence[str]]


class Span(NamedTuple):
    """Years from adoption to the last deadline."""

    start: int
    end: int


def similar_to(
    index: OverlapIndex, values: Values, selection: Selection, limit: int = 10
) -> tuple[str, ...]:
    """IRIs of the directives that share the most telling subjects with some values.

    Ranked by ``weight * ic`` of the best counterparts of all targets and themes,
    and of each instrument the first ``limit``; those nearest by all dimensions
    are among them, not always first.
    """
    gains = np.zeros(len(index))
    for name in SUBJECT_DIMENSIONS:
        for value in dict.fromkeys(values.get(name, ())):
            gains += index.weights.dimensions[name] * _gains(index, name, value)
    rows = np.flatnonzero(select(selection, index) & (gains > 0))
    owners = index.owner[rows]
    order = np.lexsort((rows, -gains[rows], owners))
    _, starts = np.unique(owners[order], return_index=True)
    place = np.arange(len(order)) - np.repeat(starts, np.diff([*starts, len(order)]))
    kept = rows[order[place < limit]]
    ranked = kept[np.lexsort((kept, -gains[kept]))]
    return tuple(index.columns.provisions[int(row)] for row in ranked)


def _gains(index: OverlapIndex, name: str, value: str) -> Floats:
    """For each directive, ``weight * ic`` of its best counterpart of a value."""
    sets = index.columns.sets[name]
    ic = index.ic(name, value)
    found = np.zeros(len(sets.values))
    for other in {value, *index.alignments.of(value)} & sets.position.keys():
        if link := index.alignments.between(value, other):
            found[sets.position[other]] = link.weight * min(ic, index.ic(name, other))
    best: Floats = sets.highest(found[sets.flat])[index.columns.numbers[name]]
    return best


def compare(
    index: OverlapIndex,
    first: Values,
    second: Values,
    spans: tuple[Span | None, Span | None],
    dimensions: Mapping[str, float],
) -> tuple[DimensionEvidence, ...]:
    """Each dimension of two sets of values, as ``explain`` gives them of two directives."""
    found = []
    for name in DIMENSIONS:
        if name == "period":
            present = all(spans)
            similarity = _common(*spans)
            shared: tuple[SharedValue, ...] = ()
        else:
            ours, theirs = first.get(name, ()), second.get(name, ())
            present = bool(ours and theirs)
            similarity = _lin(index, name, ours, theirs) if present else 0.0
            shared = shared_values(index, name, ours, theirs) if similarity else ()
        found.append(DimensionEvidence(name, dimensions[name], similarity, present, shared))
    return tuple(found)


def _lin(index: OverlapIndex, name: str, ours: Sequence[str], theirs: Sequence[str]) -> float:
    """Lin's similarity of two sets, as ``similarity.py`` defines it."""
    total = sum(index.ic(name, value) for value in (*ours, *theirs))
    if not total:
        return 0.0
    both = sum(_best(index, name, value, theirs) for value in ours)
    both += sum(_best(index, name, value, ours) for value in theirs)
    return both / total


def _best(index: OverlapIndex, name: str, value: str, others: Sequence[str]) -> float:
    ic = index.ic(name, value)
    links = ((other, index.alignments.between(value, other)) for other in others)
    return max(
        (link.weight * min(ic, index.ic(name, other)) for other, link in links if link),
        default=0.0,
    )


def _common(first: Span | None, second: Span | None) -> float:
    """Jaccard index of two spans of years."""
    if first is None or second is None:
        return 0.0
    common = min(first.end, second.end) - max(first.start, second.start) + 1
    whole = max(first.end, second.end) - min(first.start, second.start) + 1
    return max(common, 0) / whole
