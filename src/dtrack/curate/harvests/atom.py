"""An Atom feed of another node, read from the time of the last entry that was read.

An entry that cannot be used is asked for again with each run, since its
publisher may mend it where it is. Content that cannot be used is so by its
address; for an entry that tells no record, or no time, the position stays at
its place in the feed, with the names of the entries that were read since. When
these are too many it is given up, but not forgotten: each run tells it.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit
from xml.etree import ElementTree as ET

from dtrack.curate.harvests.offering import (
    Batch,
    Told,
    attempted,
    fault_of,
    moment,
    no_more_asked,
    unusable,
)
from dtrack.errors import FetchError, SyntaxProblem
from dtrack.sources.ntriples import is_iri
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import DT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dtrack.curate.harvests.offering import Reading
    from dtrack.sources.harvest import Remark

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_DELETED: Final = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
_DTD: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_ACCEPT: Final = "application/atom+xml"
_TURTLE: Final = "text/turtle"
_MOST_PAGES: Final = 100_000
_PORTION: Final = 50
_ENTRIES: Final = "500"
_MOST_SEEN: Final = 5000
"""Entries that are read past for the sake of one that tells no record."""
_MOST_AGAIN: Final = 500
"""Entries whose content is asked for again."""
_MOST_GIVEN_UP: Final = 1000
"""Entries that are told although they are not asked for any more."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry: ``address`` is that of the record's content, None for a deleted one.

    ``fault`` says why it leads to no record; its time is then that of a neighbour
    where it tells none itself.
    """

    graph: str
    at: str
    address: str | None
    digest: str
    member: str
    fault: str = ""

    @property
    def key(self) -> str:
        """What tells it from others."""
        return f"{self.at} {self.graph}"


def read_feed(reading: Reading) -> Iterator[Batch]:
    """What each entry since the last reading leads to, first to last.

    Of a record that changed several times the latest version is read. Raises
    FetchError, RefusedError, SyntaxProblem with the address.
    """
    former: Mapping[str, Any] = reading.subscription.position
    whole = not former or bool(former.get("whole"))
    since, seen = str(former.get("time", "")), set(former.get("seen", ()))
    address = _since(reading.url, since)
    known = former.get("conditions", {}).get(address)
    entries, conditions = _entries(reading, address, known)
    entries = _timed(entries, since)
    again = {each["graph"]: _Entry(**each) for each in former.get("again", ())}
    given_up = [_Entry(**each) for each in former.get("given_up", ())]
    if conditions is None and not again:
        yield Batch((), {**former, "whole": False}, is_last=whole, faults=_told_up(given_up))
        return
    found = [each for each in entries if each.at >= since and each.key not in seen]
    position: dict[str, Any] = {"time": since, "seen": sorted(seen), "whole": whole}
    position |= _noted(given_up)
    # The feed is latest first; a record's older versions are not asked for.
    found = sorted([*again.values(), *reversed(found)], key=lambda each: each.at)
    newest = {each.graph: each for each in found if not each.fault}
    odd = [each for each in found if each.fault and each.graph not in newest]
    odd = [each for each in odd if reading.wants(each.graph) or not is_iri(each.graph)]
    given_up = [each for each in given_up if each.graph not in newest]
    todo = sorted(newest.values(), key=lambda each: (each.at, each.graph))
    for start in range(0, len(todo), _PORTION):
        some = todo[start : start + _PORTION]
        reading.progress("Reading the feed", start, len(todo))
        told = [_told(reading, each) for each in some if reading.wants(each.graph)]
        bad = {each.graph for each in told if fault_of(each)}
        read = {each.graph for each in some}
        again = {graph: each for graph, each in again.items() if graph not in read}
        again |= {each.graph: each for each in some if each.graph in bad}
        position["seen"] = sorted({*position["seen"], *(each.key for each in some)})
        yield Batch(told, {**position, "again": _kept(again)})
    done: dict[str, Any] = dict(former)
    if conditions is not None:
        done, odd, more = _position(entries, since, odd)
        given_up = [*given_up, *more][-_MOST_GIVEN_UP:]
        asked_so_again = done["time"] == since and not odd
        done["conditions"] = {address: dict(conditions)} if asked_so_again else {}
    faults = tuple(unusable(each.member, each.graph, each.fault) for each in odd)
    done = {n: v for n, v in done.items() if n != "given_up"} | _noted(given_up)
    done |= {"again": _kept(again), "whole": False}
    yield Batch((), done, is_last=whole, faults=(*faults, *_told_up(given_up)))


def _told_up(entries: list[_Entry]) -> tuple[Remark, ...]:
    """What is said in each run of entries that are not asked for any more."""
    return tuple(no_more_asked(each.member, each.graph, each.fault) for each in entries)


def _noted(given_up: list[_Entry]) -> dict[str, Any]:
    """Entries that were given up as the position holds them, nothing where there are none."""
    return {"given_up": [asdict(each) for each in given_up]} if given_up else {}


def _kept(again: Mapping[str, _Entry]) -> list[dict[str, Any]]:
    """Entries to ask for again as the position holds them, those met last."""
    return [asdict(each) for each in list(again.values())[-_MOST_AGAIN:]]


def _position(
    entries: list[_Entry], since: str, odd: list[_Entry]
) -> tuple[dict[str, Any], list[_Entry], list[_Entry]]:
    """Where to read on: after the latest entry, or from the first one that tells no record.

    With it, entries that tell no record: those to ask for again, and those given up.
    """
    latest = max([each.at for each in entries], default=since)
    unread = {each.key for each in odd}
    time = min((each.at for each in odd), default=latest)
    seen = sorted(each.key for each in entries if each.at >= time and each.key not in unread)
    if len(seen) <= _MOST_SEEN:
        return {"time": time, "seen": seen}, odd, []
    seen = sorted(each.key for each in entries if each.at == latest)
    return {"time": latest, "seen": seen}, [], odd


def _since(url: str, since: str) -> str:
    """Address of the feed from a time on."""
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    asked = {"limit": _ENTRIES} | given | ({"since": since} if since else {})
    return urlunsplit(parts._replace(query=urlencode(asked), fragment=""))


def _entries(
    reading: Reading, address: str, known: Mapping[str, str] | None
) -> tuple[list[_Entry], Mapping[str, str] | None]:
    """Entries of all pages of a feed, and conditions to ask again on; None = nothing is new."""
    found: list[_Entry] = []
    first: Mapping[str, str] | None = None
    following, visited = address, set[str]()
    while following:
        if following in visited or len(visited) > _MOST_PAGES:
            raise FetchError("The pages of the feed do not end.", remedy="Ask its publisher.")
        answer = reading.fetcher.ask(following, _ACCEPT, None if visited else known)
        if not answer.is_new:
            return [], None
        first = answer.conditions if first is None else first
        visited.add(following)
        feed = _parse(answer.body, following)
        found += _entries_of(feed, following)
        following = _link(feed, following, "next") or ""
    return found, first


def _parse(body: bytes, url: str) -> ET.Element:
    place = url.split("?", 1)[0]
    if _DTD.search(body):
        # Entities can unfold into any size, and name files.
        raise SyntaxProblem(
            f"The feed at {place} declares entities.", remedy="A feed without a DTD is read."
        )
    try:
        feed = ET.fromstring(body)  # noqa: S314 - without a DTD nothing is expanded
    except (ET.ParseError, LookupError, ValueError) as error:
        # The latter two: an encoding that nobody knows, or that is not read.
        raise SyntaxProblem(f"{place} is no XML: {error}.", remedy="Check the address.") from error
    if feed.tag != f"{_ATOM}feed":
        raise SyntaxProblem(f"{place} is no Atom feed.", remedy="Give the address of /feed.atom.")
    return feed


def _entries_of(feed: ET.Element, url: str) -> Iterator[_Entry]:
    """Entries of a page of a feed, first to last."""
    # What follows in the address may be a secret.
    place = url.split("?", 1)[0]
    for each in feed:
        if each.tag == _DELETED:
            graph, at = each.get("ref", ""), each.get("when", "")
            yield _entry(graph, at, None, "", _link(each, url, "via") or place)
        elif each.tag == f"{_ATOM}entry":
            graph = each.findtext(f"{_ATOM}id", "").strip()
            at = each.findtext(f"{_ATOM}updated", "")
            address = _link(each, url, "related", _TURTLE) or ""
            digest = each.findtext(f"{{{DT}}}digest", "")
            yield _entry(graph, at, address, digest, address or place)


def _entry(graph: str, at: str, address: str | None, digest: str, member: str) -> _Entry:
    """An entry, with what is wrong about it; its time is "" where it tells none."""
    fault = "" if is_iri(graph) else "The entry has no IRI for an id."
    if address == "":
        fault = fault or "The entry has no link to Turtle."
    try:
        at = moment(at, member)
    except SyntaxProblem as error:
        fault, at = fault or error.message, ""
    return _Entry(graph, at, address, digest, member, fault)


def _timed(entries: list[_Entry], since: str) -> list[_Entry]:
    """Entries, latest first; those without a time have that of the next older one."""
    found: list[_Entry] = []
    time = since
    for each in reversed(entries):
        time = each.at or time
        found.append(each if each.at else replace(each, at=time))
    return found[::-1]


def _link(parent: ET.Element, url: str, relation: str, media: str = "") -> str | None:
    for link in parent.findall(f"{_ATOM}link"):
        if link.get("rel") == relation and (not media or link.get("type") == media):
            try:
                return urljoin(url, link.get("href", ""))
            except ValueError:
                # No address at all, such as one with half a bracket.
                return None
    return None


def _told(reading: Reading, entry: _Entry) -> Told:
    if entry.address is None:
        return Told(entry.graph, None, entry.member, entry.at)
    content, fault = attempted(lambda: _content(reading, entry.address or ""))
    return Told(entry.graph, content, entry.member, entry.at, entry.digest, fault)


def _content(reading: Reading, address: str) -> bytes:
    body = reading.fetcher.ask(address, _TURTLE).body
    return parse_turtle(body, address, address.split("?", 1)[0])
