"""Figures as SVG, PNG and CSV, and the page that shows them all with their text alternatives."""

import csv
import io

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dtrack.api.context import ServiceOf
from dtrack.errors import NotFoundError
from dtrack.formats import row_format
from dtrack.publish.figures import MEDIA
from dtrack.web.drawn import DRAWINGS, HEIGHTS, Drawing
from dtrack.web.remembering import remembered
from dtrack.web.rendering import page_language, render

router = APIRouter()

# The library writes style attributes; nothing in a figure runs or is fetched.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@router.get("/figures")
def gallery(request: Request, service: ServiceOf) -> HTMLResponse:
    """All figures, each with what it says in words and its data."""
    language = page_language(request)
    drawings = {name: make(request, service, language) for name, make in DRAWINGS.items()}
    return render(request, "figures.html", drawings=drawings, heights=HEIGHTS)


@router.get("/figures/outline.csv")
def outline(request: Request, service: ServiceOf, text: str) -> Response:
    """Outline of a text as CSV."""
    answer = service.answers.query(
        "decision_outline", {"decision": text, "lang": page_language(request)}
    )
    form = row_format("csv")
    return Response(form.write(answer.rows), media_type=form.media_type)


@router.get("/figures/{name}.{ending}")
def figure(name: str, ending: str, request: Request, service: ServiceOf) -> Response:
    """A figure, or its data."""
    if name not in DRAWINGS or ending not in {*MEDIA, "csv"}:
        raise NotFoundError(
            f"There is no figure '{name[:40]}.{ending[:10]}'.", remedy="See /figures."
        )
    language = page_language(request)
    drawing = DRAWINGS[name](request, service, language)
    if ending == "csv":
        return Response(_csv(drawing), media_type="text/csv; charset=utf-8")
    asked = tuple(sorted(request.query_params.multi_items()))
    body = remembered(
        service, ("figure", name, ending, language, asked), lambda: drawing.draw(ending)
    )
    return Response(body, media_type=MEDIA[ending], headers={"Content-Security-Policy": _POLICY})


def _csv(drawing: Drawing) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(drawing.columns)
    writer.writerows(drawing.table)
    return text.getvalue().encode()
