"""What a rule reads is told of all parts of its query, by the way with the least search."""

from __future__ import annotations

import pytest
from rdflib import URIRef, Variable

from dtrack.validation.readings import readings
from dtrack.validation.shapes import parse_shapes
from dtrack.validation.ways import Cost, Pattern, cheapest, costs

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <urn:> .\n"


def looks(where: str) -> dict[str, str]:
    """Pattern by predicate of what a constraint reads beyond the focus node's own."""
    text = f"""{PREFIXES}
    ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:sparql [
        sh:message "No."@en ;
        sh:select \"\"\" SELECT $this WHERE {{ {where} }} \"\"\" ] .
    """
    found = readings(parse_shapes(text.encode(), "shapes"))
    return {one.predicate.removeprefix("urn:"): one.pattern for one in found}


def on(*steps: str) -> str:
    return " ".join(f"LATERAL {{ {step} . }}" for step in steps)


@pytest.mark.parametrize(
    "test",
    [
        "?tagging <urn:of> $this FILTER EXISTS { ?tagging <urn:state> ?state FILTER(?state = 1) }",
        "?tagging <urn:of> $this FILTER NOT EXISTS { ?tagging <urn:state> ?state }",
        "FILTER EXISTS { ?tagging <urn:state> ?state } ?tagging <urn:of> $this",
        "?tagging <urn:of> $this OPTIONAL { ?tagging <urn:state> ?state }",
        "?tagging <urn:of> $this MINUS { ?tagging <urn:state> ?state }",
    ],
)
def test_a_test_within_a_test_is_read(test: str) -> None:
    found = looks(f"$this <urn:has> ?value FILTER NOT EXISTS {{ {test} }}")

    assert found["state"] == on("?seed <urn:of> ?this", "?this <urn:has> ?value")
    assert found["of"] == ""


def test_the_way_that_only_leads_on_is_taken() -> None:
    """From the tagging that changed to what it is of, not from a theme to all that have it."""
    found = looks(
        "$this <urn:theme> ?theme "
        "FILTER NOT EXISTS { ?tagging <urn:of> $this . ?tagging <urn:tag> ?theme }"
    )

    assert found["tag"] == on("?seed <urn:of> ?this", "?this <urn:theme> ?theme")


def test_else_the_shorter_way_is_taken() -> None:
    found = looks("$this <urn:a> ?x FILTER NOT EXISTS { ?x <urn:b> ?y . ?z <urn:c> ?y }")

    assert found["b"] == on("?this <urn:a> ?seed")
    assert found["c"] == on("?x <urn:b> ?seed", "?this <urn:a> ?x")


X, Y, Z, THIS = (Variable(name) for name in ("x", "y", "z", "this"))


def pattern(subject: Variable, name: str, thing: Variable) -> Pattern:
    return Pattern(subject, URIRef(f"urn:{name}"), thing)


def test_costs_of_what_must_match_are_whether_it_leads_back() -> None:
    on_, back = pattern(X, "a", THIS), pattern(THIS, "b", Y)

    assert costs([on_, back, pattern(Z, "c", X)]) == {
        THIS: Cost(back=False, steps=0),
        X: Cost(back=False, steps=0),
        Y: Cost(back=True, steps=0),
        Z: Cost(back=False, steps=0),
    }


def test_without_any_way_there_is_none() -> None:
    assert cheapest(X, [pattern(Y, "a", Z)], costs([pattern(THIS, "b", Z)])) is None
