"""``/graphs``: the SPARQL 1.1 Graph Store HTTP Protocol."""

import secrets
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from dtrack.api.asking import asked
from dtrack.api.bodies import body_of, checked_media_type, media_type_of, parts_of
from dtrack.api.changing import Changed, GraphChange
from dtrack.api.conditions import condition_of, etag
from dtrack.api.context import accept_of, service_of
from dtrack.api.linked import JSON_LD, context_address
from dtrack.api.problems import HttpProblem
from dtrack.api.routes.sparql import FORMATS
from dtrack.api.routes.update import Named, author_of, changes_of, headers_of
from dtrack.errors import NotAcceptableError, ParameterError
from dtrack.formats.bundled import with_bundled_context
from dtrack.stores.plain import Change
from dtrack.stores.readers import Upload
from dtrack.stores.results import GRAPH_FORMATS
from dtrack.stores.turns import Caller
from dtrack.stores.uploads import UPLOAD_FORMATS

ALLOWED = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
_MULTIPART = "multipart/form-data"
_READ = ", ".join([*UPLOAD_FORMATS, _MULTIPART])
_KNOWN = {"graph", "default", "format"}

_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The graph, in the format that Accept asks for",
        "content": {media: {} for media in GRAPH_FORMATS},
    }
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {media: {"schema": {"type": "string"}} for media in UPLOAD_FORMATS},
    }
}
_REPLACED: dict[int | str, dict[str, Any]] = {
    201: {"description": "The graph was not there before"},
    204: {"description": "The graph was there before"},
}

GraphParameter = Annotated[
    str | None, Query(description="IRI of the graph; or the parameter `default`, without value")
]
FormatParameter = Annotated[
    str | None, Query(description="Instead of Accept: turtle, ntriples, rdfxml, jsonld, …")
]


def create_router(needs_key: Callable[..., Named], *, is_plain: bool = False) -> APIRouter:
    """Routes for graphs; changes are for those whom a dependency gives a key.

    In a plain store a graph may also be named by its own address below
    /graphs, and posting to /graphs makes a graph with a new name.
    """
    router = APIRouter(tags=["SPARQL"])
    paths = ["/graphs", "/graphs/{path:path}"] if is_plain else ["/graphs"]
    key_of = Depends(needs_key)

    async def get_graph(
        request: Request,
        graph: GraphParameter = None,
        format: FormatParameter = None,  # noqa: A002 - the name of the parameter
    ) -> Response:
        """Give a graph. Its ETag is the digest of its content."""
        _ = graph, format  # read as sent
        name, accept = _graph_of(request), _wanted(request)
        readers = service_of(request).readers
        document = await asked(request, lambda caller: readers.graph(name, accept, caller))
        return Response(
            document.body,
            media_type=document.media_type,
            headers={"ETag": etag(document.digest)},
        )

    async def put_graph(
        request: Request, key: Annotated[Named, key_of], graph: GraphParameter = None
    ) -> Response:
        """Replace a graph, or make it. If-Match and If-None-Match are heeded."""
        _ = graph
        changed = await _change(request, _graph_of(request), Change.REPLACE, key)
        return _told(changed)

    async def post_graph(
        request: Request, key: Annotated[Named, key_of], graph: GraphParameter = None
    ) -> Response:
        """Add triples to a graph, or make it; several files may come as multipart/form-data."""
        _ = graph
        if is_plain and request.url.path == "/graphs" and not request.query_params:
            base = service_of(request).settings.base_iri
            name: str | None = f"{base}/graphs/{secrets.token_hex(8)}"
            changed = await _change(request, name, Change.ADD, key)
            return _told(changed, location=name)
        changed = await _change(request, _graph_of(request), Change.ADD, key)
        return _told(changed)

    async def delete_graph(
        request: Request, key: Annotated[Named, key_of], graph: GraphParameter = None
    ) -> Response:
        """Withdraw a graph."""
        _ = graph
        changed = await _change(request, _graph_of(request), Change.REMOVE, key)
        return Response(status_code=204, headers=headers_of(changed))

    def other_methods(request: Request) -> Response:
        """Say what is possible here."""
        raise HttpProblem(
            405, f"{request.method} is not possible here.", f"Use {ALLOWED}.", {"Allow": ALLOWED}
        )

    for path in paths:
        shown: dict[str, Any] = {"include_in_schema": path == "/graphs", "response_class": Response}
        router.get(path, summary="Read a graph", responses=_ANSWER, **shown)(get_graph)
        router.put(
            path, summary="Replace a graph", status_code=204, responses=_REPLACED,
            openapi_extra=_BODY, **shown,
        )(put_graph)  # fmt: skip
        router.post(
            path, summary="Add to a graph", status_code=204, responses=_REPLACED,
            openapi_extra=_BODY, **shown,
        )(post_graph)  # fmt: skip
        router.delete(path, summary="Withdraw a graph", status_code=204, **shown)(delete_graph)
        router.api_route(path, methods=["PATCH"], include_in_schema=False)(other_methods)
    return router


def _graph_of(request: Request) -> str | None:
    """Name of the graph that a request is about; None = the default one. Raises ParameterError."""
    parameters = request.query_params
    if unknown := set(parameters) - _KNOWN:
        raise ParameterError(
            f"There is no parameter '{min(unknown)[:40]}' here.",
            remedy="There are: graph, default, format.",
        )
    direct = request.path_params.get("path")
    named = parameters.getlist("graph")
    is_default = "default" in parameters
    if len(named) + is_default + (direct is not None) != 1:
        raise ParameterError(
            "The request must name one graph.",
            remedy="Give ?graph= with its IRI, or ?default.",
        )
    if direct is not None:
        base = service_of(request).settings.base_iri
        # As sent: a percent sign is part of the name.
        raw = request.scope.get("raw_path", b"") or request.url.path.encode()
        return base + raw.decode("ascii", "replace").partition("?")[0]
    return None if is_default else named[0]


def _wanted(request: Request) -> str:
    """Accept header, or what ``format`` says instead."""
    named = request.query_params.get("format")
    if named is None:
        return accept_of(request)
    if named not in FORMATS:
        raise NotAcceptableError(
            f"There is no format '{named[:40]}'.", remedy=f"Use one of {', '.join(FORMATS)}."
        )
    return FORMATS[named]


async def _change(request: Request, graph: str | None, change: Change, key: Named) -> Changed:
    """Change a graph by what the request says."""
    uploads = [] if change is Change.REMOVE else await _uploads(request)
    author = author_of(request, key, f"Graph store {request.method}")
    changes, condition = changes_of(request), condition_of(request)
    base = graph or f"{service_of(request).settings.base_iri}/graphs"
    contexts = (context_address(service_of(request)),)

    def change_with(caller: Caller) -> Changed:
        read = [
            (media, with_bundled_context(body, contexts) if media == JSON_LD else body)
            for media, body in uploads
        ]
        wanted = GraphChange(graph, change, read, base, condition)
        return changes.change_graph(wanted, author, caller)

    return await asked(request, change_with)


async def _uploads(request: Request) -> list[Upload]:
    """Documents in the body of a request. Raises HttpProblem for types that are not read."""
    media = checked_media_type(request.headers.get("content-type", ""))
    if media == _MULTIPART:
        uploads = await parts_of(request)
    else:
        uploads = [(media_type_of(request), await body_of(request))]
    if not uploads:
        raise ParameterError("There is no file in the form.", remedy="Send files.")
    for media, _ in uploads:
        if media not in UPLOAD_FORMATS:
            raise HttpProblem(
                415,
                f"A graph cannot be sent as '{media[:60] or 'nothing'}'.",
                f"Use one of {_READ}.",
                {"Accept-Post": _READ},
            )
    return uploads


def _told(changed: Changed, location: str | None = None) -> Response:
    """Response to a change after which the graph is there."""
    headers = headers_of(changed)
    if changed.digest is not None:
        headers["ETag"] = etag(changed.digest)
    if location is not None:
        headers["Location"] = location
    return Response(status_code=204 if changed.existed else 201, headers=headers)
