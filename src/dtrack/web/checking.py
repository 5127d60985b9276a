"""The form where data is checked before it goes in, and its report."""

import json

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dtrack.api.judging import judgement_of, parts_to_judge
from dtrack.stores.rdf_formats import RDF_FORMATS
from dtrack.terms import BASE, compact
from dtrack.web.rendering import page_language, render

router = APIRouter()

MOST_SHOWN = 500
_LONGEST_KEPT = 200_000


@router.get("/validate")
def form(request: Request) -> HTMLResponse:
    """Form for data, and for shapes when they are not to be ours."""
    return _page(request)


@router.post("/validate")
async def check(request: Request) -> HTMLResponse:
    """Report on what the form brings, with the form as it was filled in."""
    language = page_language(request)
    parts = await parts_to_judge(request)
    judgement = await judgement_of(request, parts, "application/json", language)
    report = json.loads(judgement.body)
    for finding in report["findings"]:
        for name in ("focus", "path", "value", "shape"):
            finding[name] = compact(finding[name]).removeprefix(f"{BASE}/")
        finding["message"] = _message(finding["messages"], language)
    kept: dict[str, str] = {}
    for part in parts:
        if len(part.content) <= _LONGEST_KEPT:
            kept.setdefault(part.name, part.content.decode("utf-8", "replace"))
    media = next(part.media_type for part in parts if part.name == "data")
    return _page(request, report, kept, media)


def _page(
    request: Request,
    report: dict[str, object] | None = None,
    kept: dict[str, str] | None = None,
    media: str = "text/turtle",
) -> HTMLResponse:
    return render(
        request,
        "validate.html",
        report=report,
        kept={"data": "", "shapes": "", **(kept or {})},
        formats=[(form.name, form.media_type == media) for form in RDF_FORMATS.values()],
        most=MOST_SHOWN,
    )


def _message(messages: dict[str, str], language: str) -> str:
    """Message in a language, else in English, else in any."""
    for tag in (language, "en", ""):
        if tag in messages:
            return messages[tag]
    return next(iter(messages.values()), "")
