"""The data as a DCAT 3 catalogue: datasets by source and kind, files, services.

It follows DCAT-AP where that applies; ``shapes/publish/catalogue.ttl`` says so in shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dtrack.model import text_literal
from dtrack.publish.describing.words import (
    ABOUT,
    DCAT,
    EU,
    KEYWORDS,
    LICENCE,
    SPDX,
    TITLES,
    VCARD,
    WORLD,
)
from dtrack.publish.statements import Statement, link, value
from dtrack.terms import DCTERMS, FOAF, RDF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.publish.describing.facts import Facts, Release, SourceFacts

SERVICES: Final[Mapping[str, tuple[str, str, str]]] = {
    "sparql": ("SPARQL 1.1 endpoint", "sparql", "https://www.w3.org/TR/sparql11-protocol/"),
    "odata": (
        "OData in InforMEA's shape",
        "odata",
        "https://docs.oasis-open.org/odata/odata/v4.01/",
    ),
    "ldes": ("Linked Data Event Stream", "ldes", "https://w3id.org/ldes/specification"),
    "atom": ("Atom feed of changes", "feed.atom", "https://www.rfc-editor.org/rfc/rfc4287"),
    "api": ("JSON-LD API", "api/v1", "https://spec.openapis.org/oas/v3.1.0"),
}
"""Services by name: title, path, what they conform to."""

WHOLE: Final = "dataset#whole"
CATALOGUE: Final = "dataset#catalogue"


def describe_catalogue(facts: Facts) -> list[Statement]:
    """Statements of the whole catalogue."""
    base = f"{facts.base}/"
    catalogue = base + CATALOGUE
    return [
        link(catalogue, f"{RDF}type", f"{DCAT}Catalog"),
        *_texts(catalogue, TITLES, ABOUT),
        *_common(facts, catalogue, LICENCE),
        link(catalogue, f"{FOAF}homepage", base),
        link(catalogue, f"{DCAT}themeTaxonomy", f"{EU}/data-theme"),
        *_publisher(facts),
        *_whole(facts, catalogue),
        *(each for source in facts.sources for each in _source(facts, catalogue, source)),
        *(each for kind in facts.kinds for each in _kind(facts, catalogue, kind)),
        *_services(facts, catalogue),
    ]


def _whole(facts: Facts, catalogue: str) -> Iterator[Statement]:
    whole = f"{facts.base}/{WHOLE}"
    yield link(catalogue, f"{DCAT}dataset", whole)
    yield link(whole, f"{RDF}type", f"{DCAT}Dataset")
    yield from _texts(whole, TITLES, ABOUT)
    yield from _common(facts, whole, LICENCE)
    yield from _coverage(facts, whole)
    yield value(whole, f"{DCAT}version", str(facts.revision))
    yield link(whole, f"{DCTERMS}accrualPeriodicity", f"{EU}/frequency/IRREG")
    yield link(whole, f"{DCAT}landingPage", f"{facts.base}/dataset")
    yield link(whole, f"{DCTERMS}provenance", f"{facts.base}/dataset/coverage")
    yield link(f"{facts.base}/dataset/coverage", f"{RDF}type", f"{DCTERMS}ProvenanceStatement")
    for language, words in KEYWORDS.items():
        for word in words:
            yield Statement(whole, f"{DCAT}keyword", text_literal(word, language))
    for source in facts.sources:
        yield link(whole, f"{DCTERMS}hasPart", _place(facts, "source", source.iri))
    for name, (title, path, standard) in SERVICES.items():
        yield from _access(facts, whole, name, title, path, standard)
    for release in facts.releases:
        yield from _file(facts, whole, release)


def _source(facts: Facts, catalogue: str, source: SourceFacts) -> Iterator[Statement]:
    """A source as a dataset of its own, under its own licence."""
    iri = _place(facts, "source", source.iri)
    yield link(catalogue, f"{DCAT}dataset", iri)
    yield link(iri, f"{RDF}type", f"{DCAT}Dataset")
    titles = source.titles or {"en": source.iri.rsplit("/", 1)[-1]}
    yield from _texts(iri, titles, source.descriptions or titles)
    yield from _common(facts, iri, source.licence or LICENCE)
    yield from _coverage(facts, iri)
    yield link(iri, f"{DCTERMS}source", source.iri)
    yield link(iri, f"{DCTERMS}isPartOf", f"{facts.base}/{WHOLE}")
    if source.page:
        yield link(iri, f"{DCAT}landingPage", source.page)
    yield from _access(facts, iri, "sparql", *SERVICES["sparql"])


def _kind(facts: Facts, catalogue: str, kind: str) -> Iterator[Statement]:
    """Records of a kind as a dataset, which the feed gives alone."""
    iri = f"{facts.base}/dataset#kind-{kind}"
    graphs, triples = facts.kinds[kind]
    yield link(catalogue, f"{DCAT}dataset", iri)
    yield link(iri, f"{RDF}type", f"{DCAT}Dataset")
    titles = {"en": f"Records of the kind {kind}", "zh": f"{kind}类记录"}
    about = {
        "en": f"{graphs} records of the kind {kind}, {triples} triples.",
        "zh": f"{graphs}条{kind}类记录，{triples}个三元组。",
    }
    yield from _texts(iri, titles, about)
    yield from _common(facts, iri, LICENCE)
    yield link(iri, f"{DCTERMS}isPartOf", f"{facts.base}/{WHOLE}")
    title, path, standard = SERVICES["atom"]
    yield from _access(facts, iri, "atom", title, f"{path}?type={kind}", standard)


def _texts(
    iri: str, titles: Mapping[str, str], descriptions: Mapping[str, str]
) -> Iterator[Statement]:
    for language, text in titles.items():
        yield Statement(iri, f"{DCTERMS}title", text_literal(text, language))
    for language, text in descriptions.items():
        yield Statement(iri, f"{DCTERMS}description", text_literal(text, language))


def _common(facts: Facts, iri: str, licence: str) -> Iterator[Statement]:
    yield link(iri, f"{DCTERMS}publisher", f"{facts.base}/dataset#publisher")
    yield link(iri, f"{DCTERMS}license", licence)
    yield link(licence, f"{RDF}type", f"{DCTERMS}LicenseDocument")
    yield link(iri, f"{DCTERMS}language", f"{EU}/language/ENG")
    yield link(iri, f"{DCTERMS}language", f"{EU}/language/ZHO")
    for name in ("ENG", "ZHO"):
        yield link(f"{EU}/language/{name}", f"{RDF}type", f"{DCTERMS}LinguisticSystem")
    if facts.contact:
        yield link(iri, f"{DCAT}contactPoint", f"{facts.base}/dataset#contact")
    if facts.changed:
        yield value(iri, f"{DCTERMS}issued", facts.began, "dateTime")
        yield value(iri, f"{DCTERMS}modified", facts.changed, "dateTime")
    yield link(iri, f"{DCAT}theme", f"{EU}/data-theme/ENVI")


def _coverage(facts: Facts, iri: str) -> Iterator[Statement]:
    yield link(iri, f"{DCTERMS}spatial", WORLD)
    yield link(WORLD, f"{RDF}type", f"{DCTERMS}Location")
    if facts.first_day:
        period = f"{facts.base}/dataset#period"
        yield link(iri, f"{DCTERMS}temporal", period)
        yield link(period, f"{RDF}type", f"{DCTERMS}PeriodOfTime")
        yield value(period, f"{DCAT}startDate", facts.first_day, "date")
        yield value(period, f"{DCAT}endDate", facts.last_day, "date")


def _publisher(facts: Facts) -> Iterator[Statement]:
    agent, contact = f"{facts.base}/dataset#publisher", f"{facts.base}/dataset#contact"
    yield link(agent, f"{RDF}type", f"{FOAF}Agent")
    yield value(agent, f"{FOAF}name", facts.publisher)
    if facts.contact:
        kind = "hasEmail" if facts.contact.startswith("mailto:") else "hasURL"
        yield link(contact, f"{RDF}type", f"{VCARD}Organization")
        yield value(contact, f"{VCARD}fn", facts.publisher)
        yield link(contact, f"{VCARD}{kind}", facts.contact)


def _services(facts: Facts, catalogue: str) -> Iterator[Statement]:
    for name, (title, path, standard) in SERVICES.items():
        iri = f"{facts.base}/dataset#service-{name}"
        yield link(catalogue, f"{DCAT}service", iri)
        yield link(iri, f"{RDF}type", f"{DCAT}DataService")
        yield Statement(iri, f"{DCTERMS}title", text_literal(title, "en"))
        yield link(iri, f"{DCAT}endpointURL", f"{facts.base}/{path}")
        yield link(iri, f"{DCTERMS}conformsTo", standard)
        yield link(standard, f"{RDF}type", f"{DCTERMS}Standard")
        yield link(iri, f"{DCAT}servesDataset", f"{facts.base}/{WHOLE}")
        yield link(iri, f"{DCTERMS}license", LICENCE)
        yield link(iri, f"{DCTERMS}publisher", f"{facts.base}/dataset#publisher")
        if name == "sparql":
            yield link(iri, f"{DCAT}endpointDescription", f"{facts.base}/sparql#service")


def _access(
    facts: Facts, dataset: str, name: str, title: str, path: str, standard: str
) -> Iterator[Statement]:
    """A way to the data by a service."""
    iri = f"{dataset}-by-{name}"
    yield link(dataset, f"{DCAT}distribution", iri)
    yield link(iri, f"{RDF}type", f"{DCAT}Distribution")
    yield Statement(iri, f"{DCTERMS}title", text_literal(title, "en"))
    yield link(iri, f"{DCAT}accessURL", f"{facts.base}/{path}")
    yield link(iri, f"{DCAT}accessService", f"{facts.base}/dataset#service-{name}")
    yield link(iri, f"{DCTERMS}license", LICENCE)
    yield link(iri, f"{DCTERMS}conformsTo", standard)


def _file(facts: Facts, dataset: str, release: Release) -> Iterator[Statement]:
    """A file that can be taken whole."""
    iri = f"{facts.base}/{release.address}"
    checksum = f"{facts.base}/dataset#sha256-{release.sha256[:16]}"
    yield link(dataset, f"{DCAT}distribution", iri)
    yield link(iri, f"{RDF}type", f"{DCAT}Distribution")
    title = f"{release.address.rsplit('/', 1)[-1]} of release {release.version}"
    yield Statement(iri, f"{DCTERMS}title", text_literal(title, "en"))
    yield link(iri, f"{DCAT}accessURL", f"{facts.base}/dump/{release.version}/")
    yield link(iri, f"{DCAT}downloadURL", iri)
    yield link(iri, f"{DCAT}mediaType", _media(release.media_type))
    if release.packing:
        yield link(iri, f"{DCAT}compressFormat", _media(release.packing))
    yield value(iri, f"{DCAT}byteSize", str(release.size), "integer")
    yield link(iri, f"{SPDX}checksum", checksum)
    yield link(checksum, f"{RDF}type", f"{SPDX}Checksum")
    yield link(checksum, f"{SPDX}algorithm", f"{SPDX}checksumAlgorithm_sha256")
    yield value(checksum, f"{SPDX}checksumValue", release.sha256)
    yield link(iri, f"{DCTERMS}license", LICENCE)


def _media(media_type: str) -> str:
    """IRI of a media type, as IANA lists it."""
    return f"https://www.iana.org/assignments/media-types/{media_type}"


def _place(facts: Facts, kind: str, iri: str) -> str:
    return f"{facts.base}/dataset#{kind}-{iri.rsplit('/', 1)[-1]}"
