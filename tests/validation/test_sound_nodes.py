"""Of nodes that are known to break nothing only lasting rules are asked; all are counted."""

from __future__ import annotations

import pytest

from dtrack.validation.compiled import validate_store
from validation.turtle import shapes, store

DATA = """
ex:a a ex:Thing ; ex:q 1 ; ex:next ex:b .
ex:b a ex:Other ; ex:q 2 .
ex:c ex:q 3 ; ex:next ex:d .
ex:d ex:p 4 .
"""
NODES = [f"http://example.org/{name}" for name in "abcd"]
SHAPES = """
ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property [ sh:path ex:r ; sh:minCount 1 ] .
ex:Q a sh:NodeShape ; sh:targetSubjectsOf ex:q ; sh:property ex:QP .
ex:QP a sh:PropertyShape ; sh:path ex:s ; sh:minCount 1 ; sh:severity {subjects} .
ex:N a sh:NodeShape ; sh:targetObjectsOf ex:next ; sh:property ex:NP .
ex:NP a sh:PropertyShape ; sh:path ex:t ; sh:minCount 1 ; sh:severity {objects} .
"""


@pytest.mark.parametrize(
    ("subjects", "objects", "asked"),
    [
        ("sh:Violation", "sh:Violation", set()),
        ("sh:Warning", "sh:Violation", {("a", "QP"), ("b", "QP"), ("c", "QP")}),
        ("sh:Violation", "sh:Warning", {("b", "NP"), ("d", "NP")}),
    ],
)
def test_sound_nodes_are_asked_what_may_warn_and_are_all_counted(
    subjects: str, objects: str, asked: set[tuple[str, str]]
) -> None:
    made = shapes(SHAPES.format(subjects=subjects, objects=objects))
    whole = validate_store(store(DATA), made, NODES)
    again = validate_store(store(DATA), made, NODES, sound=NODES)

    found = {(f.focus[-1], f.shape.removeprefix("http://example.org/")) for f in again.findings}
    assert found == asked
    assert again.focus_nodes == whole.focus_nodes == 4


def test_what_else_targets_a_sound_node_is_looked_for_only_where_no_class_does() -> None:
    made = shapes(SHAPES.format(subjects="sh:Violation", objects="sh:Violation"))
    data = store(DATA)
    validate_store(data, made, NODES, sound=NODES)

    by_property = [query for query in data.asked if "?this ?key ?any" in query]
    assert len(by_property) == 1
    assert NODES[0] not in by_property[0]
    assert all(node in by_property[0] for node in NODES[1:])
