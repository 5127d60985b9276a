"""``/api/v1/search`` and ``/api/v1/deadlines``: across all instruments."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from dtrack.answer.lookup import wordings
from dtrack.api.context import LanguageOf, ServiceOf
from dtrack.api.facets import FacetsOf, StatusOf, ThemeOf, YearOf, count_facets, narrowed
from dtrack.api.linked import LinkedRoute
from dtrack.api.naming import naming
from dtrack.api.paging import FacetedPage, Page, PageOf, page, timed_rows_of
from dtrack.api.views import DeadlineItem, DueProvision, FoundItem

router = APIRouter(prefix="/api/v1", tags=["Finding"], route_class=LinkedRoute)

InstrumentOf = Annotated[str | None, Query(description="Only this instrument: a key or a name")]


@router.get("/search", summary="Things that hold some words")
def get_search(
    request: Request,
    response: Response,
    service: ServiceOf,
    language: LanguageOf,
    wanted: PageOf,
    q: Annotated[
        str, Query(min_length=1, max_length=200, description="Words or parts of words, all needed")
    ],
    instrument: InstrumentOf = None,
    kind: Annotated[
        str | None, Query(max_length=60, description="Only this class: Decision, Target, Theme …")
    ] = None,
    year: YearOf = None,
    status: StatusOf = None,
    theme: ThemeOf = None,
    facets: FacetsOf = False,
) -> FacetedPage[FoundItem]:
    """Things whose symbol, name, title or summary holds the words, the best match first.

    A match in a symbol goes before one in a name, a name before a title, a
    title before a summary.
    """

    def items(rows: list[dict[str, str]]) -> list[FoundItem]:
        called = naming(service, [row[c] for row in rows for c in ("thing", "under")], language)
        found = []
        for row in rows:
            thing = called(row["thing"])
            # A provision has no name of its own: then its symbol and number say more.
            label = row["place"] if row["place"] and thing.label == thing.key else thing.label
            found.append(
                FoundItem(
                    iri=thing.iri,
                    key=thing.key,
                    label=label,
                    kind=row["class"],
                    snippet=row["snippet"],
                    instrument=called.maybe(row["under"]),
                )
            )
        return found

    values = narrowed(instrument=instrument, kind=kind, year=year, status=status, theme=theme, q=q)
    found = page(request, response, wanted, "search_matches", values, items, timed_rows_of)
    counts = count_facets(service, "search_facets", values, language) if facets else None
    return FacetedPage(found.items, found.next, counts)


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
