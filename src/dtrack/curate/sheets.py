"""Rows of spreadsheets to graphs: what they name is looked up, what they add joins its record."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from dtrack.curate.adding import A, Additions
from dtrack.curate.assertions import Mapping, Status, Tagging, record_lines
from dtrack.errors import DtrackError, NotFoundError
from dtrack.resources import root_folder
from dtrack.sources.ntriples import iri, literal
from dtrack.sources.spreadsheet import Codes, Fault, Row, Sheet, SheetProblem
from dtrack.sources.spreadsheet_templates import CODE_LISTS, FIXED_CODES
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import CODES, DCTERMS, DT, FOAF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dtrack.curate.adding import Place

_NOTATION: Final = re.compile(rb'notation> "([^"]+)" \.')


@cache
def notations(name: str) -> tuple[str, ...]:
    """Notations of a code list, in its order."""
    path = root_folder("ontology") / "codes" / f"{name}.ttl"
    text = parse_turtle(path.read_bytes(), place=path.name)
    return tuple(found.decode() for found in _NOTATION.findall(text))


def code_lists() -> Codes:
    """Notations of the code lists that templates offer and cells are checked against."""
    return FIXED_CODES | {
        name: tuple(code for file in files for code in notations(file))
        for name, files in CODE_LISTS.items()
    }


def graphs_of_sheets(
    sheets: Iterable[Sheet], place: Place, *, again: bool = False
) -> dict[str, bytes]:
    """Graphs as they are with what rows say. Raises SheetProblem with all faults.

    With ``again`` a row that says what is held already is passed over; without,
    it is a fault.
    """
    reading = _Reading(place, again=again)
    for sheet in sheets:
        for row in sheet.rows:
            _ADD[sheet.kind](reading, row, sheet)
    return reading.graphs()


def status_graphs(status: Status, place: Place) -> dict[str, bytes]:
    """Graph of a thing with one more status; none where it is stated already.

    Raises NotFoundError, InputError.
    """
    reading = Additions(place)
    reading.add_status(status)
    return reading.graphs()


class _Reading(Additions):
    """Collects what rows say, and what is wrong with them."""

    def __init__(self, place: Place, *, again: bool = False) -> None:
        super().__init__(place)
        self._again = again
        self._faults: list[Fault] = []
        self._taken: set[str] = set()

    def graphs(self) -> dict[str, bytes]:
        """Graphs with what they held before. Raises SheetProblem."""
        if self._faults:
            raise SheetProblem(self._faults)
        return super().graphs()

    def decision(self, row: Row, _sheet: Sheet) -> None:
        """Make a record of its own of a text."""
        kind, base = row["type"], self.place.base
        graph, thing = f"{base}/graph/{kind}/{row['key']}", f"{base}/id/{kind}/{row['key']}"
        about = iri(thing)
        page, day = row["page"], self.place.day
        state = row["review_state"] or "unreviewed"
        if state != "unreviewed" and not page:
            self._fault(row, "review_state", "Nothing shows where it was read.", "Give the page.")
        lines = [*record_lines(graph, thing, self.source(), day, state, page)]
        lines.append(f"{about} {A} <{DT}{kind.capitalize()}>")
        lines.append(f"{about} <{DT}documentType> <{CODES}/document-type/{kind}>")
        lines.append(f"{about} <{DT}symbol> {literal(row['symbol'])}")
        lines.append(f"{about} <{DT}adopted> {literal(row['adopted'], datatype=f'{XSD}date')}")
        for column, language in (("title", "en"), ("title_zh", "zh")):
            if row[column]:
                text = literal(row[column], language=language)
                lines.append(f"{about} <{DCTERMS}title> {text}")
        if row["note"]:
            lines.append(f"{about} <{DT}note> {literal(row['note'], language='en')}")
        if page:
            lines.append(f"{about} <{FOAF}page> {iri(page)}")
        for column, property_ in (
            ("instrument", "instrument"), ("meeting", "adoptedAt"), ("body", "adoptedBy"),
        ):  # fmt: skip
            if row[column] and (found := self._find(row, column, column)):
                lines.append(f"{about} <{DT}{property_}> {iri(found)}")
        if self._is_taken(graph):
            said = (line for line in lines if f"<{DCTERMS}modified>" not in line)
            if not (self._again and all(self.is_said(graph, line) for line in said)):
                self._fault(row, "key", "There is a record of this key already.", "Edit that one.")
            return
        self.say(graph, lines)

    def tagging(self, row: Row, _sheet: Sheet) -> None:
        """Add a tagging to the record of what it tags."""
        thing, tag = self._find(row, "provision", "thing"), self._find(row, "tag", "item")
        state = row["state"] or "proposed"
        if state == "accepted" and row["method"] != "manual":
            self._fault(row, "state", "A tagging that nobody made by hand enters as proposed.",
                        "Leave it empty; reviewers accept it.")  # fmt: skip
        if not thing or not tag:
            return
        tagging = Tagging(
            thing, tag, row["method"], row["confidence"], row["author"], state, row["note"]
        )
        try:
            is_new = self.add_tagging(tagging)
        except NotFoundError as error:
            self._fault(row, "provision", error.message, error.remedy or "")
            return
        if not is_new and not self._again:
            self._fault(row, "tag", "It is tagged so already.", "Remove the row.")

    def mapping(self, row: Row, sheet: Sheet) -> None:
        """Add a mapping to the set that the file is."""
        subject, object_ = (self._find(row, column, "item") for column in ("subject", "object"))
        if not subject or not object_:
            return
        mapping = Mapping(
            subject, row["predicate"], object_, row["justification"], row["confidence"],
            row["author"], row["strength"], row["date"], row["note"],
        )  # fmt: skip
        slug = re.sub(r"[^a-z0-9]+", "-", sheet.name.rsplit(".", 1)[0].lower()).strip("-")
        name = sheet.name.rsplit(".", 1)[0]
        if not self.add_mapping(mapping, slug or "sheet", name) and not self._again:
            self._fault(row, "object", "The two are mapped so already.", "Remove the row.")

    def status(self, row: Row, _sheet: Sheet) -> None:
        """Add a status to the record of its thing."""
        thing = self._find(row, "thing", "thing")
        if thing is None:
            return
        status = Status(
            thing=thing,
            axis=row["axis"],
            value=row["value"],
            since=row["from"],
            until=row["until"],
            evidence=row["evidence"],
            evidence_type=row["evidence_type"] or "document",
            asserted_by=row["asserted_by"],
            note=row["note"],
        )
        try:
            is_new = self.add_status(status)
        except DtrackError as error:
            self._fault(row, "thing", error.message, error.remedy)
            return
        if not is_new and not self._again:
            self._fault(row, "value", "It is stated so already.", "Remove the row.")

    def _find(self, row: Row, column: str, what: str) -> str | None:
        """IRI of what a cell names; None, and a fault, when it names nothing."""
        finder = self.place.finder
        try:
            if what == "thing":
                return finder.thing(row[column])
            return finder.item(row[column]) if what == "item" else finder.key(what, row[column])
        except DtrackError as error:
            self._fault(row, column, error.message, error.remedy)
            return None

    def _is_taken(self, graph: str) -> bool:
        taken = graph in self._taken or self.place.content(graph) is not None
        self._taken.add(graph)
        return taken

    def _fault(self, row: Row, column: str, message: str, remedy: str) -> None:
        self._faults.append(row.fault(column, message, remedy))


_ADD: Final = {
    "decisions": _Reading.decision,
    "taggings": _Reading.tagging,
    "mappings": _Reading.mapping,
    "status": _Reading.status,
}
