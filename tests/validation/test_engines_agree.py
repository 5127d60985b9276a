"""The compiled engine reports what the reference reports."""

from __future__ import annotations

import pytest
from rdflib import Graph

from dtrack.validation.compiled import validate_store
from dtrack.validation.reference import validate_graph
from dtrack.validation.shapes import bundled_shapes
from validation.examples import (
    ROOT,
    Example,
    examples,
    files_of_rules,
    key,
    name_of,
    reference_report,
    shapes_in,
    store_of_file,
)
from validation.plain_store import BASE, PlainStore

# Stores lower language tags, so what this rule finds is gone once stored.
GONE_IN_STORAGE = {"ThingShape-languages/fail"}


@pytest.mark.parametrize("example", examples(), ids=name_of)
def test_engines_agree_on_an_example(example: Example) -> None:
    shapes = shapes_in(files_of_rules()[example.rule])

    reference = reference_report(example)
    compiled = validate_store(store_of_file(example.file), shapes)

    assert compiled.by_reference == ()
    assert compiled.focus_nodes == reference.focus_nodes
    found, expected = set(map(key, compiled.findings)), set(map(key, reference.findings))
    if name_of(example) in GONE_IN_STORAGE:
        assert found < expected
    else:
        assert found == expected


def test_engines_agree_on_records_torn_from_the_corpus() -> None:
    """Records without what they point at break hundreds of rules, in ways nobody thought of."""
    files = sorted((ROOT / "data").rglob("*.ttl"))[::45]
    files += [ROOT / "ontology" / "dtrack.ttl", ROOT / "ontology" / "codes" / "kind.ttl"]
    store, graph = PlainStore(), Graph()
    for file in files:
        store.add(file.read_bytes())
        graph.parse(data=file.read_text("utf-8"), format="turtle", publicID=BASE)

    reference = validate_graph(graph, bundled_shapes())
    compiled = validate_store(store, bundled_shapes())

    assert len(reference.findings) > 200
    assert len({finding.shape for finding in reference.findings}) > 20
    assert set(map(key, compiled.findings)) == set(map(key, reference.findings))
    assert compiled.focus_nodes == reference.focus_nodes
