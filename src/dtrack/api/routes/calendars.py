"""``/deadlines.ics`` and ``/meetings.ics``: what is due and when bodies meet, for calendars."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from dtrack.answer.lookup import labels, wordings
from dtrack.api import documents
from dtrack.api.conditions import answer_unchanged
from dtrack.api.context import LanguageOf, ServiceOf
from dtrack.api.naming import cities, countries
from dtrack.api.paging import timed_rows_of
from dtrack.publish.calendars import MEDIA_TYPE, Happening, write_calendar
from dtrack.wiring.serving import Service

router = APIRouter(tags=["Calendars"])

MOST: Final = 10_000
"""Most events of a calendar."""
_CONTENT: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {MEDIA_TYPE: {}}}}

Instrument = Annotated[str | None, Query(description="Only of this instrument or forum")]
Actor = Annotated[str | None, Query(description="Only what asks this actor")]


@router.get(
    "/deadlines.ics", summary="Deadlines as a calendar", response_class=Response, responses=_CONTENT
)
def get_deadlines(
    request: Request,
    service: ServiceOf,
    language: LanguageOf,
    instrument: Instrument = None,
    actor: Actor = None,
) -> Response:
    """Open deadlines with a known day; "by a meeting" is the last day of that meeting."""
    tag, answer = answer_unchanged(request, service.marker.revision, language)
    if answer is not None:
        return answer
    values = {"instrument": instrument, "actor": actor, "count": str(MOST)}
    given = {name: value for name, value in values.items() if value is not None}
    rows = [row for row in timed_rows_of(service, "deadlines", given) if row["day"]]
    said = wordings(service.store, (row["in_provision"] for row in rows), language)
    asked = {iri for row in rows for iri in row["asks"].split()}
    names = labels(
        service.store, [*asked, *(row["under"] for row in rows if row["under"])], language
    )
    changed = _changed(service)
    found = []
    for row in rows:
        wording = said[row["in_provision"]]
        day = date.fromisoformat(row["day"][:10])
        addressees = ", ".join(names[iri] for iri in row["asks"].split())
        about = [wording.summary, addressees, row["words"]]
        found.append(
            Happening(
                iri=row["thing"],
                first=day,
                last=day,
                title=f"{wording.symbol} {wording.number}: {', '.join(wording.verbs)}".strip(": "),
                about="\n".join(part for part in about if part),
                place="",
                page=_page(service, row["in_provision"]),
                categories=[names[row["under"]]] if row["under"] else [],
                changed=changed,
            )
        )
    return _calendar("dtrack: deadlines", found, tag, language)


@router.get(
    "/meetings.ics", summary="Meetings as a calendar", response_class=Response, responses=_CONTENT
)
def get_meetings(
    request: Request, service: ServiceOf, language: LanguageOf, instrument: Instrument = None
) -> Response:
    """Meetings with a known first day."""
    tag, answer = answer_unchanged(request, service.marker.revision, language)
    if answer is not None:
        return answer
    given = {"count": str(MOST), "language": language}
    if instrument:
        given["instrument"] = instrument
    rows = [row for row in timed_rows_of(service, "meetings", given) if row["start"]]
    names = labels(
        service.store,
        [i for row in rows for i in (row["thing"], row["meeting_of"], *row["under"].split())],
        language,
    )
    lands = countries(service, [c for row in rows for c in row["countries"].split()], language)
    changed = _changed(service)
    found = []
    for row in rows:
        first = date.fromisoformat(row["start"][:10])
        last = date.fromisoformat(row["end"][:10]) if row["end"] else first
        found.append(
            Happening(
                iri=row["thing"],
                first=first,
                last=max(first, last),
                title=names[row["thing"]],
                about=names[row["meeting_of"]],
                place=_place(row, lands),
                page=_page(service, row["thing"]),
                categories=[names[iri] for iri in sorted(row["under"].split())],
                changed=changed,
            )
        )
    return _calendar("dtrack: meetings", found, tag, language)


def _place(row: Mapping[str, str], lands: Mapping[str, str]) -> str:
    """Where a meeting is held: its cities, then its countries by their names."""
    held_in = sorted(lands[code] for code in row["countries"].split())
    return ", ".join(part for part in ("; ".join(cities(row)), "; ".join(held_in)) if part)


def _page(service: Service, iri: str) -> str:
    subject = documents.Subject(iri, documents.own_place(service, iri), "")
    return f"{service.settings.base_iri}{documents.document_place(subject)}"


def _changed(service: Service) -> datetime:
    """When the data of the node last changed."""
    return datetime.fromisoformat(service.journal.facts(service.journal.last()).at)


def _calendar(name: str, found: list[Happening], tag: str, language: str) -> Response:
    return Response(
        write_calendar(name, found),
        media_type=f"{MEDIA_TYPE}; charset=utf-8",
        headers={"ETag": tag, "Content-Language": language},
    )
