"""``/sparql``: the query operation of the SPARQL 1.1 Protocol (its section 2.1)."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from dtrack.api.asking import asked
from dtrack.api.bodies import QUERY_BYTES, Fields, form_of, media_type_of, text_of
from dtrack.api.context import accept_of, service_of
from dtrack.api.problems import HttpProblem
from dtrack.api.service_description import DESCRIBED_IN, service_description
from dtrack.errors import NotAcceptableError, ParameterError, RefusedError
from dtrack.model import Serialised
from dtrack.stores.datasets import Dataset
from dtrack.stores.federation import expanded
from dtrack.stores.results import GRAPH_FORMATS, SOLUTION_FORMATS, negotiate
from dtrack.stores.turns import Caller

FORMATS = {
    "json": "application/sparql-results+json, application/ld+json;q=0.9",
    "xml": "application/sparql-results+xml, application/rdf+xml;q=0.9",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nquads": "application/n-quads",
}
"""Names for ``format``, each with the Accept header that it stands for."""

Editor = Callable[[Request], Response]
ALLOWED = "GET, HEAD, POST, OPTIONS"

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
    default_graph_uri: Annotated[
        list[str] | None,
        Query(alias="default-graph-uri", description="Graph to read; goes before FROM"),
    ] = None,
    named_graph_uri: Annotated[
        list[str] | None,
        Query(alias="named-graph-uri", description="Graph for GRAPH; goes before FROM NAMED"),
    ] = None,
) -> Response:
    """Answer a query; without one, describe the service, or show a form to browsers.

    The default graph is the union of all graphs. Graphs are those of the store: nothing is
    fetched. SERVICE is refused but for endpoints that the operator allows, and updates are.
    """
    _ = query, format, default_graph_uri, named_graph_uri  # all fields are read as sent
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
    media = media_type_of(request)
    fields = request.query_params.multi_items()
    if media == "application/x-www-form-urlencoded":
        fields += await form_of(request, QUERY_BYTES)
    elif media == "application/sparql-query":
        fields.append(("query", await text_of(request, QUERY_BYTES)))
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


@router.api_route("/sparql", methods=["PUT", "DELETE", "PATCH"], include_in_schema=False)
def other_methods(request: Request) -> Response:
    """Say what is possible here; the framework would name the methods of one route only."""
    raise HttpProblem(
        405, f"{request.method} is not possible here.", f"Use {ALLOWED}.", {"Allow": ALLOWED}
    )


def _no_updates() -> RefusedError:
    return RefusedError(
        "This endpoint only reads: updates are refused.", remedy="Post updates to /update."
    )


def _about(request: Request) -> Response:
    """Service description, or a form for browsers."""
    editor: Editor | None = request.app.state.editor
    offers = [*DESCRIBED_IN, *(["text/html"] if editor else [])]
    media = negotiate(accept_of(request), offers)
    if media == "text/html" and editor:
        return editor(request)
    text = service_description(service_of(request), media)
    return Response(text, media_type=f"{media}; charset=utf-8" if media[:5] == "text/" else media)


async def _answer(request: Request, fields: Fields) -> Response:
    """Answer of the one query among the fields of a request."""
    names = {name for name, _ in fields}
    if names & {"update", "using-graph-uri", "using-named-graph-uri"}:
        raise _no_updates()
    queries = [value for name, value in fields if name == "query"]
    if len(queries) != 1:
        raise ParameterError(
            f"There are {len(queries)} queries in the request.", remedy="Send one."
        )
    service = service_of(request)
    wanted = _wanted(request, fields)
    dataset = Dataset(
        tuple(value for name, value in fields if name == "default-graph-uri"),
        tuple(value for name, value in fields if name == "named-graph-uri"),
        f"{service.settings.base_iri}/sparql",
    )

    def answer_to(caller: Caller) -> Serialised:
        allowed, inside = service.settings.service_allow, service.settings.service_inside
        query = expanded(queries[0], allowed, inside=inside)
        return service.readers.serialise(query, wanted, dataset, caller)

    answer = await asked(request, answer_to)
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
