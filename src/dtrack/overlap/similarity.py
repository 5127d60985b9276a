"""Similarity of provisions, dimension by dimension, as sparse matrices.

Information content is Resnik's: ``ic(v) = -ln(n(v) / N) / ln N``, with ``n``
counted over the value and all narrower ones and ``N`` the provisions of the
corpus; it lies between 0 (everybody has it) and 1 (one provision has it).
The similarity of two provisions on a dimension is Lin's, for sets of values::

    sim(A, B) = (sum over a in A of best(a, B) + sum over b in B of best(b, A))
                / (sum of ic over A + sum of ic over B)
    best(a, B) = max over b in B of weight(a, b) * min(ic(a), ic(b))

with ``weight`` 1 for identical values and less for aligned ones (alignment.py).
It is 1 exactly when both have the same values, and 0 when nothing is aligned.
A period is a span of years; its similarity is the span's Jaccard index.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from dtrack.overlap.corpus import VALUE_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dtrack.overlap.alignment import Alignments
    from dtrack.overlap.corpus import Corpus, Directive

Matrix = sparse.csr_array


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a corpus.

    ``similarity[i, j]`` is stored for pairs above 0 only; ``present[i]`` tells
    whether provision i has any value; ``ic`` maps a value to its information content.
    """

    name: str
    similarity: Matrix
    present: NDArray[np.bool_]
    ic: Mapping[str, float]


def information_content(
    directives: Sequence[Directive], dimension: str, ancestors: Mapping[str, frozenset[str]]
) -> dict[str, float]:
    """Information content of every value in use on a dimension, 0 to 1."""
    total = len(directives)
    counts: dict[str, int] = {}
    for directive in directives:
        values = directive.values.get(dimension, ())
        covered = set(values).union(*(ancestors.get(value, ()) for value in values))
        for value in covered:
            counts[value] = counts.get(value, 0) + 1
    if total < 2:
        return dict.fromkeys(counts, 1.0)
    # + 0.0 turns the -0.0 of a value that everybody has into 0.0
    return {value: -math.log(n / total) / math.log(total) + 0.0 for value, n in counts.items()}


def _membership(
    directives: Sequence[Directive], dimension: str, position: Mapping[str, int]
) -> Matrix:
    rows = [i for i, d in enumerate(directives) for _ in d.values.get(dimension, ())]
    columns = [position[v] for d in directives for v in d.values.get(dimension, ())]
    data = np.ones(len(rows))
    return sparse.csr_array((data, (rows, columns)), shape=(len(directives), len(position)))


def _value_weights(
    values: Sequence[str], ic: Mapping[str, float], alignments: Alignments
) -> Matrix:
    """``weight(a, b) * min(ic(a), ic(b))`` for all aligned values in use."""
    position = {value: i for i, value in enumerate(values)}
    rows, columns, data = [], [], []
    for value, i in position.items():
        rows.append(i)
        columns.append(i)
        data.append(ic[value])
        for other, link in alignments.of(value).items():
            if other in position:
                rows.append(i)
                columns.append(position[other])
                data.append(link.weight * min(ic[value], ic[other]))
    return sparse.csr_array((data, (rows, columns)), shape=(len(values), len(values)))


def _best_per_row(membership: Matrix, weights: Matrix) -> Matrix:
    """For each provision and value, the provision's best value for it."""
    dense = weights.toarray()
    best = np.zeros((membership.shape[0], dense.shape[1]))
    for i in range(membership.shape[0]):
        held = membership.indices[membership.indptr[i] : membership.indptr[i + 1]]
        if held.size:
            best[i] = dense[held].max(axis=0)
    return sparse.csr_array(best)


def value_dimension(corpus: Corpus, name: str, alignments: Alignments) -> Dimension:
    """A dimension whose values are concepts."""
    directives = corpus.directives
    ic = information_content(directives, name, corpus.ancestors)
    values = sorted({v for d in directives for v in d.values.get(name, ())})
    position = {value: i for i, value in enumerate(values)}
    membership = _membership(directives, name, position)
    held = np.array([ic[value] for value in values])
    information = membership @ held if values else np.zeros(len(directives))
    best = _best_per_row(membership, _value_weights(values, ic, alignments))
    one_way = best @ membership.T
    shared = sparse.coo_array(one_way + one_way.T)
    total = information[shared.row] + information[shared.col]
    # Values that every provision has carry no information: 0 / 0 means nothing shared.
    data = np.divide(shared.data, total, out=np.zeros_like(shared.data), where=total > 0)
    similarity = sparse.csr_array((data, (shared.row, shared.col)), shape=shared.shape)
    similarity.eliminate_zeros()
    present = np.asarray(membership.sum(axis=1)).ravel() > 0
    return Dimension(name, similarity, present, ic)


def period_matrix(
    directives: Sequence[Directive], rows: NDArray[np.intp], columns: NDArray[np.intp], now: int
) -> NDArray[np.float64]:
    """Jaccard index of two spans of years, for pairs of positions; an open span runs to ``now``."""
    start = np.array([d.start for d in directives])
    end = np.array([max(d.start, d.end if d.end is not None else now) for d in directives])
    common = np.minimum(end[rows], end[columns]) - np.maximum(start[rows], start[columns]) + 1
    span = np.maximum(end[rows], end[columns]) - np.minimum(start[rows], start[columns]) + 1
    similarity: NDArray[np.float64] = np.clip(common, 0, None) / span
    return similarity


def value_dimensions(corpus: Corpus, alignments: Alignments) -> dict[str, Dimension]:
    """All dimensions whose values are concepts, by name."""
    return {name: value_dimension(corpus, name, alignments) for name in VALUE_DIMENSIONS}
