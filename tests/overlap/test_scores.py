"""Scores: worked examples by hand, and the index against the reference on random corpora."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtrack.errors import NotFoundError, ParameterError
from dtrack.overlap import (
    Corpus,
    Directive,
    FrameworkItem,
    MappingRecord,
    OverlapIndex,
    Selection,
    between,
    default_weights,
    gaps,
    matrix,
    nearest,
    serving,
)
from overlap_corpora import corpora, corpus, directive, mapping
from reference_overlap import closeness
from reference_overlap import score as reference_score

# Four provisions, so ln N = ln 4: a value that one of them has weighs 1, that two have 0.5.
FOUR = corpus(
    directive("p", "cbd", target="t1", theme="wetlands"),
    directive("q", "ramsar", target="t2", theme="wetlands"),
    directive("r", "cms", theme="birds"),
    directive("s", "cites", theme="trade"),
    mappings=(mapping("t1", "closeMatch", "t2", 0.5),),
)


def test_worked_example_of_the_documentation() -> None:
    """docs/reference/overlap.md, "An example by hand"."""
    index = OverlapIndex.of(FOUR, now=2014)

    total, pairs = between(index, "cbd", "ramsar", Selection())

    # target: weight 0.8 * 0.5 = 0.4, ic 1 on both sides: (0.4 + 0.4) / (1 + 1) = 0.4
    # theme: identical: 1; period: the same year: 1; no actor, no verb.
    expected = (0.45 * 0.4 + 0.25 * 1 + 0.05 * 1) / (0.45 + 0.25 + 0.05)
    assert total == 1
    assert pairs[0].score == pytest.approx(expected)
    shared = {d.name: d.shared for d in pairs[0].dimensions}
    assert shared["target"][0].link.relation == "closeMatch"
    assert shared["target"][0].link.weight == pytest.approx(0.4)
    assert [m.author for m in shared["target"][0].link.mappings] == ["A mapper"]
    assert shared["theme"][0].ic == pytest.approx(0.5)
    assert [d.present for d in pairs[0].dimensions] == [True, True, False, False, True]


def test_value_that_everybody_has_says_nothing() -> None:
    index = OverlapIndex.of(corpus(directive("p", "a", theme="x"), directive("q", "b", theme="x")))

    assert between(index, "a", "b", Selection()) == (0, ())


def test_narrower_value_counts_half() -> None:
    index = OverlapIndex.of(
        corpus(
            directive("p", "a", theme="mangroves"),
            directive("q", "b", theme="wetlands"),
            directive("r", "c", theme="birds"),
            directive("s", "d", theme="trade"),
            ancestors={"mangroves": frozenset({"wetlands"})},
        ),
        now=2014,
    )

    _, (pair,) = between(index, "a", "b", Selection())

    # ic(mangroves) = 1, ic(wetlands) = 0.5 (two have it or a narrower one):
    # (0.5 * 0.5 + 0.5 * 0.5) / (1 + 0.5) = 1/3
    theme = next(d for d in pair.dimensions if d.name == "theme")
    assert theme.similarity == pytest.approx(1 / 3)
    assert theme.shared[0].link.relation == "broader"
    _, (turned,) = between(index, "b", "a", Selection())
    assert turned.first.provision == "q"
    theme = next(d for d in turned.dimensions if d.name == "theme")
    assert theme.shared[0].link.relation == "narrower"


def test_withdrawn_mapping_takes_its_evidence_with_it() -> None:
    index = OverlapIndex.of(FOUR, now=2014, without=frozenset({FOUR.mappings[0].iri}))

    _, (pair,) = between(index, "cbd", "ramsar", Selection())

    target = next(d for d in pair.dimensions if d.name == "target")
    assert (target.similarity, target.shared) == (0.0, ())


def test_mapping_reads_right_from_both_sides() -> None:
    index = OverlapIndex.of(
        corpus(
            directive("p", "a", target="old"),
            directive("q", "b", target="new"),
            directive("r", "c", target="other"),
            mappings=(
                MappingRecord(
                    "m", "old", "https://w3id.org/dtrack/ontology#succeededBy", "new",
                    "A mapper", 0.5, "semapv:ManualMappingCuration", "unreviewed",
                ),
            ),
        )
    )  # fmt: skip

    relations = {
        sides: between(index, *sides, Selection())[1][0].dimensions[0].shared[0].link
        for sides in (("a", "b"), ("b", "a"))
    }

    assert relations["a", "b"].relation == "succeededBy"
    assert relations["b", "a"].relation == "succeeds"
    assert {link.weight for link in relations.values()} == {0.6 * 0.5}


def test_pages_follow_on_from_each_other() -> None:
    many = corpus(
        *(directive(f"p{i}", "a", theme=f"x t{i}") for i in range(5)),
        *(directive(f"q{i}", "b", theme=f"x t{i}") for i in range(5)),
        directive("r", "c", theme="z"),
    )
    index = OverlapIndex.of(many)

    total, whole = between(index, "a", "b", Selection(), limit=100)
    pages = [between(index, "a", "b", Selection(), limit=7, offset=k)[1] for k in (0, 7, 14, 21)]

    assert total == len(whole) == 25
    assert [pair for page in pages for pair in page] == list(whole)
    assert [pair.score for pair in whole] == sorted((p.score for p in whole), reverse=True)


@pytest.mark.parametrize(
    ("selection", "left"),
    [
        (Selection(), {"cbd", "ramsar", "cms"}),
        (Selection(instruments=("cms", "cbd")), {"cms", "cbd"}),
        (Selection(theme="wetlands"), {"cbd", "ramsar"}),
        (Selection(theme="habitats"), {"cbd", "ramsar"}),
        (Selection(actor="parties"), {"cbd", "cms"}),
        (Selection(since=2015), {"ramsar", "cms"}),
        (Selection(until=2014), {"cbd"}),
        (Selection(ended=True), {"cbd", "ramsar", "cms", "cites"}),
        (Selection(informational=True), {"cbd", "ramsar", "cms", "whc"}),
        (Selection(framework="aichi"), {"cbd", "cms"}),
    ],
)
def test_selection_keeps_what_it_names(selection: Selection, left: set[str]) -> None:
    directives = (
        directive("p", "cbd", 2014, theme="mangroves", actor="parties", target="aichi-14"),
        directive("q", "ramsar", 2015, theme="wetlands"),
        directive("r", "cms", 2016, theme="birds", actor="developed-parties", target="gbf-11"),
        Directive("s", "ts", "cites", 2016, None, True, False, {"theme": ("trade",)}),
        Directive("u", "tu", "whc", 2016, None, False, True, {"theme": ("heritage",)}),
    )
    index = OverlapIndex.of(
        corpus(
            *directives,
            mappings=(mapping("gbf-11", "relatedMatch", "aichi-14"),),
            ancestors={
                "mangroves": frozenset({"wetlands", "habitats"}),
                "wetlands": frozenset({"habitats"}),
                "developed-parties": frozenset({"parties"}),
            },
            items={"aichi-14": FrameworkItem("aichi-14", "aichi", "Target", "14", "services")},
        )
    )

    answer = matrix(index, selection)

    assert {name for name, count in answer.directives.items() if count} == left


def test_matrix_cell_counts_what_both_sides_hold() -> None:
    index = OverlapIndex.of(FOUR, now=2014)

    answer = matrix(index, Selection(instruments=("ramsar", "cbd", "cms")))
    cell = answer.cell("cbd", "ramsar")

    assert answer.instruments == ("ramsar", "cbd", "cms")
    assert len(answer.cells) == 3
    assert cell is not None
    assert (cell.row, cell.column) == ("ramsar", "cbd")
    assert (cell.directives, cell.overlapping, cell.pairs) == ((1, 1), (1, 1), 1)
    assert cell.shared_targets() == ()
    assert [(link.source, link.target) for link in cell.aligned_targets()] == [("t2", "t1")]
    assert [m.author for m in cell.aligned_targets()[0].mappings] == ["A mapper"]
    assert cell.shared_themes() == ("wetlands",)
    assert cell.jaccard == pytest.approx(1 / 3)
    assert cell.mean == cell.top > 0
    empty = answer.cell("cms", "cbd")
    assert empty is not None
    assert (empty.pairs, empty.mean, empty.top) == (0, 0.0, 0.0)


def test_weights_of_one_request_change_the_score_and_the_subject() -> None:
    index = OverlapIndex.of(FOUR, now=2014)
    only_target = default_weights().override({"theme": 0, "period": 0}).dimensions

    _, (pair,) = between(index, "cbd", "ramsar", Selection(), dimensions=only_target)

    assert pair.score == pytest.approx(0.4)


@pytest.mark.parametrize(
    "override", [{"colour": 1.0}, {"target": -1.0}, {"target": math.inf}, {"target": 0, "theme": 0}]
)
def test_impossible_weights_are_refused(override: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        default_weights().override(override)


GAPS = OverlapIndex.of(
    corpus(
        directive("p", "cbd", target="aichi-5"),
        directive("q", "ramsar", target="gbf-1"),
        directive("r", "cms", target="aichi-B"),
        mappings=(mapping("gbf-1", "relatedMatch", "aichi-10"),),
        ancestors={f"aichi-{n}": frozenset({"aichi-B"}) for n in (5, 9, 10)},
        items={
            **{
                f"aichi-{n}": FrameworkItem(f"aichi-{n}", "aichi", "Target", f"Target {n}", "")
                for n in (10, 9, 5)
            },
            "aichi-B": FrameworkItem("aichi-B", "aichi", "Goal", "Goal B", ""),
        },
    )
)


def test_gaps_tell_direct_from_mapped_and_list_what_nobody_serves() -> None:
    answer = gaps(GAPS, "aichi", Selection())

    assert [t.iri for t in answer.targets] == ["aichi-5", "aichi-9", "aichi-10"]
    assert answer.cells == {("aichi-5", "cbd"): (1, 0), ("aichi-10", "ramsar"): (0, 1)}
    # A provision on the whole goal B is no evidence for its target 9.
    assert [t.iri for t in answer.empty] == ["aichi-9"]
    assert [t.iri for t in answer.missing("cbd")] == ["aichi-9", "aichi-10"]


def test_goal_is_served_through_its_targets() -> None:
    reached = serving(GAPS, "aichi-B", Selection())

    assert {(r.directive.instrument, r.link.relation) for r in reached} == {
        ("cms", "same"),
        ("cbd", "broader"),
    }


def test_unknown_framework_and_provision_are_refused() -> None:
    with pytest.raises(NotFoundError, match="No targets are recorded"):
        gaps(GAPS, "nowhere", Selection())
    with pytest.raises(NotFoundError, match="resolve"):
        nearest(GAPS, "nowhere", Selection())


@given(corpora(), st.sampled_from([{}, {"target": 0.0}, {"theme": 0.0, "actor": 2.0}]))
@settings(max_examples=150, deadline=None)
def test_index_agrees_with_the_reference(found: Corpus, override: dict[str, float]) -> None:
    weights = default_weights().override(override)
    index = OverlapIndex.of(found, now=2012)
    expected = {
        frozenset((p.provision, q.provision)): value
        for i, p in enumerate(found.directives)
        for q in found.directives[i + 1 :]
        if p.instrument != q.instrument
        and (value := reference_score(found, weights, 2012, p, q)) > 1e-12
    }

    given_scores = {}
    for row, column in (("a", "b"), ("a", "c"), ("b", "c")):
        total, pairs = between(
            index, row, column, Selection(), dimensions=weights.dimensions, limit=100
        )
        assert total == len(pairs)
        for pair in pairs:
            assert pair.first.instrument == row
            given_scores[frozenset((pair.first.provision, pair.second.provision))] = pair.score

    assert given_scores.keys() == expected.keys()
    for names, value in expected.items():
        assert given_scores[names] == pytest.approx(value)


@given(corpora())
@settings(max_examples=60, deadline=None)
def test_matrix_sums_up_the_pairs(found: Corpus) -> None:
    index = OverlapIndex.of(found, now=2012)

    for cell in matrix(index, Selection()).cells:
        total, pairs = between(index, cell.row, cell.column, Selection(), limit=1000)
        assert cell.pairs == total
        assert cell.top == pytest.approx(max((p.score for p in pairs), default=0.0))
        assert cell.overlapping == (
            len({p.first.provision for p in pairs}),
            len({p.second.provision for p in pairs}),
        )
        sides = [
            [d for d in found.directives if d.instrument == name]
            for name in (cell.row, cell.column)
        ]
        meeting = [{p.first.provision for p in pairs}, {p.second.provision for p in pairs}]
        close = [
            closeness(found, default_weights(), 2012, d, sides[1 - side])
            for side in (0, 1)
            for d in sides[side]
            if d.provision in meeting[side]
        ]
        assert cell.mean == pytest.approx(sum(close) / len(close) if close else 0.0)


@given(corpora())
@settings(max_examples=60, deadline=None)
def test_nearest_gives_the_best_pairs_of_one_provision(found: Corpus) -> None:
    index = OverlapIndex.of(found, now=2012)
    first = found.directives[0]

    near = nearest(index, first.provision, Selection(), limit=100)

    expected = sorted(
        (
            value
            for other in found.directives[1:]
            if (value := reference_score(found, default_weights(), 2012, first, other)) > 1e-12
        ),
        reverse=True,
    )
    assert all(pair.first == first for pair in near)
    assert [pair.score for pair in near] == pytest.approx(expected)
