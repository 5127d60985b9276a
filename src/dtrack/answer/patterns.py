"""Answers about patterns of overlap, with labels, wording and coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack import overlap
from dtrack.answer.overlaps import OverlapAnswers
from dtrack.answer.pattern_views import (
    CandidateView,
    CellChange,
    CommonsView,
    CommonView,
    ConflictsView,
    ConflictView,
    CountView,
    EffectView,
    FacetsView,
    FiguresView,
    GapChangeView,
    GroupsView,
    GroupView,
    LeadsView,
    LeadView,
)
from dtrack.answer.worded import mapping_view

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dtrack.answer.views import Named
    from dtrack.answer.worded import Texts
    from dtrack.overlap import Cell, Group, Selection

MOST_VALUES = 50
"""Values of one facet that are shown."""
MOST_SHOWN = 10
"""Provisions of a group, or of a side of a conflict, that are shown."""


class PatternAnswers(OverlapAnswers):
    """Answers about what many provisions have in common, or what hangs on one mapping."""

    def facets(self, selection: Selection) -> FacetsView:
        """Directives of a selection by instrument, target, theme, actor, force, year, status."""
        found = overlap.facets(self._index, selection)
        shown = {
            name: dict(list(values.items())[:MOST_VALUES]) for name, values in found.values.items()
        }
        texts = self._texts([*found.instruments, *(iri for v in shown.values() for iri in v)])
        return FacetsView(
            directives=found.directives,
            active=found.active,
            ended=found.ended,
            instruments=_counts(texts, found.instruments),
            targets=_counts(texts, shown["target"]),
            themes=_counts(texts, shown["theme"]),
            actors=_counts(texts, shown["actor"]),
            forces=_counts(texts, shown["verb"]),
            years={str(year): number for year, number in found.years.items()},
            coverage=self.coverage(found.instruments),
        )

    def common(self, selection: Selection, *, limit: int = 50, offset: int = 0) -> CommonsView:
        """Actors, targets and further themes that instruments share in a selection.

        With the theme capacity-building this answers action 5.2 (c) of the options paper.
        """
        found = overlap.common(self._index, selection)
        page = found[offset : offset + limit]
        texts = self._texts([*(c.value for c in page), *(iri for c in page for iri in c.counts)])
        return CommonsView(
            len(found),
            offset,
            [CommonView(c.dimension, texts.named(c.value), _counts(texts, c.counts)) for c in page],
            self.coverage(self._counted(selection)),
        )

    def duplicates(self, selection: Selection, *, limit: int = 20, offset: int = 0) -> GroupsView:
        """Provisions of several instruments with the same targets, actors and force."""
        found = overlap.duplicates(self._index, selection)
        return self._groups(found, selection, limit, offset)

    def clusters(
        self, selection: Selection, *, instruments: int = 3, limit: int = 20, offset: int = 0
    ) -> GroupsView:
        """Provisions of so many instruments with the same targets and themes."""
        found = overlap.clusters(self._index, selection, instruments)
        return self._groups(found, selection, limit, offset)

    def _groups(
        self, found: Sequence[Group], selection: Selection, limit: int, offset: int
    ) -> GroupsView:
        page = found[offset : offset + limit]
        members = [self._index.directives(g.rows[:MOST_SHOWN]) for g in page]
        texts = self._texts(
            [iri for g in page for iri in (*g.instruments, *_flat(g.values.values()))],
            [directive.provision for shown in members for directive in shown],
        )
        return GroupsView(
            len(found),
            offset,
            [
                GroupView(
                    [texts.named(iri) for iri in group.instruments],
                    len(group.rows),
                    _values(texts, group, "target"),
                    _values(texts, group, "theme"),
                    _values(texts, group, "actor"),
                    _values(texts, group, "verb"),
                    [texts.provision(directive) for directive in shown],
                )
                for group, shown in zip(page, members, strict=True)
            ],
            self.coverage(self._counted(selection)),
        )

    def conflicts(self, selection: Selection, *, limit: int = 20, offset: int = 0) -> ConflictsView:
        """Targets and themes on which instruments permit and restrict at one time."""
        found = overlap.conflicts(self._index, selection)
        page = found[offset : offset + limit]
        sides = [(c.permitting[:MOST_SHOWN], c.restricting[:MOST_SHOWN]) for c in page]
        shown = [directive for both in sides for side in both for directive in side]
        texts = self._texts(
            [*(c.value for c in page), *(directive.instrument for directive in shown)],
            [directive.provision for directive in shown],
        )
        return ConflictsView(
            len(found),
            offset,
            [
                ConflictView(
                    conflict.dimension,
                    texts.named(conflict.value),
                    *([texts.provision(directive) for directive in side] for side in both),
                )
                for conflict, both in zip(page, sides, strict=True)
            ],
            self.coverage(self._counted(selection)),
        )

    def effect(self, mapping: str, selection: Selection) -> EffectView:
        """What would change if a mapping were withdrawn."""
        found = overlap.effect(self._index, mapping, selection)
        texts = self._texts(
            [
                *(iri for before, _ in found.cells for iri in (before.row, before.column)),
                *(iri for change in found.gaps for iri in (change.target, change.instrument)),
            ]
        )
        return EffectView(
            mapping_view(found.mapping),
            [
                CellChange(
                    texts.named(before.row),
                    texts.named(before.column),
                    _figures(before),
                    _figures(after),
                )
                for before, after in found.cells
            ],
            [
                GapChangeView(
                    texts.named(change.target),
                    texts.named(change.instrument),
                    *change.before,
                    *change.after,
                )
                for change in found.gaps
            ],
            self.coverage(self._counted(selection)),
        )

    def leads(self, framework: str, selection: Selection) -> LeadsView:
        """Which instruments might lead on each target of a framework."""
        found = overlap.leads(self._index, framework, selection)
        texts = self._texts(
            [
                framework,
                *(lead.target.iri for lead in found),
                *(candidate.instrument for lead in found for candidate in lead.candidates),
            ]
        )
        return LeadsView(
            texts.named(framework),
            [
                LeadView(
                    texts.named(lead.target.iri),
                    lead.target.notation,
                    [
                        CandidateView(
                            texts.named(c.instrument), c.directives, c.active, c.specific, c.score
                        )
                        for c in lead.candidates
                    ],
                )
                for lead in found
            ],
            self.coverage(self._counted(selection)),
        )


def _counts(texts: Texts, counts: Mapping[str, int]) -> list[CountView]:
    return [CountView(texts.named(iri), number) for iri, number in counts.items()]


def _values(texts: Texts, group: Group, dimension: str) -> list[Named]:
    return [texts.named(iri) for iri in group.values.get(dimension, ())]


def _flat(lists: Iterable[Iterable[str]]) -> list[str]:
    return [value for values in lists for value in values]


def _figures(cell: Cell) -> FiguresView:
    return FiguresView(*cell.overlapping, cell.pairs, cell.counts[1], cell.mean, cell.top)
