"""A draft's values are compared as those of a recorded directive are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dtrack.overlap import (
    OverlapIndex,
    Selection,
    Span,
    compare,
    default_weights,
    nearest,
    similar_to,
)
from dtrack.settings import load_settings
from dtrack.terms import BASE
from dtrack.wiring.reading import open_answers

PROVISIONS = [
    f"{BASE}/id/provision/{name}"
    for name in ("cbd-cop-12-19/4.g", "cbd-cop-12-19/6", "ramsar-rec-4-1/b", "cms-res-10-3/7")
]


@pytest.fixture(scope="module")
def index(corpus_home: Path) -> Iterator[OverlapIndex]:
    with open_answers(load_settings({"home": corpus_home}, {})) as answers:
        yield answers.index


@pytest.mark.parametrize("provision", PROVISIONS)
def test_comparison_gives_the_evidence_of_recorded_pairs(index, provision):
    found = nearest(index, provision, Selection(), limit=5)

    assert found
    for pair in found:
        spans = [
            Span(end.start, max(end.start, end.end if end.end is not None else index.now))
            for end in (pair.first, pair.second)
        ]
        compared = compare(
            index, pair.first.values, pair.second.values, tuple(spans),
            default_weights().dimensions,
        )  # fmt: skip
        for ours, theirs in zip(compared, pair.dimensions, strict=True):
            assert ours.similarity == pytest.approx(theirs.similarity, abs=1e-6), ours.name
            assert ours.present == theirs.present
            assert {(v.link.source, v.link.target) for v in ours.shared} == {
                (v.link.source, v.link.target) for v in theirs.shared
            }


@pytest.mark.parametrize("provision", PROVISIONS)
def test_candidates_hold_what_is_nearest_by_subject_of_each_instrument(index, provision):
    (first, *_) = nearest(index, provision, Selection(), limit=1)

    found = similar_to(index, first.first.values, Selection(), limit=500)
    few = similar_to(index, first.first.values, Selection(), limit=2)

    assert provision in found
    assert {pair.second.provision for pair in nearest(index, provision, Selection())} <= {*found}
    assert set(few) <= set(found)
    assert len(few) < len(found)


def test_values_that_nobody_has_give_nothing(index):
    values = {"theme": (f"{BASE}/codes/theme/no-such-theme",)}

    assert similar_to(index, values, Selection()) == ()
