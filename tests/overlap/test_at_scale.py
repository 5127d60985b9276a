"""The ways that only large corpora take give what the short ways give."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtrack.overlap import Corpus, OverlapIndex, Selection, default_weights, matrix
from dtrack.overlap.counting import groups_of
from dtrack.overlap.leaders import _LOSSES, find_leaders
from dtrack.overlap.near_sets import NearTable, near_sets
from dtrack.overlap.ranking import best_pairs
from dtrack.overlap.scoring import scored, scored_with
from overlap_corpora import corpora, corpus, directive

WEIGHTS = st.sampled_from([{}, {"target": 0.0}, {"theme": 0.0, "actor": 2.0}])


@contextmanager
def everything_is_large(most: int = 1_500_000) -> Iterator[None]:
    with (
        mock.patch("dtrack.overlap.near_sets._CHUNK", 3),
        mock.patch("dtrack.overlap.ranking.SMALL", 0),
        mock.patch("dtrack.overlap.ranking._MOST", most),
        mock.patch("dtrack.overlap.counting._FEW", 0),
        mock.patch("dtrack.overlap.counting._MANY", 0),
        mock.patch("dtrack.overlap.leaders._WHOLE", 0),
        mock.patch("dtrack.overlap.at_once._MOST", -1),
    ):
        yield


@given(corpora(most=14), WEIGHTS, st.sampled_from([1, 2, 5, 100]), st.sampled_from([0, 1_000_000]))
@settings(max_examples=80, deadline=None)
def test_best_pairs_are_found_without_scoring_all(
    found: Corpus, override: dict[str, float], wanted: int, most: int
) -> None:
    index = OverlapIndex.of(found, now=2012)
    weights = default_weights().override(override).dimensions
    half = len(index) // 2
    first, second = np.arange(half), np.arange(half, len(index))

    with everything_is_large(most):
        best = best_pairs(index, first, second, weights, wanted)

    one, other = np.repeat(first, len(second)), np.tile(second, len(first))
    every = scored(index, one, other, weights).best()
    shown = min(wanted, len(every))
    assert len(best) >= shown
    assert best.first[:shown].tolist() == every.first[:shown].tolist()
    assert best.second[:shown].tolist() == every.second[:shown].tolist()
    assert best.scores[:shown].tolist() == every.scores[:shown].tolist()


@given(corpora(most=14), st.floats(0.05, 0.99))
@settings(max_examples=60, deadline=None)
def test_near_sets_are_all_that_are_so_similar(found: Corpus, threshold: float) -> None:
    for measure in OverlapIndex.of(found, now=2012).measures.values():
        numbers = np.arange(1, len(measure.sets))
        some = numbers[::2]

        with everything_is_large():
            near = near_sets(measure, threshold, some, numbers, 1_000_000)

        assert near is not None
        pairs = list(zip(some[near.first].tolist(), numbers[near.second].tolist(), strict=True))
        assert len(set(pairs)) == len(pairs)
        for number in some.tolist():
            similar = measure.against(number)
            # What lies on the threshold itself may be there or not.
            surely = {s for s in numbers.tolist() if similar[s] > threshold + 1e-6}
            given_sets = {second for first, second in pairs if first == number}
            assert surely <= given_sets
            assert all(similar[s] >= threshold - 1e-6 for s in given_sets)
        assert near.similar == pytest.approx([measure.against(a)[b] for a, b in pairs])


@given(corpora(most=14), st.floats(0.05, 1.0), st.sampled_from([2, 40, 1_000_000]))
@settings(max_examples=60, deadline=None)
def test_a_table_of_near_sets_tells_what_is_looked_for(
    found: Corpus, threshold: float, most: int
) -> None:
    for measure in OverlapIndex.of(found, now=2012).measures.values():
        numbers = np.arange(len(measure.sets))
        table = NearTable(measure)
        for some, others in ((numbers[::2], numbers), (numbers, numbers[1::3])):
            looked = near_sets(measure, threshold, some, others, most)
            told = table.near(threshold, some, others, most)

            assert (looked is None) == (told is None)
            if looked is not None and told is not None:
                pairs = (
                    sorted(zip(*map(np.ndarray.tolist, n), strict=True)) for n in (looked, told)
                )
                assert next(pairs) == next(pairs)


def test_a_table_is_not_made_where_that_is_dear() -> None:
    measure = OverlapIndex.of(
        corpus(*(directive(name, "x", theme=f"{name} z") for name in "abc"))
    ).measures["theme"]
    numbers = np.arange(1, len(measure.sets))

    with mock.patch("dtrack.overlap.near_sets._MOST_PRODUCTS", 2):
        told = NearTable(measure).near(0.6, numbers, numbers, 1000)
    looked = near_sets(measure, 0.6, numbers, numbers, 1000)
    assert told is not None
    assert looked is not None
    assert told.similar.tolist() == looked.similar.tolist()


def test_near_sets_are_not_looked_for_where_that_is_dear() -> None:
    measure = OverlapIndex.of(
        corpus(*(directive(name, "x", theme=f"{name} z") for name in "abc"))
    ).measures["theme"]
    numbers = np.arange(1, len(measure.sets))

    assert near_sets(measure, 0.5, numbers, numbers, 2) is None
    assert near_sets(measure, 0.0, numbers, numbers, 1000) is None
    assert near_sets(measure, 0.5, numbers, numbers, 1000) is not None


@given(corpora(most=14), WEIGHTS, st.sampled_from([1, 2, 3]))
@settings(max_examples=60, deadline=None)
def test_leaders_are_the_best_pairs_of_every_two_instruments(
    found: Corpus, override: dict[str, float], wanted: int
) -> None:
    index = OverlapIndex.of(found, now=2012)
    weights = default_weights().override(override).dimensions
    groups = groups_of(index, Selection())

    short = find_leaders(index, groups, weights, wanted)
    with everything_is_large():
        long = find_leaders(OverlapIndex.of(found, now=2012), groups, weights, wanted)

    for one, first in enumerate(groups):
        for other, second in enumerate(groups[one + 1 :], one + 1):
            rows, columns = np.repeat(first, len(second)), np.tile(second, len(first))
            every = scored(index, rows, columns, weights).best()
            cell = one * len(groups) + other
            for leaders in (short, long):
                best, floor = leaders.of(cell), leaders.floors[cell]
                size = len(best)
                assert size >= min(wanted, len(every))
                assert best.first.tolist() == every.first[:size].tolist()
                assert best.second.tolist() == every.second[:size].tolist()
                assert best.scores.tolist() == every.scores[:size].tolist()
                assert all(every.scores[size:] <= floor + 1e-9)
                assert floor <= min(best.scores, default=0.0) + 1e-9


@given(corpora(most=14), WEIGHTS, st.sampled_from([1, 2, 3]), st.sampled_from([12, 60, 10_000]))
@settings(max_examples=60, deadline=None)
def test_losses_that_are_looked_at_together_find_what_they_find_one_by_one(
    found: Corpus, override: dict[str, float], wanted: int, most: int
) -> None:
    weights = default_weights().override(override).dimensions
    one_by_one = [(lost,) for losses in _LOSSES for lost in losses]
    given_leaders = []
    for losses in (_LOSSES, one_by_one):
        index = OverlapIndex.of(found, now=2012)
        groups = groups_of(index, Selection())
        with (
            everything_is_large(most),
            mock.patch("dtrack.overlap.leaders._LOSSES", losses),
            mock.patch("dtrack.overlap.leaders.likely_loss", lambda sizes: np.zeros(sizes.shape)),
        ):
            given_leaders.append(find_leaders(index, groups, weights, wanted))

    together, alone = given_leaders
    assert together.starts.tolist() == alone.starts.tolist()
    assert together.floors.tolist() == alone.floors.tolist()
    assert together.bounds.tolist() == alone.bounds.tolist()
    assert together.pairs.codes.tolist() == alone.pairs.codes.tolist()
    assert together.pairs.scores.tolist() == alone.pairs.scores.tolist()


@given(corpora(most=14), WEIGHTS)
@settings(max_examples=30, deadline=None)
def test_matrix_is_the_same_the_long_way(found: Corpus, override: dict[str, float]) -> None:
    weights = default_weights().override(override).dimensions
    short = matrix(OverlapIndex.of(found, now=2012), Selection(), dimensions=weights)

    with everything_is_large():
        long = matrix(OverlapIndex.of(found, now=2012), Selection(), dimensions=weights)

    for one, other in zip(short.cells, long.cells, strict=True):
        assert (one.pairs, one.overlapping) == (other.pairs, other.overlapping)
        assert one.top == other.top


@given(corpora(most=14), st.sampled_from([{"theme": "mid"}, {"since": 2010}, {"ended": True}]))
@settings(max_examples=40, deadline=None)
def test_best_scores_of_a_selection_do_not_depend_on_what_is_known(
    found: Corpus, filters: dict[str, Any]
) -> None:
    selection = Selection(**filters)
    fresh, asked = OverlapIndex.of(found, now=2012), OverlapIndex.of(found, now=2012)
    matrix(asked, Selection())

    with everything_is_large():
        tops = [[c.top for c in matrix(i, selection).cells] for i in (fresh, asked)]

    assert tops[0] == tops[1]


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
