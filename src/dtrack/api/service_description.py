"""The endpoint's description of itself (SPARQL 1.1 Service Description), in Turtle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dtrack.wiring import Service

_FORMATS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD",
)  # fmt: skip


def service_description(service: Service) -> str:
    """Turtle with the endpoint's address on this node's base, its formats and its size."""
    formats = ",\n        ".join(f"<http://www.w3.org/ns/formats/{name}>" for name in _FORMATS)
    base = service.settings.base_iri
    return f"""@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix dcterms: <http://purl.org/dc/terms/> .

<{base}/sparql#service> a sd:Service ;
    dcterms:title "dtrack: what environmental conventions decide"@en ;
    sd:endpoint <{base}/sparql> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat {formats} ;
    sd:defaultDataset <{base}/sparql#dataset> .

<{base}/sparql#dataset> a sd:Dataset ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    sd:defaultGraph <{base}/sparql#union> .

<{base}/sparql#union> a sd:Graph ;
    dcterms:description "The union of all record graphs and the derived graph."@en ;
    void:triples {service.marker.triples} .
"""
