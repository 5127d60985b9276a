"""The ways that only large corpora take give what the short ways give."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtrack.overlap import Corpus, OverlapIndex, Selection, default_weights, matrix
from dtrack.overlap.near_sets import near_sets
from dtrack.overlap.ranking import best_pairs
from dtrack.overlap.scoring import scored, scored_with
from overlap_corpora import corpora

WEIGHTS = st.sampled_from([{}, {"target": 0.0}, {"theme": 0.0, "actor": 2.0}])


@contextmanager
def everything_is_large(near: int = 1_500_000) -> Iterator[None]:
    with (
        mock.patch("dtrack.overlap.near_sets._MOST", near),
        mock.patch("dtrack.overlap.ranking.SMALL", 0),
        mock.patch("dtrack.overlap.counting._FEW", 0),
        mock.patch("dtrack.overlap.tops._WHOLE", 0),
    ):
        yield


@given(corpora(most=14), WEIGHTS, st.sampled_from([1, 2, 5, 100]), st.sampled_from([0, 1_000_000]))
@settings(max_examples=80, deadline=None)
def test_best_pairs_are_found_without_scoring_all(
    found: Corpus, override: dict[str, float], wanted: int, near: int
) -> None:
    index = OverlapIndex.of(found, now=2012)
    weights = default_weights().override(override).dimensions
    half = len(index) // 2
    first, second = np.arange(half), np.arange(half, len(index))

    with everything_is_large(near):
        best = best_pairs(index, first, second, weights, wanted)

    one, other = np.repeat(first, len(second)), np.tile(second, len(first))
    every = scored(index, one, other, weights).best()
    shown = min(wanted, len(every))
    assert len(best) >= shown
    assert best.first[:shown].tolist() == every.first[:shown].tolist()
    assert best.second[:shown].tolist() == every.second[:shown].tolist()
    assert best.scores[:shown].tolist() == every.scores[:shown].tolist()


@given(corpora(most=14), st.floats(0.05, 0.99))
@settings(max_examples=40, deadline=None)
def test_near_sets_are_all_that_are_so_similar(found: Corpus, threshold: float) -> None:
    for measure in OverlapIndex.of(found, now=2012).measures.values():
        near = near_sets(measure, threshold)

        assert near is not None
        for number in range(1, len(measure.sets)):
            similar = measure.against(number)
            # What lies on the threshold itself may be there or not.
            surely = set(np.flatnonzero(similar > threshold + 1e-6)) | {number}
            given_sets = set(near.near[near.starts[number] : near.starts[number + 1]].tolist())
            assert surely <= given_sets
            assert all(similar[s] >= threshold - 1e-6 for s in given_sets - {number})


@given(corpora(most=14), WEIGHTS)
@settings(max_examples=30, deadline=None)
def test_matrix_is_the_same_the_long_way(found: Corpus, override: dict[str, float]) -> None:
    weights = default_weights().override(override).dimensions
    short = matrix(OverlapIndex.of(found, now=2012), Selection(), dimensions=weights)

    with everything_is_large():
        long = matrix(OverlapIndex.of(found, now=2012), Selection(), dimensions=weights)

    for one, other in zip(short.cells, long.cells, strict=True):
        assert (one.pairs, one.overlapping) == (other.pairs, other.overlapping)
        assert one.top == pytest.approx(other.top)


@given(corpora(most=14), WEIGHTS)
@settings(max_examples=30, deadline=None)
def test_one_with_all_scores_like_pairs(found: Corpus, override: dict[str, float]) -> None:
    index = OverlapIndex.of(found, now=2012)
    weights = default_weights().override(override).dimensions
    everyone = np.arange(len(index))

    given_scores = scored_with(index, 0, weights)

    pairs = scored(index, np.zeros_like(everyone), everyone, weights)
    expected = np.zeros(len(index))
    expected[pairs.second] = pairs.scores
    assert given_scores == pytest.approx(expected)
