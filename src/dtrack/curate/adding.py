"""Statements added to the records that they belong to: nothing that is there goes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from dtrack.curate.assertions import (
    mapping_iri,
    mapping_lines,
    mapping_name,
    mapping_set_lines,
    record_lines,
    source_lines,
    status_iri,
    status_lines,
    tagging_lines,
)
from dtrack.curate.finding import Finder
from dtrack.errors import NotFoundError
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import DT, RDF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dtrack.curate.assertions import Mapping, Status, Tagging
    from dtrack.curate.finding import Names
    from dtrack.curate.writing import Curator
    from dtrack.model import Store

A: Final = f"<{RDF}type>"
_STATUS: Final = f"{A} <{DT}StatusAssertion>"
_REVIEWED: Final = f"<{DT}reviewState>"


@dataclass(frozen=True, slots=True)
class Place:
    """Where statements go: who looks things up, what graphs hold now, how IRIs begin, which day."""

    finder: Finder
    content: Callable[[str], bytes | None]
    base: str
    day: str


def place_of(curator: Curator, names: Names, store: Store) -> Place:
    """Where statements go in a home; names and things are looked up in its store."""

    @cache
    def content(graph: str) -> bytes | None:
        head = curator.journal.heads([graph]).get(graph)
        return None if head is None else curator.journal.content(head.digest)

    today = datetime.now(UTC).date().isoformat()
    return Place(Finder(names, store), content, curator.base, today)


class Additions:
    """Collects what is to be said, by graph."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._lines: dict[str, list[str]] = defaultdict(list)
        self._held: dict[str, set[str]] = {}
        self._numbers: dict[str, int] = {}

    def graphs(self) -> dict[str, bytes]:
        """Graphs that gain something, with what they held before."""
        return {
            graph: parse_turtle(
                (self.place.content(graph) or b"")
                + "".join(f"{line} .\n" for line in lines).encode(),
                place=graph,
            )
            for graph, lines in self._lines.items()
            if lines
        }

    def add_status(self, status: Status) -> bool:
        """Add a status to the record of its thing; False when it is there already.

        Raises NotFoundError, InputError.
        """
        graph = self._record_of(status.thing)
        lines = list(status_lines(status, status_iri(status)))
        if self.is_said(graph, f"<{status_iri(status)}> {_STATUS}"):
            return False
        number = self._free(graph, lambda n: f"<{status_iri(status, n)}> {_STATUS}")
        for former in range(1, number):
            numbered = status_lines(status, status_iri(status, former))
            # Whoever has reviewed it since has not made it another.
            if all(self.is_said(graph, line) for line in numbered if _REVIEWED not in line):
                return False
        self.say(graph, lines)
        return True

    def add_tagging(self, tagging: Tagging) -> bool:
        """Add a tagging to the record of what it tags; False when it is there already.

        Raises NotFoundError.
        """
        graph = self._record_of(tagging.thing)
        if self.is_said(graph, f"<{tagging.iri}> {A} <{DT}Tagging>"):
            return False
        self.say(graph, tagging_lines(tagging))
        return True

    def add_mapping(self, mapping: Mapping, slug: str, title: str) -> bool:
        """Add a mapping to a set, which is made where there is none; False when it is there.

        It is named by what it says, so that several drafts for one set go beside each other.
        """
        graph = f"{self.place.base}/graph/mapping-set/{slug}"
        the_set = graph.replace("/graph/", "/id/", 1)
        if self.is_new(graph):
            self.say(graph, record_lines(graph, the_set, self.source(), self.place.day))
            self.say(graph, mapping_set_lines(the_set, title))
        if self.is_said(graph, mapping.triple):
            return False
        self.say(graph, mapping_lines(mapping, the_set, self._named(mapping, graph, the_set)))
        return True

    def _named(self, mapping: Mapping, graph: str, the_set: str) -> str:
        """Name of a mapping in its set; numbered where other ends have the same last parts."""
        name = mapping_name(mapping)

        def line(number: int) -> str:
            own = f"{name}-{number}" if number > 1 else name
            return f"<{mapping_iri(the_set, own)}> {A} <{DT}Mapping>"

        number = self._free(graph, line)
        return f"{name}-{number}" if number > 1 else name

    def source(self) -> str:
        """Source of new records, described where it is not yet."""
        graph = f"{self.place.base}/graph/source/curation"
        source = f"{self.place.base}/id/source/curation"
        if self.is_new(graph):
            self.say(graph, source_lines(graph, source, "Curators", self.place.day))
        return source

    def is_new(self, graph: str) -> bool:
        """Whether nothing is in a graph yet, and nothing was added."""
        return not self._lines.get(graph) and self.place.content(graph) is None

    def is_said(self, graph: str, line: str) -> bool:
        """Whether a line stands in a graph, or was added before."""
        held = self._held.get(graph)
        if held is None:
            text = (self.place.content(graph) or b"").decode()
            held = self._held[graph] = {n.removesuffix(" .") for n in text.splitlines()}
        return line in held

    def say(self, graph: str, lines: Iterable[str]) -> None:
        """Add lines to a graph."""
        new = list(lines)
        self.is_said(graph, "")
        self._held[graph].update(new)
        self._lines[graph] += new

    def _record_of(self, thing: str) -> str:
        graph = self.place.finder.graph_of(thing)
        if graph is None:
            raise NotFoundError(f"<{thing}> is in no record.", remedy="Name one that is.")
        return graph

    def _free(self, graph: str, line: Callable[[int], str]) -> int:
        """First number, from 1, of which a graph does not say a line yet."""
        # A name without its number: those before are known to be taken.
        name = graph + line(0)
        number = self._numbers.get(name, 1)
        while self.is_said(graph, line(number)):
            number += 1
        self._numbers[name] = number
        return number
