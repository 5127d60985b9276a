"""The bundled corpus: all of it is read by HermiT, and one bad record in it is found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from dtrack.reasoning import ClashKind, Reasoning, reason

DT = "https://w3id.org/dtrack/ontology#"


@pytest.fixture(scope="module")
def result(java: str, ontology: list[Graph], corpus: list[Graph]) -> Reasoning:
    return reason([*ontology, *corpus])


def test_corpus_is_consistent(result: Reasoning) -> None:
    assert result.consistent, [str(clash) for clash in result.clashes[:10]]


def test_all_of_the_corpus_is_read(result: Reasoning, corpus: list[Graph]) -> None:
    assert len(corpus) > 600
    assert result.individuals > 8000
    assert result.statements > 60000
    assert result.undeclared == {}


def test_useful_facts_are_inferred(result: Reasoning) -> None:
    assert result.inferred_facts > 10000
    assert len(result.members(DT + "OperativeDirective")) > 500
    assert len(result.members(DT + "TimeBoundDirective")) > 50
    assert len(result.members(DT + "TreatyBasedInstrument")) > 20
    assert len(result.members(DT + "SustainableDevelopmentTarget")) > 50


def test_no_two_things_are_taken_for_one(result: Reasoning) -> None:
    assert result.merged == ()


def test_one_bad_record_among_all_is_found(
    java: str, ontology: list[Graph], corpus: list[Graph], record: Callable[..., Graph]
) -> None:
    bad = record("<id/decision/cbd-cop-12-19> a dt:Statement .", "bad")

    result = reason([*ontology, *corpus, bad])

    assert not result.consistent
    assert [clash.kind for clash in result.clashes] == [ClashKind.DISJOINT]
    assert str(result.clashes[0]).startswith(
        "https://w3id.org/dtrack/id/decision/cbd-cop-12-19 cannot be both "
        "dt:AdoptedText and dt:NonBindingText (stated to be dt:Decision; "
        "stated to be dt:Statement)"
    )
    assert "https://w3id.org/dtrack/graph/decision/bad" in result.clashes[0].records


def test_properties_are_used_as_the_ontology_tells_readers(
    result: Reasoning, ontology: list[Graph], corpus: list[Graph]
) -> None:
    """schema:domainIncludes and rangeIncludes infer nothing, so nothing else would notice."""
    types: dict[str, set[str]] = defaultdict(lambda: {str(OWL.Thing)})
    for thing, name in result.types:
        types[thing].add(name)
    for graph in corpus:
        for thing, name in graph.subject_objects(RDF.type):
            types[str(thing)].add(str(name))
    told = ontology[0]
    seen = 0
    odd = set()
    for end, light, strict in (
        (0, "domainIncludes", RDFS.domain),
        (2, "rangeIncludes", RDFS.range),
    ):
        for name in set(told.subjects(URIRef(f"https://schema.org/{light}"))):
            listed = told.objects(name, URIRef(f"https://schema.org/{light}"))
            fitting = {str(c) for c in (*listed, *told.objects(name, strict))}
            for graph in corpus:
                for triple in graph.triples((None, name, None)):
                    seen += 1
                    value = triple[end]
                    kinds = (
                        {str(datatype(value))} if isinstance(value, Literal) else types[str(value)]
                    )
                    if not kinds & fitting:
                        odd.add((str(name).removeprefix(DT), light, str(value)))

    assert seen > 20000
    assert sorted(odd)[:20] == []


def datatype(literal: Literal) -> URIRef:
    return RDF.langString if literal.language else literal.datatype or XSD.string
