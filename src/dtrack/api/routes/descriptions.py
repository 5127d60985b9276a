"""``/dataset``, ``/.well-known/void``, sitemaps and robots.txt: what a node says of its data."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from dtrack.answer.describing import FactsOfStates, rows
from dtrack.api import documents
from dtrack.api.conditions import answer_unchanged
from dtrack.api.context import ServiceOf, accept_of
from dtrack.errors import NotFoundError
from dtrack.formats import ROW_FORMATS
from dtrack.publish.describing.dcat import describe_catalogue
from dtrack.publish.describing.facts import Facts
from dtrack.publish.describing.sitemaps import MOST, write_index, write_robots, write_sitemap
from dtrack.publish.describing.void import describe_void
from dtrack.publish.statements import Statement, turtle
from dtrack.stores.parsing import parse_turtle
from dtrack.stores.rdf_formats import RDF_FORMATS
from dtrack.stores.results import negotiate
from dtrack.terms import BASE
from dtrack.wiring.serving import Service

router = APIRouter(tags=["Descriptions"])

_STATES: Final = FactsOfStates()
_RDF: Final = {form.media_type: form for form in RDF_FORMATS.values() if not form.keeps_graphs} | {
    "application/ld+json": RDF_FORMATS["jsonld"]
}
_OFFERS: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {m: {} for m in _RDF}}}
_XML: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"application/xml": {}}}}


def facts_of(service: Service) -> Facts:
    """Facts about the data of a node, of the state that a request is answered from."""
    folder = service.settings.releases
    releases = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    marker = service.marker
    state = f"{service.journal.identity} {marker.digest} {marker.revision} {releases}"
    return _STATES.facts(state, service.settings, service.answers, service.journal)


@router.get(
    "/dataset",
    summary="The data as a DCAT catalogue",
    response_class=Response,
    responses={200: {"content": {"text/html": {}, **{media: {} for media in _RDF}}}},
)
def get_dataset(request: Request, service: ServiceOf) -> Response:
    """Datasets by source and kind, files, services, licences; a page for browsers."""
    page = getattr(request.app.state, "dataset_page", None)
    offers = [*(["text/html"] if page else []), *_RDF]
    if page is not None and negotiate(accept_of(request), offers) == "text/html":
        shown: Response = page(request, facts_of(service))
        return shown
    return _described(request, describe_catalogue(facts_of(service)))


@router.get(
    "/.well-known/void",
    summary="The data as a VoID dataset",
    response_class=Response,
    responses=_OFFERS,
)
def get_void(request: Request, service: ServiceOf) -> Response:
    """How much of what there is, by class, property and graph, and links to others."""
    return _described(request, describe_void(facts_of(service)))


@router.get(
    "/dataset/coverage",
    summary="What has been read of each instrument, and what has not",
    response_class=Response,
    responses={200: {"content": {form.media_type: {} for form in ROW_FORMATS.values()}}},
)
def get_coverage(request: Request, service: ServiceOf) -> Response:
    """Coverage: an empty answer about an instrument that nobody has read says nothing."""
    forms = {form.media_type.partition(";")[0]: form for form in ROW_FORMATS.values()}
    form = forms[negotiate(accept_of(request), forms)]
    answer = service.answers.query("coverage", {})
    return Response(form.write(answer.rows), media_type=form.media_type)


@router.get(
    "/sitemap.xml", summary="Sitemaps of all pages", response_class=Response, responses=_XML
)
def get_sitemaps(request: Request, service: ServiceOf) -> Response:
    """List of sitemaps."""
    tag, answer = answer_unchanged(request, service.marker.revision)
    if answer is not None:
        return answer
    count = -(-len(rows(service.answers, "pages")) // MOST)
    base = service.settings.base_iri
    found = [(f"{base}/sitemap/{number}.xml", "") for number in range(1, count + 1)]
    return Response(write_index(found), media_type="application/xml", headers={"ETag": tag})


@router.get(
    "/sitemap/{number}.xml",
    summary="Pages with the time of their last change",
    response_class=Response,
    responses=_XML,
)
def get_sitemap(request: Request, service: ServiceOf, number: int) -> Response:
    """Addresses of pages."""
    tag, answer = answer_unchanged(request, service.marker.revision)
    if answer is not None:
        return answer
    found = rows(service.answers, "pages")[(number - 1) * MOST : number * MOST]
    if number < 1 or not found:
        raise NotFoundError("There is no such sitemap.", remedy="See /sitemap.xml.")
    heads = service.journal.heads({row["graph"] for row in found})
    times = {n: service.journal.facts(n).at for n in {h.revision for h in heads.values()}}
    pages = []
    for row in found:
        head = heads.get(row["graph"])
        at = times[head.revision] if head else ""
        pages.append((_page_of(service, row["thing"]), at))
    return Response(write_sitemap(pages), media_type="application/xml", headers={"ETag": tag})


@router.get(
    "/robots.txt",
    summary="What robots may ask",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}},
)
def get_robots(service: ServiceOf) -> Response:
    """Pages are open to robots; endpoints that compute are not."""
    return Response(write_robots(service.settings.base_iri), media_type="text/plain")


def _page_of(service: Service, thing: str) -> str:
    """Address of the document about a thing, on this node's base."""
    place = documents.own_place(service, thing)
    subject = documents.Subject(thing, place, "")
    return f"{service.settings.base_iri}{documents.document_place(subject)}"


def _described(request: Request, statements: list[Statement]) -> Response:
    media = negotiate(accept_of(request), ["text/turtle", *_RDF])
    text = turtle(statements)
    if media != "text/turtle":
        text = _RDF[media].write({"": parse_turtle(text)})
    links = {"Link": f'<{documents.LICENSE}>; rel="license", <{BASE}/ontology>; rel="describedby"'}
    kind = f"{media}; charset=utf-8" if media.startswith("text/") else media
    return Response(text, media_type=kind, headers=links)
