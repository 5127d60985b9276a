"""The other sets of a feed: meetings, reports, plans, profiles, sites, contacts, treaties."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from dtrack.curate.feeds.origin import A, slug_of
from dtrack.sources.harvest import Remark
from dtrack.sources.ntriples import iri, literal
from dtrack.terms import BASE, CODES, DCTERMS, DT, FOAF, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.curate.feeds.held import Held, HeldMeeting
    from dtrack.curate.feeds.origin import Origin
    from dtrack.sources.informea import Item

_NEAR: Final = timedelta(days=3)
"""Sources disagree about the days of a meeting by a little."""
_TEXTS: Final = {
    "CountryReports": ("national-report", "NationalReport"),
    "NationalPlans": ("national-plan", "NationalPlan"),
}

Found = tuple[str | None, tuple[str, ...], list[Remark]]
"""IRI of what a row is about, lines that describe it where it is new, remarks."""


class Others:
    """Places the rows of one feed that are no decisions."""

    def __init__(self, held: Held, origin: Origin) -> None:
        self._held = held
        self._origin = origin

    def place(self, item: Item) -> Found:
        """What a row is about."""
        if item.set.name == "Meetings":
            return self._meeting(item)
        if item.set.name in _TEXTS:
            return self._national_text(item)
        if item.set.name == "Contacts":
            return self._focal_point(item)
        if item.set.name == "CountryProfiles":
            return self._party(item), (), []
        if item.set.name == "Treaties":
            found = self._held.instrument(item.id) or self._held.instrument(item.text("title"))
            return found, (), [] if found else [_unknown_treaty(item, item.id)]
        return None, (), []

    def _party(self, item: Item) -> str | None:
        return self._held.parties.get(item.field("country").upper())

    def _instrument(self, item: Item, remarks: list[Remark]) -> str | None:
        treaty = item.field("treaty") or item.field("treaties")
        found = self._held.instrument(treaty) if treaty else None
        if treaty and found is None:
            remarks.append(_unknown_treaty(item, treaty))
        return found

    def _meeting(self, item: Item) -> Found:
        """Meeting that is held: one of our own id, or of the same instrument and days."""
        remarks: list[Remark] = []
        instrument = self._instrument(item, remarks)
        own = f"{BASE}/id/meeting/{item.id.rsplit('/', 1)[-1]}"
        if own in self._held.meetings:
            return own, (), remarks + list(self._days(item, self._held.meetings[own]))
        start = item.day("start")
        near = [
            meeting
            for meeting in self._held.meetings.values()
            if instrument in meeting.instruments and _is_near(meeting.start, start)
        ]
        if len(near) == 1:
            return near[0].iri, (), remarks + list(self._days(item, near[0]))
        return None, (), remarks

    def _days(self, item: Item, held: HeldMeeting) -> Iterator[Remark]:
        for name, ours in (("start", held.start), ("end", held.end)):
            theirs = item.day(name)
            if ours and theirs and ours != theirs:
                yield _remark(
                    item,
                    "differs-days",
                    f"'{name}' is {theirs}; held of {held.label} is {ours}, which stays.",
                    "Compare the two.",
                )

    def _national_text(self, item: Item) -> Found:
        """Report or plan: new where its Party, its treaty and an English title are known."""
        remarks: list[Remark] = []
        kind, class_ = _TEXTS[item.set.name]
        instrument, party = self._instrument(item, remarks), self._party(item)
        title = item.text("title")
        if not (instrument and party and title):
            return None, (), remarks
        identifier = f"{self._origin.slug}-{slug_of(item.id)}"
        thing = f"{self._origin.base}/id/{kind}/{identifier}"
        about = iri(thing)
        lines = [
            f"{about} {A} <{DT}{class_}>",
            f"{about} <{DT}documentType> <{CODES}/document-type/{kind}>",
            f"{about} <{DT}instrument> {iri(instrument)}",
            f"{about} <{DT}issuedBy> {iri(party)}",
            *(
                f"{about} <{DCTERMS}title> {literal(text.value, language=text.language)}"
                for text in item.texts["title"]
            ),
        ]
        if day := item.day("submission"):
            lines.append(f"{about} <{DCTERMS}issued> {literal(day, datatype=f'{XSD}date')}")
        if item.page:
            lines.append(f"{about} <{FOAF}page> {iri(item.page)}")
        return thing, tuple(lines), remarks

    def _focal_point(self, item: Item) -> Found:
        """Role of an institution; who holds it is never read."""
        remarks: list[Remark] = []
        institution, party = item.field("institution"), self._party(item)
        if not institution or party is None:
            return None, (), remarks
        thing = f"{self._origin.base}/id/focal-point/{self._origin.slug}-{slug_of(item.id)}"
        about = iri(thing)
        name = ", ".join(filter(None, (item.field("department"), institution)))
        lines = [
            f"{about} {A} <{DT}FocalPoint>",
            f"{about} <{DT}party> {iri(party)}",
            f"{about} <{SKOS}prefLabel> {literal(name, language='en')}",
            f"{about} <{DT}role> {literal(item.field('type') or 'national focal point')}",
        ]
        for treaty in item.fields.get("treaties", ()):
            if found := self._held.instrument(treaty):
                lines.append(f"{about} <{DT}instrument> {iri(found)}")
            else:
                remarks.append(_unknown_treaty(item, treaty))
        return thing, tuple(lines), remarks


def _is_near(held: str, day: str) -> bool:
    try:
        return abs(date.fromisoformat(held) - date.fromisoformat(day)) <= _NEAR
    except ValueError:
        return False


def _unknown_treaty(item: Item, treaty: str) -> Remark:
    return _remark(
        item,
        "unknown-treaty",
        f"'{treaty[:60]}' is no instrument known here.",
        "Add it to data/instruments, or the key as a hidden label.",
    )


def _remark(item: Item, rule: str, message: str, remedy: str) -> Remark:
    return Remark(rule, item.place, item.id, message, remedy)
