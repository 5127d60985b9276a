"""An InforMEA feed as graphs: one record a row, beside what is held about the same thing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from dtrack.curate.feeds.decisions import Decisions
from dtrack.curate.feeds.entries import entry_lines
from dtrack.curate.feeds.origin import UNREVIEWED, A
from dtrack.curate.feeds.others import Others
from dtrack.curate.feeds.statuses import contradict, status_lines
from dtrack.sources.harvest import Harvest, Remark
from dtrack.sources.informea.checks import LISTS, check, code_of
from dtrack.sources.informea.items import all_items
from dtrack.sources.ntriples import iri, literal
from dtrack.terms import CODES, DT, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dtrack.curate.feeds.held import Held
    from dtrack.curate.feeds.origin import Origin
    from dtrack.sources.informea import Item, Page

_SAYS_NOTHING: Final = "in-force"
"""Feeds give it to all their decisions; it stays in the entry and asserts nothing."""
_KEYWORD_CONFIDENCE: Final = "0.5"


def harvest_informea(
    pages: Iterable[tuple[Page, str]], held: Held, origin: Origin, since: str = ""
) -> Harvest:
    """Graphs and remarks of the pages of a feed, each page with the place it is from.

    With ``since``, rows that were updated before that day are left out; what
    does not say when is kept.
    """
    read, remarks = all_items(pages)
    read = [item for item in read if item.day("updated") >= since or "updated" not in item.moments]
    codes = {name: frozenset(map(code_of, held.codes[name])) for name in set(LISTS.values())}
    codes["country"] = frozenset(code for code in held.parties if code.isupper())
    items, found = check(read, codes)
    story = _Story(held, origin, items)
    graphs: dict[str, tuple[str, ...]] = {}
    places: dict[str, str] = {}
    for item in items:
        graph, lines = story.record(item)
        graphs[graph] = lines
        places[graph] = item.place
    remarks = [*remarks, *found, *story.remarks]
    rows = Counter(item.set.name for item in read)
    return Harvest(graphs, dict(rows), tuple(remarks), story.matched, places)


class _Story:
    """Places the items of one feed."""

    def __init__(self, held: Held, origin: Origin, items: Iterable[Item]) -> None:
        self._held = held
        self._origin = origin
        self._others = Others(held, origin)
        meetings = {
            item.id: (self._others.place(item)[0] or "", item.text("title"))
            for item in items
            if item.set.name == "Meetings"
        }
        self._decisions = Decisions(held, origin, meetings)
        self._described: dict[str, str] = {}
        self.remarks: list[Remark] = []
        self.matched = 0

    def record(self, item: Item) -> tuple[str, tuple[str, ...]]:
        """Graph of an item, and its lines."""
        graph, entry = self._origin.entry(item.set.kind, item.id)
        if item.set.name == "Decisions":
            thing, lines, added = self._decision(item, graph)
        else:
            added = ()
            thing, lines, remarks = self._others.place(item)
            self.remarks += remarks
            self.matched += bool(thing and not lines)
        things = (entry, thing) if thing and lines else (entry,)
        where = f"{item.place.rsplit(', row ', 1)[0]}, id {item.id}"
        head = self._origin.head(graph, things, where, item.page)
        return graph, (*head, *entry_lines(item, entry, thing), *lines, *added)

    def _decision(
        self, item: Item, graph: str
    ) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
        """Text that a row is about, lines that describe a new one, lines that add to it."""
        placed = self._decisions.place(item)
        self.remarks += placed.remarks
        if placed.iri is None:
            return None, (), ()
        held = placed.held
        if held is not None and not held.graph.startswith(self._origin.graphs):
            self.matched += 1
            self.remarks += self._decisions.differences(item, held)
            return placed.iri, (), tuple(self._additions(item, graph, placed.iri))
        other = self._described.setdefault(placed.iri, item.id)
        if other != item.id:
            self.remarks.append(
                Remark(
                    "same-symbol",
                    item.place,
                    item.id,
                    f"{item.field('number')} is the symbol of {other}, too; that one describes it.",
                    "Give each text its own symbol.",
                )
            )
            return placed.iri, (), ()
        lines, remarks = self._decisions.describe(item, placed)
        self.remarks += remarks
        if not lines:
            return None, (), ()
        return placed.iri, lines, tuple(self._additions(item, graph, placed.iri))

    def _additions(self, item: Item, graph: str, thing: str) -> Iterator[str]:
        """What a source says about a text beside what it is: its status, its keywords as themes."""
        yield from self._status(item, graph, thing)
        for keyword in item.keywords:
            theme = self._held.themes.get(keyword.term.lower())
            if theme is not None:
                name = thing.split("/id/", 1)[-1].split("/", 1)[-1]
                node = f"{self._origin.base}/id/tagging/{self._origin.slug}/{name}/theme-"
                yield from _tagging(
                    f"{node}{theme.rsplit('/', 1)[-1]}",
                    thing,
                    theme,
                    f"{self._origin.name}: {keyword.term}",
                )

    def _status(self, item: Item, graph: str, thing: str) -> Iterator[str]:
        meaning = self._held.words.get(code_of(item.field("status")))
        if meaning is None or meaning[2].endswith(f"/{_SAYS_NOTHING}"):
            return
        _, axis, value = meaning
        name = value.rsplit("/", 1)[-1]
        against = [
            other
            for where, other in self._held.statuses.get((thing, axis), ())
            if where != graph and contradict(value, other)
        ]
        if against:
            self.remarks.append(
                Remark(
                    "differs-status",
                    item.place,
                    item.id,
                    f"The status is '{item.field('status')}'; held is "
                    f"'{against[0].rsplit('/', 1)[-1]}', which stays.",
                    "Find out which holds, and assert it with evidence.",
                )
            )
            return
        if name == "superseded" and not item.page:
            return
        node = graph.replace("/graph/entry/", "/id/status/entry/", 1)
        yield from status_lines(node, thing, meaning, self._origin.name, item.page)


def _tagging(node: str, thing: str, theme: str, author: str) -> Iterator[str]:
    """A keyword that is the name of a theme, as a tagging to review."""
    about = iri(node)
    yield f"{about} {A} <{DT}Tagging>"
    yield f"{about} <{DT}tagged> {iri(thing)}"
    yield f"{about} <{DT}tag> {iri(theme)}"
    yield f"{about} <{DT}taggingMethod> <{CODES}/tagging-method/imported>"
    yield f"{about} <{DT}taggingState> <{CODES}/tagging-state/proposed>"
    confidence = literal(_KEYWORD_CONFIDENCE, datatype=f"{XSD}decimal")
    yield f"{about} <{DT}confidence> {confidence}"
    yield f"{about} <{DT}author> {literal(author)}"
    yield f"{about} <{DT}reviewState> {UNREVIEWED}"
