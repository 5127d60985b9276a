"""What readers of origins give: batches of records, each with how far that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from dtrack.digests import graph_digest
from dtrack.errors import FetchError, RefusedError, SyntaxProblem
from dtrack.journal import timestamp
from dtrack.journal.harvests import NEW, UNUSABLE, Offer
from dtrack.sources.harvest import Remark
from dtrack.sources.ntriples import is_iri
from dtrack.terms import DERIVED_GRAPH, HISTORY_GRAPHS

if TYPE_CHECKING:
    from dtrack.journal.harvests import Subscription
    from dtrack.model import Progress
    from dtrack.sources.fetching import Fetcher

GIVEN_UP: Final = "given-up"
"""Rule of a remark about an entry that is not asked for any more."""
_LONGEST_REASON: Final = 500
_OF_ONE_ADDRESS: Final = frozenset({200, 400, 404, 406, 410, 414, 415, 422, 451})
"""Answers that say something about an address; others say that the origin is not well."""


@dataclass(frozen=True, slots=True)
class Told:
    """A record as an origin tells it: its content, or None where it is withdrawn there.

    ``digest`` is what the origin says the content digests to, "" where it says
    nothing; ``fault`` is why the content is not there, though it should be.
    """

    graph: str
    content: bytes | None
    member: str
    at: str
    digest: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of what an origin tells, and where to read on after it.

    ``is_last`` says that everything was read: what a whole reading has not seen
    is no more at the origin. ``faults`` are entries that cannot be used and do
    not even tell which record they are about, or when.
    """

    told: Sequence[Told]
    position: Mapping[str, Any]
    is_last: bool = False
    remarks: tuple[Remark, ...] = ()
    faults: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader is given: what is wanted, how far it is, and how to fetch."""

    subscription: Subscription
    fetcher: Fetcher
    progress: Progress
    now: str
    """Time of the run, for origins that tell none."""

    @property
    def url(self) -> str:
        """Address of the origin, which an administrator has named."""
        return self.fetcher.name(self.subscription.url)

    def wants(self, graph: str) -> bool:
        """Whether a record is among those that were asked for."""
        starts = tuple(self.subscription.options.get("only", ()))
        return not starts or graph.startswith(starts)


def moment(text: str, place: str) -> str:
    """Time as the journal writes it, so that times sort as text. Raises SyntaxProblem.

    Origins leave zeros out at the end of a fraction, or write an offset.
    """
    try:
        found = datetime.fromisoformat(text.strip())
        return timestamp(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise SyntaxProblem(
            f"{place.split('?', 1)[0]} tells a time that is none: '{text[:40]}'.",
            remedy="Times are read as ISO 8601, such as 2026-11-29T10:00:00Z.",
        ) from error


Reader = Callable[[Reading], Iterator[Batch]]


@dataclass(slots=True)
class Offered:
    """Offers of a batch, the last one of each graph, with the contents by digest."""

    offers: dict[str, Offer] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    faults: list[Remark] = field(default_factory=list)
    """What was told under no name that a record can have."""

    def add(self, told: Told) -> None:
        """Take what was told; what cannot be used is noted with the reason."""
        fault = fault_of(told)
        if not is_iri(told.graph):
            self.faults.append(unusable(told.member, told.graph, fault))
            return
        digest = None
        if not fault and told.content is not None:
            digest = graph_digest(told.content)
            self.contents[digest] = told.content
        # Of one graph, the last thing told counts.
        self.offers.pop(told.graph, None)
        self.offers[told.graph] = Offer(
            told.graph, digest, told.member, told.at, UNUSABLE if fault else NEW, fault
        )


def unusable(place: str, about: str, reason: str) -> Remark:
    """An entry that cannot be used: where it is, what it says it is about, and why not."""
    remedy = "Its publisher can mend it; until then it is left aside."
    return Remark(UNUSABLE, place.split("?", 1)[0][:_LONGEST_REASON], about[:200], reason, remedy)


def no_more_asked(place: str, about: str, reason: str) -> Remark:
    """An entry that could not be used and is not asked for any more."""
    told = unusable(place, about, reason)
    remedy = "It is not asked for any more; published anew it comes, or with --again when mended."
    return replace(told, rule=GIVEN_UP, remedy=remedy)


def attempted(read: Callable[[], bytes]) -> tuple[bytes | None, str]:
    """What reading one record gives, or None and why it cannot be used.

    Raises FetchError where the origin as a whole is not well.
    """
    try:
        return read(), ""
    except SyntaxProblem as error:
        where = f"{error.place}: " if error.place else ""
        return None, f"{where}{error.message}"[:_LONGEST_REASON]
    except RefusedError as error:
        return None, error.message
    except FetchError as error:
        if error.code not in _OF_ONE_ADDRESS:
            raise
        return None, error.message


def is_own(graph: str) -> bool:
    """Whether a graph is one that each dtrack writes itself, and that nobody harvests."""
    return graph == DERIVED_GRAPH or graph.startswith(HISTORY_GRAPHS)


def fault_of(told: Told) -> str:
    """Why something cannot be taken; "" where it can."""
    if told.fault:
        return told.fault
    if not is_iri(told.graph):
        return "Its graph has no IRI for a name."
    if is_own(told.graph):
        return "Its graph is one that dtrack writes itself."
    if told.content == b"":
        return "It is empty."
    if told.content and told.digest and graph_digest(told.content) != told.digest:
        return "Its content is not what the digest beside it says."
    return ""
