"""The compiled engine against the reference, one constraint at a time, and its limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDF, SH, URIRef

from dtrack.validation.compiled import validate_store
from dtrack.validation.reading import read_turtle
from dtrack.validation.reference import validate_graph
from validation.examples import key
from validation.turtle import graph, shapes, store

FILE = Path(__file__).with_name("constraints.ttl")
CONSTRAINTS = read_turtle(FILE)
DATA = """
ex:a a ex:Thing ; ex:p 1 , 2 , 3 ; ex:q 2 ; ex:r "x"@en , "y"@en , "z"@fr ; ex:next ex:b .
ex:b a ex:Small ; ex:p "1" , ex:a ; ex:q "2014-13-41"^^xsd:date ; ex:next ex:c , ex:a .
ex:b ex:r "2015"^^xsd:gYear .
ex:c a ex:Thing , ex:Other ; ex:q "2014-01-31"^^xsd:date , true ; ex:next ex:c .
ex:c ex:s "long enough" , "No" , "9 lives" .
ex:d a ex:Other ; ex:p 4 , 5 , 6 , 7 ; ex:next ex:d , ex:e ; ex:r "late"^^xsd:gYear .
ex:f a ex:Thing .
ex:Small rdfs:subClassOf ex:Thing .
"""
TARGET = "ex:S sh:targetClass ex:Thing , ex:Other . "
PROPERTY = TARGET + "ex:S a sh:NodeShape ; sh:property ex:P . ex:P a sh:PropertyShape ; "
# These hold for every node of the data, so no result is right.
NEVER_BROKEN = {"deactivated"}


def names(kind: URIRef) -> list[str]:
    """Local names of the shapes to try."""
    found = (shape for shape in CONSTRAINTS.subjects(RDF.type, kind) if isinstance(shape, URIRef))
    return sorted(str(shape).removeprefix("http://example.org/") for shape in found)


def agree(shapes_text: str, data: str = DATA) -> int:
    """Number of findings, on which both engines agree."""
    made = shapes(shapes_text)
    reference, compiled = validate_graph(graph(data), made), validate_store(store(data), made)

    assert compiled.by_reference == ()
    assert {key(f)[0:2] + key(f)[3:] for f in compiled.findings} == {
        key(f)[0:2] + key(f)[3:] for f in reference.findings
    }
    assert compiled.focus_nodes == reference.focus_nodes
    return len(compiled.findings)


@pytest.mark.parametrize("shape", names(SH.PropertyShape))
def test_property_constraint_is_compiled(shape: str) -> None:
    found = agree(FILE.read_text() + TARGET + f"ex:S a sh:NodeShape ; sh:property ex:{shape} .")

    assert (found == 0) is (shape in NEVER_BROKEN)


@pytest.mark.parametrize("shape", names(SH.NodeShape))
def test_node_constraint_is_compiled(shape: str) -> None:
    found = agree(FILE.read_text() + f"ex:{shape} sh:targetClass ex:Thing , ex:Other .")

    assert found


@pytest.mark.parametrize(
    "target",
    [
        "sh:targetClass ex:Thing",
        "sh:targetNode ex:a , ex:unknown , 5",
        "sh:targetSubjectsOf ex:s",
        "sh:targetObjectsOf ex:next",
        "sh:targetClass ex:Other ; sh:targetSubjectsOf ex:s ; sh:targetNode ex:b",
        "a rdfs:Class",
    ],
)
def test_target_is_compiled(target: str) -> None:
    text = (
        f"ex:Thing a sh:NodeShape ; {target} ; sh:property [ sh:path ex:never ; sh:minCount 1 ] ."
    )

    assert agree(text)


SPARQL = """
ex: a owl:Ontology ; sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/" ] .
ex:S a sh:NodeShape ; sh:targetClass ex:Thing , ex:Other ; sh:sparql ex:Q .
ex:Q sh:prefixes ex: ; sh:select \"\"\"QUERY\"\"\" .
"""


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this ?value WHERE { $this ex:p ?value . FILTER(isLiteral(?value)) }",
        "SELECT $this WHERE { $this ex:q ?x FILTER NOT EXISTS { $this ex:s ?y } }",
        "SELECT $this ?path ?value WHERE { $this ?path ?value . FILTER(?path = ex:next) }",
        "SELECT $this (ex:p AS ?path) ?value WHERE { OPTIONAL { $this ex:s ?value } }",
        "SELECT $this ?value WHERE { { $this ex:p ?value } UNION { $this ex:q ?value } }",
        "SELECT $this ?value WHERE { $this ex:next+ ?value . ?value ex:next* $this }",
        'SELECT $this WHERE { $this ex:p ?x . FILTER(STR($this) != "{ $this }") }  # { $this }',
    ],
)
def test_sparql_constraint_is_compiled(query: str) -> None:
    assert agree(SPARQL.replace("QUERY", query.replace('"', '\\"')))


OUTSIDE = {
    "reads $this where it is not matched": "SELECT $this WHERE { { FILTER(bound($this)) } }",
    "holds a query": "SELECT $this WHERE { { SELECT $this WHERE { $this ex:p ?x } } }",
    "does not parse": "SELECT $this WHERE { $this other:p ?x }",
}


@pytest.mark.parametrize("reason", ["reads $this where it is not matched", "holds a query"])
def test_query_outside_the_subset_runs_on_the_reference(reason: str) -> None:
    made = shapes(SPARQL.replace("QUERY", OUTSIDE[reason]))

    compiled = validate_store(store(DATA), made)
    reference = validate_graph(graph(DATA), made)

    assert len(compiled.by_reference) == 1
    assert reason in compiled.by_reference[0]
    assert {key(f) for f in compiled.findings} == {key(f) for f in reference.findings} != set()


DISJOINT = (
    "sh:path ex:p ; sh:qualifiedValueShape [ sh:datatype xsd:integer ] ; "
    "sh:qualifiedMaxCount 1 ; sh:qualifiedValueShapesDisjoint true"
)


@pytest.mark.parametrize(
    ("constraint", "reason"),
    [
        ("sh:path ex:p ; sh:minCount 6", "counts to more than"),
        ("sh:path ex:p ; sh:datatype xsd:byte", "byte"),
        (
            DISJOINT,
            "qualifiedValueShapesDisjoint",
        ),
    ],
)
def test_constraint_outside_the_subset_runs_on_the_reference(constraint: str, reason: str) -> None:
    inside = "ex:T a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:Inside . "
    inside += "ex:Inside a sh:PropertyShape ; sh:path ex:never ; sh:minCount 1 . "
    made = shapes(inside + PROPERTY + constraint + " .")

    compiled = validate_store(store(DATA), made)
    reference = validate_graph(graph(DATA), made)

    assert [reason in one for one in compiled.by_reference] == [True]
    assert compiled.by_reference[0].startswith("<http://example.org/S>")
    assert {key(f) for f in compiled.findings} == {key(f) for f in reference.findings}
    assert {f.shape for f in compiled.findings} == {
        "http://example.org/P",
        "http://example.org/Inside",
    }


def test_focus_limits_findings_to_some_nodes() -> None:
    made = shapes(PROPERTY + "sh:path ex:never ; sh:minCount 1 .")

    report = validate_store(store(DATA), made, focus={"http://example.org/b", "urn:unknown"})

    assert [f.focus for f in report.findings] == ["http://example.org/b"]
    assert report.focus_nodes == 1


def test_focus_takes_no_query_text() -> None:
    made = shapes(PROPERTY + "sh:path ex:never ; sh:minCount 1 .")

    report = validate_store(store(DATA), made, focus={"x> } UNION { ?this ?p ?o", "http://a b"})

    assert (report.findings, report.focus_nodes) == ((), 0)


def test_focus_of_many_nodes_is_asked_in_portions() -> None:
    made = shapes(PROPERTY + "sh:path ex:never ; sh:minCount 1 .")
    nodes = [f"http://example.org/n{number}" for number in range(1201)]
    filled = store("".join(f"<{node}> a ex:Thing ." for node in nodes))

    report = validate_store(filled, made, focus=set(nodes))

    assert len(report.findings) == len(nodes)
    assert report.focus_nodes == len(nodes)


def test_findings_name_the_file_of_their_graph() -> None:
    made = shapes(PROPERTY + "sh:path ex:never ; sh:minCount 1 .")

    report = validate_store(store(DATA), made, places={"http://example.org/graph": "a.ttl"})

    assert {finding.place for finding in report.findings} == {"a.ttl"}


def test_messages_are_filled_with_what_the_query_found() -> None:
    query = "SELECT $this ?value WHERE { $this ex:p ?value . FILTER(?value = 7) }"
    text = SPARQL.replace("QUERY", query) + 'ex:Q sh:message "{?value} is too much"@en .'

    report = validate_store(store(DATA), shapes(text))

    assert [dict(f.messages) for f in report.findings] == [{"en": "7 is too much"}]


def test_progress_counts_the_shapes() -> None:
    seen: list[tuple[int, int]] = []
    made = shapes(PROPERTY + "sh:path ex:p ; sh:minCount 1 ; sh:maxCount 2 ; sh:nodeKind sh:IRI .")

    validate_store(
        store(DATA), made, progress=lambda _what, done, total: seen.append((done, total))
    )

    assert seen == [(1, 1)]
