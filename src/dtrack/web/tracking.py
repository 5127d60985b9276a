"""What is to be done: the options paper as a tracker, the calendar of deadlines, the network."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dtrack.answer.lookup import Wording, wordings
from dtrack.api.context import ServiceOf
from dtrack.api.paging import rows_of
from dtrack.terms import BASE
from dtrack.web.asking import Row, catalogue, named, parts
from dtrack.web.filters import given
from dtrack.web.progress import progress_of
from dtrack.web.rendering import page_language, render
from dtrack.wiring.serving import Service

router = APIRouter()

MOST_DEADLINES = 1000
MOST_FOLLOWING = 5
PAPER = f"{BASE}/id/options-paper/unep-ea-2-12-add-1"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline with its provision; ``day`` is "" where it is not known."""

    row: Row
    day: str
    wording: Wording | None


@router.get("/options")
def options(request: Request, service: ServiceOf) -> HTMLResponse:
    """Options and actions of the UNEP paper, with who should act and what is known since."""
    language = page_language(request)
    actor = given(request, "actor")
    found = catalogue(service, "options_and_actions", lang=language)
    progress = progress_of(service, PAPER, found)
    actors = sorted({key for row in found for key in parts(row["addressees"])})
    if actor:
        found = [
            row for row in found
            if actor in {*parts(row["addressees"]), *parts(row["supporters"])}
        ]  # fmt: skip
    themes: dict[tuple[str, str], dict[tuple[str, str, str], list[Row]]] = {}
    for row in found:
        theme = themes.setdefault((row["theme_number"], row["theme_title"]), {})
        option = (row["option"], row["option_number"], row["option_title"])
        theme.setdefault(option, []).append(row)
    return render(
        request,
        "options.html",
        themes=themes,
        total=len(found),
        options=sum(len(theme) for theme in themes.values()),
        progress=progress,
        counts=progress.counts(found),
        claims=_claims(service, language),
        most=MOST_FOLLOWING,
        actors=actors,
        actor=actor,
        parts=parts,
    )


def _claims(service: Service, language: str) -> list[Row]:
    """Progress that the paper itself claims."""
    claims = catalogue(service, "progress_claims", lang=language)
    return [row for row in claims if row["text"] == PAPER]


@router.get("/deadlines")
def deadlines(request: Request, service: ServiceOf) -> HTMLResponse:
    """What is due, by year: what is to come first, then what has passed."""
    language = page_language(request)
    values = {name: value for name in ("instrument", "actor") if (value := given(request, name))}
    found = rows_of(service, "deadlines", {**values, "count": str(MOST_DEADLINES)})
    said = wordings(service.store, [row["in_provision"] for row in found], language)
    everything = [Due(row, row["day"], said.get(row["in_provision"])) for row in found]
    today = datetime.now(UTC).date().isoformat()
    coming: dict[str, list[Due]] = {}
    passed: dict[str, list[Due]] = {}
    unknown = [due for due in everything if not due.day]
    for due in everything:
        if due.day:
            (coming if due.day >= today else passed).setdefault(due.day[:4], []).append(due)
    iris = {iri for row in found for iri in (row["under"], row["by_meeting"], *row["asks"].split())}
    return render(
        request,
        "deadlines.html",
        coming=coming,
        passed=dict(sorted(passed.items(), reverse=True)),
        unknown=unknown,
        total=len(everything),
        names=named(service, sorted(iris), language),
        chosen=values,
        instruments=_holders(service, language),
    )


def _holders(service: Service, language: str) -> list[tuple[str, str]]:
    """Instruments with deadlines, by label."""
    found = rows_of(service, "deadlines", {"count": str(MOST_DEADLINES)})
    things = named(service, [row["under"] for row in found], language)
    return sorted(((each.key, each.label) for each in things.values()), key=lambda pair: pair[1])


@router.get("/network")
def network(request: Request, service: ServiceOf) -> HTMLResponse:
    """Who cites whom, and who works with whom."""
    language = page_language(request)
    citations = catalogue(service, "cross_convention_citations")
    citations.sort(key=lambda row: -int(row["citations"]))
    iris = [row[c] for row in citations for c in ("citing_instrument", "cited_instrument")]
    known = catalogue(service, "instruments_overview", lang=language)
    return render(
        request,
        "network.html",
        citations=citations,
        called_here={row["short_name"]: row["name"] for row in known if row["short_name"]},
        cooperation=catalogue(service, "cooperation_arrangements", lang=language),
        names=named(service, iris, language),
    )
