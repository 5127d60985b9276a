"""The API's JSON is JSON-LD: what it says in RDF is what the store says."""

from __future__ import annotations

import json

import pytest
from rdflib import RDF, RDFS, BNode, Dataset, Graph, Literal, URIRef

from dtrack.api.linked import view_name
from dtrack.formats.context import bundled_context
from dtrack.formats.view_terms import VIEW_TERMS
from dtrack.terms import BASE, DT, SKOS

ANSWERS = {
    "/api/v1/instruments": 9,
    "/api/v1/instruments/cbd": 5,
    "/api/v1/meetings": 12,
    "/api/v1/meetings/cbd-cop-12": 4,
    "/api/v1/decisions?facets=true": 9,
    "/api/v1/decisions/cbd-cop-12-19": 10,
    "/api/v1/provisions": 12,
    "/api/v1/provisions/cbd-cop-12-19/1": 5,
    "/api/v1/frameworks": 3,
    "/api/v1/frameworks/aichi": 10,
    "/api/v1/targets": 15,
    "/api/v1/targets/aichi-5": 4,
    "/api/v1/themes?limit=1000": 300,
    "/api/v1/themes/wetlands": 6,
    "/api/v1/actors?limit=1000": 300,
    "/api/v1/actors/parties": 4,
    "/api/v1/deadlines": 5,
    "/api/v1/search?q=wetl": 5,
    "/api/v1/overlaps?group=biodiversity": 3,
    "/api/v1/overlaps/cbd/cms": 4,
    "/api/v1/overlaps/near/cbd-cop-12-19/1": 4,
    "/api/v1/overlaps/at/target/aichi-5": 4,
    "/api/v1/gaps/aichi?group=biodiversity": 5,
    "/api/v1/resolve?symbol=XII/19": 1,
}
"""Addresses, each with the fewest triples that its answer says."""


def expand(document: dict) -> Graph:
    """Graph of an answer as a processor reads it; the context is handed in."""
    context = document["@context"]
    bundled = dict(bundled_context())
    parts = context if isinstance(context, list) else [context]
    assert parts[0] == f"{BASE}/context.jsonld"
    whole = {**document, "@context": [bundled, *parts[1:]]}
    graph = Graph()
    for subject, predicate, value, _ in Dataset().parse(data=json.dumps(whole), format="json-ld"):
        graph.add((subject, predicate, value))
    return graph


@pytest.fixture(scope="module")
def stored(client) -> Graph:
    """What the store says in all its graphs."""
    lines = client.app.state.source.current().store.dump().decode().splitlines()
    # The name of the graph is the last term of a line.
    triples = "".join(f"{line[: line.rindex('<')]}.\n" for line in lines)
    return Graph().parse(data=triples, format="nt")


def _holds(stored: Graph, triple) -> bool:
    """Whether a triple is stored, as it stands or in another language or by a sub-property."""
    subject, predicate, value = triple
    if predicate == RDFS.label:
        return True
    below = {predicate, *stored.transitive_subjects(RDFS.subPropertyOf, predicate)}
    if predicate == URIRef(f"{SKOS}mappingRelation"):
        below |= {URIRef(f"{SKOS}{name}") for name in ("exactMatch", "closeMatch")}
    found = {each for name in below for each in stored.objects(subject, name)}
    if isinstance(value, Literal) and value.datatype is None:
        return str(value) in {str(each) for each in found}
    return value in found


@pytest.mark.parametrize("address", ANSWERS)
def test_what_an_answer_says_in_rdf_is_stored(client, stored, root, address):
    ontology = Graph().parse(root / "ontology" / "dtrack.ttl")
    response = client.get(address, headers={"Accept": "application/ld+json"})
    graph = expand(response.json())

    assert response.headers["content-type"] == "application/ld+json"
    said = [t for t in graph if not isinstance(t[0], BNode) and not isinstance(t[2], BNode)]
    assert len(said) >= ANSWERS[address], graph.serialize()
    for triple in said:
        if str(triple[1]).startswith(DT):
            assert (triple[1], RDF.type, None) in ontology, triple
        assert str(triple[0]).startswith(("https://", "http://")), triple
        assert _holds(stored, triple), triple


def test_screening_says_nothing_in_rdf_that_is_not_stored(client, stored):
    draft = "The Conference of the Parties,\n\n1. Invites Parties to do work on wetlands."
    headers = {"Accept": "application/ld+json", "Content-Type": "text/plain"}

    response = client.post("/api/v1/screenings", content=draft, headers=headers)

    graph = expand(response.json())
    said = [t for t in graph if not isinstance(t[0], BNode) and not isinstance(t[2], BNode)]
    assert len(said) >= 4
    for triple in said:
        assert _holds(stored, triple), triple


def test_plain_readers_get_what_they_had_and_a_context(client):
    response = client.get("/api/v1/decisions?limit=1")

    body = response.json()
    assert response.headers["content-type"] == "application/json"
    assert list(body) == ["@context", "items", "next", "facets"]
    assert list(body["items"][0]) == [
        "iri", "key", "label", "kind", "symbol", "instrument", "adopted",
    ]  # fmt: skip


def test_array_names_its_context_in_a_header(client):
    response = client.get("/api/v1/resolve?symbol=XII/19")

    assert isinstance(response.json(), list)
    link = response.headers["link"]
    assert f'<{BASE}/context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"' in link


def test_every_class_of_answers_has_its_terms(client):
    import dtrack.api.routes as routes

    found = [
        view_name(route.response_model, route.path)
        for module in (
            routes.records, routes.concepts, routes.overlaps, routes.patterns, routes.finding,
            routes.screenings, routes.modules,
        )
        for route in module.router.routes
    ]  # fmt: skip

    assert len(found) > 20
    assert set(found) - {"ConceptItem"} <= VIEW_TERMS.keys()
    assert len(set(found)) == len(VIEW_TERMS) - 1
