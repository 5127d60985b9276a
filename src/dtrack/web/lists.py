"""Lists: texts with facets, instruments, meetings, frameworks, themes and actors as trees."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from dtrack.answer.views import Named
from dtrack.api.context import ServiceOf
from dtrack.api.facets import NAMES, count_facets
from dtrack.api.paging import rows_of
from dtrack.terms import CODES
from dtrack.web.asking import Row, catalogue, named, rows
from dtrack.web.filters import called_in, given
from dtrack.web.rendering import page_language, render
from dtrack.wiring.serving import Service

router = APIRouter()

SIZE = 50
MOST_FACETS = 12

OffsetOf = Annotated[int, Query(ge=0, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class Offset:
    """Where in a list a page is."""

    total: int
    offset: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept of a tree, and in how many provisions it is used."""

    thing: Named
    uses: int
    below: "list[Branch]"


@router.get("/decisions")
def decisions(request: Request, service: ServiceOf, offset: OffsetOf = 0) -> HTMLResponse:
    """Decisions, resolutions and other texts, the newest first."""
    language = page_language(request)
    values = {name: value for name in (*NAMES, "q") if (value := given(request, name))}
    total = int(rows(service, "texts_total", **values)[0]["total"])
    found = rows(service, "texts", **values, offset=str(offset), count=str(SIZE))
    counts = count_facets(service, "decision_facets", dict(values), language)
    return render(
        request,
        "decisions.html",
        rows=found,
        names=named(service, [row[c] for row in found for c in ("thing", "under")], language),
        facets={name: counts[name][:MOST_FACETS] for name in NAMES if len(counts[name]) > 1},
        chosen=values,
        called_here=called_in(counts, values),
        view=Offset(total, offset),
        size=SIZE,
    )


@router.get("/instruments")
def instruments(request: Request, service: ServiceOf) -> HTMLResponse:
    """Conventions, protocols, agreements and forums."""
    language = page_language(request)
    found = catalogue(service, "instruments_overview", lang=language)
    covered = {row["under"]: row for row in catalogue(service, "coverage", lang=language)}
    return render(request, "instruments.html", rows=found, covered=covered)


@router.get("/meetings")
def meetings(request: Request, service: ServiceOf) -> HTMLResponse:
    """Meetings: those to come, and the past ones by year."""
    language = page_language(request)
    instrument = given(request, "instrument")
    values = {"instrument": instrument} if instrument else {}
    found = catalogue(service, "meeting_timeline", lang=language, **values)
    today = datetime.now(UTC).date().isoformat()
    coming = [row for row in found if (row["end"] or row["start"]) >= today]
    years: dict[str, list[Row]] = {}
    for row in reversed(found):
        if row not in coming:
            years.setdefault((row["start"] or row["end"])[:4], []).append(row)
    return render(
        request,
        "meetings.html",
        coming=coming,
        years=years,
        instrument=instrument,
        instruments=_with_meetings(service, language),
    )


def _with_meetings(service: Service, language: str) -> list[Named]:
    listed = rows_of(service, "meetings", {"count": "1000"})
    things = named(service, [iri for row in listed for iri in row["under"].split()], language)
    return sorted(things.values(), key=lambda each: each.label.casefold())


@router.get("/frameworks")
def frameworks(request: Request, service: ServiceOf) -> HTMLResponse:
    """Frameworks of goals and targets, with how many of their targets are addressed."""
    found = catalogue(service, "frameworks_overview", lang=page_language(request))
    return render(request, "frameworks.html", rows=found)


@router.get("/themes")
def themes(request: Request, service: ServiceOf) -> HTMLResponse:
    """Themes as a tree."""
    return _tree(request, service, "theme")


@router.get("/actors")
def actors(request: Request, service: ServiceOf) -> HTMLResponse:
    """Actors as a tree, and what is asked of those who are asked most."""
    load = catalogue(service, "actor_workload", lang=page_language(request))
    return _tree(request, service, "actor", load=load[:15])


def _tree(request: Request, service: Service, role: str, **more: Any) -> HTMLResponse:
    language = page_language(request)
    listed = rows_of(service, "concepts", {"scheme": f"{CODES}/{role}", "count": "1000"})
    used = {
        row["thing"]: int(row["provisions"])
        for row in rows(service, "used_values")
        if row["role"] == role
    }
    names = named(service, [row["thing"] for row in listed], language)
    below: dict[str, list[str]] = {}
    for row in listed:
        for parent in row["parents"].split() or [""]:
            below.setdefault(parent if parent in names else "", []).append(row["thing"])
    return render(
        request,
        "tree.html",
        role=role,
        tree=_branches("", below, names, used, frozenset()),
        total=len(listed),
        **more,
    )


def _branches(
    parent: str,
    below: dict[str, list[str]],
    names: dict[str, Named],
    used: dict[str, int],
    above: frozenset[str],
) -> list[Branch]:
    """What stands below a concept, by label; a concept is never below itself."""
    found = [
        Branch(names[iri], used.get(iri, 0), _branches(iri, below, names, used, above | {iri}))
        for iri in below.get(parent, ())
        if iri not in above
    ]
    return sorted(found, key=lambda branch: branch.thing.label.casefold())
