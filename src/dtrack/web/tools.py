"""Search, the form for SPARQL queries, and the list of operations."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dtrack.answer import Resolution
from dtrack.answer.finding import split
from dtrack.answer.lookup import labels
from dtrack.api.context import ServiceOf, service_of
from dtrack.api.routes.sparql import FORMATS
from dtrack.errors import DtrackError
from dtrack.web.links import href
from dtrack.web.rendering import page_language, render
from dtrack.wiring import Service

router = APIRouter()

MOST_FOUND = 50

EXAMPLE = """PREFIX dt: <https://w3id.org/dtrack/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?symbol ?title ?adopted
WHERE {
  ?decision dt:instrument <https://w3id.org/dtrack/id/instrument/cbd> ;
            dt:symbol ?symbol ; dcterms:title ?title ; dt:adopted ?adopted .
  FILTER(LANG(?title) = "en")
}
ORDER BY DESC(?adopted) ?symbol
LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the API as the list shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[dict[str, Any]]


@router.get("/find")
def find(
    request: Request, service: ServiceOf, q: Annotated[str, Query(max_length=500)] = ""
) -> Response:
    """Go to what a symbol names; show candidates when it is not one thing."""
    wanted = q.strip()
    if not wanted:
        return RedirectResponse("/", 303)
    named = _named(service, wanted)
    if len(named) == 1 and not named[0].others and not named[0].note:
        address = href(named[0].iri)
        if address.startswith("/"):
            language = request.query_params.get("lang")
            known = f"?lang={page_language(request)}" if language else ""
            return RedirectResponse(address + known, 303)
    found = service.answers.finding(page_language(request)).search(wanted, limit=MOST_FOUND)
    iris = [iri for each in named for iri in (each.iri, *each.others)]
    return render(
        request,
        "found.html",
        query=wanted,
        named=named,
        found=found,
        split=split,
        names=labels(service.store, iris, page_language(request)),
    )


def _named(service: Service, wanted: str) -> list[Resolution]:
    """What the words name: a symbol, else a theme, an instrument or an actor."""
    try:
        return list(service.answers.names.resolve(wanted))
    except DtrackError:
        pass
    found = []
    for of in ("instrument", "framework", "theme", "actor"):
        try:
            found.append(Resolution(service.answers.key(of, wanted), wanted))
        except DtrackError:
            continue
    return found


def sparql_form(request: Request) -> Response:
    """Form for a SPARQL query."""
    return render(
        request,
        "sparql.html",
        example=EXAMPLE,
        formats=list(FORMATS),
        queries=list(service_of(request).answers.catalogue),
    )


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """All operations of the API, from its OpenAPI description."""
    description = request.app.openapi()
    groups: dict[str, list[Operation]] = {}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(
                Operation(
                    method=method.upper(),
                    path=path,
                    summary=operation.get("summary", ""),
                    description=operation.get("description", ""),
                    parameters=operation.get("parameters", []),
                )
            )
    return render(request, "docs.html", groups=groups)
