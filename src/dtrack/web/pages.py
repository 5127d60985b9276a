"""Start page, pairs of two conventions, gaps of a framework."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from dtrack.answer.lookup import labels
from dtrack.api.context import ServiceOf
from dtrack.api.paging import rows_of
from dtrack.api.routes.overlaps import FiltersOf, GroupOf, WeightsOf
from dtrack.errors import ParameterError
from dtrack.web.matrix import STEPS, table
from dtrack.web.rendering import page_language, render

router = APIRouter()

GROUP = "biodiversity"
PAIRS = 10


@router.get("/")
def start(request: Request, service: ServiceOf) -> HTMLResponse:
    """What this is, what it covers, the matrix."""
    language = page_language(request)
    answers = service.answers.overlaps(language)
    view = answers.matrix(service.answers.selection(group=GROUP))
    frameworks = [row["thing"] for row in rows_of(service, "frameworks", {}) if row["of"]]
    names = labels(service.store, frameworks, language)
    return render(
        request,
        "start.html",
        view=view,
        rows=table(view),
        steps=range(STEPS),
        marker=service.marker,
        frameworks=[(iri, names[iri]) for iri in frameworks],
        group=GROUP,
    )


@router.get("/overlaps/{a}/{b}")
def pairs(
    a: str,
    b: str,
    request: Request,
    service: ServiceOf,
    chosen: FiltersOf,
    dimensions: WeightsOf,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """The provisions behind a cell, side by side, with the evidence."""
    language = page_language(request)
    first, second = (service.answers.key("instrument", name) for name in (a, b))
    if first == second:
        raise ParameterError("Overlap takes two instruments.", remedy="Name two different ones.")
    view = service.answers.overlaps(language).pairs(
        first, second, chosen.selection(service), dimensions, limit=PAIRS, offset=offset
    )
    sides = {item.instrument.iri: item.instrument for item in view.coverage}
    return render(
        request, "pairs.html", view=view, first=sides[first], second=sides[second], size=PAIRS
    )


@router.get("/gaps/{key:path}")
def gaps(
    key: str, request: Request, service: ServiceOf, chosen: FiltersOf, group: GroupOf = GROUP
) -> HTMLResponse:
    """Targets of a framework against conventions."""
    selection = chosen.selection(service, group=group)
    framework = service.answers.key("framework", key)
    view = service.answers.overlaps(page_language(request)).gaps(framework, selection)
    return render(request, "gaps.html", view=view)
