"""``/sparql``: the query operation of the SPARQL 1.1 Protocol (its section 2.1)."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import parse_qsl

import anyio.to_thread
from fastapi import APIRouter, Query, Request, Response

from dtrack.api.context import accept_of, service_of
from dtrack.api.problems import HttpProblem
from dtrack.api.service_description import service_description
from dtrack.errors import NotAcceptableError, ParameterError
from dtrack.stores.results import GRAPH_FORMATS, SOLUTION_FORMATS, negotiate

MAX_BODY = 1024 * 1024
"""Most bytes of a posted query."""

FORMATS = {
    "json": "application/sparql-results+json, application/ld+json;q=0.9",
    "xml": "application/sparql-results+xml, application/rdf+xml;q=0.9",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
"""Names for ``format``, each with the Accept header that it stands for."""

Editor = Callable[[Request], Response]
Fields = list[tuple[str, str]]

router = APIRouter(tags=["SPARQL"])
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer, in the format that Accept asks for",
        "content": {media: {} for media in {**SOLUTION_FORMATS, **GRAPH_FORMATS}},
    }
}


@router.get(
    "/sparql", summary="Answer a query", responses=_ANSWER, response_class=Response
)  # fmt: skip
async def get_query(
    request: Request,
    query: Annotated[
        str | None, Query(description="SPARQL 1.1 query; without it, the service is described")
    ] = None,
    format: Annotated[  # noqa: A002 - the name of the parameter
        str | None, Query(description=f"Instead of Accept: {', '.join(FORMATS)}")
    ] = None,
) -> Response:
    """Answer a query; without one, describe the service (Turtle), or show a form to browsers.

    The default graph is the union of all graphs. SERVICE and updates are refused.
    """
    _ = query, format  # declared for the description; all fields are read as sent
    fields = request.query_params.multi_items()
    if not any(name in {"query", "update"} for name, _ in fields):
        return _about(request)
    return await _answer(request, fields)


@router.post(
    "/sparql",
    summary="Answer a query that is posted",
    responses=_ANSWER,
    response_class=Response,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/sparql-query": {"schema": {"type": "string"}},
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": {"query": {"type": "string"}},
                        "required": ["query"],
                    }
                },
            },
        }
    },
)
async def post_query(request: Request) -> Response:
    """Answer a query in a form, or one that is the body itself."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    fields = request.query_params.multi_items()
    if media == "application/x-www-form-urlencoded":
        try:
            fields += parse_qsl(
                await _body(request), keep_blank_values=True, errors="strict", max_num_fields=100
            )
        except (UnicodeDecodeError, ValueError):
            raise ParameterError("The form cannot be read.", remedy="Send UTF-8.") from None
    elif media == "application/sparql-query":
        fields.append(("query", await _body(request)))
    elif media == "application/sparql-update":
        raise _no_updates()
    else:
        raise HttpProblem(
            415,
            f"A query cannot be sent as '{media[:60] or 'nothing'}'.",
            "Use application/sparql-query or application/x-www-form-urlencoded.",
            {"Accept-Post": "application/sparql-query, application/x-www-form-urlencoded"},
        )
    return await _answer(request, fields)


async def _body(request: Request) -> str:
    """Body of a request, up to MAX_BODY. Raises HttpProblem, ParameterError."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_BODY:
            raise HttpProblem(413, f"The body is larger than {MAX_BODY} bytes.", "Send less.")
        pieces.append(piece)
    try:
        return b"".join(pieces).decode("utf-8")
    except UnicodeDecodeError:
        raise ParameterError("The query is not UTF-8.", remedy="Send UTF-8.") from None


def _no_updates() -> HttpProblem:
    return HttpProblem(403, "This endpoint only reads: updates are refused.", "Send a query.")


def _about(request: Request) -> Response:
    """Service description, or a form for browsers."""
    editor: Editor | None = request.app.state.editor
    offers = ["text/turtle", *(["text/html"] if editor else [])]
    media = negotiate(accept_of(request), offers)
    if media == "text/html" and editor:
        return editor(request)
    return Response(
        service_description(service_of(request)), media_type="text/turtle; charset=utf-8"
    )


async def _answer(request: Request, fields: Fields) -> Response:
    """Answer of the one query among the fields of a request."""
    names = {name for name, _ in fields}
    if names & {"update", "using-graph-uri", "using-named-graph-uri"}:
        raise _no_updates()
    if chosen := names & {"default-graph-uri", "named-graph-uri"}:
        raise ParameterError(
            f"'{min(chosen)}' is not supported.",
            remedy="Name the graphs in the query, with FROM and FROM NAMED.",
        )
    queries = [value for name, value in fields if name == "query"]
    if len(queries) != 1:
        raise ParameterError(
            f"There are {len(queries)} queries in the request.", remedy="Send one."
        )
    answer = await anyio.to_thread.run_sync(
        service_of(request).readers.serialise,
        queries[0],
        _wanted(request, fields),
        limiter=request.app.state.query_turns,
    )
    return Response(answer.body, media_type=answer.media_type)


def _wanted(request: Request, fields: Fields) -> str:
    """Accept header, or what ``format`` says instead."""
    named = next((value for name, value in fields if name == "format"), None)
    if named is None:
        return accept_of(request)
    if named not in FORMATS:
        raise NotAcceptableError(
            f"There is no format '{named[:40]}'.", remedy=f"Use one of {', '.join(FORMATS)}."
        )
    return FORMATS[named]
