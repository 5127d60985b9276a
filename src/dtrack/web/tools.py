"""Search, and the list of operations."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dtrack.answer.finding import split
from dtrack.answer.lookup import labels
from dtrack.answer.names import Resolution
from dtrack.api.context import ServiceOf
from dtrack.api.facets import NAMES
from dtrack.errors import DtrackError
from dtrack.web.filters import called_in, given
from dtrack.web.links import href
from dtrack.web.lists import Offset
from dtrack.web.rendering import page_language, render
from dtrack.wiring.serving import Service

router = APIRouter()

MOST_FOUND = 50
MOST_FACETS = 10


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
    request: Request,
    service: ServiceOf,
    q: Annotated[str, Query(max_length=500)] = "",
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """Go to what a symbol names; show candidates when it is not one thing."""
    wanted = q.strip()
    if not wanted:
        return RedirectResponse("/", 303)
    named, is_symbol = _named(service, wanted)
    narrowed = any(given(request, name) for name in NAMES)
    if is_symbol and len(named) == 1 and not (narrowed or named[0].others or named[0].note):
        address = href(named[0].iri)
        if address.startswith("/"):
            asked = request.query_params.get("lang")
            known = f"?lang={page_language(request)}" if asked else ""
            return RedirectResponse(address + known, 303)
    language = page_language(request)
    chosen = {name: value for name in NAMES if (value := given(request, name))}
    found = service.answers.finding(language).search(
        wanted, chosen, limit=MOST_FOUND, offset=offset, facets=True
    )
    iris = [iri for each in named for iri in (each.iri, *each.others)]
    return render(
        request,
        "found.html",
        query=wanted,
        named=named,
        found=found,
        split=split,
        called_here=called_in(found.facets, chosen),
        facets={
            name: found.facets[name][:MOST_FACETS]
            for name in NAMES
            if len(found.facets.get(name, ())) > 1
        },
        chosen=chosen,
        view=Offset(found.total, offset),
        size=MOST_FOUND,
        names=labels(service.store, iris, language),
    )


def _named(service: Service, wanted: str) -> tuple[list[Resolution], bool]:
    """What the words name as a symbol, and whether they do."""
    # What words name, the search puts first; the resolver would look for the nearest symbols.
    if not service.answers.names.recognise(wanted):
        return [], False
    try:
        return list(service.answers.names.resolve(wanted)), True
    except DtrackError:
        return [], False


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
