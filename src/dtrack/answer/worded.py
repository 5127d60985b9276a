"""Words for what an index finds: labels, wordings and taggings, fetched together."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from dtrack.answer.lookup import last_part
from dtrack.answer.views import (
    AlignedTargets,
    CellView,
    DimensionView,
    MappingView,
    Named,
    OverlapView,
    ProvisionView,
    SharedView,
    TaggingView,
)
from dtrack.overlap import SUBJECT_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dtrack.answer.lookup import Wording
    from dtrack.overlap import (
        Cell,
        DimensionEvidence,
        Directive,
        Link,
        MappingRecord,
        Overlap,
        SharedValue,
    )

    Tagged = Callable[[Link], tuple[list[TaggingView], list[TaggingView]]]


@dataclass(frozen=True, slots=True)
class Texts:
    """Labels and wordings that one answer needs, fetched together."""

    names: Mapping[str, str]
    wordings: Mapping[str, Wording]
    taggings: Mapping[tuple[str, str], tuple[TaggingView, ...]]
    known: dict[str, Named] = field(default_factory=dict)
    """Things that were named before, by the same names."""

    def tagged(self, directive: Directive, value: str) -> list[TaggingView]:
        """Who put a provision to a value."""
        return list(self.taggings.get((directive.provision, value), ()))

    def named(self, iri: str) -> Named:
        """Thing with its label."""
        found = self.known.get(iri)
        if found is None:
            found = Named(iri, last_part(iri), self.names.get(iri) or last_part(iri))
            if iri in self.names:
                self.known[iri] = found
        return found

    def provision(self, directive: Directive) -> ProvisionView:
        """Provision of a directive with its wording."""
        return self.worded(directive.provision, directive.text, directive.instrument)

    def worded(self, provision: str, text: str, instrument: str) -> ProvisionView:
        """Provision of a text and an instrument with its wording."""
        wording = self.wordings[provision]
        return ProvisionView(
            iri=provision,
            text=text,
            symbol=wording.symbol,
            title=wording.title,
            number=wording.number,
            instrument=self.named(instrument),
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
                self.dimension(
                    dimension,
                    lambda link: (
                        self.tagged(pair.first, link.source),
                        self.tagged(pair.second, link.target),
                    ),
                )
                for dimension in pair.dimensions
            ],
        )

    def dimension(self, dimension: DimensionEvidence, tagged: Tagged) -> DimensionView:
        """Dimension with its evidence; ``tagged`` tells who put either side to a value."""
        return DimensionView(
            name=dimension.name,
            weight=dimension.weight,
            similarity=dimension.similarity,
            present=dimension.present,
            shared=[self._shared(value, tagged) for value in dimension.shared],
        )

    def _shared(self, value: SharedValue, tagged: Tagged) -> SharedView:
        link = value.link
        first, second = tagged(link)
        return SharedView(
            first=self.named(link.source),
            second=self.named(link.target),
            relation=link.relation,
            weight=link.weight,
            ic=value.ic,
            mappings=[mapping_view(mapping) for mapping in link.mappings],
            first_taggings=first,
            second_taggings=second,
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


@lru_cache(maxsize=10_000)
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


def cell_iris(cells: Iterable[Cell], most: int | None = None) -> list[str]:
    """Things that cells name."""
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


def pair_iris(pairs: Iterable[Overlap]) -> list[str]:
    """Things that pairs name."""
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


def pair_taggings(pairs: Iterable[Overlap]) -> list[tuple[str, str]]:
    """Provisions of pairs, each with a target or theme that it shares."""
    return [
        tagging
        for pair in pairs
        for dimension in pair.dimensions
        if dimension.name in SUBJECT_DIMENSIONS
        for value in dimension.shared
        for tagging in (
            (pair.first.provision, value.link.source),
            (pair.second.provision, value.link.target),
        )
    ]
