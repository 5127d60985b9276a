"""What somebody fills into a form - a status, a tagging, a mapping - read field by field.

A field that cannot be read is a fault of that field; all faults are told at
once. What could be read becomes graphs, for a proposal like every other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from dtrack.curate.adding import Additions
from dtrack.curate.assertions import Mapping, Status, Tagging
from dtrack.curate.sheets import notations
from dtrack.curate.texts.correcting import Fault
from dtrack.errors import DtrackError
from dtrack.sources.ntriples import is_iri
from dtrack.sources.spreadsheet_templates import FIXED_CODES
from dtrack.terms import DT, FOAF, SKOS

if TYPE_CHECKING:
    import collections.abc
    from collections.abc import Callable

    from dtrack.curate.adding import Place

    Typed = collections.abc.Mapping[str, str]

AXES: Final = ("legal-force", "implementation", "review")
PREDICATES: Final = FIXED_CODES["predicate"]
JUSTIFICATIONS: Final = FIXED_CODES["justification"]
_SLUG: Final = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class Stated:
    """What a form states: faults by field, or graphs that say it, under a title."""

    title: str = ""
    faults: list[Fault] = field(default_factory=list)
    graphs: dict[str, bytes] = field(default_factory=dict)


def statuses() -> dict[str, tuple[str, ...]]:
    """Statuses of each axis, in the order of their lists."""
    return {axis: notations(axis) for axis in AXES}


def state_status(typed: Typed, place: Place, author: str) -> Stated:
    """A status of a text or provision.

    Fields: thing, status (``legal-force/retired``), since, until, evidence,
    evidence_type, asserted_by, note.
    """
    form = _Form(typed)
    thing = form.found("thing", "thing", place.finder.thing)
    status = form.one_of(
        "status", [f"{axis}/{v}" for axis, all_ in statuses().items() for v in all_]
    )
    since, until = form.day("since"), form.day("until", need=False)
    if since and until and until < since:
        form.fault("until", "order")
    evidence = form.page("evidence")
    kind = form.one_of("evidence_type", notations("evidence-type"))
    if form.stated.faults:
        return form.stated
    axis, _, value = status.partition("/")
    reading = Additions(place)
    stated = Status(
        thing, axis, value, since, evidence, form.said("asserted_by") or author,
        until, kind, form.said("note"),
    )  # fmt: skip
    if not reading.add_status(stated):
        form.fault("status", "stated")
        return form.stated
    return form.done(f"{_short(thing)}: {value}", reading)


def state_tagging(typed: Typed, place: Place, author: str) -> Stated:
    """A target or theme that a text or provision is about, as somebody says who has read it.

    Fields: thing, tag, confidence, note.
    """
    form = _Form(typed)
    thing = form.found("thing", "thing", place.finder.thing)
    tag = form.found("tag", "tag", place.finder.item)
    confidence = form.share("confidence")
    if form.stated.faults:
        return form.stated
    tagging = Tagging(thing, tag, "manual", confidence, author, "accepted", form.said("note"))
    reading = Additions(place)
    if not reading.add_tagging(tagging):
        form.fault("tag", "tagged")
        return form.stated
    return form.done(f"{_short(thing)}: {_short(tag)}", reading)


def state_mapping(typed: Typed, place: Place, author: str) -> Stated:
    """A mapping between two targets or themes, in the set of who makes it.

    Fields: subject, predicate, object, justification, strength, confidence,
    date, note.
    """
    form = _Form(typed)
    subject = form.found("subject", "tag", place.finder.item)
    object_ = form.found("object", "tag", place.finder.item)
    if subject and subject == object_:
        form.fault("object", "same")
    predicate = form.one_of("predicate", PREDICATES)
    justification = form.one_of("justification", JUSTIFICATIONS)
    strength = form.one_of("strength", notations("strength"))
    confidence = form.share("confidence")
    day = form.day("date", need=False) or place.day
    if form.stated.faults:
        return form.stated
    mapping = Mapping(
        subject, predicate, object_, justification, confidence, author, strength, day,
        form.said("note"),
    )  # fmt: skip
    reading = Additions(place)
    if not add_to_own_set(reading, mapping):
        form.fault("object", "mapped")
        return form.stated
    return form.done(f"{_short(subject)} – {predicate} – {_short(object_)}", reading)


def add_to_own_set(reading: Additions, mapping: Mapping) -> bool:
    """Add a mapping to the set of its author; False when it is there already."""
    # A set for each author: nobody's draft stands in the way of another's.
    slug = _SLUG.sub("-", mapping.author.lower()).strip("-") or "curator"
    return reading.add_mapping(mapping, f"desk-{slug}", f"Mappings by {mapping.author}")


FIELDS: Final = {
    f"{DT}statusOf": "thing", f"{DT}statusAxis": "status", f"{DT}statusValue": "status",
    f"{DT}from": "since", f"{DT}until": "until", f"{DT}evidence": "evidence",
    f"{FOAF}page": "evidence", f"{DT}evidenceType": "evidence_type",
    f"{DT}assertedBy": "asserted_by", f"{DT}tagged": "thing", f"{DT}tag": "tag",
    f"{DT}addressesTarget": "tag", f"{DT}addressesTheme": "tag", f"{DT}confidence": "confidence",
    f"{DT}mappingSubject": "subject", f"{DT}mappingPredicate": "predicate",
    f"{DT}mappingObject": "object", f"{DT}justification": "justification",
    f"{DT}strength": "strength", f"{DT}mappingDate": "date", f"{DT}note": "note",
    **{f"{SKOS}{name}": "predicate" for name in PREDICATES},
}  # fmt: skip
"""Field by the property that the shapes find fault with."""


class _Form:
    """Reads fields one by one and keeps what is wrong with each."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed
        self.stated = Stated()

    def done(self, title: str, reading: Additions) -> Stated:
        """What was stated, as graphs."""
        self.stated.title = title[:200]
        self.stated.graphs = reading.graphs()
        return self.stated

    def said(self, name: str) -> str:
        """Text of a field, on one line."""
        return " ".join(self._typed.get(name, "").split())

    def fault(self, name: str, what: str) -> None:
        """Keep that a field cannot be read."""
        self.stated.faults.append(Fault(name, what, self.said(name)))

    def found(self, name: str, what: str, find: Callable[[str], str]) -> str:
        """IRI of what a field names; "" and a fault when it names nothing."""
        text = self.said(name)
        if not text:
            self.fault(name, "missing")
            return ""
        try:
            return find(text)
        except DtrackError:
            self.fault(name, what)
            return ""

    def one_of(self, name: str, known: collections.abc.Sequence[str]) -> str:
        """A code of a list."""
        text = self.said(name)
        if text not in known:
            self.fault(name, "code" if text else "missing")
        return text

    def day(self, name: str, *, need: bool = True) -> str:
        """A day, "" for none or no day."""
        text = self.said(name)
        if not text:
            if need:
                self.fault(name, "missing")
            return ""
        try:
            return date.fromisoformat(text).isoformat() if len(text) == 10 else self._no_day(name)
        except ValueError:
            return self._no_day(name)

    def _no_day(self, name: str) -> str:
        self.fault(name, "date")
        return ""

    def page(self, name: str) -> str:
        """A web address."""
        text = self.said(name)
        if not (text.startswith(("https://", "http://")) and is_iri(text)):
            self.fault(name, "page" if text else "missing")
        return text

    def share(self, name: str) -> str:
        """A number from 0 to 1, as xsd:decimal is written."""
        text = self.said(name).replace(",", ".")
        try:
            number = Decimal(text or "-1")
        except InvalidOperation:
            number = Decimal(-1)
        if not (number.is_finite() and 0 <= number <= 1 and len(text) <= 12):
            self.fault(name, "confidence" if text else "missing")
            return ""
        return f"{number:f}"


def _short(iri: str) -> str:
    """What tells a thing apart: the end of its IRI, with its text for a provision."""
    parts = iri.split("/")
    return "/".join(parts[-2:] if "/id/provision/" in iri else parts[-1:])
