"""Rows of spreadsheets to graphs: what they name is looked up, what they add joins its record."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from dtrack.curate.assertions import (
    Mapping,
    Status,
    Tagging,
    mapping_iri,
    mapping_lines,
    mapping_set_lines,
    record_lines,
    source_lines,
    status_iri,
    status_lines,
    tagging_lines,
)
from dtrack.curate.finding import Finder
from dtrack.errors import DtrackError, NotFoundError
from dtrack.resources import root_folder
from dtrack.sources.ntriples import iri, literal
from dtrack.sources.spreadsheet import Codes, Fault, Row, Sheet, SheetProblem
from dtrack.sources.spreadsheet_templates import CODE_LISTS, FIXED_CODES
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import CODES, DCTERMS, DT, FOAF, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dtrack.curate.finding import Names
    from dtrack.curate.writing import Curator
    from dtrack.model import Store

_A: Final = f"<{RDF}type>"
_NOTATION: Final = re.compile(rb'notation> "([^"]+)" \.')


def code_lists() -> Codes:
    """Notations of the code lists that templates offer and cells are checked against."""
    folder = root_folder("ontology") / "codes"

    def notations(name: str) -> list[str]:
        text = parse_turtle((folder / f"{name}.ttl").read_bytes(), place=f"{name}.ttl")
        return [found.decode() for found in _NOTATION.findall(text)]

    return FIXED_CODES | {
        name: tuple(code for file in files for code in notations(file))
        for name, files in CODE_LISTS.items()
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows go: who looks things up, what graphs hold now, how IRIs begin, which day it is."""

    finder: Finder
    content: Callable[[str], bytes | None]
    base: str
    day: str


def place_of(curator: Curator, names: Names, store: Store) -> Place:
    """Where rows go in a home; names and things are looked up in its store."""

    @cache
    def content(graph: str) -> bytes | None:
        head = curator.journal.heads([graph]).get(graph)
        return None if head is None else curator.journal.content(head.digest)

    today = datetime.now(UTC).date().isoformat()
    return Place(Finder(names, store), content, curator.base, today)


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
    """Graph of a thing with one more status. Raises NotFoundError, InputError."""
    reading = _Reading(place)
    reading.add_status(status)
    return reading.graphs()


class _Reading:
    """Collects what rows say, by graph."""

    def __init__(self, place: Place, *, again: bool = False) -> None:
        self._place = place
        self._again = again
        self._lines: dict[str, list[str]] = defaultdict(list)
        self._faults: list[Fault] = []
        self._taken: set[str] = set()
        self._held: dict[str, set[str]] = {}
        self._numbers: dict[str, int] = {}

    def graphs(self) -> dict[str, bytes]:
        """Graphs with what they held before. Raises SheetProblem."""
        if self._faults:
            raise SheetProblem(self._faults)
        return {
            graph: parse_turtle(
                (self._place.content(graph) or b"")
                + "".join(f"{line} .\n" for line in lines).encode(),
                place=graph,
            )
            for graph, lines in self._lines.items()
            if lines
        }

    def decision(self, row: Row, _sheet: Sheet) -> None:
        """Make a record of its own of a text."""
        kind, base = row["type"], self._place.base
        graph, thing = f"{base}/graph/{kind}/{row['key']}", f"{base}/id/{kind}/{row['key']}"
        about = iri(thing)
        page, day = row["page"], self._place.day
        state = row["review_state"] or "unreviewed"
        if state != "unreviewed" and not page:
            self._fault(row, "review_state", "Nothing shows where it was read.", "Give the page.")
        lines = [*record_lines(graph, thing, self._source(), day, state, page)]
        lines.append(f"{about} {_A} <{DT}{kind.capitalize()}>")
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
            if not (self._again and all(self._is_said(graph, line) for line in said)):
                self._fault(row, "key", "There is a record of this key already.", "Edit that one.")
            return
        self._say(graph, lines)

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
        graph = self._place.finder.graph_of(thing)
        if graph is None:
            self._fault(row, "provision", "It is in no record.", "Name one that is.")
        elif self._is_said(graph, f"<{tagging.iri}> {_A} <{DT}Tagging>"):
            if not self._again:
                self._fault(row, "tag", "It is tagged so already.", "Remove the row.")
        else:
            self._say(graph, tagging_lines(tagging))

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
        graph = f"{self._place.base}/graph/mapping-set/{slug or 'sheet'}"
        the_set = graph.replace("/graph/", "/id/", 1)
        if not self._lines[graph] and self._place.content(graph) is None:
            self._say(graph, record_lines(graph, the_set, self._source(), self._place.day))
            self._say(graph, mapping_set_lines(the_set, sheet.name.rsplit(".", 1)[0]))
        if self._is_said(graph, mapping.triple):
            if not self._again:
                self._fault(row, "object", "The two are mapped so already.", "Remove the row.")
            return
        number = self._free(graph, lambda n: f"<{mapping_iri(the_set, n)}> {_A} <{DT}Mapping>")
        self._say(graph, mapping_lines(mapping, the_set, number))

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
            self.add_status(status)
        except DtrackError as error:
            self._fault(row, "thing", error.message, error.remedy)

    def add_status(self, status: Status) -> None:
        """Add a status to the record of its thing. Raises NotFoundError, InputError."""
        graph = self._place.finder.graph_of(status.thing)
        if graph is None:
            raise NotFoundError(f"<{status.thing}> is in no record.", remedy="Name one that is.")
        number = self._free(
            graph, lambda n: f"<{status_iri(status, n)}> {_A} <{DT}StatusAssertion>"
        )
        former = (status_lines(status, status_iri(status, n)) for n in range(1, number))
        if self._again and any(
            all(self._is_said(graph, line) for line in lines) for lines in former
        ):
            return
        self._say(graph, status_lines(status, status_iri(status, number)))

    def _free(self, graph: str, line: Callable[[int], str]) -> int:
        """First number, from 1, of which a graph does not say a line yet."""
        # A name without its number: those before are known to be taken.
        name = graph + line(0)
        number = self._numbers.get(name, 1)
        while self._is_said(graph, line(number)):
            number += 1
        self._numbers[name] = number
        return number

    def _find(self, row: Row, column: str, what: str) -> str | None:
        """IRI of what a cell names; None, and a fault, when it names nothing."""
        finder = self._place.finder
        try:
            if what == "thing":
                return finder.thing(row[column])
            return finder.item(row[column]) if what == "item" else finder.key(what, row[column])
        except DtrackError as error:
            self._fault(row, column, error.message, error.remedy)
            return None

    def _source(self) -> str:
        """Source of new records, described where it is not yet."""
        graph = f"{self._place.base}/graph/source/curation"
        source = f"{self._place.base}/id/source/curation"
        if self._place.content(graph) is None and not self._lines[graph]:
            self._say(graph, source_lines(graph, source, "Curators", self._place.day))
        return source

    def _is_taken(self, graph: str) -> bool:
        taken = graph in self._taken or self._place.content(graph) is not None
        self._taken.add(graph)
        return taken

    def _is_said(self, graph: str, line: str) -> bool:
        """Whether a line stands in a graph, or a row before brought it."""
        held = self._held.get(graph)
        if held is None:
            text = (self._place.content(graph) or b"").decode()
            held = self._held[graph] = {n.removesuffix(" .") for n in text.splitlines()}
        return line in held

    def _say(self, graph: str, lines: Iterable[str]) -> None:
        """Add lines to a graph."""
        new = list(lines)
        self._is_said(graph, "")
        self._held[graph].update(new)
        self._lines[graph] += new

    def _fault(self, row: Row, column: str, message: str, remedy: str) -> None:
        self._faults.append(row.fault(column, message, remedy))


_ADD: Final = {
    "decisions": _Reading.decision,
    "taggings": _Reading.tagging,
    "mappings": _Reading.mapping,
    "status": _Reading.status,
}
