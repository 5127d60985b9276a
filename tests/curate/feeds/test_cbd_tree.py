"""Decision trees of the CBD: matched node by node, what they publish kept apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import DECISION, DT, PROVISION, published, state_of
from dtrack.curate.feeds import Import
from dtrack.errors import SyntaxProblem
from dtrack.sources.cbd_tree import read_trees
from dtrack.terms import BASE, DCTERMS

Bring = Callable[..., Import]
GRAPH = f"{BASE}/graph/entry/tree/decision-cbd-cop-12-98-"


def node(code: str = "CBD/COP/12/98.01", **more: Any) -> dict[str, Any]:
    """A paragraph in own words that nothing is wrong with."""
    return {
        "_id": "n1", "code": code, "paragraph": "1", "type": "operational",
        "statuses": ["active"], "actors": ["parties", "SBSTTA", "GEF"],
        "html": {"en": "<p>Asks for <b>work</b> &amp; more.</p>"},
    } | more  # fmt: skip


def tree(*nodes: dict[str, Any], code: str = "CBD/COP/12/98") -> dict[str, Any]:
    return {"_id": "d1", "code": code, "treaty": "XXVII8", "body": "COP", "session": 12,
            "decision": 98, "title": {"en": "Made up"}, "nodes": list(nodes)}  # fmt: skip


@pytest.fixture
def bring(bring_file: Bring) -> Bring:
    def act(*trees: dict[str, Any]) -> Import:
        return bring_file("cbd-tree", "trees.json", json.dumps(list(trees)), "tree")

    return act


def rules(found: Import) -> list[str]:
    return sorted(remark.rule for remark in found.harvest.remarks)


def graph_of(home: Path, found: Import) -> str:
    (graph,) = (name for name in found.harvest.graphs if name.startswith(GRAPH))
    return published(home, graph).decode()


def test_nodes_find_their_provisions_and_add_what_they_publish(home: Path, bring: Bring) -> None:
    before = published(home)
    found = bring(tree(node(
        aichiTargets=["AICHI-TARGET-11"], subjects=["CBD-SUBJECT-WETLANDS"],
        decisions=["CBD/COP/12/99"], documents=["UNEP/MADE/UP/1"], notes="Seen.",
    )))  # fmt: skip

    assert rules(found) == []
    assert found.harvest.matched == 2
    assert published(home) == before
    said = graph_of(home, found)
    assert f"<{DT}entryOf> <{DECISION}>" in said
    assert f"<{DT}entryOf> <{PROVISION}>" in said
    assert f"<{DT}statusOf> <{PROVISION}>" in said
    assert "/codes/legal-force/in-force>" in said
    for actor in ("parties", "cbd-sbstta", "gef"):
        assert f"<{DT}addressee> <{BASE}/codes/actor/{actor}>" in said
    assert f"<{DT}tag> <{BASE}/id/target/aichi-11>" in said
    assert f"<{DT}tag> <{BASE}/codes/theme/wetlands>" in said
    assert f"<{DCTERMS}relation> <{BASE}/id/decision/cbd-cop-12-99>" in said
    assert '"html@en=Asks for work & more."' in said
    assert '"documents=UNEP/MADE/UP/1"' in said
    assert "https://www.cbd.int/decisions/cop/12/98" in said
    state = state_of(home)
    again = bring(tree(node(
        aichiTargets=["AICHI-TARGET-11"], subjects=["CBD-SUBJECT-WETLANDS"],
        decisions=["CBD/COP/12/99"], documents=["UNEP/MADE/UP/1"], notes="Seen.",
    )))  # fmt: skip
    assert (again.changed, state_of(home)) == (0, state)


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("contradictory-statuses", {"statuses": ["active", "retired"]}),
        ("letter-case", {"statuses": ["Active"]}),
        ("unknown-code", {"statuses": ["valid"]}),
        ("unknown-code", {"actors": ["parties", "somebody"]}),
        ("letter-case", {"actors": ["Parties"]}),
        ("actor-missing", {"actors": []}),
        ("evidence-missing", {"statuses": ["implemented"]}),
        ("differs-type", {"type": "informational"}),
        ("unknown-target", {"gbfTargets": ["GBF-TARGET-99"]}),
        ("target-younger", {"gbfTargets": ["GBF-TARGET-03"]}),
        ("unknown-subject", {"subjects": ["CBD-SUBJECT-NONE"]}),
        ("unknown-provision", {"paragraph": "7", "code": "CBD/COP/12/98.07"}),
        ("unknown-decision", {"decisions": ["CBD/COP/99/1"]}),
        ("parent-chain", {"code": "CBD/COP/13/01.01"}),
        ("unknown-field", {"mood": "good"}),
    ],
)
def test_each_defect_is_told_with_its_node(bring: Bring, rule: str, change: dict[str, Any]) -> None:
    found = bring(tree(node(**change)))

    (remark,) = found.harvest.remarks
    assert (remark.rule, remark.place) == (rule, "trees.json, decision 1.1")


def test_statuses_that_contradict_are_kept_and_not_asserted(home: Path, bring: Bring) -> None:
    found = bring(tree(node(statuses=["active", "retired", "require-funding"])))

    said = graph_of(home, found)
    assert said.count(f"<{DT}StatusAssertion>") == 1
    assert "/codes/implementation/requires-funding>" in said
    assert '"statuses=active"' in said
    assert '"statuses=retired"' in said


def test_a_node_twice_counts_once(bring: Bring) -> None:
    assert rules(bring(tree(node(), node()))) == ["duplicate-id"]


def test_decision_that_is_not_held_stays_an_entry(home: Path, bring: Bring) -> None:
    found = bring(tree(node("CBD/COP/12/77.01"), code="CBD/COP/12/77"))

    assert rules(found) == ["unknown-decision"]
    (graph,) = (g for g in found.harvest.graphs if "12-77" in g)
    said = published(home, graph).decode()
    assert f"<{DT}entryOf>" not in said
    assert f"<{DCTERMS}isPartOf>" in said


@pytest.mark.parametrize(
    ("node", "number"),
    [
        ({"code": "CBD/COP/12/19.04.03"}, "4.c"),
        ({"code": "CBD/COP/12/19.A04"}, "a.4"),
        ({"code": "CBD/COP/12/19/4.3.2"}, "4.c.2"),
        ({"paragraph": "4", "item": "c", "subitem": "ii"}, "4.c.ii"),
        ({"section": "B", "paragraph": "02"}, "b.2"),
        ({"annex": "I", "paragraph": "1"}, "annex-i.1"),
    ],
)
def test_numbers_are_read_as_our_iris_write_them(node: dict[str, Any], number: str) -> None:
    nodes, _ = read_trees(json.dumps({"code": "CBD/COP/12/19", "nodes": [node]}).encode(), "x")

    assert nodes[1].number == number


@pytest.mark.parametrize("data", [b"", b"[1]", b"{}", b"\xff", b"[" * 100_000, b"3"])
def test_what_is_no_tree_is_refused(data: bytes) -> None:
    with pytest.raises(SyntaxProblem):
        read_trees(data, "x.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*node(), "nodes", "en"]), inner, max_size=6)
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(JSON, JSON)
def test_mangled_trees_give_one_clear_error_at_most(inner: Any, outer: Any) -> None:
    bodies = (outer, tree(inner), tree({"nodes": inner}), tree(node(statuses=inner, html=outer)))
    for body in bodies:
        told = None
        try:
            read_trees(json.dumps(body).encode(), "x.json")
        except SyntaxProblem as error:
            told = error
        assert told is None or told.remedy
