"""Alignments say where our terms stand among those of others, and nothing about the others."""

from __future__ import annotations

import pytest
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef

DT = "https://w3id.org/dtrack/ontology#"
VOCABULARIES = {
    "eli": "http://data.europa.eu/eli/ontology#",
    "eli-dl": "http://data.europa.eu/eli/eli-draft-legislation-ontology#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "sdg": "http://metadata.un.org/sdg/ontology#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "undo": "https://w3id.org/un/ontology/undo/",
}
LINKS = (RDFS.subClassOf, RDFS.subPropertyOf)


def links(graph: Graph) -> list[tuple[str, str]]:
    found = []
    for link in LINKS:
        for ours, theirs in graph.subject_objects(link):
            ends = [theirs] if isinstance(theirs, URIRef) else graph.objects(theirs, OWL.inverseOf)
            found += [(str(ours), str(end)) for end in ends]
    return found


def test_there_is_one_file_for_each_vocabulary(alignments: dict[str, Graph]) -> None:
    assert set(alignments) == set(VOCABULARIES)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_links_lead_from_our_terms_to_theirs(
    name: str, alignments: dict[str, Graph], ontology: Graph
) -> None:
    pairs = links(alignments[name])

    assert len(pairs) >= 3
    for ours, theirs in pairs:
        assert ours.startswith(DT)
        assert (URIRef(ours), RDF.type, None) in ontology
        assert theirs.startswith(VOCABULARIES[name])


@pytest.mark.parametrize("name", VOCABULARIES)
def test_nothing_is_said_of_their_terms_but_their_kind(
    name: str, alignments: dict[str, Graph]
) -> None:
    graph = alignments[name]
    header = next(graph.subjects(RDF.type, OWL.Ontology))
    theirs = {
        s
        for s in graph.subjects()
        if isinstance(s, URIRef) and s != header and not s.startswith(DT)
    }

    assert theirs
    for term in theirs:
        assert set(graph.predicates(term)) == {RDF.type}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_the_file_says_its_name(name: str, alignments: dict[str, Graph]) -> None:
    header = URIRef(f"https://w3id.org/dtrack/alignments/{name}")

    assert (header, RDF.type, OWL.Ontology) in alignments[name]
    assert not [s for s in alignments[name].subjects(OWL.sameAs) if isinstance(s, BNode)]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("AdoptedText", "http://data.europa.eu/eli/ontology#LegalResource"),
        ("cites", "http://data.europa.eu/eli/ontology#cites"),
        ("amends", "http://data.europa.eu/eli/ontology#amends"),
        ("Decision", "https://w3id.org/un/ontology/undo/Decision"),
        ("Meeting", "http://data.europa.eu/eli/eli-draft-legislation-ontology#Activity"),
        ("Mapping", "https://w3id.org/sssom/Mapping"),
        ("Body", "http://www.w3.org/ns/org#Organization"),
        ("Record", "http://www.w3.org/ns/prov#Entity"),
        ("SustainableDevelopmentTarget", "http://metadata.un.org/sdg/ontology#Target"),
        ("ofFramework", "http://www.w3.org/2004/02/skos/core#inScheme"),
    ],
)
def test_the_terms_that_matter_are_linked(
    ours: str, theirs: str, alignments: dict[str, Graph]
) -> None:
    assert (DT + ours, theirs) in [pair for graph in alignments.values() for pair in links(graph)]
