"""The reference engine: anybody's shapes and data, and a report that W3C would know."""

from __future__ import annotations

import pytest
from rdflib import RDF, SH, Graph, Literal, URIRef

from dtrack.errors import InputError, SyntaxProblem
from dtrack.model import Record, Severity
from dtrack.validation import reference
from dtrack.validation.compiled import validate_store
from dtrack.validation.reading import graph_of, read_turtle
from dtrack.validation.reference import validate_graph
from validation.turtle import graph, shapes, store

SHAPES = """
ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:P , ex:Q .
ex:P a sh:PropertyShape ; sh:path ex:p ; sh:minCount 1 ; sh:severity sh:Warning ;
    sh:message "Give p."@en , "请给出 p。"@zh .
ex:Q a sh:PropertyShape ; sh:path [ sh:inversePath ex:q ] ; sh:nodeKind sh:Literal ;
    sh:message "No."@en , "不。"@zh .
"""
DATA = "ex:a a ex:Thing . ex:b ex:q ex:a ."


@pytest.fixture(params=["reference", "compiled"])
def validate(request):
    if request.param == "reference":
        return lambda data, made: validate_graph(graph(data), made)
    return lambda data, made: validate_store(store(data), made)


def test_finding_says_where_what_and_how_grave(validate) -> None:
    report = validate(DATA, shapes(SHAPES))

    violation, warning = report.findings
    assert (violation.severity, warning.severity) == (Severity.VIOLATION, Severity.WARNING)
    assert warning.focus == "http://example.org/a"
    assert warning.path == "http://example.org/p"
    assert warning.shape == "http://example.org/P"
    assert warning.component == str(SH.MinCountConstraintComponent)
    assert warning.message("zh") == "请给出 p。"
    assert violation.path == "^<http://example.org/q>"
    assert violation.value == "http://example.org/b"
    assert (report.conforms, report.focus_nodes) == (False, 1)


def test_warnings_do_not_stop_conforming_here_but_in_the_turtle_report_they_do(validate) -> None:
    report = validate("ex:a a ex:Thing .", shapes(SHAPES))

    turtle = Graph().parse(data=report.turtle, format="turtle")
    assert report.conforms
    assert [o.toPython() for o in turtle.objects(None, SH.conforms)] == [False]


def test_turtle_report_holds_results_with_paths_and_languages(validate) -> None:
    report = validate(DATA, shapes(SHAPES))

    turtle = Graph().parse(data=report.turtle, format="turtle")
    results = list(turtle.subjects(RDF.type, SH.ValidationResult))
    assert len(results) == 2
    paths = [turtle.value(result, SH.resultPath) for result in results]
    inverse = next(path for path in paths if not isinstance(path, URIRef))
    assert turtle.value(inverse, SH.inversePath) == URIRef("http://example.org/q")
    assert Literal("请给出 p。", lang="zh") in set(turtle.objects(None, SH.resultMessage))


def test_sparql_messages_keep_their_languages() -> None:
    made = shapes("""
        ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; sh:message "No."@en , "不。"@zh ;
            sh:sparql [ sh:select "SELECT $this WHERE { $this a ?x }" ] .""")

    report = validate_graph(graph(DATA), made)

    assert [dict(f.messages) for f in report.findings] == [{"en": "No.", "zh": "不。"}]
    turtle = Graph().parse(data=report.turtle, format="turtle")
    assert {text.language for text in turtle.objects(None, SH.resultMessage)} == {"en", "zh"}


def test_data_that_conform_give_an_empty_report(validate) -> None:
    report = validate("ex:a a ex:Thing ; ex:p 1 .", shapes(SHAPES))

    turtle = Graph().parse(data=report.turtle, format="turtle")
    assert (report.findings, report.conforms) == ((), True)
    assert [o.toPython() for o in turtle.objects(None, SH.conforms)] == [True]


def test_shapes_that_look_at_nothing_say_so(validate) -> None:
    report = validate("ex:a a ex:Elsewhere .", shapes(SHAPES))

    assert (report.findings, report.focus_nodes) == ((), 0)


QUERY = 'ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; sh:sparql [ sh:select "{}" ] .'


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this FROM <file:///etc/hostname> WHERE { $this ?p ?o }",
        "SELECT $this WHERE { SERVICE <http://example.org/sparql> { $this ?p ?o } }",
    ],
)
def test_queries_that_reach_outside_the_data_are_refused(query: str) -> None:
    with pytest.raises(InputError, match="reaches outside the data"):
        shapes(QUERY.format(query))


def test_iris_that_would_break_out_of_a_query_are_refused() -> None:
    with pytest.raises(InputError, match="IRI with blanks"):
        shapes(r"ex:S a sh:NodeShape ; sh:targetClass <http://example.org/a\u003E\u007Dx> .")


@pytest.mark.parametrize(
    "text",
    [
        QUERY.format("SELECT $this WHERE { $this unknown:p ?o }"),
        QUERY.format("SELECT $this WHERE {"),
        QUERY.format("SELECT $this WHERE { $this ?p ?o MINUS { ?o ?p $this } }"),
        "ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property [ sh:minCount 1 ] .",
        "ex:S a sh:PropertyShape ; sh:targetClass ex:Thing ; sh:path ex:p ; sh:minCount 1 , 2 .",
        'ex:S a sh:PropertyShape ; sh:targetClass ex:Thing ; sh:path ex:p ; sh:pattern "([" .',
    ],
)
def test_shapes_that_cannot_run_are_refused_with_a_reason(text: str) -> None:
    with pytest.raises(InputError, match=r"The shapes cannot be run: .{9}"):
        validate_graph(graph(DATA), shapes(text))


def test_prefixes_are_found_through_imports(validate) -> None:
    made = shapes(
        """
        ex:own owl:imports ex:other .
        ex:other sh:declare [ sh:prefix "far" ; sh:namespace "http://example.org/" ] .
        ex:S a sh:NodeShape ; sh:targetClass ex:Thing ;
            sh:sparql [ sh:prefixes ex:own ;
                sh:select "SELECT $this WHERE { $this a far:Thing }" ] .
        """
    )

    report = validate(DATA, made)

    assert [finding.focus for finding in report.findings] == ["http://example.org/a"]


def test_literals_are_compared_as_they_are_written() -> None:
    """W3C's uniqueLang-002: only the literal true turns sh:uniqueLang on."""
    text = "ex:S a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:P . "
    text += "ex:P a sh:PropertyShape ; sh:path ex:p ; sh:uniqueLang ONE ."
    data = graph('ex:a a ex:Thing ; ex:p "x"@en , "y"@en .')

    numeric = validate_graph(data, shapes(text.replace("ONE", '"1"^^xsd:boolean')))
    plain = validate_graph(data, shapes(text.replace("ONE", "true")))

    assert (len(numeric.findings), len(plain.findings)) == (0, 1)


def test_records_are_joined_and_their_files_remembered() -> None:
    line = f"<http://example.org/a> <{RDF.type}> <http://example.org/Thing> .\n"

    data, places = graph_of([Record("urn:g", line.encode(), "data/a.ttl")])
    report = validate_graph(data, shapes(SHAPES), places)

    assert [finding.place for finding in report.findings] == ["data/a.ttl"]


def test_text_that_is_no_turtle_is_named_with_its_line(tmp_path) -> None:
    file = tmp_path / "broken.ttl"
    file.write_text("@prefix ex: <http://example.org/> .\nex:a ex:b ;;; ex:c .\n")

    with pytest.raises(SyntaxProblem, match=r"broken\.ttl:2"):
        read_turtle(file)
    with pytest.raises(SyntaxProblem, match="cannot be read"):
        read_turtle(tmp_path / "absent.ttl")


def test_turtle_that_breaks_off_is_named_with_the_line_where_it_does(tmp_path) -> None:
    file = tmp_path / "half.ttl"
    file.write_text("@prefix : <urn:> .\n:x :y")

    with pytest.raises(SyntaxProblem, match=r"half\.ttl:2.*in the middle of a statement"):
        read_turtle(file)


def test_whatever_else_keeps_the_reference_engine_is_told_in_one_line(monkeypatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(reference, "run", failing)

    text = "ex:S a sh:NodeShape ; sh:targetClass ex:Thing ."
    with pytest.raises(InputError, match=r"cannot run these shapes \(RecursionError\)"):
        validate_graph(graph(DATA), shapes(text))
