"""Documents about the ontology, its alignments, the shapes, and the JSON-LD context."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dtrack.api import documents
from dtrack.api.context import ServiceOf
from dtrack.api.documents import OFFERS, Subject
from dtrack.errors import NotFoundError
from dtrack.formats.vocabulary import read_vocabulary, vocabulary_rdf
from dtrack.terms import BASE
from dtrack.validation.shapes import bundled_shapes, shapes_version
from dtrack.web.things import formats, vocabulary_page
from dtrack.wiring.serving import Service

router = APIRouter()


@router.get("/ontology")
@router.get("/ontology.{ending}")
@router.get("/shapes")
@router.get("/shapes.{ending}")
def vocabulary(request: Request, service: ServiceOf, ending: str = "") -> Response:
    """The ontology, or the shapes: all its terms, each at its place."""
    name = request.url.path.strip("/").partition(".")[0]
    return _vocabulary(request, service, name, ending)


@router.get("/ontology/{version}")
def version_of_ontology(version: str, request: Request, service: ServiceOf) -> Response:
    """A version of the ontology; this server has only that which its data follow."""
    stem, _, ending = version.rpartition(".")
    number = stem if ending in OFFERS else version
    if number != read_vocabulary("ontology").version:
        raise NotFoundError(
            f"Version '{number[:40]}' of the ontology is not here.", remedy="See /ontology."
        )
    return _vocabulary(request, service, "ontology", ending if ending in OFFERS else "")


@router.get("/shapes/version/{version}")
def version_of_shapes(version: str) -> Response:
    """A version of the shapes, as revisions name it; this server has only the one in force."""
    if version != shapes_version(bundled_shapes()):
        raise NotFoundError(
            f"Version '{version[:40]}' of the shapes is not here.", remedy="See /shapes."
        )
    return RedirectResponse("/shapes", status_code=303)


@router.get("/alignments/{name}")
def alignment(name: str, request: Request, service: ServiceOf) -> Response:
    """How the ontology's terms stand to those of another vocabulary."""
    stem, _, ending = name.rpartition(".")
    if ending not in OFFERS:
        stem, ending = name, ""
    return _vocabulary(request, service, f"alignments/{stem}", ending)


def _vocabulary(request: Request, service: Service, name: str, ending: str) -> Response:
    subject = Subject(f"{BASE}/{name}", name, ending)
    if ending and ending not in OFFERS:
        raise documents.not_found(f"{subject.iri}.{ending}")
    read_vocabulary(name)
    address = documents.document_place(subject)
    chosen = documents.wanted_ending(request, address, ending)
    if chosen == "html":
        response = vocabulary_page(request, read_vocabulary(name), formats(subject))
    else:
        media = OFFERS[chosen]
        text = media.startswith("text/")
        response = Response(
            vocabulary_rdf(name, chosen),
            media_type=f"{media}; charset=utf-8" if text else media,
        )
    response.headers.update(documents.links(service, subject))
    return response
