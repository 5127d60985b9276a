"""Namespaces and the IRIs that code has to know. Labels and lists are data, not code."""

from __future__ import annotations

from typing import Final

BASE: Final = "https://w3id.org/dtrack"
"""Where published ontology, codes and the bundled corpus live, whatever DTRACK_BASE_IRI mints."""

ONTOLOGY: Final = f"{BASE}/ontology"
CODES: Final = f"{BASE}/codes"
DERIVED_GRAPH: Final = f"{BASE}/graph/derived"
HISTORY_GRAPHS: Final = f"{BASE}/graph/history/"
"""Start of the names of the graphs that say what each revision did; never in the union."""
SEMAPV: Final = "https://w3id.org/semapv/vocab/"
SDG_FRAMEWORK: Final = "http://metadata.un.org/sdg"

DT: Final = f"{ONTOLOGY}#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
PROV: Final = "http://www.w3.org/ns/prov#"
ORG: Final = "http://www.w3.org/ns/org#"
SH: Final = "http://www.w3.org/ns/shacl#"
QB: Final = "http://purl.org/linked-data/cube#"
SDG: Final = f"{SDG_FRAMEWORK}/"

PREFIXES: Final[dict[str, str]] = {
    "dt": DT,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "prov": PROV,
    "org": ORG,
    "sh": SH,
    "qb": QB,
    "sdg": SDG,
    "theme": f"{CODES}/theme/",
    "actor": f"{CODES}/actor/",
    "verb": f"{CODES}/verb/",
}
"""What outputs abbreviate with, and what the editor and the docs show."""

STORABLE_DATATYPES: Final = frozenset(
    f"{XSD}{name}"
    for name in (
        "string",
        "integer",
        "decimal",
        "double",
        "boolean",
        "date",
        "dateTime",
        "gYear",
        "anyURI",
    )
) | {f"{RDF}langString"}
"""Datatypes that survive storage unchanged (design section 2)."""


def compact(iri: str) -> str:
    """IRI as ``prefix:name`` where one of PREFIXES fits, else the IRI itself."""
    best = max(
        (item for item in PREFIXES.items() if iri.startswith(item[1])),
        key=lambda item: len(item[1]),
        default=None,
    )
    if best is None:
        return iri
    name = iri[len(best[1]) :]
    return f"{best[0]}:{name}" if name and "/" not in name else iri
