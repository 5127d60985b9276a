"""Graphs as a revision left them: their content, and what came and left. Neither ever changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from dtrack.api.conditions import etag
from dtrack.api.context import ServiceOf, accept_of
from dtrack.api.documents import context_address
from dtrack.api.problems import answered
from dtrack.errors import GoneError, NotFoundError
from dtrack.formats.jsonld import compacted
from dtrack.journal import Version, version_iri
from dtrack.publish.patch import write_patch
from dtrack.stores.rdf_formats import RDF_FORMATS, rdf_format
from dtrack.stores.results import negotiate

if TYPE_CHECKING:
    from dtrack.wiring.serving import Service

router = APIRouter(prefix="/api/v1/revisions", tags=["Feeds"])

FOREVER: Final = "public, max-age=31536000, immutable"
PATCH: Final = "application/rdf-patch"

Graph = Annotated[str, Query(description="IRI of the graph")]
_RDF: Final[dict[str, Any]] = {form.media_type: {} for form in RDF_FORMATS.values()}


@router.get(
    "/{number}/content",
    summary="A graph as a revision left it",
    response_class=Response,
    responses={
        200: {"content": _RDF},
        410: answered("The revision withdrew it"),
    },
)
def get_content(
    request: Request,
    service: ServiceOf,
    number: int,
    graph: Graph,
    format: Annotated[  # noqa: A002 - the name that callers know
        str | None, Query(description="Name of an RDF format; else Accept decides")
    ] = None,
) -> Response:
    """RDF of a graph, also of one that has changed since or is no more."""
    version = _version(service, number, graph)
    if format is None:
        offers = {form.media_type: form for form in RDF_FORMATS.values()}
        preferred = ["text/turtle", *(media for media in offers if media != "text/turtle")]
        form = offers[negotiate(accept_of(request), preferred)]
    else:
        form = rdf_format(format)
    digest = version.change.digest
    if digest is None:
        raise GoneError(
            f"Revision {version.facts.number} withdrew <{graph}>.",
            remedy=f"Ask for revision {version.facts.number - 1}.",
        )
    body = form.write({graph: service.journal.content(digest)})
    if form.name == "jsonld":
        body = compacted(json.loads(body), context_address(service), graph)
    headers = {"ETag": etag(f"{digest[:32]}-{form.extension}"), "Cache-Control": FOREVER}
    return Response(body, media_type=form.media_type, headers=headers)


@router.get(
    "/{number}/patch",
    summary="What a revision did to a graph, as RDF Patch",
    response_class=Response,
    responses={200: {"content": {PATCH: {}}}},
)
def get_patch(service: ServiceOf, number: int, graph: Graph) -> Response:
    """Quads that came and left."""
    journal, base = service.journal, service.settings.base_iri
    version = _version(service, number, graph)
    if version.facts.number != number:
        raise NotFoundError(
            f"Revision {number} did nothing to <{graph}>.",
            remedy=f"The last one before it that did is {version.facts.number}.",
        )
    former = journal.version_at(number - 1, graph)
    body = write_patch(
        graph,
        version_iri(number, graph, base),
        version_iri(former.facts.number, graph, base) if former else "",
        *(journal.content(digest) if digest else b"" for digest in _digests(version)),
    )
    return Response(body, media_type=PATCH, headers={"Cache-Control": FOREVER})


def _digests(version: Version) -> tuple[str | None, str | None]:
    return version.change.before, version.change.digest


def _version(service: Service, number: int, graph: str) -> Version:
    # Whether there is such a revision at all comes first.
    service.journal.facts(number)
    version = service.journal.version_at(number, graph)
    if version is None:
        raise NotFoundError(
            f"There was no graph <{graph}> at revision {number}.",
            remedy="The feed of changes (/feed.atom) lists graphs with their revisions.",
        )
    return version
