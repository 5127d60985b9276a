"""The questions: which instruments overlap, which provisions, what is next to this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dtrack.errors import NotFoundError
from dtrack.overlap.evidence import Overlap, explain
from dtrack.overlap.selection import Selection, select

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dtrack.overlap.alignment import Link
    from dtrack.overlap.corpus import Directive
    from dtrack.overlap.index import OverlapIndex


@dataclass(frozen=True, slots=True)
class Cell:
    """Two instruments, row before column as asked.

    ``directives``: how many each side has in the selection; ``overlapping``:
    how many of them have a counterpart on the other side. Values are IRIs held
    on both sides; ``aligned_targets`` are links between two different targets by mappings.
    ``jaccard`` is over the targets and themes held; ``mean`` is the mean, over
    the overlapping directives of both sides, of each one's best score;
    ``top`` the best score of all. Scores lie between 0 and 1.
    """

    row: str
    column: str
    directives: tuple[int, int]
    overlapping: tuple[int, int]
    pairs: int
    shared_targets: tuple[str, ...]
    aligned_targets: tuple[Link, ...]
    shared_themes: tuple[str, ...]
    shared_actors: tuple[str, ...]
    jaccard: float
    mean: float
    top: float


@dataclass(frozen=True, slots=True)
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


def count(index: OverlapIndex, selection: Selection) -> dict[str, int]:
    """Directives of each instrument in a selection; those asked for are there even with 0."""
    chosen = select(selection, index.corpus, index.alignments)
    counted = dict.fromkeys(selection.instruments, 0)
    for i in np.flatnonzero(chosen):
        name = index.corpus.directives[i].instrument
        counted[name] = counted.get(name, 0) + 1
    return counted if selection.instruments else dict(sorted(counted.items()))


def _held(directives: Sequence[Directive], dimension: str) -> set[str]:
    return {value for d in directives for value in d.values.get(dimension, ())}


def _aligned(index: OverlapIndex, first: set[str], second: set[str]) -> tuple[Link, ...]:
    return tuple(
        link
        for value in sorted(first)
        for other, link in sorted(index.alignments.of(value).items())
        if link.mappings and other in second
    )


def _chosen_pairs(
    index: OverlapIndex, chosen: NDArray[np.bool_], dimensions: Mapping[str, float]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Positions and scores of the pairs with both ends chosen and a score above 0."""
    pairs = index.pairs
    kept = np.flatnonzero(chosen[pairs.first] & chosen[pairs.second])
    scores = pairs.scores(dimensions)[kept]
    subject = _subject_similarity(index, dimensions)[kept]
    return kept[subject > 0], scores[subject > 0]


def _subject_similarity(
    index: OverlapIndex, dimensions: Mapping[str, float]
) -> NDArray[np.float64]:
    """Similarity on what a pair is about; 0 where the weights leave no subject."""
    columns = [i for i, name in enumerate(("target", "theme")) if dimensions[name] > 0]
    found: NDArray[np.float64] = index.pairs.similarity[:, columns].sum(axis=1)
    return found


def _best(ends: NDArray[np.intp], scores: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    best = np.zeros(size)
    np.maximum.at(best, ends, scores)
    return best


def matrix(
    index: OverlapIndex,
    selection: Selection,
    *,
    dimensions: Mapping[str, float] | None = None,
) -> MatrixAnswer:
    """Overlap of all instruments in the selection, in the order asked for (else by IRI)."""
    weights = dict(dimensions or index.weights.dimensions)
    chosen = select(selection, index.corpus, index.alignments)
    directives = index.corpus.directives
    by_instrument: dict[str, list[int]] = {name: [] for name in selection.instruments}
    for i in np.flatnonzero(chosen):
        by_instrument.setdefault(directives[i].instrument, []).append(int(i))
    instruments = selection.instruments or tuple(sorted(by_instrument))
    number = {name: k for k, name in enumerate(instruments)}
    owner = np.array([number.get(d.instrument, -1) for d in directives], dtype=np.intp)
    kept, scores = _chosen_pairs(index, chosen, weights)
    first, second = index.pairs.first[kept], index.pairs.second[kept]
    cells = []
    for a, row in enumerate(instruments):
        for b in range(a + 1, len(instruments)):
            forward = (owner[first] == a) & (owner[second] == b)
            backward = (owner[first] == b) & (owner[second] == a)
            here = forward | backward
            mine = np.where(forward, first, second)[here]
            theirs = np.where(forward, second, first)[here]
            cells.append(
                _cell(
                    index,
                    (row, instruments[b]),
                    (by_instrument[row], by_instrument[instruments[b]]),
                    (mine, theirs, scores[here]),
                )
            )
    return MatrixAnswer(
        instruments, {name: len(by_instrument[name]) for name in instruments}, tuple(cells)
    )


def _cell(
    index: OverlapIndex,
    names: tuple[str, str],
    members: tuple[list[int], list[int]],
    scored: tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]],
) -> Cell:
    mine, theirs, scores = scored
    sides = [[index.corpus.directives[i] for i in side] for side in members]
    targets = [_held(side, "target") for side in sides]
    themes = [_held(side, "theme") for side in sides]
    actors = [_held(side, "actor") for side in sides]
    union = len(targets[0] | targets[1]) + len(themes[0] | themes[1])
    common = len(targets[0] & targets[1]) + len(themes[0] & themes[1])
    size = len(index.corpus.directives)
    best = np.concatenate(
        [side[side > 0] for side in (_best(mine, scores, size), _best(theirs, scores, size))]
    )
    return Cell(
        row=names[0],
        column=names[1],
        directives=(len(members[0]), len(members[1])),
        overlapping=(len(np.unique(mine)), len(np.unique(theirs))),
        pairs=len(scores),
        shared_targets=tuple(sorted(targets[0] & targets[1])),
        aligned_targets=_aligned(index, *targets),
        shared_themes=tuple(sorted(themes[0] & themes[1])),
        shared_actors=tuple(sorted(actors[0] & actors[1])),
        jaccard=common / union if union else 0.0,
        mean=float(best.mean()) if best.size else 0.0,
        top=float(scores.max()) if scores.size else 0.0,
    )


def between(
    index: OverlapIndex,
    row: str,
    column: str,
    selection: Selection,
    *,
    dimensions: Mapping[str, float] | None = None,
    limit: int = 20,
    offset: int = 0,
) -> tuple[int, tuple[Overlap, ...]]:
    """Overlapping pairs of two instruments: how many there are, and a page, best first."""
    weights = dict(dimensions or index.weights.dimensions)
    chosen = select(selection, index.corpus, index.alignments)
    kept, scores = _chosen_pairs(index, chosen, weights)
    owner = np.array([d.instrument for d in index.corpus.directives])
    ends = owner[index.pairs.first[kept]], owner[index.pairs.second[kept]]
    forward = (ends[0] == row) & (ends[1] == column)
    here = forward | ((ends[0] == column) & (ends[1] == row))
    kept, scores, forward = kept[here], scores[here], forward[here]
    # Ties in score go by place in the corpus, so that pages never shift.
    order = np.lexsort((kept, -scores))
    page = order[offset : offset + limit]
    return len(kept), tuple(
        explain(index, int(kept[k]), float(scores[k]), swap=not forward[k]) for k in page
    )


def nearest(
    index: OverlapIndex,
    provision: str,
    selection: Selection,
    *,
    dimensions: Mapping[str, float] | None = None,
    limit: int = 20,
) -> tuple[Overlap, ...]:
    """Directives anywhere that overlap with one, best first.

    Raises NotFoundError when the provision is unknown or has no directive.
    """
    if provision not in index.position:
        raise NotFoundError(
            f"No operative provision with a directive has the IRI <{provision}>.",
            remedy="Find its IRI with `dtrack resolve` or the query decision_outline.",
        )
    here = index.position[provision]
    chosen = select(selection, index.corpus, index.alignments)
    chosen[here] = True
    kept, scores = _chosen_pairs(index, chosen, dict(dimensions or index.weights.dimensions))
    mine = (index.pairs.first[kept] == here) | (index.pairs.second[kept] == here)
    kept, scores = kept[mine], scores[mine]
    order = np.lexsort((kept, -scores))[:limit]
    return tuple(
        explain(
            index, int(kept[k]), float(scores[k]), swap=int(index.pairs.second[kept[k]]) == here
        )
        for k in order
    )
