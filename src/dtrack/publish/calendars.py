"""Deadlines and meetings as iCalendar (RFC 5545): all-day events with names that never change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icalendar import Event

MEDIA_TYPE: Final = "text/calendar"


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of whole days, the last one included; ``changed`` is when it was last recorded."""

    iri: str
    first: date
    last: date
    title: str
    about: str
    place: str
    page: str
    categories: Sequence[str]
    changed: datetime


def write_calendar(name: str, happenings: Sequence[Happening]) -> bytes:
    """A calendar of events, in the order given."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//dtrack//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for each in happenings:
        calendar.add_component(_event(each))
    text: bytes = calendar.to_ical()
    return text


def _event(happening: Happening) -> Event:
    from icalendar import Event

    event = Event()
    # The IRI is never used again, so it is a name for good.
    event.add("uid", happening.iri)
    event.add("dtstamp", happening.changed.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", happening.first)
    # The end is the first day that is no part of it.
    event.add("dtend", happening.last + timedelta(days=1))
    event.add("summary", happening.title)
    event.add("transp", "TRANSPARENT")
    if happening.about:
        event.add("description", happening.about)
    if happening.place:
        event.add("location", happening.place)
    if happening.page:
        event.add("url", happening.page)
    if happening.categories:
        event.add("categories", list(happening.categories))
    return event
