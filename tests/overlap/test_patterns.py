"""Facets, groups, conflicts, effects and leads, on corpora small enough to count by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings

from dtrack.errors import NotFoundError
from dtrack.overlap import (
    Corpus,
    FrameworkItem,
    OverlapIndex,
    Selection,
    clusters,
    common,
    conflicts,
    duplicates,
    effect,
    facets,
    leads,
    matrix,
)
from overlap_corpora import corpora, corpus, directive, mapping

SAME = {"target": "t1", "actor": "parties", "verb": "request"}


def names(index: OverlapIndex, rows: tuple[int, ...]) -> list[str]:
    return [index.directive(row).provision for row in rows]


def test_facets_count_narrower_values_with_broader_ones() -> None:
    index = OverlapIndex.of(
        corpus(
            directive("p", "cbd", 2014, theme="mangroves wetlands"),
            directive("q", "cbd", 2015, theme="wetlands", actor="parties"),
            replace(directive("r", "cms", 2015, theme="birds"), active=False),
            ancestors={"mangroves": frozenset({"wetlands", "habitats"})},
        )
    )

    found = facets(index, Selection(ended=True))

    assert (found.directives, found.active, found.ended) == (3, 2, 1)
    assert found.instruments == {"cbd": 2, "cms": 1}
    # p has wetlands twice, itself and by mangroves, and counts once
    assert found.values["theme"] == {"wetlands": 2, "birds": 1, "habitats": 1, "mangroves": 1}
    assert found.values["actor"] == {"parties": 1}
    assert found.years == {2014: 1, 2015: 2}
    assert facets(index, Selection()).directives == 2
    assert facets(index, Selection(ended=True, only_ended=True)).instruments == {"cms": 1}


@given(corpora())
@settings(max_examples=40, deadline=None)
def test_facets_agree_with_counting_one_by_one(found: Corpus) -> None:
    index = OverlapIndex.of(found)

    counted = facets(index, Selection()).values

    for dimension, numbers in counted.items():
        for value, number in numbers.items():
            assert number == sum(
                any(
                    v == value or value in found.ancestors.get(v, ())
                    for v in d.values.get(dimension, ())
                )
                for d in found.directives
            )


def test_common_values_leave_out_the_theme_asked_about() -> None:
    index = OverlapIndex.of(
        corpus(
            directive("p", "cbd", theme="training capacity water", actor="parties"),
            directive("q", "cms", theme="capacity water", actor="parties"),
            directive("r", "cites", theme="capacity trade", actor="secretariat"),
            directive("s", "whc", theme="water"),
            ancestors={"training": frozenset({"capacity"})},
        )
    )

    found = common(index, Selection(theme="capacity"))

    assert {(c.dimension, c.value): c.counts for c in found} == {
        ("actor", "parties"): {"cbd": 1, "cms": 1},
        ("theme", "water"): {"cbd": 1, "cms": 1},
    }


def test_duplicates_ask_the_same_of_the_same_at_one_time() -> None:
    index = OverlapIndex.of(
        corpus(
            directive("p", "cbd", 2014, **SAME, theme="a"),
            directive("q", "cms", 2016, **SAME, theme="b"),
            directive("r", "cms", 2016, **{**SAME, "verb": "invitation"}),
            replace(directive("s", "cbd", 2000, target="t2", actor="x", verb="request"), end=2001),
            directive("u", "cms", 2010, target="t2", actor="x", verb="request"),
            directive("v", "cbd", target="t3", actor="x", verb="request"),
            directive("w", "cbd", target="t3", actor="x", verb="request"),
        )
    )

    (group,) = duplicates(index, Selection())

    assert names(index, group.rows) == ["p", "q"]
    assert group.instruments == ("cbd", "cms")
    assert group.values == {"target": ("t1",), "actor": ("parties",), "verb": ("request",)}
    assert duplicates(index, Selection(until=2015)) == ()


def test_clusters_are_shared_by_three_instruments() -> None:
    shared = {"target": "t1", "theme": "a b"}
    index = OverlapIndex.of(
        corpus(
            *(directive(name, name, **shared) for name in ("cbd", "cms", "cites")),
            directive("more", "cbd", **shared),
            directive("p", "whc", target="t1"),
            directive("q", "ramsar", target="t1"),
        )
    )

    (group,) = clusters(index, Selection())

    assert group.instruments == ("cbd", "cites", "cms")
    assert len(group.rows) == 4
    assert len(clusters(index, Selection(), 2)) == 2
    assert clusters(index, Selection(instruments=("cbd", "cms"))) == ()


def test_conflicts_permit_and_restrict_the_same_object_at_one_time() -> None:
    index = OverlapIndex.of(
        corpus(
            replace(directive("p", "cbd", theme="ivory water"), permissive=True),
            replace(directive("q", "cites", theme="ivory"), restrictive=True),
            replace(directive("r", "cbd", theme="ivory"), restrictive=True),
            replace(directive("s", "cms", theme="water", start=2000), restrictive=True, end=2001),
            directive("u", "cms", theme="ivory"),
        )
    )

    (conflict,) = conflicts(index, Selection())

    assert (conflict.dimension, conflict.value) == ("theme", "ivory")
    assert [d.provision for d in conflict.permitting] == ["p"]
    # r is the same instrument's own business; s had ended before p began.
    assert [d.provision for d in conflict.restricting] == ["q"]


def test_withdrawn_mapping_changes_exactly_the_cells_whose_evidence_names_it() -> None:
    link = mapping("t1", "closeMatch", "t2", 0.5)
    other = mapping("t3", "closeMatch", "t4", 0.5)
    index = OverlapIndex.of(
        corpus(
            directive("p", "cbd", target="t1"),
            directive("q", "ramsar", target="t2"),
            directive("r", "cms", target="t3 t2"),
            directive("s", "cites", target="t4"),
            directive("u", "whc", target="t1"),
            mappings=(link, other),
            items={t: FrameworkItem(t, "f", "Target", t, t) for t in ("t1", "t2", "t3", "t4")},
        )
    )

    found = effect(index, link.iri, Selection())

    named = {
        (cell.row, cell.column)
        for cell in matrix(index, Selection()).cells
        if any(link in pair.mappings for pair in cell.aligned_targets())
    }
    assert {(before.row, before.column) for before, _ in found.cells} == named
    assert named == {("cbd", "ramsar"), ("cbd", "cms"), ("cms", "whc"), ("ramsar", "whc")}
    assert all(before.pairs == 1 and after.pairs == 0 for before, after in found.cells)
    assert {(g.target, g.instrument): (g.before, g.after) for g in found.gaps} == {
        ("t1", "ramsar"): ((0, 1), (0, 0)),
        ("t1", "cms"): ((0, 1), (0, 0)),
        ("t2", "cbd"): ((0, 1), (0, 0)),
        ("t2", "whc"): ((0, 1), (0, 0)),
    }
    with pytest.raises(NotFoundError, match="mapping"):
        effect(index, "nowhere", Selection())


def test_lead_is_the_most_active_and_most_specific() -> None:
    index = OverlapIndex.of(
        corpus(
            directive("p", "cbd", target="t1"),
            directive("q", "cbd", target="t1"),
            directive("r", "cbd", target="t2"),
            directive("s", "ramsar", target="t1"),
            items={t: FrameworkItem(t, "f", "Target", t, t) for t in ("t1", "t2", "t3")},
        )
    )

    one, two, three = leads(index, "f", Selection())

    # docs/reference/overlap.md: cbd 2 * 2 / (3 + 3), ramsar 2 * 1 / (3 + 1)
    assert [(c.instrument, c.score) for c in one.candidates] == [
        ("cbd", pytest.approx(2 / 3)),
        ("ramsar", pytest.approx(1 / 2)),
    ]
    assert (one.candidates[0].active, one.candidates[1].specific) == (pytest.approx(2 / 3), 1.0)
    assert math.isclose(two.candidates[0].score, 0.5)
    assert three.candidates == ()


def test_day_takes_what_held_on_it() -> None:
    index = OverlapIndex.of(
        corpus(
            directive("p", "cbd", 2010, theme="a"),
            directive("q", "cms", 2015, theme="a"),
            replace(directive("r", "cites", 2010, theme="a"), active=False),
        )
    )

    def counted(selection: Selection) -> dict[str, int]:
        return facets(index, selection).instruments

    assert counted(Selection(as_of="2012-06-30")) == {"cbd": 1}
    assert counted(Selection(as_of="2012-06-30", ended=True)) == {"cbd": 1, "cites": 1}
    assert counted(Selection(as_of="2016-01-01")) == {"cbd": 1, "cms": 1}
