"""Decisions of a feed: which text each is, where it differs from what is held, what is new."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.curate.feeds.origin import A, plain_slug
from dtrack.sources.harvest import Remark
from dtrack.sources.informea.checks import code_of
from dtrack.sources.ntriples import iri, literal
from dtrack.terms import BASE, CODES, DCTERMS, DT, FOAF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.curate.feeds.held import Held, HeldText
    from dtrack.curate.feeds.origin import Origin
    from dtrack.sources.informea import Item
    from dtrack.symbols import Reading

CLASSES: Final = {
    "decision": "Decision",
    "resolution": "Resolution",
    "recommendation": "Recommendation",
}
_OWN_LETTERS: Final = re.compile(r"[A-Za-z]{2,}-")
"""What begins a symbol that names its instrument, such as NP-1/13; a bare number names none."""
_LATE_YEARS: Final = 2


@dataclass(frozen=True, slots=True)
class Placed:
    """What a row is about. ``iri`` is None when it cannot be told; ``held`` what is held of it."""

    iri: str | None
    instrument: str | None
    kind: str
    held: HeldText | None
    remarks: tuple[Remark, ...]


class Decisions:
    """Places the decisions of one feed and describes those that are new."""

    def __init__(self, held: Held, origin: Origin, meetings: Mapping[str, tuple[str, str]]) -> None:
        self._held = held
        self._origin = origin
        self._meetings = meetings
        """IRI ("" where it is not held) and title of the feed's meetings by their id."""

    def place(self, item: Item) -> Placed:
        """Text that a row is about, by its symbol."""
        treaty, number = item.field("treaty"), item.field("number")
        instrument = self._held.instrument(treaty) if treaty else None
        if instrument is None:
            said = _remark(
                item,
                "unknown-treaty",
                f"'{treaty}' is no instrument known here.",
                "Add it to data/instruments, or the key as a hidden label.",
            )
            return Placed(None, None, "", None, (said,) if treaty else ())
        if not number:
            return Placed(None, instrument, "", None, ())
        kind = code_of(item.field("type")) or "decision"
        readings = [r for r in self._held.names.symbols.read(number) if r.kind in CLASSES]
        own = [r for r in readings if r.of == instrument]
        remarks: list[Remark] = []
        if not own and readings and _OWN_LETTERS.match(number):
            filed, instrument = instrument, readings[0].of
            own = [r for r in readings if r.of == instrument]
            remarks.append(
                _remark(
                    item,
                    "treaty-of-symbol",
                    f"{number} is filed under '{treaty}' ({_last(filed)}), but is a "
                    f"symbol of {_last(instrument)}; it is taken as that.",
                    f"File it under {_last(instrument)}.",
                )
            )
        found = self._known(instrument, number, own, kind)
        if found is not None:
            return Placed(found.iri, instrument, found.type, found, tuple(remarks))
        return Placed(
            self._minted(instrument, number, own, kind), instrument, kind, None, tuple(remarks)
        )

    def _known(
        self, instrument: str, number: str, readings: list[Reading], kind: str
    ) -> HeldText | None:
        """Text that is held under a symbol, one of the same kind first."""
        texts = self._held.texts
        found = [texts[f"{BASE}/id/{r.path}"] for r in readings if f"{BASE}/id/{r.path}" in texts]
        found += self._held.by_symbol.get((instrument, number.lower()), [])
        same = [text for text in found if text.type == kind]
        return next(iter(same or found), None)

    def _minted(self, instrument: str, number: str, readings: list[Reading], kind: str) -> str:
        """IRI of a text that is new here."""
        same = [r for r in readings if r.kind == kind] or readings
        if same:
            return f"{self._origin.base}/id/{same[0].path}"
        home = kind if kind in CLASSES else "decision"
        return f"{self._origin.base}/id/{home}/{_last(instrument)}-{plain_slug(number)}"

    def differences(self, item: Item, held: HeldText) -> Iterator[Remark]:
        """Where a row says otherwise than what is held; what is held stays."""
        title = item.text("title")
        if title and _bare(title) != _bare(held.title):
            yield _remark(
                item,
                "differs-title",
                f"The title is '{title[:90]}'; held of "
                f"{held.symbol} is '{held.title[:90]}', which stays.",
                "Compare the two.",
            )
        kind = code_of(item.field("type"))
        if kind and kind != held.type:
            yield _remark(
                item,
                "differs-type",
                f"The type is '{kind}'; held of {held.symbol} is '{held.type}', which stays.",
                "Compare the two.",
            )
        meeting = self.meeting(item)[0]
        if meeting and held.meeting and meeting != held.meeting:
            yield _remark(
                item,
                "differs-meeting",
                f"The meeting is {_last(meeting)}; held of "
                f"{held.symbol} is {_last(held.meeting)}, which stays.",
                "Compare the two.",
            )
        yield from self.distance(item, held.meeting)

    def distance(self, item: Item, meeting: str) -> Iterator[Remark]:
        """A day of publication before the meeting, or long after it."""
        day, known = item.day("published"), self._held.meetings.get(meeting)
        if known is None or not day or not known.start:
            return
        late = f"{int((known.end or known.start)[:4]) + _LATE_YEARS:04}{known.start[4:]}"
        if not known.start <= day <= late:
            where = f"{_last(meeting)}, {known.start}"
            message = f"It was published on {day}, long after its meeting ({where})."
            if day < known.start:
                message = f"It was published on {day}, before its meeting opened ({where})."
            yield _remark(
                item,
                "published-away-from-meeting",
                message,
                "Correct 'published' or the meeting.",
            )

    def meeting(self, item: Item) -> tuple[str, str]:
        """IRI of the meeting that a row names, "" where it is not held, and its title."""
        identifier = item.field("meetingId")
        known, title = self._meetings.get(identifier, ("", ""))
        own = f"{BASE}/id/meeting/{identifier.rsplit('/', 1)[-1]}"
        if not known and own in self._held.meetings:
            known = own
        return known, item.field("meetingTitle") or title

    def describe(self, item: Item, placed: Placed) -> tuple[tuple[str, ...], list[Remark]]:
        """Lines about a text that is new here; none, and why, when too little is said of it."""
        missing = [
            name
            for name, value in (
                ("an English title", item.text("title")),
                ("a date", item.day("published")),
                ("a type of ours", placed.kind in CLASSES),
            )
            if not value
        ]
        meeting, title = self.meeting(item)
        sibling = self._of_session(placed.iri or "")
        if sibling and not meeting:
            meeting = sibling
        if not meeting and not title:
            missing.append("a meeting")
        if placed.iri is None or missing:
            return (), [
                _remark(
                    item,
                    "not-described",
                    f"It is kept as an entry only: it lacks {', '.join(missing)}.",
                    "Complete the row.",
                )
            ]
        remarks = list(self.distance(item, meeting))
        return tuple(self._lines(item, placed, meeting, title)), remarks

    def _lines(self, item: Item, placed: Placed, meeting: str, title: str) -> Iterator[str]:
        about = iri(placed.iri or "")
        yield f"{about} {A} <{DT}{CLASSES[placed.kind]}>"
        yield f"{about} <{DT}documentType> <{CODES}/document-type/{placed.kind}>"
        yield f"{about} <{DT}symbol> {literal(' '.join(item.field('number').split()))}"
        yield f"{about} <{DT}instrument> {iri(placed.instrument or '')}"
        for text in item.texts["title"]:
            yield f"{about} <{DCTERMS}title> {literal(text.value, language=text.language)}"
        known = self._held.meetings.get(meeting)
        adopted = known.end or known.start if known else ""
        day = literal(adopted or item.day("published"), datatype=f"{XSD}date")
        yield f"{about} <{DT}adopted> {day}"
        if adopted:
            yield f'{about} <{DT}datePrecision> "meeting"'
        if known:
            yield f"{about} <{DT}adoptedAt> {iri(meeting)}"
        else:
            yield f"{about} <{DT}meetingTitle> {literal(title)}"
        if item.page:
            yield f"{about} <{FOAF}page> {iri(item.page)}"

    def _of_session(self, text: str) -> str:
        """Meeting that held texts with the same session in their IRI were adopted at, if one."""
        stem = re.sub(r"-[^-/]+$", "-", text)
        found = {
            other.meeting
            for name, other in self._held.texts.items()
            if name.startswith(stem) and not other.graph.startswith(self._origin.graphs)
        }
        return found.pop() if len(found) == 1 and stem != text else ""


def _remark(item: Item, rule: str, message: str, remedy: str) -> Remark:
    return Remark(rule, item.place, item.id, message, remedy)


def _last(text: str) -> str:
    return text.rsplit("/", 1)[-1]


def _bare(text: str) -> str:
    """Text without what does not make a difference."""
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
