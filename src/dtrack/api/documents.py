"""Documents about things: which thing an address means, in which format, with which links."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from fastapi import Response

from dtrack.answer.lookup import values_block
from dtrack.answer.tombstone import Tombstones
from dtrack.api.context import accept_of
from dtrack.api.paging import read_list_query
from dtrack.api.problems import Gone, HttpProblem
from dtrack.catalogue import bind
from dtrack.errors import NotAcceptableError, NotFoundError, ParameterError
from dtrack.formats.jsonld import compacted
from dtrack.stores.rdf_formats import RDF_FORMATS
from dtrack.stores.results import negotiate
from dtrack.terms import BASE, HISTORY_GRAPHS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import Request

    from dtrack.wiring.serving import Service

LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"

OFFERS: Final[Mapping[str, str]] = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
"""Media types of documents by the end of their address, best first."""

GRAPH_OFFERS: Final[Mapping[str, str]] = {
    **OFFERS,
    "nq": "application/n-quads",
    "trig": "application/trig",
}
"""The same for graphs, whose name two more formats can say."""

_ALSO: Final = {"application/json": "jsonld", "application/xml": "rdf"}
_NAMES: Final = {
    "turtle": "ttl", "ntriples": "nt", "rdfxml": "rdf", "json-ld": "jsonld", "json": "jsonld",
    "nquads": "nq",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that an address means.

    ``place`` is its path below the base without a format's ending, ``ending``
    that ending, "" where the address has none.
    """

    iri: str
    place: str
    ending: str


def bases(service: Service) -> tuple[str, ...]:
    """Starts of the IRIs that this node answers for, whatever address it is reached at."""
    return tuple(dict.fromkeys((service.settings.base_iri, BASE)))


def is_described(service: Service, iri: str) -> bool:
    """Whether anything is said about a thing; what revisions did is said outside the union."""
    block = values_block("thing", [iri])
    return service.store.ask(
        f"""ASK {{ {block} {{ ?thing ?property ?value }} UNION {{
        GRAPH ?history {{ ?thing ?property ?value }}
        FILTER(STRSTARTS(STR(?history), "{HISTORY_GRAPHS.rstrip("/")}")) }} }}"""
    )


def find(service: Service, place: str, offers: Mapping[str, str] = OFFERS) -> Subject:
    """The thing at a path below the base, perhaps with a format's ending.

    The whole path is tried first, for the end of an IRI may look like a format.
    Raises NotFoundError, Gone, ParameterError.
    """
    stem, _, ending = place.rpartition(".")
    spellings = [(place, "")]
    if stem and ending in offers:
        spellings.append((stem, ending))
    for path, found_ending in spellings:
        for base in bases(service):
            for written in dict.fromkeys((path, quote(path))):
                iri = f"{base}/{written}"
                if is_described(service, iri):
                    return Subject(iri, path, found_ending)
    for path, _ in spellings:
        for base in bases(service):
            _refuse_withdrawn(service, f"{base}/{path}")
    raise not_found(f"{bases(service)[-1]}/{place}")


def not_found(iri: str) -> NotFoundError:
    """Error for an IRI that nothing is recorded about."""
    return NotFoundError(f"No record has the IRI <{iri}>.", remedy="Check its spelling.")


def _refuse_withdrawn(service: Service, iri: str) -> None:
    """Raise Gone for a thing that has been withdrawn."""
    tombstone = service.tombstone(iri) if isinstance(service, Tombstones) else None
    if tombstone:
        raise Gone(tombstone)


def find_foreign(service: Service, iri: str) -> Subject:
    """The thing of an IRI that is not below our base. Raises NotFoundError, Gone."""
    if not iri:
        raise ParameterError("There is no IRI.", remedy="Give it as iri=….")
    if is_described(service, iri):
        return Subject(iri, "", "")
    _refuse_withdrawn(service, iri)
    raise not_found(iri)


def own_place(service: Service, iri: str) -> str:
    """Path below the base of an IRI of ours, "" of another."""
    for base in bases(service):
        if iri.startswith(f"{base}/"):
            return iri[len(base) + 1 :]
    return ""


def document_place(subject: Subject) -> str:
    """Path of the document about a thing, without a format's ending."""
    if not subject.place:
        return f"/doc?iri={quote(subject.iri, safe='')}"
    place = subject.place
    return "/" + quote(f"doc/{place[3:]}" if place.startswith("id/") else place)


def in_format(address: str, ending: str) -> str:
    """Address of a document in a format."""
    return f"{address}&format={ending}" if "?" in address else f"{address}.{ending}"


def wanted_ending(
    request: Request, address: str, ending: str = "", offers: Mapping[str, str] = OFFERS
) -> str:
    """Format for a request: that of the ending, of ``?format=``, or the best that it accepts.

    Raises HttpProblem 406 with the offers.
    """
    named = request.query_params.get("format")
    if named is not None:
        named = _NAMES.get(named.lower(), named.lower())
        if named not in offers:
            raise not_acceptable(address, offers)
        return named
    if ending:
        return ending
    by_media = {media: name for name, media in offers.items()} | _ALSO
    try:
        return by_media[negotiate(accept_of(request), by_media)]
    except NotAcceptableError:
        raise not_acceptable(address, offers) from None


def not_acceptable(address: str, offers: Mapping[str, str]) -> HttpProblem:
    """Problem for a format that there is not, with those there are."""
    return HttpProblem(
        406,
        "The document exists in none of the formats asked for.",
        f"Ask for one of {', '.join(offers.values())}.",
        {"Link": ", ".join(alternates(address, offers))},
        {"offers": {media: in_format(address, ending) for ending, media in offers.items()}},
    )


def alternates(address: str, offers: Mapping[str, str]) -> list[str]:
    """Values of Link for each format of a document."""
    return [
        f'<{in_format(address, ending)}>; rel="alternate"; type="{media}"'
        for ending, media in offers.items()
    ]


def links(service: Service, subject: Subject, offers: Mapping[str, str] = OFFERS) -> dict[str, str]:
    """Headers that connect a document with its thing, its formats, its terms and its licence."""
    address = document_place(subject)
    base = next((b for b in bases(service) if subject.iri.startswith(f"{b}/")), bases(service)[0])
    values = [
        f'<{base}{address}>; rel="canonical"',
        *alternates(address, offers),
        f'<{_safe(subject.iri)}>; rel="describes"',
        f'<{BASE}/ontology>; rel="describedby"',
        f'<{LICENSE}>; rel="license"',
    ]
    return {"Link": ", ".join(values)}


def _safe(iri: str) -> str:
    """IRI as a header can hold it."""
    return quote(iri, safe=":/?#[]@!$&'()*+,;=%~-._")


def redirect_headers(address: str, offers: Mapping[str, str] = OFFERS) -> dict[str, str]:
    """Headers that go from a thing to the document about it."""
    values = [f'<{address}>; rel="describedby"', *alternates(address, offers)]
    return {"Link": ", ".join(values)}


def rdf(service: Service, subject: Subject, ending: str, query_name: str = "document") -> Response:
    """Document about a thing in an RDF format, by a query of ``queries/documents``."""
    base = next((b for b in bases(service) if subject.iri.startswith(f"{b}/")), bases(service)[0])
    values = {"thing": subject.iri, "document": f"{base}{document_place(subject)}"}
    query = bind(read_list_query("documents", query_name), values, service.answers)
    answer = service.readers.serialise(query, OFFERS[ending])
    body = answer.body
    if ending == "jsonld":
        body = compacted(json.loads(body), context_address(service), subject.iri)
    return _response(body, OFFERS[ending], links(service, subject))


def graph_rdf(service: Service, subject: Subject, ending: str) -> Response:
    """A named graph exactly as it is."""
    form = next(form for form in RDF_FORMATS.values() if form.extension == ending)
    body = form.write({subject.iri: service.store.graph(subject.iri)})
    if ending == "jsonld":
        body = compacted(json.loads(body), context_address(service), subject.iri)
    return _response(body, form.media_type, links(service, subject, GRAPH_OFFERS))


def context_address(service: Service) -> str:
    """IRI of the JSON-LD context."""
    return f"{service.settings.base_iri}/context.jsonld"


def _response(body: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    text = media_type.startswith("text/")
    return Response(
        body,
        media_type=f"{media_type}; charset=utf-8" if text else media_type,
        headers=dict(headers),
    )


def record_graphs(service: Service, iri: str) -> Sequence[str]:
    """Graphs that say something about a thing, derived ones apart."""
    rows = service.store.select(
        f"""SELECT DISTINCT ?graph WHERE {{ {values_block("thing", [iri])}
        GRAPH ?graph {{ ?thing ?property ?value }}
        FILTER(STRSTARTS(STR(?graph), "{BASE}/graph/") && ?graph != <{BASE}/graph/derived>)
        }} ORDER BY ?graph LIMIT 20"""
    )
    return [row["graph"] for row in rows.texts()]
