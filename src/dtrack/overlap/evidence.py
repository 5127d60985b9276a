"""Why two directives overlap: each dimension, each shared value, each mapping used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.overlap.weights import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.overlap.alignment import Link
    from dtrack.overlap.corpus import Directive
    from dtrack.overlap.index import OverlapIndex


@dataclass(frozen=True, slots=True)
class SharedValue:
    """A value of the first side with what answers it on the second side.

    ``ic`` is the lesser information content of both; ``contribution`` is
    ``weight * ic``.
    """

    link: Link
    ic: float

    @property
    def contribution(self) -> float:
        """What this value adds to what is shared."""
        return self.link.weight * self.ic


@dataclass(frozen=True, slots=True)
class DimensionEvidence:
    """One dimension of a pair. ``present`` is False when a side says nothing of it."""

    name: str
    weight: float
    similarity: float
    present: bool
    shared: tuple[SharedValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two directives that overlap, with the score and what it is made of."""

    first: Directive
    second: Directive
    score: float
    dimensions: tuple[DimensionEvidence, ...]


def shared_values(
    index: OverlapIndex, dimension: str, first: Sequence[str], second: Sequence[str]
) -> tuple[SharedValue, ...]:
    """Best counterpart of each value of either side, most informative first, each pair once."""
    found: dict[tuple[str, str], SharedValue] = {}

    def note_best(value: str, others: Sequence[str], *, forward: bool) -> None:
        best: SharedValue | None = None
        for other in others:
            source, target = (value, other) if forward else (other, value)
            link = index.alignments.between(source, target)
            if link is None:
                continue
            ic = min(index.ic(dimension, value), index.ic(dimension, other))
            candidate = SharedValue(link, ic)
            if best is None or candidate.contribution > best.contribution:
                best = candidate
        if best is not None:
            found[best.link.source, best.link.target] = best

    for value in first:
        note_best(value, second, forward=True)
    for value in second:
        note_best(value, first, forward=False)
    return tuple(
        sorted(found.values(), key=lambda v: (-v.contribution, v.link.source, v.link.target))
    )


def explain(
    index: OverlapIndex,
    rows: tuple[int, int],
    score: float,
    dimensions: Mapping[str, float],
    similar: Mapping[str, float],
) -> Overlap:
    """Overlap of the directives in two rows, with their score by the weights given.

    ``similar`` is how similar they are on each dimension.
    """
    first, second = rows
    ends = index.directive(first), index.directive(second)
    both = int(index.presence[first] & index.presence[second])
    return Overlap(
        first=ends[0],
        second=ends[1],
        score=score,
        dimensions=tuple(
            DimensionEvidence(
                name=name,
                weight=dimensions[name],
                similarity=similar[name],
                present=bool(both >> bit & 1),
                shared=shared_values(index, name, *(end.values.get(name, ()) for end in ends))
                if name != "period"
                else (),
            )
            for bit, name in enumerate(DIMENSIONS)
        ),
    )
