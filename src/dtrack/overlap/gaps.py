"""Who serves which target: reach of provisions into a framework, and what stays empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dtrack.errors import NotFoundError
from dtrack.overlap.ordering import stable_order
from dtrack.overlap.selection import Selection, select

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.overlap.alignment import Link
    from dtrack.overlap.corpus import Directive, FrameworkItem
    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.similarity import Places


@dataclass(frozen=True, slots=True)
class Reach:
    """A directive that serves a target.

    It does so directly (``link.relation`` is ``same``), through a narrower
    item (``broader``), or through mappings (``link.mappings``).
    """

    directive: Directive
    link: Link


@dataclass(frozen=True, slots=True)
class GapAnswer:
    """Targets against instruments.

    ``cells[target, instrument]`` counts directives that serve the target
    directly and those that do so only through a mapping; a missing key is an
    empty cell. ``empty`` are targets that nobody serves.
    """

    framework: str
    targets: tuple[FrameworkItem, ...]
    instruments: tuple[str, ...]
    cells: Mapping[tuple[str, str], tuple[int, int]]

    @property
    def empty(self) -> tuple[FrameworkItem, ...]:
        """Targets without any directive, direct or aligned, in the instruments asked about."""
        return tuple(
            target
            for target in self.targets
            if not any((target.iri, name) in self.cells for name in self.instruments)
        )

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
    instruments = selection.instruments or index.instruments
    counts = set_counts(index, selection, "target")
    cells: dict[tuple[str, str], tuple[int, int]] = {}
    for target in targets:
        leads = _leads(index, target.iri, "target")
        mapped = leads.mapped()[leads.ranks]
        direct = counts[:, leads.sets[~mapped]].sum(axis=1).tolist()
        aligned = counts[:, leads.sets[mapped]].sum(axis=1).tolist()
        for name, own, through in zip(index.instruments, direct, aligned, strict=True):
            if own or through:
                cells[target.iri, name] = (own, through)
    return GapAnswer(framework, tuple(targets), instruments, cells)


def set_counts(index: OverlapIndex, selection: Selection, dimension: str) -> Places:
    """How many directives of each instrument have each set of values."""

    def make() -> Places:
        rows = np.flatnonzero(select(selection, index))
        size = len(index.columns.sets[dimension])
        codes = index.owner[rows].astype(np.int64) * size + index.columns.numbers[dimension][rows]
        counted = np.bincount(codes, minlength=len(index.instruments) * size)
        return counted.reshape(len(index.instruments), size)

    return index.kept("set counts", (selection, dimension), make, limit=32)
