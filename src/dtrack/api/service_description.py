"""The endpoint's description of itself (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dtrack.stores.parsing import parse_turtle
from dtrack.stores.rdf_formats import RDF_FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.wiring.serving import Service

_FORMATS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip
_INPUT: Final = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
DESCRIBED_IN: Final[Mapping[str, str]] = {
    "text/turtle": "turtle",
    "application/rdf+xml": "rdfxml",
    "application/ld+json": "jsonld",
    "application/n-triples": "ntriples",
}
"""Media types of the description, best first, with the names of their formats."""


def service_description(service: Service, media_type: str) -> bytes:
    """Description with the endpoint's address on this node's base, its formats and its size."""
    text = _turtle(service).encode()
    if media_type == "text/turtle":
        return text
    return RDF_FORMATS[DESCRIBED_IN[media_type]].write({"": parse_turtle(text)})


def _turtle(service: Service) -> str:
    settings = service.settings
    base = settings.base_iri
    features = "sd:EmptyGraphs" if _is_plain(service) else "sd:UnionDefaultGraph"
    if settings.service_allow:
        features += ", sd:BasicFederatedQuery"
    graph = (
        "An ordinary default graph."
        if _is_plain(service)
        else "The union of all record graphs and the derived graph."
    )
    return f"""@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix dcterms: <http://purl.org/dc/terms/> .

<{base}/sparql#service> a sd:Service ;
    dcterms:title "dtrack: what environmental conventions decide"@en ;
    sd:endpoint <{base}/sparql> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature {features} ;
    sd:resultFormat {_listed(_FORMATS)} ;
    sd:defaultDataset <{base}/sparql#dataset> .

<{base}/update#service> a sd:Service ;
    dcterms:title "dtrack: changes, which need a key"@en ;
    sd:endpoint <{base}/update> ;
    sd:supportedLanguage sd:SPARQL11Update ;
    sd:inputFormat {_listed(_INPUT)} ;
    sd:defaultDataset <{base}/sparql#dataset> .

<{base}/sparql#dataset> a sd:Dataset ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    sd:defaultGraph <{base}/sparql#union> .

<{base}/sparql#union> a sd:Graph ;
    dcterms:description "{graph}" ;
    void:triples {service.marker.triples} .
"""


def _listed(names: tuple[str, ...]) -> str:
    return ",\n        ".join(f"<http://www.w3.org/ns/formats/{name}>" for name in names)


def _is_plain(service: Service) -> bool:
    """Whether this is an ordinary dataset, without union and gate."""
    return bool(getattr(service, "is_plain", False))
