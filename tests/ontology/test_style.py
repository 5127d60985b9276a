"""The house rules for our ontology: kept by it, and each able to report."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef

DT = Namespace("https://w3id.org/dtrack/ontology#")
RULE = "https://w3id.org/dtrack/shapes#"

# One faulty block for each rule: what is taken from the good ontology, and what is put there.
BREAKS = {
    "OntologyShape-title-en": ("delete", 'dcterms:title "Decision tracker vocabulary"@en'),
    "OntologyShape-title-zh": ("insert", '<{o}> dcterms:title "词汇"@zh'),
    "OntologyShape-description-en": ("insert", '<{o}> dcterms:description "Another."@en'),
    "OntologyShape-creator": ("delete", "dcterms:creator ?x"),
    "OntologyShape-created": ("insert", '<{o}> dcterms:created "yesterday"'),
    "OntologyShape-license": ("insert", '<{o}> dcterms:license "CC BY"'),
    "OntologyShape-versionIRI": ("delete", "owl:versionIRI ?x"),
    "OntologyShape-versionInfo": ("insert", '<{o}> owl:versionInfo "1.0"'),
    "OntologyShape-imports": ("insert", "<{o}> owl:imports <http://example.org/other>"),
    "TermShape-type": ("insert", "dt:adopted a owl:ObjectProperty"),
    "TermShape-label-en": ("insert", 'dt:Decision rdfs:label "ruling"@en'),
    "TermShape-label-zh": ("delete", 'dt:Decision rdfs:label "决定"@zh'),
    "TermShape-label": ("insert", 'dt:Decision rdfs:label "décision"@fr'),
    "TermShape-definition-en": ("insert", 'dt:Decision skos:definition "Another one."@en'),
    "TermShape-definition-zh": ("insert", 'dt:Decision skos:definition "又一个。"@zh'),
    "TermShape-definition": ("insert", 'dt:Decision skos:definition "No stop"@fr'),
    "TermShape-example": ("delete", "dt:Decision skos:example ?x"),
    "TermShape-texts": ("insert", 'dt:Decision skos:scopeNote "In which language?"'),
    "TermShape-isDefinedBy": ("insert", "dt:Decision rdfs:isDefinedBy <http://example.org/>"),
    "TermShape-comment": ("insert", 'dt:Decision rdfs:comment "A text."@en'),
    "DeprecatedTermShape-isReplacedBy": ("insert", "dt:Decision owl:deprecated true"),
    "OwnTermShape": ("insert", "dt:Undescribed a owl:Class"),
    "ClassNameShape": ("insert", "dt:lower_case a owl:Class ; rdfs:isDefinedBy <{o}>"),
    "PropertyNameShape": ("insert", "dt:Upper a owl:ObjectProperty ; rdfs:isDefinedBy <{o}>"),
    "PropertySubjectShape": ("insert", "dt:loose a owl:ObjectProperty ; rdfs:isDefinedBy <{o}>"),
    "PropertyValueShape": ("insert", "dt:loose a owl:DatatypeProperty ; rdfs:domain dt:Text"),
    "ForeignTermShape": ("insert", "skos:Concept rdfs:subClassOf dt:Theme"),
}
PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dt: <https://w3id.org/dtrack/ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


@pytest.fixture(scope="module")
def shapes(root: Path) -> Graph:
    return Graph().parse(root / "shapes" / "ontology-style.ttl")


@pytest.fixture(scope="module")
def excerpt(ontology: Graph) -> Graph:
    """The header and a few terms, enough to break every rule on."""
    terms = (DT.Decision, DT.adopted, DT.AdoptedText, DT.Text, DT.Paragraph, DT.Point, SKOS.Concept)
    header = next(ontology.subjects(RDF.type, OWL.Ontology))
    part = Graph()
    for subject in (header, *terms):
        for triple in ontology.triples((subject, None, None)):
            part.add(triple)
    return part


def test_excerpt_keeps_the_house_rules(excerpt: Graph, shapes: Graph) -> None:
    assert len(excerpt) > 50
    assert reported(excerpt, shapes) == set()


@pytest.fixture(scope="module")
def merged(ontology: Graph, alignments: dict[str, Graph]) -> Graph:
    everything = Graph()
    for graph in (ontology, *alignments.values()):
        everything += graph
    return everything


def rules(shapes: Graph) -> set[str]:
    """Named shapes that can report: all property shapes, and node shapes with a message."""
    named = set(shapes.subjects(RDF.type, SH.PropertyShape)) | set(shapes.subjects(SH.message))
    return {str(shape).removeprefix(RULE) for shape in named if isinstance(shape, URIRef)}


def reported(data: Graph, shapes: Graph) -> set[str]:
    _, results, _ = validate(data, shacl_graph=shapes, inference="none")
    assert isinstance(results, Graph)
    return {str(s).removeprefix(RULE) for s in results.objects(None, SH.sourceShape)}


def test_shapes_are_well_formed(shapes: Graph) -> None:
    conforms, _, text = validate(Graph(), shacl_graph=shapes, meta_shacl=True)

    assert conforms, text


def test_ontology_and_alignments_keep_the_house_rules(merged: Graph, shapes: Graph) -> None:
    conforms, _, text = validate(merged, shacl_graph=shapes, inference="none")

    assert conforms, text


@pytest.mark.parametrize(
    ("target", "at_least"),
    [(SH.targetClass, 300), (SH.targetSubjectsOf, 200)],
)
def test_rules_visit_the_terms(merged: Graph, shapes: Graph, target: URIRef, at_least: int) -> None:
    wanted = set(shapes.objects(None, target))
    if target == SH.targetClass:
        visited = {s for kind in wanted for s in merged.subjects(RDF.type, kind)}
    else:
        visited = {s for name in wanted for s in merged.subjects(name)}

    assert len({node for node in visited if not isinstance(node, BNode)}) >= at_least


def test_every_header_is_visited(merged: Graph, alignments: dict[str, Graph]) -> None:
    assert len(set(merged.subjects(RDF.type, OWL.Ontology))) == 1 + len(alignments) >= 9


def test_every_rule_speaks_english_and_chinese_and_has_a_severity(shapes: Graph) -> None:
    for rule in rules(shapes):
        messages = list(shapes.objects(URIRef(RULE + rule), SH.message))
        assert sorted(str(m.language) for m in messages if isinstance(m, Literal)) == ["en", "zh"]
        assert (URIRef(RULE + rule), SH.severity, None) in shapes, rule


def test_every_rule_has_a_failing_example(shapes: Graph) -> None:
    assert rules(shapes) == set(BREAKS)


@pytest.mark.parametrize("rule", BREAKS)
def test_rule_reports_a_broken_copy(excerpt: Graph, shapes: Graph, rule: str) -> None:
    how, block = BREAKS[rule]
    iri = "https://w3id.org/dtrack/ontology"
    copy = Graph()
    copy += excerpt
    before = len(copy)
    if how == "insert":
        copy.update(PREFIXES + "INSERT DATA { " + block.replace("{o}", iri) + " }")
    else:
        subject = "" if block.startswith("dt:") else f"<{iri}> "
        copy.update(PREFIXES + f"DELETE WHERE {{ {subject}{block} }}")
    assert len(copy) != before

    assert rule in reported(copy, shapes)


def test_a_term_may_be_deprecated_when_another_takes_its_place(
    excerpt: Graph, shapes: Graph
) -> None:
    copy = Graph()
    copy += excerpt
    copy.update(
        PREFIXES
        + "INSERT DATA { dt:Point owl:deprecated true ; dcterms:isReplacedBy dt:Paragraph }"
    )

    assert reported(copy, shapes) == set()


def test_labels_tell_terms_of_one_kind_apart(ontology: Graph) -> None:
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        for language in ("en", "zh"):
            labels = [
                label
                for term in ontology.subjects(RDF.type, kind)
                for label in ontology.objects(term, RDFS.label)
                if isinstance(label, Literal) and label.language == language
            ]
            assert labels
            doubles = {str(label) for label in labels if labels.count(label) > 1}
            assert not doubles
