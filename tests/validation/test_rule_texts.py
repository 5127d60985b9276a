"""Every rule says in two languages what to write, how grave it is, and where it is explained."""

from __future__ import annotations

import pytest
from pyshacl import validate as run
from rdflib import RDFS, SH, SKOS, Graph, Literal, URIRef

from validation.examples import FILES, FOLDER, NAMESPACE, files_of_rules

RULES = "https://w3id.org/dtrack/docs/rules#"
OF_THE_DOMAIN = 17


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for file in FILES:
        graph.parse(file)
    return graph


def languages(shapes: Graph, subject: URIRef, predicate: URIRef) -> list[str]:
    return sorted(
        text.language or ""
        for text in shapes.objects(subject, predicate)
        if isinstance(text, Literal)
    )


@pytest.mark.parametrize("rule", sorted(files_of_rules()))
def test_rule_is_complete(rule: str, shapes: Graph) -> None:
    shape = URIRef(NAMESPACE + rule)

    assert languages(shapes, shape, SH.message) == ["en", "zh"]
    assert languages(shapes, shape, SH.name) == ["en", "zh"]
    assert shapes.value(shape, SH.severity) in {SH.Violation, SH.Warning, SH.Info}
    explained = list(shapes.objects(shape, RDFS.seeAlso))
    assert len(explained) == 1
    assert languages(shapes, explained[0], RDFS.label) == ["en", "zh"]
    assert languages(shapes, explained[0], SKOS.definition) == ["en", "zh"]


@pytest.mark.parametrize("rule", sorted(files_of_rules()))
def test_messages_are_sentences_that_differ_by_language(rule: str, shapes: Graph) -> None:
    texts = {
        text.language: str(text)
        for text in shapes.objects(URIRef(NAMESPACE + rule), SH.message)
        if isinstance(text, Literal)
    }

    assert texts["en"].endswith((".", "?"))
    assert texts["zh"].endswith(("。", "？"))
    assert any("\u4e00" <= character <= "\u9fff" for character in texts["zh"])
    assert not any("\u4e00" <= character <= "\u9fff" for character in texts["en"])


def test_every_rule_explained_is_one_that_shapes_point_to(shapes: Graph) -> None:
    explained = {rule for rule in shapes.subjects(SKOS.definition) if str(rule).startswith(RULES)}

    assert len(explained) >= 2 * OF_THE_DOMAIN
    assert explained == set(shapes.objects(None, RDFS.seeAlso))


def test_property_shapes_have_a_path_and_hang_on_a_node_shape(shapes: Graph) -> None:
    for rule in files_of_rules():
        shape = URIRef(NAMESPACE + rule)
        if (shape, SH.path, None) in shapes:
            assert (None, SH.property, shape) in shapes
        else:
            assert (shape, SH.targetSubjectsOf, None) in shapes


def test_shapes_are_well_formed_by_the_shapes_of_shacl() -> None:
    shapes = Graph()
    for file in sorted(FOLDER.glob("*.ttl")):
        shapes.parse(file)

    conforms, _, text = run(Graph(), shacl_graph=shapes, meta_shacl=True)

    assert conforms, text
    assert len(shapes) > 2000
