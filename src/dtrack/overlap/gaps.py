"""Who serves which target: reach of provisions into a framework, and what stays empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.errors import NotFoundError
from dtrack.overlap.selection import Selection, select

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.overlap.alignment import Link
    from dtrack.overlap.corpus import Directive, FrameworkItem
    from dtrack.overlap.index import OverlapIndex


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


def serving(
    index: OverlapIndex, subject: str, selection: Selection, *, dimension: str = "target"
) -> tuple[Reach, ...]:
    """Directives that serve a target (or, by ``dimension``, are on a theme), best link first.

    A provision that addresses a broader goal is no evidence for a target, so
    only identity, narrower values and mappings count.
    """
    chosen = select(selection, index.corpus, index.alignments)
    found = []
    for i, directive in enumerate(index.corpus.directives):
        if not chosen[i]:
            continue
        links = [
            link
            for value in directive.values.get(dimension, ())
            if (link := index.alignments.between(value, subject)) is not None
            and link.relation != "narrower"
        ]
        if links:
            found.append(Reach(directive, max(links, key=lambda link: (link.weight, link.source))))
    found.sort(key=lambda reach: -reach.link.weight)
    return tuple(found)


def _order(item: FrameworkItem) -> tuple[object, ...]:
    parts = item.iri.rsplit("/", 1)[-1].replace(".", "-").split("-")
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def gaps(
    index: OverlapIndex, framework: str, selection: Selection, *, kind: str = "Target"
) -> GapAnswer:
    """Which targets of a framework the instruments serve.

    Raises NotFoundError when the framework has no such items.
    """
    targets = sorted(
        (
            item
            for item in index.corpus.items.values()
            if item.framework == framework and item.kind == kind
        ),
        key=_order,
    )
    if not targets:
        raise NotFoundError(
            f"No {kind.lower()}s are recorded for <{framework}>.",
            remedy="List the frameworks with `dtrack query target_coverage`.",
        )
    instruments = selection.instruments or tuple(
        sorted({d.instrument for d in index.corpus.directives})
    )
    cells: dict[tuple[str, str], tuple[int, int]] = {}
    for target in targets:
        for reach in serving(index, target.iri, selection):
            key = (target.iri, reach.directive.instrument)
            direct, aligned = cells.get(key, (0, 0))
            through_mapping = bool(reach.link.mappings)
            cells[key] = (direct + (not through_mapping), aligned + through_mapping)
    return GapAnswer(framework, tuple(targets), instruments, cells)
