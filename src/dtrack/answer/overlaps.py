"""Overlap answers with labels, wording and coverage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dtrack import overlap
from dtrack.answer.lookup import labels, last_part, taggings, wordings
from dtrack.answer.views import (
    AlignedTargets,
    AtView,
    CellView,
    CoverageView,
    DimensionView,
    GapCell,
    GapRow,
    GapsView,
    MappingView,
    MatrixView,
    Named,
    NearestView,
    OverlapView,
    PairsView,
    ProvisionView,
    ServingView,
    SharedView,
    TaggingView,
)
from dtrack.terms import DT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dtrack.answer.lookup import Wording
    from dtrack.model import Store
    from dtrack.overlap import (
        Cell,
        Directive,
        MappingRecord,
        MatrixAnswer,
        Overlap,
        OverlapIndex,
        Selection,
    )


MOST_VALUES: Final = 10
"""Shared values of one kind that a cell of a matrix shows unless asked for more."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Labels and wordings that one answer needs, fetched together."""

    names: Mapping[str, str]
    wordings: Mapping[str, Wording]
    taggings: Mapping[tuple[str, str], tuple[TaggingView, ...]]

    def tagged(self, directive: Directive, value: str) -> list[TaggingView]:
        """Who put a provision to a value."""
        return list(self.taggings.get((directive.provision, value), ()))

    def named(self, iri: str) -> Named:
        """Thing with its label."""
        return Named(iri, last_part(iri), self.names.get(iri) or last_part(iri))

    def provision(self, directive: Directive) -> ProvisionView:
        """Provision with its wording."""
        wording = self.wordings[directive.provision]
        return ProvisionView(
            iri=directive.provision,
            text=directive.text,
            symbol=wording.symbol,
            title=wording.title,
            number=wording.number,
            instrument=self.named(directive.instrument),
            summary=wording.summary,
            verbs=list(wording.verbs),
            addressees=list(wording.addressees),
        )

    def overlap(self, pair: Overlap) -> OverlapView:
        """Pair with its evidence."""
        return OverlapView(
            score=pair.score,
            first=self.provision(pair.first),
            second=self.provision(pair.second),
            dimensions=[
                DimensionView(
                    name=dimension.name,
                    weight=dimension.weight,
                    similarity=dimension.similarity,
                    present=dimension.present,
                    shared=[
                        SharedView(
                            first=self.named(value.link.source),
                            second=self.named(value.link.target),
                            relation=value.link.relation,
                            weight=value.link.weight,
                            ic=value.ic,
                            mappings=[mapping_view(m) for m in value.link.mappings],
                            first_taggings=self.tagged(pair.first, value.link.source),
                            second_taggings=self.tagged(pair.second, value.link.target),
                        )
                        for value in dimension.shared
                    ],
                )
                for dimension in pair.dimensions
            ],
        )

    def cell(self, cell: Cell, most: int | None = None) -> CellView:
        """Cell of the matrix, with all that is shared or only the most telling."""
        return CellView(
            row=last_part(cell.row),
            column=last_part(cell.column),
            directives_row=cell.directives[0],
            directives_column=cell.directives[1],
            overlapping_row=cell.overlapping[0],
            overlapping_column=cell.overlapping[1],
            pairs=cell.pairs,
            jaccard=cell.jaccard,
            mean=cell.mean,
            top=cell.top,
            shared_target_count=cell.counts[0],
            aligned_target_count=cell.counts[1],
            shared_theme_count=cell.counts[2],
            shared_actor_count=cell.counts[3],
            shared_targets=[self.named(iri) for iri in cell.shared_targets(most)],
            aligned_targets=[
                AlignedTargets(
                    self.named(link.source),
                    self.named(link.target),
                    [mapping_view(m) for m in link.mappings],
                )
                for link in cell.aligned_targets(most)
            ],
            shared_themes=[self.named(iri) for iri in cell.shared_themes(most)],
            shared_actors=[self.named(iri) for iri in cell.shared_actors(most)],
        )


def mapping_view(mapping: MappingRecord) -> MappingView:
    """Mapping as it was asserted, with keys in place of IRIs."""
    return MappingView(
        iri=mapping.iri,
        subject=last_part(mapping.subject),
        predicate=mapping.relation,
        object=last_part(mapping.object),
        author=mapping.author,
        confidence=mapping.confidence,
        justification=mapping.justification,
        review_state=last_part(mapping.state) if mapping.state else "",
    )


def _cell_iris(cells: Iterable[Cell], most: int | None = None) -> list[str]:
    return [
        iri
        for cell in cells
        for iri in (
            cell.row,
            cell.column,
            *cell.shared_targets(most),
            *(end for link in cell.aligned_targets(most) for end in (link.source, link.target)),
            *cell.shared_themes(most),
            *cell.shared_actors(most),
        )
    ]


def _pair_iris(pairs: Iterable[Overlap]) -> list[str]:
    return [
        iri
        for pair in pairs
        for iri in (
            pair.first.instrument,
            pair.second.instrument,
            *(
                end
                for dimension in pair.dimensions
                for value in dimension.shared
                for end in (value.link.source, value.link.target)
            ),
        )
    ]


class OverlapAnswers:
    """Answers about overlap in one language, from one store and its index."""

    def __init__(self, store: Store, index: OverlapIndex, language: str) -> None:
        self._store = store
        self._index = index
        self._language = language

    def _texts(self, iris: Iterable[str], provisions: Iterable[str] = ()) -> Texts:
        shown = list(provisions)
        return Texts(
            self._labels(iris),
            wordings(self._store, shown, self._language),
            taggings(self._store, shown),
        )

    def _labels(self, iris: Iterable[str]) -> Mapping[str, str]:
        """Names of things; those asked for before are kept with the index."""
        known: dict[str, str] = self._index.kept("labels", self._language, dict)
        wanted = [iri for iri in dict.fromkeys(iris) if iri not in known]
        if wanted:
            known.update(labels(self._store, wanted, self._language))
        return known

    def _covered(self) -> dict[str, dict[str, str]]:
        """Rows of coverage by instrument."""
        rows = self._store.select(
            f"""PREFIX dt: <{DT}>
            SELECT ?of ?recorded ?read ?tagged ?reviewed
            WHERE {{
              ?coverage a dt:Coverage ; dt:coverageOf ?of ; dt:textsRead ?recorded ;
                        dt:textsWithDirectives ?read ; dt:textsTagged ?tagged ;
                        dt:textsReviewed ?reviewed .
            }}
            ORDER BY ?of"""
        )
        return {row["of"]: row for row in rows.texts()}

    def coverage(self, directives: Mapping[str, int]) -> list[CoverageView]:
        """Coverage of instruments, given how many directives of each were looked at."""
        known = self._index.kept("coverage", None, self._covered)
        texts = self._texts(directives)
        return [
            CoverageView(
                instrument=texts.named(iri),
                directives=count,
                **{
                    field: int(known[iri][column]) if iri in known else 0
                    for field, column in (
                        ("texts_recorded", "recorded"),
                        ("texts_with_directives", "read"),
                        ("texts_tagged", "tagged"),
                        ("texts_reviewed", "reviewed"),
                    )
                },
            )
            for iri, count in directives.items()
        ]

    def _counted(self, selection: Selection) -> dict[str, int]:
        """Directives of each instrument in a selection."""
        return overlap.count(self._index, selection)

    def matrix(
        self,
        selection: Selection,
        dimensions: Mapping[str, float] | None = None,
        *,
        values: int = MOST_VALUES,
    ) -> MatrixView:
        """Overlap of every two instruments in the selection.

        Each cell shows so many values of each kind that are shared, the most telling.
        """
        weights = tuple(sorted((dimensions or {}).items()))
        return self._index.kept(
            "matrix view",
            (self._language, selection, weights, values),
            lambda: self._matrix_view(
                overlap.matrix(self._index, selection, dimensions=dimensions), values
            ),
            limit=16,
        )

    def _matrix_view(self, answer: MatrixAnswer, most: int) -> MatrixView:
        texts = self._texts([*answer.instruments, *_cell_iris(answer.cells, most)])
        return MatrixView(
            instruments=[texts.named(iri) for iri in answer.instruments],
            cells=[texts.cell(cell, most) for cell in answer.cells],
            coverage=self.coverage(answer.directives),
        )

    def pairs(
        self,
        row: str,
        column: str,
        selection: Selection,
        dimensions: Mapping[str, float] | None = None,
        *,
        limit: int = 20,
        offset: int = 0,
    ) -> PairsView:
        """Overlapping provisions of two instruments, a page of them, best first."""
        selection = replace(selection, instruments=(row, column))
        answer = overlap.matrix(self._index, selection, dimensions=dimensions)
        cell = answer.cells[0]
        total, found = overlap.between(
            self._index, row, column, selection, dimensions=dimensions, limit=limit, offset=offset
        )
        texts = self._texts(
            [row, column, *_cell_iris([cell]), *_pair_iris(found)],
            [end.provision for pair in found for end in (pair.first, pair.second)],
        )
        return PairsView(
            cell=texts.cell(cell),
            total=total,
            offset=offset,
            pairs=[texts.overlap(pair) for pair in found],
            coverage=self.coverage(answer.directives),
        )

    def nearest(
        self,
        provision: str,
        selection: Selection,
        dimensions: Mapping[str, float] | None = None,
        *,
        limit: int = 20,
    ) -> NearestView:
        """Provisions anywhere that overlap with one."""
        found = overlap.nearest(
            self._index, provision, selection, dimensions=dimensions, limit=limit
        )
        here = found[0].first if found else self._index.directive(self._index.row(provision) or 0)
        texts = self._texts(
            [here.instrument, *_pair_iris(found)],
            [provision, *(pair.second.provision for pair in found)],
        )
        counted = self._counted(selection)
        return NearestView(
            provision=texts.provision(here),
            pairs=[texts.overlap(pair) for pair in found],
            coverage=self.coverage(counted),
        )

    def gaps(self, framework: str, selection: Selection) -> GapsView:
        """Targets of a framework, who serves each, and who does not."""
        answer = overlap.gaps(self._index, framework, selection)
        texts = self._texts(
            [framework, *answer.instruments, *(target.iri for target in answer.targets)]
        )
        rows = []
        for target in answer.targets:
            served = [
                GapCell(last_part(name), *answer.cells[target.iri, name])
                for name in answer.instruments
                if (target.iri, name) in answer.cells
            ]
            holders = {cell.instrument for cell in served}
            rows.append(
                GapRow(
                    target=texts.named(target.iri),
                    notation=target.notation,
                    served_by=served,
                    missing=[
                        last_part(name)
                        for name in answer.instruments
                        if last_part(name) not in holders
                    ],
                )
            )
        counted = self._counted(replace(selection, instruments=answer.instruments))
        return GapsView(
            framework=texts.named(framework),
            instruments=[texts.named(name) for name in answer.instruments],
            rows=rows,
            empty=[texts.named(target.iri) for target in answer.empty],
            coverage=self.coverage(counted),
        )

    def at_target(
        self, target: str, selection: Selection, *, limit: int | None = None, offset: int = 0
    ) -> AtView:
        """Provisions that serve a target, directly, by a narrower one or by mappings."""
        return self._at(target, "target", selection, limit, offset)

    def at_theme(
        self, theme: str, selection: Selection, *, limit: int | None = None, offset: int = 0
    ) -> AtView:
        """Provisions on a theme, a narrower one, or one mapped to it."""
        return self._at(theme, "theme", selection, limit, offset)

    def _at(
        self, subject: str, dimension: str, selection: Selection, limit: int | None, offset: int
    ) -> AtView:
        found = overlap.serving(
            self._index, subject, selection, dimension=dimension, limit=limit, offset=offset
        )
        counts = overlap.count_serving(self._index, subject, selection, dimension=dimension)
        texts = self._texts(
            [
                subject,
                *(reach.directive.instrument for reach in found),
                *(reach.link.source for reach in found),
            ],
            [reach.directive.provision for reach in found],
        )
        counted = self._counted(selection)
        return AtView(
            subject=texts.named(subject),
            total=sum(counts.values()),
            offset=offset,
            counts={last_part(name): number for name, number in counts.items()},
            provisions=[
                ServingView(
                    provision=texts.provision(reach.directive),
                    relation=reach.link.relation,
                    weight=reach.link.weight,
                    via=texts.named(reach.link.source),
                    mappings=[mapping_view(m) for m in reach.link.mappings],
                    taggings=texts.tagged(reach.directive, reach.link.source),
                )
                for reach in found
            ],
            coverage=self.coverage(counted),
        )
