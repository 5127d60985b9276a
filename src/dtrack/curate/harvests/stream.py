"""A Linked Data Event Stream of another node, read from where the last reading ended.

The tree is walked in the order of time that its relations tell. Until the end
is reached, the position is the time from which on something may be unread, with
the pages from then on that are read and never change: a member may be read
twice but none is passed over.

Members never change, so one that cannot be used should come anew as another;
lest its publisher mends it where it is, its page is asked for again with each run.
"""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urldefrag

from dtrack.curate.harvests.offering import Batch, Told, fault_of, moment, unusable
from dtrack.errors import FetchError, SyntaxProblem
from dtrack.sources.harvest import Remark
from dtrack.sources.ntriples import is_iri
from dtrack.stores.parsing import parse_page
from dtrack.terms import DCTERMS, DT, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.curate.harvests.offering import Reading
    from dtrack.sources.fetching import Fetched

_TREE: Final = "https://w3id.org/tree#"
_DELETE: Final = "https://www.w3.org/ns/activitystreams#Delete"
_ACCEPT: Final = "application/trig"
_MOST_NODES: Final = 1_000_000
_MOST_FAULTY: Final = 200
"""Pages that are asked for again for the sake of members that cannot be used."""
_GONE: Final = frozenset({404, 410})
_NUMBERS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class _Way:
    """A relation: times of the members behind it; "" = not told."""

    node: str
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of the tree; ``odd`` are members that do not tell of what they are, or when."""

    ways: tuple[_Way, ...]
    members: tuple[Told, ...]
    odd: Mapping[str, Remark]


class _Walk:
    """A walk through a tree, from what the last one knew."""

    def __init__(self, reading: Reading) -> None:
        former: Mapping[str, Any] = reading.subscription.position
        self._reading = reading
        self._root = reading.url
        self.is_whole = not former or bool(former.get("whole"))
        self.since = str(former.get("time", ""))
        self._known = frozenset(former.get("seen", ()))
        self._former_open: tuple[str, ...] = tuple(former.get("open", ()))
        self._former: Mapping[str, dict[str, str]] = former.get("conditions", {})
        self._conditions: dict[str, dict[str, str]] = {}
        self._open: list[str] = []
        """Nodes where more may still come, the root aside."""
        self._visited = {self._root}
        self._todo: list[tuple[str, str, str]] = [("", self._root, "")]
        self._faulty = _Faulty(former.get("faulty", {}))
        self.faults: list[Remark] = []
        for url, last in self._faulty.pages():
            if url not in self._visited:
                self._visited.add(url)
                self._todo.append(("", url, last))
        heapq.heapify(self._todo)
        self._latest = self.since
        self._seen = set(self._known)
        """Members whose time is the latest, but for those of nodes that are done."""
        self._done: dict[str, str] = dict(former.get("done", {}))
        """Nodes that were read and will never change, with the last time in each."""

    def next(self) -> list[Told] | None:
        """Members of the next node that are new and wanted; None after the last node."""
        if not self._todo:
            return None
        if len(self._visited) > _MOST_NODES:
            raise FetchError("The stream does not end.", remedy="Ask its publisher.")
        _, url, last = heapq.heappop(self._todo)
        if url != self._root and not last:
            self._open.append(url)
        answer = self._asked(url)
        if answer is None:
            return []
        self._conditions[url] = dict(answer.conditions)
        if not answer.is_new:
            # A root that stands as it was leads where it led.
            leads = self._former_open if url == self._root else ()
            self._lead(_Way(node) for node in leads)
            return []
        node = _read_node(answer.body, url)
        self._lead(node.ways)
        done, there = len(self._visited) - len(self._todo), len(self._visited)
        self._reading.progress("Reading the stream", done, there)
        known = self._faulty.members(url)
        found = [m for m in node.members if self._is_new(m) or m.member in known]
        self.faults += node.odd.values()
        wanted = [member for member in found if self._reading.wants(member.graph)]
        self._faulty.note(url, last, wanted, node.odd)
        is_done = bool(last) and answer.is_immutable and not node.ways
        if is_done:
            self._done[url] = last
        for member in found:
            self._note(member, is_done=is_done)
        return wanted

    def _asked(self, url: str) -> Fetched | None:
        """Answer of a node; None where one that is only asked again is no more."""
        # What cannot be used is to be told each time, so that page is asked without conditions.
        is_faulty = self._faulty.has(url)
        known = None if is_faulty else self._former.get(url)
        try:
            return self._reading.fetcher.ask(url, _ACCEPT, known)
        except FetchError as error:
            if not is_faulty or url == self._root or error.code not in _GONE:
                raise
        self._faulty.forget(url)
        return None

    def _lead(self, ways: Iterable[_Way]) -> None:
        for way in ways:
            is_read = way.node in self._done or (way.last and way.last < self.since)
            if way.node not in self._visited and not is_read:
                self._visited.add(way.node)
                heapq.heappush(self._todo, (way.first, way.node, way.last))

    def _is_new(self, member: Told) -> bool:
        if member.at == self.since:
            return member.member not in self._known
        return member.at > self.since

    def _note(self, member: Told, *, is_done: bool) -> None:
        if member.at > self._latest:
            self._latest, self._seen = member.at, set()
        if member.at == self._latest and not is_done:
            self._seen.add(member.member)

    def position(self) -> dict[str, Any]:
        """Where to read on from after the nodes visited so far."""
        if self._todo:
            # Another page may hold members of the very time at which this one ends.
            unread = max(min(self._todo[0][0], self._latest), self.since)
            done = self._done_since(unread)
            position = {"time": unread, "seen": [], "done": done, "whole": self.is_whole}
            return position | self._faulty.position()
        kept = (self._root, *self._open)
        position = {
            "time": self._latest,
            "seen": sorted(self._seen),
            "done": self._done_since(self._latest),
            "conditions": {u: self._conditions[u] for u in kept if self._conditions.get(u)},
            "open": self._open,
        }
        return position | self._faulty.position()

    def _done_since(self, time: str) -> dict[str, str]:
        """Nodes that are done and that their time does not tell from others."""
        return {url: last for url, last in self._done.items() if last >= time}


class _Faulty:
    """Pages with members that cannot be used, and the records that these are about."""

    def __init__(self, former: Mapping[str, Any]) -> None:
        self._pages: dict[str, dict[str, Any]] = dict(former)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Each page with the last time in it, "" where it is open."""
        for url, told in self._pages.items():
            yield url, str(told["last"])

    def has(self, url: str) -> bool:
        """Whether something of a page could not be used."""
        return url in self._pages

    def members(self, url: str) -> frozenset[str]:
        """Members of a page that could not be used."""
        return frozenset(self._pages.get(url, {}).get("members", ()))

    def forget(self, url: str) -> None:
        """Let go of a page."""
        self._pages.pop(url, None)

    def note(self, url: str, last: str, found: Iterable[Told], odd: Iterable[str]) -> None:
        """Take what was found in a page; a later version of a record makes good for its fault.

        ``odd`` are members that tell no record.
        """
        members = dict.fromkeys(odd, "")
        for each in found:
            if fault_of(each):
                members[each.member] = each.graph
            else:
                self._made_good(each.graph)
                members = {m: graph for m, graph in members.items() if graph != each.graph}
        self.forget(url)
        if members:
            self._pages[url] = {"last": last, "members": members}

    def _made_good(self, graph: str) -> None:
        for url, told in list(self._pages.items()):
            left = {member: about for member, about in told["members"].items() if about != graph}
            if left:
                self._pages[url] = {**told, "members": left}
            else:
                self.forget(url)

    def position(self) -> dict[str, Any]:
        """What to write down: the pages noted last, nothing where there are none."""
        kept = dict(list(self._pages.items())[-_MOST_FAULTY:])
        return {"faulty": kept} if kept else {}


def read_stream(reading: Reading) -> Iterator[Batch]:
    """Members that are new since the last reading, page by page, first to last.

    Raises FetchError, RefusedError, SyntaxProblem with the address of the page.
    """
    walk = _Walk(reading)
    pending: list[Told] = []
    while (found := walk.next()) is not None:
        pending += found
        position = walk.position()
        is_end = "open" in position
        if pending or is_end:
            faults = tuple(walk.faults) if is_end else ()
            yield Batch(pending, position, is_last=is_end and walk.is_whole, faults=faults)
            pending = []


def _read_node(data: bytes, url: str) -> _Node:
    """A node of the tree, in TriG."""
    statements, contents, faults = parse_page(data, url, url)
    about: dict[str, dict[str, list[str]]] = {}
    for subject, predicate, value in statements:
        about.setdefault(subject, {}).setdefault(predicate, []).append(value)
    named = [iri for said in about.values() for iri in said.get(f"{_TREE}member", ())]
    read = [
        _member(iri, about.get(iri, {}), contents.get(iri), faults.get(iri, ""), url)
        for iri in named
    ]
    members = [each for each in read if isinstance(each, Told)]
    members.sort(key=lambda each: (each.at, _natural(each.member)))
    odd = {iri: each for iri, each in zip(named, read, strict=True) if isinstance(each, Remark)}
    return _Node(tuple(_ways(about, url)), tuple(members), odd)


def _ways(about: Mapping[str, Mapping[str, list[str]]], url: str) -> Iterator[_Way]:
    bounds: dict[str, dict[str, str]] = {}
    for said in about.values():
        for node in said.get(f"{_TREE}node", ()):
            kinds = {kind.rsplit("#", 1)[-1] for kind in said.get(f"{RDF}type", ())}
            values = said.get(f"{_TREE}value", [""])
            of_node = bounds.setdefault(urldefrag(node).url, {})
            for kind in kinds:
                of_node[kind] = values[0]
    for node, said_of in bounds.items():
        first = said_of.get("GreaterThanOrEqualToRelation") or said_of.get("GreaterThanRelation")
        last = said_of.get("LessThanOrEqualToRelation") or said_of.get("LessThanRelation")
        yield _Way(node, moment(first, url) if first else "", moment(last, url) if last else "")


def _member(
    iri: str, said: Mapping[str, list[str]], content: bytes | None, fault: str, url: str
) -> Told | Remark:
    """A member, or why it cannot be told which record it is a version of, and when."""
    graph = said.get(f"{DCTERMS}isVersionOf", [""])[0]
    at = said.get(f"{DCTERMS}created", [""])[0]
    if not is_iri(graph) or not at:
        return unusable(url, iri, "The member says not of what it is a version, or not when.")
    try:
        at = moment(at, url)
    except SyntaxProblem as error:
        return unusable(url, iri, error.message)
    if _DELETE in said.get(f"{RDF}type", ()):
        return Told(graph, None, iri, at)
    digest = said.get(f"{DT}digest", [""])[0]
    fault = fault or ("" if content else "Its content is not in the page.")
    return Told(graph, content, iri, at, digest, fault)


def _natural(iri: str) -> list[tuple[int, str]]:
    """Order in which revision 9 comes before revision 12."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBERS.split(iri)]
