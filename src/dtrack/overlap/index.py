"""Scored pairs of directives, ready for every question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from dtrack.overlap.alignment import align
from dtrack.overlap.similarity import period_matrix, value_dimensions
from dtrack.overlap.weights import DIMENSIONS, SUBJECT_DIMENSIONS, Weights, default_weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from dtrack.overlap.alignment import Alignments
    from dtrack.overlap.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of directives that share a subject: each unordered pair once, ``first < second``.

    ``similarity`` and ``present`` have one column per name in DIMENSIONS.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    similarity: NDArray[np.float64]
    present: NDArray[np.bool_]

    def scores(self, dimensions: Mapping[str, float]) -> NDArray[np.float64]:
        """Weighted mean over the dimensions present on both sides, 0 to 1."""
        weights = np.array([dimensions[name] for name in DIMENSIONS])
        held = self.present * weights
        total = held.sum(axis=1)
        summed = (held * self.similarity).sum(axis=1)
        scores: NDArray[np.float64] = np.divide(
            summed, total, out=np.zeros_like(summed), where=total > 0
        )
        return scores

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.first)


class OverlapIndex:
    """A corpus with its alignments, information content and scored pairs.

    ``now`` is the year to which open periods run; by default the year of the
    newest text, so that the same corpus always gives the same index.
    """

    def __init__(
        self,
        corpus: Corpus,
        *,
        weights: Weights | None = None,
        now: int | None = None,
        without: frozenset[str] = frozenset(),
    ) -> None:
        self.corpus = corpus
        self.weights = weights or default_weights()
        self.now = now or max((d.start for d in corpus.directives), default=1)
        self.alignments: Alignments = align(corpus, self.weights, without=without)
        self.dimensions = value_dimensions(corpus, self.alignments)
        self.pairs = self._pairs()
        self.position = {d.provision: i for i, d in enumerate(corpus.directives)}

    def _pairs(self) -> Pairs:
        size = len(self.corpus.directives)
        shared = sparse.csr_array((size, size))
        for name in SUBJECT_DIMENSIONS:
            shared = shared + self.dimensions[name].similarity
        upper = sparse.coo_array(sparse.triu(shared, k=1))
        order = np.lexsort((upper.col, upper.row))
        first = upper.row[order].astype(np.intp)
        second = upper.col[order].astype(np.intp)
        similarity, present = [], []
        for name in DIMENSIONS:
            if name == "period":
                similarity.append(period_matrix(self.corpus.directives, first, second, self.now))
                present.append(np.ones(len(first), dtype=np.bool_))
            else:
                dimension = self.dimensions[name]
                found = dimension.similarity[first, second] if len(first) else np.zeros(0)
                similarity.append(np.asarray(found, dtype=np.float64).ravel())
                present.append(dimension.present[first] & dimension.present[second])
        return Pairs(first, second, np.column_stack(similarity), np.column_stack(present))

    def ic(self, dimension: str, value: str) -> float:
        """Information content of a value, 1 for one that nobody has."""
        return self.dimensions[dimension].ic.get(value, 1.0)
