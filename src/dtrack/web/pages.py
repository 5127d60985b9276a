"""Start page, the matrix, pairs of two conventions, what is next to a provision, gaps."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from dtrack.answer.views import OverlapView
from dtrack.api.context import ServiceOf
from dtrack.api.narrowing import WeightsOf
from dtrack.errors import ParameterError
from dtrack.overlap import Selection
from dtrack.terms import BASE
from dtrack.web.asking import catalogue
from dtrack.web.filters import ALL, GROUP, ChosenOf, chosen_group, filter_form, given, groups
from dtrack.web.marking import Piece, shared_words
from dtrack.web.matrix import MEASURES, grouped
from dtrack.web.navigation import Step
from dtrack.web.rendering import page_language, render
from dtrack.web.texts import words
from dtrack.wiring.serving import Service

router = APIRouter()

PAIRS = 10
NEAR = 20

_ASKED = (
    "group", "instrument", "framework", "theme", "actor", "since", "until", "ended",
    "informational",
)  # fmt: skip


def _frameworks(service: Service, language: str) -> list[tuple[str, str]]:
    """Frameworks of an instrument or forum that have targets, with their names."""
    found = catalogue(service, "frameworks_overview", lang=language)
    return [(row["framework"], row["name"]) for row in found if row["of"] and int(row["targets"])]


@router.get("/")
def start(request: Request, service: ServiceOf) -> HTMLResponse:
    """What this is, what it covers, the matrix."""
    language = page_language(request)
    answers = service.answers.overlaps(language)
    view = answers.matrix(service.answers.selection(group=GROUP))
    return render(
        request,
        "start.html",
        view=view,
        table=grouped(view, [], ""),
        marker=service.marker,
        frameworks=_frameworks(service, language),
    )


@router.get("/overlaps")
def matrix(
    request: Request, service: ServiceOf, chosen: ChosenOf, dimensions: WeightsOf
) -> HTMLResponse:
    """The overlap of every two instruments, by group."""
    language = page_language(request)
    instruments, group = chosen_group(request)
    measure = given(request, "measure") or "mean"
    if measure not in MEASURES:
        raise ParameterError(
            f"There is no measure '{measure[:40]}'.", remedy=f"There are: {', '.join(MEASURES)}."
        )
    selection = chosen.selection(service, instruments, group)
    view = service.answers.overlaps(language).matrix(selection, dimensions)
    known = groups(service, language)
    return render(
        request,
        "overlaps.html",
        steps=[Step(words()[language]["overlaps"], "/overlaps")],
        view=view,
        table=grouped(
            view,
            [(g.label, m) for g, m in known],
            words()[language]["other_group"],
            measure,
        ),
        form=filter_form(service, chosen, language),
        group=group or ALL,
        groups=[(g.key, g.label) for g, _ in known],
        measure=measure,
        measures=list(MEASURES),
        query=_asked(request, "group", "instrument"),
        asked=_asked(request),
    )


def _asked(request: Request, *without: str) -> dict[str, str]:
    """What the address asks for, to be kept in links."""
    return {
        name: value
        for name in _ASKED
        if name not in without and (value := given(request, name)) is not None
    }


@router.get("/overlaps/{a}/{b}")
def pairs(
    a: str,
    b: str,
    request: Request,
    service: ServiceOf,
    chosen: ChosenOf,
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
    own = words()[language]
    return render(
        request,
        "pairs.html",
        steps=[Step(own["overlaps"], "/overlaps")],
        view=view,
        first=sides[first],
        second=sides[second],
        size=PAIRS,
        marked=[_marked(pair) for pair in view.pairs],
        form=filter_form(service, chosen, language),
    )


def _marked(pair: OverlapView) -> tuple[list[Piece], list[Piece]]:
    return shared_words(pair.first.summary, pair.second.summary)


@router.get("/near/{provision:path}")
def near(provision: str, request: Request, service: ServiceOf) -> HTMLResponse:
    """Provisions anywhere that overlap with one."""
    language = page_language(request)
    iri = provision if "://" in provision else f"{BASE}/id/provision/{provision}"
    view = service.answers.overlaps(language).nearest(iri, Selection(), limit=NEAR)
    text = view.provision
    return render(
        request,
        "near.html",
        steps=[
            Step(words()[language]["texts"], "/decisions"),
            Step(text.symbol, "/doc/" + text.text.removeprefix(f"{BASE}/id/")),
        ],
        view=view,
        marked=[_marked(pair)[1] for pair in view.pairs],
    )


@router.get("/gaps")
def all_gaps(request: Request, service: ServiceOf) -> HTMLResponse:
    """Frameworks whose gaps can be looked at."""
    language = page_language(request)
    return render(request, "gaps_start.html", frameworks=_frameworks(service, language))


@router.get("/gaps/{key:path}")
def gaps(key: str, request: Request, service: ServiceOf, chosen: ChosenOf) -> HTMLResponse:
    """Targets of a framework against conventions."""
    language = page_language(request)
    instruments, group = chosen_group(request)
    selection = chosen.selection(service, instruments, group)
    framework = service.answers.key("framework", key)
    view = service.answers.overlaps(language).gaps(framework, selection)
    return render(
        request,
        "gaps.html",
        steps=[Step(words()[language]["gaps"], "/gaps")],
        view=view,
        form=filter_form(service, chosen, language, without=("framework",)),
        group=group or ALL,
        groups=[(g.key, g.label) for g, _ in groups(service, language)],
        asked=_asked(request, "framework"),
    )
