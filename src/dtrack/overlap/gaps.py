"""Who serves which target: reach of provisions into a framework, and what stays empty."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from dtrack.errors import NotFoundError
from dtrack.overlap.ordering import stable_order
from dtrack.overlap.selection import DEFAULT, Selection, select

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.overlap.alignment import Link
    from dtrack.overlap.corpus import Directive, FrameworkItem
    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.similarity import Places


ITEMS: Final = "items"
"""Under which an index keeps the items of frameworks, in their order."""
SERVED: Final = "served"
"""Under which an index keeps how many directives serve each item."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A directive that serves a target.

    It does so directly (``link.relation`` is ``same``), through a narrower
    item (``broader``), or through mappings (``link.mappings``).
    """

    directive: Directive
    link: Link


@dataclass(frozen=True, eq=False)
class GapAnswer:
    """Targets against instruments.

    ``counts[target, instrument]`` are how many directives serve the target directly, and
    how many do so only through a mapping, by places in ``targets`` and ``instruments``.
    """

    framework: str
    targets: tuple[FrameworkItem, ...]
    instruments: tuple[str, ...]
    counts: Places

    @cached_property
    def cells(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        """The counts by target and instrument; a missing key is an empty cell."""
        return {
            (target.iri, name): (own, through)
            for target, row in zip(self.targets, self.counts.tolist(), strict=True)
            for name, (own, through) in zip(self.instruments, row, strict=True)
            if own or through
        }

    @property
    def empty(self) -> tuple[FrameworkItem, ...]:
        """Targets without any directive, direct or aligned, in the instruments asked about."""
        used: list[bool] = np.any(self.counts, axis=(1, 2)).tolist()
        return tuple(target for target, some in zip(self.targets, used, strict=True) if not some)

    def missing(self, instrument: str) -> tuple[FrameworkItem, ...]:
        """Targets that one instrument does not serve."""
        return tuple(t for t in self.targets if (t.iri, instrument) not in self.cells)


class _Leads:
    """Links by which the values of a dimension lead to a subject; the best one of each set.

    A provision that addresses a broader goal is no evidence for a target, so
    only identity, narrower values and mappings count. Among equals the link
    from the last value counts.
    """

    def __init__(self, index: OverlapIndex, subject: str, dimension: str) -> None:
        sets = index.columns.sets[dimension]
        # What leads to a subject is what the subject is linked with, read from there.
        near = {subject, *index.alignments.of(subject)} & sets.position.keys()
        self.links: dict[int, Link] = {}
        for value in sorted(near):
            link = index.alignments.between(value, subject)
            if link is not None and link.relation != "narrower":
                self.links[sets.position[value]] = link
        order = sorted(self.links, key=lambda v: (self.links[v].weight, self.links[v].source))
        self.ranked = [self.links[value] for value in order]
        ranks = np.zeros(len(sets), dtype=np.int64)
        for rank, place in enumerate(order, 1):
            # In this order, so that of several the best one stays.
            ranks[sets.of_value(place)] = rank
        self.sets: Places = np.flatnonzero(ranks)
        """Numbers of the sets that lead there."""
        self.ranks: Places = ranks[self.sets]
        """Place of the best link of each of them in ``ranked``, from 1."""
        self.size = len(sets)

    def of_all(self) -> Places:
        """The place for every set; 0 = none."""
        found = np.zeros(self.size, dtype=np.int64)
        found[self.sets] = self.ranks
        return found

    def mapped(self) -> np.typing.NDArray[np.bool_]:
        """For each rank, whether that link is by mappings only."""
        return np.array([False, *(bool(link.mappings) for link in self.ranked)])


def _leads(index: OverlapIndex, subject: str, dimension: str) -> _Leads:
    return index.kept(
        "leads", (subject, dimension), lambda: _Leads(index, subject, dimension), limit=4096
    )


def serving(
    index: OverlapIndex,
    subject: str,
    selection: Selection,
    *,
    dimension: str = "target",
    limit: int | None = None,
    offset: int = 0,
) -> tuple[Reach, ...]:
    """Directives that serve a target (or, by ``dimension``, are on a theme), best link first."""
    rows, ranks, leads = _serving(index, subject, selection, dimension)
    stop = None if limit is None else offset + limit
    page, of = rows[offset:stop].tolist(), ranks[offset:stop].tolist()
    return tuple(
        Reach(directive, leads.ranked[rank - 1])
        for directive, rank in zip(index.directives(page), of, strict=True)
    )


def count_serving(
    index: OverlapIndex, subject: str, selection: Selection, *, dimension: str = "target"
) -> dict[str, int]:
    """How many directives of each instrument serve a target or are on a theme."""
    rows, _, _ = _serving(index, subject, selection, dimension)
    counts = np.bincount(index.owner[rows], minlength=len(index.instruments)).tolist()
    return {name: n for name, n in zip(index.instruments, counts, strict=True) if n}


def _serving(
    index: OverlapIndex, subject: str, selection: Selection, dimension: str
) -> tuple[Places, Places, _Leads]:
    """Rows that serve a subject, best link first, with the ranks of their links."""

    def make() -> tuple[Places, Places, _Leads]:
        leads = _leads(index, subject, dimension)
        ranks = leads.of_all()[index.columns.numbers[dimension]]
        rows = np.flatnonzero(select(selection, index) & (ranks > 0))
        weights = sorted({link.weight for link in leads.ranked}, reverse=True)
        place = {weight: at for at, weight in enumerate(weights)}
        # Weights are few and rows are many, so places are sorted, which is faster.
        places = np.array([0, *(place[link.weight] for link in leads.ranked)], dtype=np.int32)
        order = stable_order(places[ranks[rows]])
        return rows[order], ranks[rows][order], leads

    return index.kept("serving", (subject, dimension, selection), make, limit=64)


def _order(item: FrameworkItem) -> tuple[object, ...]:
    parts = item.iri.rsplit("/", 1)[-1].replace(".", "-").split("-")
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def items_of(index: OverlapIndex, framework: str, kind: str = "Target") -> list[FrameworkItem]:
    """Items of a framework in their order. Raises NotFoundError when it has none."""
    return index.kept(ITEMS, (framework, kind), lambda: _items_of(index, framework, kind))


def _items_of(index: OverlapIndex, framework: str, kind: str) -> list[FrameworkItem]:
    targets = sorted(
        (
            item
            for item in index.tables.items.values()
            if item.framework == framework and item.kind == kind
        ),
        key=_order,
    )
    if not targets:
        raise NotFoundError(
            f"No {kind.lower()}s are recorded for <{framework}>.",
            remedy="List the frameworks with `dtrack query target_coverage`.",
        )
    return targets


def gaps(
    index: OverlapIndex, framework: str, selection: Selection, *, kind: str = "Target"
) -> GapAnswer:
    """Which targets of a framework the instruments serve.

    Raises NotFoundError when the framework has no such items.
    """
    targets = items_of(index, framework, kind)
    iris = [target.iri for target in targets]
    if index.has(SERVED, ()) and replace(selection, instruments=()) == DEFAULT:
        place = item_places(index)
        counts = served(index)[[place[iri] for iri in iris]]
    else:
        counts = counted_for(index, iris, selection)
    instruments = selection.instruments or index.instruments
    if selection.instruments:
        columns = {name: at for at, name in enumerate(index.instruments)}
        # Who has no directive has a column of nothing.
        counts = np.pad(counts, ((0, 0), (0, 1), (0, 0)))
        counts = counts[:, [columns.get(name, -1) for name in instruments]]
    return GapAnswer(framework, tuple(targets), instruments, counts)


def served(index: OverlapIndex) -> Places:
    """How many directives serve each item, over what the finished matrix is about.

    ``[item, instrument, 0]`` counts those that do so directly, ``[…, 1]`` those that do so
    only through a mapping; items are in the order of their IRIs.
    """
    return index.kept(
        SERVED, (), lambda: counted_for(index, list(item_places(index)), DEFAULT).astype(np.int32)
    )


def item_places(index: OverlapIndex) -> Mapping[str, int]:
    """Place of each item in served()."""
    return index.kept(
        ITEMS, (), lambda: {iri: n for n, iri in enumerate(sorted(index.tables.items))}
    )


def counted_for(index: OverlapIndex, items: Sequence[str], selection: Selection) -> Places:
    """Directives that serve each of some items: ``[item, instrument]``, direct and mapped."""
    counts = set_counts(index, selection, "target")
    found = np.zeros((len(items), len(index.instruments), 2), dtype=np.int64)
    for at, item in enumerate(items):
        leads = _leads(index, item, "target")
        mapped = leads.mapped()[leads.ranks]
        found[at, :, 0] = counts[:, leads.sets[~mapped]].sum(axis=1)
        found[at, :, 1] = counts[:, leads.sets[mapped]].sum(axis=1)
    return found


def set_counts(index: OverlapIndex, selection: Selection, dimension: str) -> Places:
    """How many directives of each instrument have each set of values."""

    def make() -> Places:
        rows = np.flatnonzero(select(selection, index))
        size = len(index.columns.sets[dimension])
        codes = index.owner[rows].astype(np.int64) * size + index.columns.numbers[dimension][rows]
        counted = np.bincount(codes, minlength=len(index.instruments) * size)
        return counted.reshape(len(index.instruments), size)

    return index.kept("set counts", (selection, dimension), make, limit=32)
