"""The JSON-LD context: terms for the ontology, and for the keys of the API that say something.

It is made from the ontology and kept in ``ontology/context.jsonld``, so that
others can bundle it; a test makes it again and compares.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from rdflib import OWL, RDF, RDFS, SDO, Graph, URIRef

from dtrack.resources import root_folder
from dtrack.terms import DT, PREFIXES, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE: Final = "context.jsonld"

_PREFIXED: Final = ("dcterms", "foaf", "org", "owl", "prov", "qb", "rdf", "rdfs", "skos", "xsd")

API_TERMS: Final[Mapping[str, Any]] = {
    "items": "@graph",
    "label": "rdfs:label",
    "short_name": "dt:shortName",
    "entry_into_force": {"@id": "dt:entryIntoForce", "@type": "xsd:date"},
    "governing_bodies": {"@id": "dt:governingBody", "@type": "@id"},
    "subsidiary_bodies": {"@id": "dt:subsidiaryBody", "@type": "@id"},
    "secretariats": {"@id": "dt:secretariat", "@type": "@id"},
    "frameworks": {"@reverse": "dt:frameworkOf"},
    "names": {"@id": "skos:prefLabel", "@container": "@language"},
    "page": {"@id": "foaf:page", "@type": "@id"},
    "pages": {"@id": "foaf:page", "@type": "@id"},
    "body": {"@id": "dt:meetingOf", "@type": "@id"},
    "start": {"@id": "dt:startDate", "@type": "xsd:date"},
    "end": {"@id": "dt:endDate", "@type": "xsd:date"},
    "cities": "dt:city",
    "country_codes": "dt:countryCode",
    "symbol_forms": "dt:symbolForm",
    "date_precision": "dt:datePrecision",
    "adopted_at": {"@id": "dt:adoptedAt", "@type": "@id"},
    "provisions": {"@reverse": "dt:ofText"},
    "targets": {"@id": "dt:addressesTarget", "@type": "@id"},
    "themes": {"@id": "dt:addressesTheme", "@type": "@id"},
    "statuses": {"@id": "dt:currentStatus", "@type": "@id"},
    "framework": {"@id": "dt:ofFramework", "@type": "@id"},
    "of": {"@id": "dt:frameworkOf", "@type": "@id"},
    "broader": {"@id": "skos:broader", "@type": "@id"},
    "narrower": {"@reverse": "skos:broader"},
    "matches": {"@id": "skos:mappingRelation", "@type": "@id"},
    "definition": "skos:definition",
}
"""What keys of the API's JSON mean; a key that stands in no context says nothing in RDF."""

_TEXTS: Final = (
    "skos:prefLabel", "skos:altLabel", "skos:definition", "skos:scopeNote", "skos:example",
    "dcterms:title", "dcterms:description", "rdfs:label",
)  # fmt: skip
"""Properties of others that hold texts in languages."""


def make_context(ontology: Graph) -> dict[str, Any]:
    """Context whose terms are those of an ontology, of the API, and prefixes."""
    terms: dict[str, Any] = {"@version": 1.1, "iri": "@id", "type": "@type"}
    terms |= {name: PREFIXES[name] for name in ("dt", *_PREFIXED)}
    terms |= {name: {"@id": name, "@container": "@language"} for name in _TEXTS}
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in sorted(ontology.subjects(RDF.type, kind), key=str):
            if isinstance(term, URIRef) and term.startswith(DT):
                terms[term[len(DT) :]] = _definition(ontology, term, kind)
    return {"@context": {**terms, **API_TERMS}}


def _definition(ontology: Graph, term: URIRef, kind: URIRef) -> object:
    """Definition of a term: its IRI, with a type where all its values have the same."""
    iri = f"dt:{term[len(DT) :]}"
    if kind == OWL.Class:
        return iri
    if kind == OWL.ObjectProperty:
        return {"@id": iri, "@type": "@id"}
    ranges = {*ontology.objects(term, RDFS.range), *ontology.objects(term, SDO.rangeIncludes)}
    if RDF.langString in ranges:
        return {"@id": iri, "@container": "@language"}
    types = [str(each)[len(XSD) :] for each in ranges if str(each).startswith(XSD)]
    if len(types) != 1 or types == ["string"]:
        return iri
    return {"@id": iri, "@type": f"xsd:{types[0]}"}


def context_text(folder: Path) -> str:
    """Text of the context file, made from the ontology in a folder."""
    ontology = Graph().parse(folder / "dtrack.ttl", format="turtle")
    return json.dumps(make_context(ontology), ensure_ascii=False, indent=1) + "\n"


@lru_cache(maxsize=1)
def bundled_context() -> Mapping[str, Any]:
    """The context that is shipped: terms with their definitions."""
    text = (root_folder("ontology") / FILE).read_text(encoding="utf-8")
    context: dict[str, Any] = json.loads(text)["@context"]
    return context
