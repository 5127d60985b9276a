"""``/api/v1/search`` and ``/api/v1/deadlines``: across all instruments."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from dtrack.answer.finding import FoundItem
from dtrack.answer.lookup import wordings
from dtrack.api.context import LanguageOf, ServiceOf
from dtrack.api.facets import FacetsOf, StatusOf, ThemeOf, YearOf, narrowed
from dtrack.api.linked import LinkedRoute
from dtrack.api.naming import naming
from dtrack.api.paging import (
    FacetedPage,
    Page,
    PageOf,
    encode_cursor,
    link_next,
    next_address,
    page,
    place_of,
)
from dtrack.api.views import DeadlineItem, DueProvision

router = APIRouter(prefix="/api/v1", tags=["Finding"], route_class=LinkedRoute)

MOST_FOUND = 10_000
"""Finds that can be paged through; nobody reads on, and deep pages cost."""

InstrumentOf = Annotated[str | None, Query(description="Only this instrument: a key or a name")]


@router.get("/search", summary="Things that hold some words")
def get_search(
    request: Request,
    response: Response,
    service: ServiceOf,
    language: LanguageOf,
    wanted: PageOf,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=200,
            description="Words or beginnings of words, all needed; or a symbol in any spelling",
        ),
    ],
    instrument: InstrumentOf = None,
    kind: Annotated[
        str | None, Query(max_length=60, description="Only this class: Decision, Target, Theme …")
    ] = None,
    year: YearOf = None,
    status: StatusOf = None,
    theme: ThemeOf = None,
    text_language: Annotated[
        str | None,
        Query(max_length=20, description="Only texts in this language, such as en or zh"),
    ] = None,
    facets: FacetsOf = False,
) -> FacetedPage[FoundItem]:
    """Things whose symbol, name, title, summary or text holds the words, the best match first.

    What a symbol names goes before all else; then a match in a symbol weighs
    more than one in a name, and that more than one in a text. Words are looked
    up by their stems in English, French and Spanish, Chinese by its signs.
    """
    filters = narrowed(
        instrument=instrument,
        kind=kind,
        year=year,
        status=status,
        theme=theme,
        language=text_language,
    )
    place = place_of(wanted, MOST_FOUND)
    found = service.answers.finding(language).search(
        q, filters, limit=wanted.limit, offset=place, facets=facets
    )
    address = None
    if place + len(found.items) < min(found.total, MOST_FOUND):
        behind = str(place + len(found.items))
        address = next_address(request, cursor=encode_cursor(behind))
    link_next(response, address)
    return FacetedPage(found.items, address, found.facets if facets else None)


@router.get("/deadlines", summary="What is due, and when")
def get_deadlines(
    request: Request,
    response: Response,
    service: ServiceOf,
    language: LanguageOf,
    wanted: PageOf,
    instrument: InstrumentOf = None,
    actor: Annotated[str | None, Query(description="Only what asks this actor")] = None,
    since: Annotated[date | None, Query(description="First day, such as 2020-01-01")] = None,
    until: Annotated[date | None, Query(description="Last day, such as 2030-12-31")] = None,
) -> Page[DeadlineItem]:
    """Directives with a deadline, the earliest first; those whose day is not known come last."""

    def items(rows: list[dict[str, str]]) -> list[DeadlineItem]:
        said = wordings(service.store, [row["in_provision"] for row in rows], language)
        iris = [
            iri for row in rows for iri in (row["under"], row["by_meeting"], *row["asks"].split())
        ]
        called = naming(service, iris, language)
        found = []
        for row in rows:
            wording = said.get(row["in_provision"])
            provision = None
            if wording:
                provision = DueProvision(
                    wording.provision, wording.symbol, wording.number, wording.summary
                )
            found.append(
                DeadlineItem(
                    iri=row["thing"],
                    due=row["day"] or None,
                    due_text=row["words"] or None,
                    meeting=called.maybe(row["by_meeting"]),
                    provision=provision,
                    instrument=called.maybe(row["under"]),
                    addressees=[called(iri) for iri in sorted(row["asks"].split())],
                )
            )
        return found

    values = {
        "instrument": instrument,
        "actor": actor,
        "from": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
    }
    return page(request, response, wanted, "deadlines", values, items)
