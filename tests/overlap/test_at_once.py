"""What is looked at at once is what is counted, and scored, pair by pair."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtrack.overlap import (
    Corpus,
    OverlapIndex,
    Selection,
    default_weights,
    matrix,
    read_shared,
)
from dtrack.overlap.at_once import looked_at
from dtrack.overlap.counting import groups_of, pair_counts, subjects_of
from dtrack.overlap.scoring import scored
from overlap_corpora import HIERARCHY, corpora, corpus, directive

if TYPE_CHECKING:
    from collections.abc import Mapping

WEIGHTS = st.sampled_from(
    [{}, {"target": 0.0}, {"theme": 0.0, "actor": 2.0}, {"actor": 0.0, "verb": 0.0}, {"period": 0}]
)
SELECTIONS = st.sampled_from(
    [Selection(), Selection(theme="top"), Selection(ended=True, informational=True),
     Selection(target="goal"), Selection(actor="parties", since=2012)]
)  # fmt: skip


def assert_looked_at(
    index: OverlapIndex, selection: Selection, weights: Mapping[str, float]
) -> None:
    """Counts and best scores are those of all pairs, counted and scored one by one."""
    found = looked_at(index, selection, weights)
    assert found is not None
    counts = pair_counts(index, selection, subjects_of(weights))
    groups = groups_of(index, selection)
    for one, first in enumerate(groups):
        for other, second in enumerate(groups):
            if one == other:
                continue
            pairs = np.repeat(first, len(second)), np.tile(second, len(first))
            every = scored(index, *pairs, weights)
            assert found.pairs[one, other] == len(every) == counts[one, other]
            assert found.tops[one, other] == every.scores.max(initial=0.0)


@given(corpora(most=14), SELECTIONS, WEIGHTS)
@settings(max_examples=150, deadline=None)
def test_counts_and_best_scores_are_those_of_all_pairs(
    found: Corpus, selection: Selection, override: dict[str, float]
) -> None:
    index = OverlapIndex.of(found, now=2012)
    assert_looked_at(index, selection, default_weights().override(override).dimensions)


@pytest.mark.parametrize("seed", range(4))
def test_it_is_so_where_many_pairs_are_nearly_as_good(seed: int) -> None:
    dice = random.Random(seed)
    index = OverlapIndex.of(
        corpus(
            *(
                directive(
                    f"p{number}",
                    dice.choice("abcde"),
                    dice.randrange(2000, 2012),
                    target=" ".join(dice.sample(["t1", "t2", "t3", "goal"], dice.randrange(3))),
                    theme=" ".join(dice.sample(["top", "mid", "low"], dice.randrange(1, 3))),
                    actor=" ".join(dice.sample([f"a{n}" for n in range(30)], dice.randrange(4))),
                    verb=dice.choice(["request", "invitation", ""]),
                )
                for number in range(250)
            ),
            ancestors=HIERARCHY,
        )
    )

    for selection in (Selection(), Selection(theme="top"), Selection(target="goal")):
        assert_looked_at(index, selection, default_weights().dimensions)


def test_the_matrix_is_the_same_where_pairs_are_too_many_to_be_looked_at() -> None:
    found = corpus(
        *(
            directive(
                f"p{n}", "abc"[n % 3], 2000 + n, theme=("low", "mid")[n % 2], actor=f"a{n % 4}"
            )
            for n in range(12)
        ),
        directive("apart", "d", theme="other"),
        ancestors=HIERARCHY,
    )
    selection = Selection(theme="top")

    def told() -> list[object]:
        cells = matrix(OverlapIndex.of(found), selection).cells
        return [(c.row, c.column, c.pairs, c.top, c.mean, c.overlapping) for c in cells]

    expected = told()
    with mock.patch("dtrack.overlap.at_once._MOST", 0):
        assert looked_at(OverlapIndex.of(found), selection, default_weights().dimensions) is None
        assert told() == expected
    assert any(cell.pairs and cell.top for cell in matrix(OverlapIndex.of(found), selection).cells)


@given(corpora(most=14), st.sampled_from([0, 1, 2, 10]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_cells_share_is_read_together_as_it_is_one_by_one(
    found: Corpus, most: int, named: bool
) -> None:
    selection = Selection(instruments=("c", "a", "nobody", "b") if named else ())
    apart, together = (matrix(OverlapIndex.of(found), selection) for _ in range(2))
    read_shared(together, most)

    for one, other in zip(apart.cells, together.cells, strict=True):
        assert other.shared_targets(most) == one.shared_targets(most)
        assert other.shared_themes(most) == one.shared_themes(most)
        assert other.shared_actors(most) == one.shared_actors(most)
    held = [
        cell.shared.read for cell in together.cells if cell.shared.row >= 0 <= cell.shared.column
    ]
    assert all(("target", most) in read for read in held)


def test_without_a_weight_on_what_makes_pairs_nothing_is_looked_at() -> None:
    index = OverlapIndex.of(corpus(directive("p", "a", theme="low"), directive("q", "b")))
    weights = {**default_weights().dimensions, "target": 0.0, "theme": 0.0}

    assert looked_at(index, Selection(), weights) is None
