"""Overlap answers with labels, wording and coverage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from dtrack import overlap
from dtrack.answer.keeping import Keep
from dtrack.answer.lookup import last_part
from dtrack.answer.views import (
    AtView,
    CoverageView,
    GapCell,
    GapRow,
    GapsView,
    MatrixView,
    NearestView,
    OverlapView,
    PairsView,
    ServingView,
)
from dtrack.answer.worded import Texts, cell_iris, mapping_view, pair_iris, pair_taggings
from dtrack.answer.words import Words
from dtrack.terms import DT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dtrack.model import Store
    from dtrack.overlap import MatrixAnswer, OverlapIndex, Selection
    from dtrack.searching import TextIndex

T = TypeVar("T")

_COVERED: Final = ("recorded", "read", "tagged", "reviewed")
"""Figures of coverage in the order in which CoverageView has them."""
MOST_VALUES: Final = 10
"""Shared values of one kind that a cell of a matrix shows unless asked for more."""


class OverlapAnswers:
    """Answers about overlap in one language, from one store and its indexes."""

    def __init__(
        self,
        store: Store,
        index: OverlapIndex,
        language: str,
        keep: Keep | None = None,
        texts: TextIndex | None = None,
    ) -> None:
        self._store = store
        self._words = Words(store, texts, language)
        self._index = index
        self._language = language
        self._keep = keep or Keep()

    def _texts(
        self,
        iris: Iterable[str],
        provisions: Iterable[str] = (),
        tagged: Iterable[tuple[str, str]] = (),
    ) -> Texts:
        """Names of things, wordings of provisions, and who put provisions to values."""
        return Texts(
            self._labels(iris),
            self._keep.get_each(
                "wordings",
                self._language,
                provisions,
                lambda those: self._words.wordings(those, self._labels),
            ),
            self._keep.get_each("taggings", None, tagged, self._words.taggings),
            self._keep.get("named", self._language, dict),
        )

    def _labels(self, iris: Iterable[str]) -> Mapping[str, str]:
        """Names of things; those asked for before are kept with the snapshot."""
        known: dict[str, str] = self._keep.get("labels", self._language, dict)
        wanted = [iri for iri in dict.fromkeys(iris) if iri not in known]
        if wanted:
            known.update(self._words.labels(wanted))
        return known

    def _covered(self, instruments: Iterable[str]) -> dict[str, tuple[int, ...]]:
        """Figures of coverage by instrument; 0 for one of which no coverage is told."""
        wanted = list(instruments)
        # Those asked about by name, for every body has a coverage, and few have directives.
        rows = self._store.select(
            f"""PREFIX dt: <{DT}>
            SELECT ?of ?recorded ?read ?tagged ?reviewed
            WHERE {{
              VALUES ?of {{ {" ".join(f"<{iri}>" for iri in wanted)} }}
              ?coverage dt:coverageOf ?of ; a dt:Coverage ; dt:textsRead ?recorded ;
                        dt:textsWithDirectives ?read ; dt:textsTagged ?tagged ;
                        dt:textsReviewed ?reviewed .
            }}
            ORDER BY ?of"""
        )
        found = {row["of"]: tuple(int(row[name]) for name in _COVERED) for row in rows.texts()}
        return {iri: found.get(iri, (0,) * len(_COVERED)) for iri in wanted}

    def coverage(self, directives: Mapping[str, int]) -> list[CoverageView]:
        """Coverage of instruments, given how many directives of each were looked at."""
        known = self._keep.get_each("coverage", None, directives, self._covered)
        texts = self._texts(directives)
        return [
            CoverageView(texts.named(iri), count, *known[iri]) for iri, count in directives.items()
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
        return self._keep.get(
            "matrix view",
            self.key_of(selection, dimensions, values=values),
            lambda: self._matrix_view(
                overlap.matrix(self._index, selection, dimensions=dimensions), values
            ),
        )

    def key_of(
        self,
        selection: Selection,
        dimensions: Mapping[str, float] | None = None,
        *,
        values: int = MOST_VALUES,
    ) -> tuple[object, ...]:
        """Under which a matrix is kept."""
        return self._language, selection, tuple(sorted((dimensions or {}).items())), values

    def matrix_as(
        self,
        form: Callable[[MatrixView], T],
        selection: Selection,
        dimensions: Mapping[str, float] | None = None,
        *,
        values: int = MOST_VALUES,
    ) -> T:
        """The same in another form, which is made once and kept: a large one takes its time."""
        return self._keep.get(
            "matrix forms",
            (form, *self.key_of(selection, dimensions, values=values)),
            lambda: form(self.matrix(selection, dimensions, values=values)),
        )

    def _matrix_view(self, answer: MatrixAnswer, most: int) -> MatrixView:
        overlap.read_shared(answer, most)
        texts = self._texts([*answer.instruments, *cell_iris(answer.cells, most)])
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
            [row, column, *cell_iris([cell]), *pair_iris(found)],
            [end.provision for pair in found for end in (pair.first, pair.second)],
            pair_taggings(found),
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
            [here.instrument, *pair_iris(found)],
            [provision, *(pair.second.provision for pair in found)],
            pair_taggings(found),
        )
        counted = self._counted(selection)
        return NearestView(
            provision=texts.provision(here),
            pairs=[texts.overlap(pair) for pair in found],
            coverage=self.coverage(counted),
        )

    def most_similar(
        self, provisions: Iterable[str], *, each: int, limit: int
    ) -> list[OverlapView]:
        """Best pairs of some provisions with provisions elsewhere, so many of each at most."""
        selection = overlap.Selection()
        found = [
            pair
            for provision in provisions
            if self._index.row(provision) is not None
            for pair in overlap.nearest(self._index, provision, selection, limit=each)
        ]
        found.sort(key=lambda pair: -pair.score)
        best = found[:limit]
        texts = self._texts(
            pair_iris(best),
            [end.provision for pair in best for end in (pair.first, pair.second)],
            pair_taggings(best),
        )
        return [texts.overlap(pair) for pair in best]

    def gaps(self, framework: str, selection: Selection) -> GapsView:
        """Targets of a framework, who serves each, and who does not."""
        return self._keep.get(
            "gaps view",
            (self._language, framework, selection),
            lambda: self._gaps_view(framework, selection),
        )

    def _gaps_view(self, framework: str, selection: Selection) -> GapsView:
        answer = overlap.gaps(self._index, framework, selection)
        texts = self._texts(
            [framework, *answer.instruments, *(target.iri for target in answer.targets)]
        )
        keys = [last_part(name) for name in answer.instruments]
        rows = [
            GapRow(texts.named(target.iri), target.notation, *_served(keys, own, through))
            for target, own, through in zip(
                answer.targets,
                answer.counts[:, :, 0].tolist(),
                answer.counts[:, :, 1].tolist(),
                strict=True,
            )
        ]
        counted = self._counted(selection)
        return GapsView(
            framework=texts.named(framework),
            instruments=[texts.named(name) for name in answer.instruments],
            rows=rows,
            empty=[texts.named(target.iri) for target in answer.empty],
            coverage=self.coverage({name: counted.get(name, 0) for name in answer.instruments}),
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
            [(reach.directive.provision, reach.link.source) for reach in found],
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


def _served(keys: list[str], own: list[int], through: list[int]) -> tuple[list[GapCell], list[str]]:
    """Who serves a target directly or through mappings, so often, and who does not."""
    if 0 not in own:
        return list(map(GapCell, keys, own, through)), []
    cells = list(zip(keys, own, through, strict=True))
    served = [GapCell(*cell) for cell in cells if cell[1] or cell[2]]
    return served, [key for key, direct, mapped in cells if not (direct or mapped)]
