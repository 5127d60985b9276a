"""A Linked Data Event Stream of another node, read from where the last reading ended.

The tree is walked in the order of time that its relations tell. Until the end
is reached, the position is the time from which on something may be unread, with
the pages from then on that are read and never change: a member may be read
twice but none is passed over.
"""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urldefrag

from dtrack.curate.harvests.offering import Batch, Told, moment
from dtrack.errors import FetchError, SyntaxProblem
from dtrack.stores.parsing import parse_page
from dtrack.terms import DCTERMS, DT, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.curate.harvests.offering import Reading

_TREE: Final = "https://w3id.org/tree#"
_DELETE: Final = "https://www.w3.org/ns/activitystreams#Delete"
_ACCEPT: Final = "application/trig"
_MOST_NODES: Final = 1_000_000
_NUMBERS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class _Way:
    """A relation: times of the members behind it; "" = not told."""

    node: str
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of the tree."""

    ways: tuple[_Way, ...]
    members: tuple[Told, ...]


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
        answer = self._reading.fetcher.ask(url, _ACCEPT, self._former.get(url))
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
        found = [member for member in node.members if self._is_new(member)]
        is_done = bool(last) and answer.is_immutable and not node.ways
        if is_done:
            self._done[url] = last
        for member in found:
            self._note(member, is_done=is_done)
        return [member for member in found if self._reading.wants(member.graph)]

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
            return {"time": unread, "seen": [], "done": done, "whole": self.is_whole}
        kept = (self._root, *self._open)
        return {
            "time": self._latest,
            "seen": sorted(self._seen),
            "done": self._done_since(self._latest),
            "conditions": {u: self._conditions[u] for u in kept if self._conditions.get(u)},
            "open": self._open,
        }

    def _done_since(self, time: str) -> dict[str, str]:
        """Nodes that are done and that their time does not tell from others."""
        return {url: last for url, last in self._done.items() if last >= time}


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
            yield Batch(pending, position, is_last=is_end and walk.is_whole)
            pending = []


def _read_node(data: bytes, url: str) -> _Node:
    """A node of the tree, in TriG."""
    statements, contents, faults = parse_page(data, url, url)
    about: dict[str, dict[str, list[str]]] = {}
    for subject, predicate, value in statements:
        about.setdefault(subject, {}).setdefault(predicate, []).append(value)
    members = [
        _member(iri, about.get(iri, {}), contents.get(iri), faults.get(iri, ""), url)
        for said in about.values()
        for iri in said.get(f"{_TREE}member", ())
    ]
    members.sort(key=lambda each: (each.at, _natural(each.member)))
    return _Node(tuple(_ways(about, url)), tuple(members))


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
) -> Told:
    graph = said.get(f"{DCTERMS}isVersionOf", [""])[0]
    at = said.get(f"{DCTERMS}created", [""])[0]
    if not graph or not at:
        raise SyntaxProblem(
            f"The member <{iri}> of {url} says not of what it is a version, or not when.",
            remedy="A stream is read whose members have dcterms:isVersionOf and dcterms:created.",
        )
    at = moment(at, url)
    if _DELETE in said.get(f"{RDF}type", ()):
        return Told(graph, None, iri, at)
    digest = said.get(f"{DT}digest", [""])[0]
    fault = fault or ("" if content else "Its content is not in the page.")
    return Told(graph, content, iri, at, digest, fault)


def _natural(iri: str) -> list[tuple[int, str]]:
    """Order in which revision 9 comes before revision 12."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBERS.split(iri)]
