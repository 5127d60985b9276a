"""The matrix: how much the directives of every two instruments overlap."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dtrack.overlap.at_once import looked_at
from dtrack.overlap.counting import pair_counts, subjects_of
from dtrack.overlap.leaders import top_scores
from dtrack.overlap.profiles import in_common, is_finished, totals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.overlap.alignment import Alignments, Link
    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.selection import Selection
    from dtrack.overlap.similarity import Booleans, Measure


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What two instruments hold; read from the profiles when it is asked for."""

    # Not the index: it keeps this, and what goes round in a circle stays in memory for long.
    measures: Mapping[str, Measure]
    alignments: Alignments
    held: Mapping[str, Booleans]
    row: int
    column: int
    read: dict[tuple[str, int | None], tuple[Any, ...]] = field(default_factory=dict)
    """What was read before: a view asks for the names of things first, then for the things."""

    def values(self, dimension: str, most: int | None) -> tuple[str, ...]:
        """Values that some directive on either side has, identical, by IRI."""
        if (dimension, most) not in self.read:
            self.read[dimension, most] = self._values(dimension, most)
        return self.read[dimension, most]

    def aligned(self, most: int | None) -> tuple[Link, ...]:
        """Links between a target of the row and one of the column by mappings."""
        if ("links", most) not in self.read:
            self.read["links", most] = self._aligned(most)
        return self.read["links", most]

    def _values(self, dimension: str, most: int | None) -> tuple[str, ...]:
        if self.row < 0 or self.column < 0:
            return ()
        held, measure = self.held[dimension], self.measures[dimension]
        both = held[:, self.row] & held[:, self.column]
        places = np.flatnonzero(both)
        if most is not None and len(places) > most:
            telling = measure.telling
            places = np.sort(telling[both[telling]][:most])
        return tuple([measure.sets.values[place] for place in places.tolist()])

    def _aligned(self, most: int | None) -> tuple[Link, ...]:
        if self.row < 0 or self.column < 0:
            return ()
        held, measure = self.held["target"], self.measures["target"]
        values = measure.sets.values
        one, other, strongest = measure.mapped_pairs
        both = held[one, self.row] & held[other, self.column]
        at = np.flatnonzero(both)
        if most is not None and len(at) > most:
            at = strongest[both[strongest]][:most]
        return tuple(
            [
                self.alignments.of(values[a])[values[b]]
                for a, b in zip(one[at].tolist(), other[at].tolist(), strict=True)
            ]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """Two instruments, row before column as asked.

    ``directives``: how many each side has in the selection; ``overlapping``:
    how many of them have a counterpart on the other side; ``pairs``: how many
    pairs of them overlap. Values are IRIs held on both sides; ``aligned_targets()``
    are links between two different targets by mappings. ``jaccard`` is over the
    targets and themes held; ``mean`` is the mean, over the overlapping directives
    of both sides, of how close each comes to the other side's profile; ``top``
    the best score of all pairs. Figures lie between 0 and 1.
    """

    row: str
    column: str
    directives: tuple[int, int]
    overlapping: tuple[int, int]
    pairs: int
    counts: tuple[int, int, int, int]
    """Shared targets, aligned targets, shared themes, shared actors."""
    jaccard: float
    mean: float
    top: float
    shared: Shared

    def shared_targets(self, most: int | None = None) -> tuple[str, ...]:
        """Targets of both sides, or the most telling of them."""
        return self.shared.values("target", most)

    def aligned_targets(self, most: int | None = None) -> tuple[Link, ...]:
        """Links between targets of the two sides by mappings, or the strongest of them."""
        return self.shared.aligned(most)

    def shared_themes(self, most: int | None = None) -> tuple[str, ...]:
        """Themes of both sides, or the most telling of them."""
        return self.shared.values("theme", most)

    def shared_actors(self, most: int | None = None) -> tuple[str, ...]:
        """Actors of both sides, or the most telling of them."""
        return self.shared.values("actor", most)


@dataclass(frozen=True, slots=True, eq=False)
class MatrixAnswer:
    """Instruments against instruments; cells for every unordered pair of two."""

    instruments: tuple[str, ...]
    directives: Mapping[str, int]
    cells: tuple[Cell, ...]

    def cell(self, row: str, column: str) -> Cell | None:
        """Cell of two instruments in either order."""
        for cell in self.cells:
            if {cell.row, cell.column} == {row, column}:
                return cell
        return None


def read_shared(answer: MatrixAnswer, most: int) -> None:
    """Read what the cells of an answer share, the most telling, for all cells of a row at once.

    A cell that is asked then has it at hand.
    """
    rows: dict[int, list[Shared]] = {}
    for cell in answer.cells:
        if cell.shared.row >= 0 and cell.shared.column >= 0:
            rows.setdefault(cell.shared.row, []).append(cell.shared)
    if not rows:
        return
    first = next(iter(rows.values()))[0]
    for name in ("target", "theme", "actor"):
        measure, held = first.measures[name], first.held[name]
        telling = measure.telling
        told = np.ascontiguousarray(held[telling].T)
        for row, cells in rows.items():
            both = told[row] & told[[shared.column for shared in cells]]
            both &= np.cumsum(both, axis=1, dtype=np.int32) <= most
            which, place = np.nonzero(both)
            places = telling[place]
            places = places[np.lexsort((places, which))].tolist()
            ends = np.cumsum(np.bincount(which, minlength=len(cells))).tolist()
            for shared, start, end in zip(cells, [0, *ends], ends, strict=False):
                shared.read[name, most] = tuple([measure.sets.values[p] for p in places[start:end]])


def matrix(
    index: OverlapIndex,
    selection: Selection,
    *,
    dimensions: Mapping[str, float] | None = None,
) -> MatrixAnswer:
    """Overlap of all instruments in the selection, in the order asked for (else by IRI)."""
    weights = dict(dimensions or index.weights.dimensions)
    key = (selection, tuple(sorted(weights.items())))
    return index.kept(
        "matrix",
        key,
        lambda: _figures(index, selection, weights).answer(selection.instruments),
        limit=64,
    )


def _figures(index: OverlapIndex, selection: Selection, weights: Mapping[str, float]) -> _Figures:
    """Figures of a selection; what is said of two instruments stands in those of all."""
    whole = replace(selection, instruments=())
    key = (whole, tuple(sorted(weights.items())))
    if is_finished(index, whole, weights) or not selection.instruments or index.has("figures", key):
        return index.kept("figures", key, lambda: _Figures(index, whole, weights), limit=16)
    return _Figures(index, selection, weights)


class _Figures:
    """All figures of a matrix, as arrays over the instruments of the index."""

    def __init__(
        self, index: OverlapIndex, selection: Selection, weights: Mapping[str, float]
    ) -> None:
        self._instruments, self._measures = index.instruments, index.measures
        self._alignments = index.alignments
        known = totals(index, selection, weights)
        self._held = known.held
        self._sizes: list[int] = known.sizes.tolist()
        self._overlapping, self._closeness = known.overlapping, known.closeness
        # What the finished matrix needs is kept; a part of it is soon looked at whole.
        looked = (
            None if is_finished(index, selection, weights) else looked_at(index, selection, weights)
        )
        if looked is not None:
            self._pairs, self._tops = looked.pairs, looked.tops
        else:
            self._pairs = pair_counts(index, selection, subjects_of(weights))
            self._tops = top_scores(index, selection, weights)
        one, other, _ = index.measures["target"].mapped_pairs
        target = self._held["target"]
        self._aligned = in_common(target[one], target[other])
        self._shared = {name: in_common(held, held) for name, held in self._held.items()}
        self._said = {name: held.sum(axis=0) for name, held in self._held.items()}

    def answer(self, instruments: tuple[str, ...]) -> MatrixAnswer:
        """Matrix of some instruments; of all that have directives where none are named."""
        place = {name: i for i, name in enumerate(self._instruments)}
        names = instruments or tuple(name for name in self._instruments if self._sizes[place[name]])
        return MatrixAnswer(
            names,
            {name: self._sizes[place[name]] if name in place else 0 for name in names},
            tuple(self._cells(names, [place.get(name, -1) for name in names])),
        )

    def _cells(self, names: tuple[str, ...], places: list[int]) -> Iterator[Cell]:
        for a, row in enumerate(names):
            for b in range(a + 1, len(names)):
                yield self._cell((row, names[b]), places[a], places[b])

    def _cell(self, names: tuple[str, str], a: int, b: int) -> Cell:
        shared = Shared(self._measures, self._alignments, self._held, a, b)
        if a < 0 or b < 0:
            sizes = tuple(self._sizes[place] if place >= 0 else 0 for place in (a, b))
            return Cell(
                *names, (sizes[0], sizes[1]), (0, 0), 0, (0, 0, 0, 0), 0.0, 0.0, 0.0, shared
            )
        common = sum(int(self._shared[name][a, b]) for name in ("target", "theme"))
        said = sum(int(self._said[n][a] + self._said[n][b]) for n in ("target", "theme"))
        over = int(self._overlapping[a, b]), int(self._overlapping[b, a])
        close = float(self._closeness[a, b] + self._closeness[b, a])
        return Cell(
            row=names[0],
            column=names[1],
            directives=(self._sizes[a], self._sizes[b]),
            overlapping=over,
            pairs=int(self._pairs[a, b]),
            counts=(
                int(self._shared["target"][a, b]),
                int(self._aligned[a, b]),
                int(self._shared["theme"][a, b]),
                int(self._shared["actor"][a, b]),
            ),
            jaccard=common / (said - common) if said - common else 0.0,
            mean=close / sum(over) if sum(over) else 0.0,
            top=float(self._tops[a, b]),
            shared=shared,
        )
