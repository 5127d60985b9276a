"""The data as a VoID dataset: how much of what there is, and links to others."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from dtrack.model import text_literal
from dtrack.publish.describing.dcat import WHOLE
from dtrack.publish.describing.words import LICENCE, SD, TITLES, VOID
from dtrack.publish.statements import Statement, link, value
from dtrack.terms import BASE, DCTERMS, FOAF, ONTOLOGY, RDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.publish.describing.facts import Facts


def describe_void(facts: Facts) -> list[Statement]:
    """Statements of the dataset, its parts by class, property and graph, and its link sets."""
    whole = f"{facts.base}/{WHOLE}"
    document = f"{facts.base}/.well-known/void"
    return [
        link(document, f"{RDF}type", f"{VOID}DatasetDescription"),
        link(document, f"{FOAF}primaryTopic", whole),
        link(whole, f"{RDF}type", f"{VOID}Dataset"),
        *(
            Statement(whole, f"{DCTERMS}title", text_literal(text, language))
            for language, text in TITLES.items()
        ),
        link(whole, f"{DCTERMS}license", LICENCE),
        link(whole, f"{FOAF}homepage", f"{facts.base}/dataset"),
        link(whole, f"{VOID}sparqlEndpoint", f"{facts.base}/sparql"),
        link(whole, f"{VOID}uriLookupEndpoint", f"{facts.base}/doc?iri="),
        link(whole, f"{VOID}vocabulary", ONTOLOGY),
        value(whole, f"{VOID}uriSpace", f"{BASE}/id/"),
        link(whole, f"{VOID}exampleResource", f"{BASE}/id/decision/cbd-cop-12-19"),
        value(whole, f"{VOID}triples", str(facts.triples), "integer"),
        value(whole, f"{VOID}entities", str(sum(facts.classes.values())), "integer"),
        value(whole, f"{VOID}classes", str(len(facts.classes)), "integer"),
        value(whole, f"{VOID}properties", str(len(facts.properties)), "integer"),
        # What /sparql describes is this, and no other dataset.
        link(f"{facts.base}/sparql#union", f"{DCTERMS}isPartOf", whole),
        *(link(whole, f"{VOID}dataDump", f"{facts.base}/{r.address}") for r in facts.releases),
        *_partitions(facts, whole),
        *_links(facts, whole),
    ]


def _partitions(facts: Facts, whole: str) -> Iterator[Statement]:
    for name, counts, partition, key, figure in (
        ("class", facts.classes, "classPartition", "class", "entities"),
        ("property", facts.properties, "propertyPartition", "property", "triples"),
    ):
        for iri, count in counts.items():
            part = f"{facts.base}/dataset#{name}-{_short(iri)}"
            yield link(whole, f"{VOID}{partition}", part)
            yield link(part, f"{VOID}{key}", iri)
            yield value(part, f"{VOID}{figure}", str(count), "integer")
    for graph, count in facts.graphs.items():
        part = f"{facts.base}/dataset#graph-{_short(graph)}"
        yield link(whole, f"{VOID}subset", part)
        yield link(part, f"{RDF}type", f"{VOID}Dataset")
        yield link(part, f"{RDF}type", f"{SD}NamedGraph")
        yield link(part, f"{SD}name", graph)
        yield value(part, f"{VOID}triples", str(count), "integer")


def _links(facts: Facts, whole: str) -> Iterator[Statement]:
    for each in facts.links:
        iri = f"{facts.base}/dataset#links-{_short(each.relation)}-{_short(each.vocabulary)}"
        other = f"{facts.base}/dataset#vocabulary-{_short(each.vocabulary)}"
        yield link(whole, f"{VOID}subset", iri)
        yield link(iri, f"{RDF}type", f"{VOID}Linkset")
        yield link(iri, f"{VOID}linkPredicate", each.relation)
        yield link(iri, f"{VOID}subjectsTarget", whole)
        yield link(iri, f"{VOID}objectsTarget", other)
        yield value(iri, f"{VOID}triples", str(each.count), "integer")
        yield link(other, f"{RDF}type", f"{VOID}Dataset")
        yield value(other, f"{VOID}uriSpace", each.vocabulary)


def _short(iri: str) -> str:
    """What tells an IRI apart, as part of a name."""
    local = iri.removeprefix(f"{BASE}/").removeprefix("http://").removeprefix("https://")
    return quote(local.strip("/#"), safe="").replace("%", "_")
