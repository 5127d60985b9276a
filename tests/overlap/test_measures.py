"""Similarity of many pairs of sets is that of each pair alone, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from dtrack.overlap.alignment import Alignments, Link
from dtrack.overlap.similarity import Measure
from dtrack.overlap.value_sets import made


@pytest.mark.parametrize(("most", "size"), [(2, 40), (5, 40), (12, 40), (2, 150)])
def test_pairs_score_the_same_however_many_are_compared(most, size):
    dice = np.random.default_rng(most)
    values = [f"v{number:03}" for number in range(size)]
    sets, _ = made(
        [tuple(dice.choice(values, dice.integers(1, most + 1), replace=False)) for _ in range(600)]
    )
    links = []
    for _ in range(150):
        one, other = dice.choice(values, 2, replace=False)
        weight = float(dice.random())
        links += [Link(one, other, "close", weight), Link(other, one, "close", weight)]
    measure = Measure(sets, dice.random(len(sets.values)), Alignments(links))
    assert np.array_equal(measure.gain, measure.gain.T)
    first, second = dice.integers(0, len(sets), (2, 30_000))

    found = measure.of_pairs(first, second)

    # A few at a time, they are compared in another way.
    few = [measure.of_pairs(first[i : i + 50], second[i : i + 50]) for i in range(0, 30_000, 50)]
    assert np.array_equal(found, np.concatenate(few))
    assert np.array_equal(found, measure.of_pairs(second, first))
    assert len(np.unique(found)) > 1000
    alone = [measure.against(int(number))[second[i]] for i, number in enumerate(first[:200])]
    assert found[:200] == pytest.approx(np.array(alone))


def test_the_closest_two_sets_are_known_where_sets_are_few():
    values = [(f"v{number}", f"v{number + 1}") for number in range(5)]
    measure = Measure(made(values)[0], np.linspace(0.2, 1.0, 6), Alignments([]))
    every = np.array([measure.against(number) for number in range(len(measure.sets))])

    assert measure.closest == pytest.approx(every[~np.eye(len(every), dtype=bool)].max())
    assert 0 < measure.closest < 1

    many = [(f"v{number:03}",) for number in range(150)]
    assert Measure(made(many)[0], np.ones(150), Alignments([])).closest == 1.0
