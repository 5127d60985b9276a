"""Overlap with what no store holds: the value sets of a draft against those of a directive."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from dtrack.overlap.evidence import DimensionEvidence, SharedValue, shared_values
from dtrack.overlap.gaps import serving
from dtrack.overlap.weights import DIMENSIONS, SUBJECT_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.selection import Selection

    Values = Mapping[str, Sequence[str]]


class Span(NamedTuple):
    """Years from adoption to the last deadline."""

    start: int
    end: int


def similar_to(
    index: OverlapIndex, values: Values, selection: Selection, limit: int = 10
) -> tuple[str, ...]:
    """IRIs of the directives that share the most telling subjects with some values.

    Ranked by ``weight * ic`` of what they share on targets and themes, each value
    once, and of each instrument the first ``limit``; those nearest by all
    dimensions are among them, not always first.
    """
    found: dict[str, float] = {}
    instruments: dict[str, str] = {}
    for name in SUBJECT_DIMENSIONS:
        weight = index.weights.dimensions[name]
        for value in dict.fromkeys(values.get(name, ())):
            ic = index.ic(name, value)
            for reach in serving(index, value, selection, dimension=name):
                gain = weight * reach.link.weight * min(ic, index.ic(name, reach.link.source))
                provision = reach.directive.provision
                found[provision] = found.get(provision, 0.0) + gain
                instruments[provision] = reach.directive.instrument
    seen: Counter[str] = Counter()
    kept = []
    for iri in sorted(found, key=lambda iri: (-found[iri], iri)):
        seen[instruments[iri]] += 1
        if seen[instruments[iri]] <= limit:
            kept.append(iri)
    return tuple(kept)


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
