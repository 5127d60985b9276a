"""The way from an IRI to the document about its thing, in the format that a reader accepts."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dtrack.answer.lookup import values_block
from dtrack.api import documents, texts
from dtrack.api.context import ServiceOf
from dtrack.api.documents import GRAPH_OFFERS, OFFERS, Subject
from dtrack.terms import BASE, CODES, SDG
from dtrack.web import bodies, decision, subjects, things
from dtrack.wiring.serving import Service

router = APIRouter()


def _see_other(address: str, offers: Mapping[str, str] = OFFERS) -> Response:
    return RedirectResponse(address, 303, headers=documents.redirect_headers(address, offers))


@router.get("/id/{path:path}")
def thing(path: str, request: Request, service: ServiceOf) -> Response:
    """Go from a thing to the document about it, in the format that is asked for."""
    # The thing must be there, so that a wrong IRI is told apart from a wrong page.
    subject = documents.find(service, f"id/{path}")
    address = documents.document_place(subject)
    ending = documents.wanted_ending(request, address, subject.ending)
    plain = ending == "html" and not subject.ending and "format" not in request.query_params
    response = _see_other(address)
    language = request.query_params.get("lang")
    known = f"?lang={quote(language)}" if language else ""
    place = address if plain else documents.in_format(address, ending)
    response.headers["location"] = place + known
    return response


@router.get("/doc")
def foreign(request: Request, service: ServiceOf, iri: str = "") -> Response:
    """Document about a thing that others publish, or the way to that of our own."""
    place = documents.own_place(service, iri)
    if place.startswith("id/"):
        return _see_other(documents.document_place(documents.find(service, place)))
    if place.startswith(("codes/", "graph/")):
        return _see_other(documents.document_place(documents.find(service, place, GRAPH_OFFERS)))
    return _document(request, service, documents.find_foreign(service, iri))


@router.get("/doc/{path:path}")
def document(path: str, request: Request, service: ServiceOf) -> Response:
    """Document about a text, with its outline, or about any other thing."""
    subject = documents.find(service, f"id/{path}")
    kind, _, rest = subject.place.removeprefix("id/").partition("/")
    address = documents.document_place(subject)
    if documents.wanted_ending(request, address, subject.ending) == "html":
        if kind in texts.KINDS:
            return _page(service, subject, decision.text_page(request, service, subject))
        if kind == "provision" and not subject.ending and "format" not in request.query_params:
            whole = _text_of(service, subject.iri)
            if whole:
                number = rest.rpartition("/")[2]
                place = documents.document_place(Subject(whole[0], whole[1], ""))
                language = request.query_params.get("lang")
                known = f"?lang={quote(language)}" if language else ""
                return RedirectResponse(f"{place}{known}#p-{quote(number)}", 303)
    return _document(request, service, subject)


def _text_of(service: Service, iri: str) -> tuple[str, str] | None:
    """IRI and place of the text that a provision stands in."""
    rows = service.store.select(
        f"""PREFIX dt: <{BASE}/ontology#>
        SELECT ?text WHERE {{ {values_block("provision", [iri])} ?provision dt:ofText ?text }}
        ORDER BY ?text"""
    )
    found = next((row["text"] for row in rows.texts()), None)
    return (found, documents.own_place(service, found)) if found else None


def _document(request: Request, service: Service, subject: Subject) -> Response:
    """Document about a thing, in the format that is asked for."""
    ending = documents.wanted_ending(request, documents.document_place(subject), subject.ending)
    if ending == "html":
        return _page(service, subject, _page_of(service, subject)(request, service, subject))
    return documents.rdf(service, subject, ending)


_PAGES: Final[Mapping[str, Callable[[Request, Service, Subject], Response]]] = {
    "id/target": subjects.target_page,
    "id/goal": subjects.target_page,
    "id/framework": subjects.framework_page,
    "id/instrument": bodies.instrument_page,
    "id/forum": bodies.instrument_page,
    "id/meeting": bodies.meeting_page,
    "codes/theme": subjects.theme_page,
    "codes/actor": subjects.actor_page,
}
"""Pages of the kinds of things that have one of their own, by the start of their place."""


def _page_of(service: Service, subject: Subject) -> Callable[[Request, Service, Subject], Response]:
    """What makes the page of a thing."""
    kind, _, name = subject.place.rpartition("/")
    if subject.iri.startswith(SDG):
        return subjects.target_page
    page = _PAGES.get(kind) if name else None
    # A record that only names a thing says nothing of what it is.
    if page and service.store.ask(
        f"ASK {{ {values_block('thing', [subject.iri])} ?thing a ?type }}"
    ):
        return page
    return things.thing_page


def _page(
    service: Service, subject: Subject, page: Response, offers: Mapping[str, str] = OFFERS
) -> Response:
    """Page with the links that every document has."""
    page.headers.update(documents.links(service, subject, offers))
    return page


@router.get("/codes")
@router.get("/codes.{ending}")
def schemes(request: Request, service: ServiceOf, ending: str = "") -> Response:
    """The code schemes that there are."""
    if ending and ending not in OFFERS:
        raise documents.not_found(f"{CODES}.{ending}")
    subject = Subject(CODES, "codes", ending)
    ending = documents.wanted_ending(request, "/codes", ending)
    if ending == "html":
        return _page(service, subject, things.schemes_page(request, service, subject))
    return documents.rdf(service, subject, ending, "schemes")


@router.get("/codes/{path:path}")
def code(path: str, request: Request, service: ServiceOf) -> Response:
    """Document about a scheme, a theme, an actor, a verb or another coded value."""
    return _document(request, service, documents.find(service, f"codes/{path}"))


@router.get("/.well-known/genid/{path:path}")
def skolem(path: str, request: Request, service: ServiceOf) -> Response:
    """Document about a node that had no IRI in its source."""
    return _document(request, service, documents.find(service, f".well-known/genid/{path}"))


@router.get("/graph/{path:path}")
def graph(path: str, request: Request, service: ServiceOf) -> Response:
    """A named graph: as it is in RDF, described in HTML."""
    subject = things.find_graph(service, f"graph/{path}")
    address = documents.document_place(subject)
    ending = documents.wanted_ending(request, address, subject.ending, GRAPH_OFFERS)
    if ending == "html":
        page = things.graph_page(request, service, subject)
        return _page(service, subject, page, GRAPH_OFFERS)
    return documents.graph_rdf(service, subject, ending)
