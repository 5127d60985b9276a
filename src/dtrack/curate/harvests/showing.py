"""A harvest as it is shown: how it goes, and what of its origin does not stand here, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.curate.harvests.setting_up import told_duration
from dtrack.curate.harvests.settling import CONFLICT, KEPT, REFUSED
from dtrack.curate.looking_back import difference
from dtrack.errors import NotFoundError
from dtrack.journal.harvests import UNUSABLE, Harvests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dtrack.curate.looking_back import GraphDifference
    from dtrack.journal import Journal
    from dtrack.journal.harvests import Offer, Subscription

ASIDE: Final = (CONFLICT, KEPT, REFUSED, UNUSABLE)
"""Standings of offers that do not stand here as they were told."""


@dataclass(frozen=True, slots=True)
class HarvestView:
    """A harvest: ``next`` is the time of its next run, ``offers`` count records by standing.

    ``outcome`` is "" before the first run has ended, then done, done with faults
    or failed; ``running`` the time when the present run began, null when there is none.
    """

    name: str
    kind: str
    url: str
    every: str
    state: str
    source: str
    created: str
    running: str | None
    ended: str | None
    outcome: str
    message: str
    failures: int
    next: str
    offers: dict[str, int]


@dataclass(frozen=True, slots=True)
class Side:
    """A version of a record: whose it is, which, and its digest, null where it is withdrawn.

    Of what is unusable it is the digest of the last version that was usable.
    """

    source: str
    version: str
    digest: str | None
    at: str


@dataclass(frozen=True, slots=True)
class AsideView:
    """An offer that does not stand here as it was told: why, and both sides."""

    graph: str
    standing: str
    reason: str
    there: Side
    here: Side | None


@dataclass(frozen=True, slots=True)
class HarvestReport:
    """A harvest with what was left aside, the first ones, and what the reader noticed."""

    harvest: HarvestView
    aside: list[AsideView]
    remarks: list[dict[str, str]]


def list_harvests(journal: Journal, *, whole: bool = False) -> list[HarvestView]:
    """All harvests; addresses without what may be a secret, unless ``whole``."""
    harvests = Harvests(journal)
    return [_view(harvests, each, whole=whole) for each in harvests.listed()]


def report_harvest(
    journal: Journal,
    name: str,
    *,
    standings: Sequence[str] = ASIDE,
    limit: int = 100,
    whole: bool = False,
) -> HarvestReport:
    """A harvest with up to ``limit`` offers of each standing. Raises NotFoundError."""
    harvests = Harvests(journal)
    subscription = harvests.get(name)
    found = [
        offer
        for standing in standings
        for offer in harvests.offers_of_standing(name, standing, limit)
    ]
    return HarvestReport(
        _view(harvests, subscription, whole=whole),
        list(_aside(journal, subscription, found)),
        [dict(remark) for remark in subscription.remarks],
    )


def compare_offer(journal: Journal, name: str, graph: str) -> GraphDifference:
    """What a record would gain and lose, were it as its origin tells it.

    Raises NotFoundError where the origin has told nothing of it.
    """
    harvests = Harvests(journal)
    found = harvests.offers(harvests.get(name).name, [graph])
    if not found:
        raise NotFoundError(
            f"The origin of '{name}' has told nothing of <{graph[:200]}>.",
            remedy=f"`dtrack harvest show {name}` lists what does not stand here as it was told.",
        )
    head = journal.heads([graph]).get(graph)
    here, there = (
        journal.content(digest) if digest else b""
        for digest in (head.digest if head else None, found[0].digest)
    )
    return difference(graph, here, there)


def _view(harvests: Harvests, each: Subscription, *, whole: bool) -> HarvestView:
    counts: Mapping[str, int] = harvests.counts(each.name)
    return HarvestView(
        name=each.name,
        kind=each.kind,
        url=each.url if whole else each.url.split("?", 1)[0],
        every=told_duration(each.every),
        state=each.state,
        source=each.source,
        created=each.created,
        running=each.started or None,
        ended=each.ended or None,
        outcome=each.outcome,
        message=each.message,
        failures=each.failures,
        next=each.due if each.state == "active" else "",
        offers=dict(sorted(counts.items())),
    )


def _aside(
    journal: Journal, subscription: Subscription, offers: Sequence[Offer]
) -> Iterator[AsideView]:
    heads = journal.heads([offer.graph for offer in offers])
    for offer in offers:
        head = heads.get(offer.graph)
        there = Side(subscription.source, offer.member, offer.digest, offer.at)
        here = None
        if head is not None:
            at = journal.facts(head.revision).at
            here = Side(head.source, f"revision {head.revision}", head.digest, at)
        yield AsideView(offer.graph, offer.standing, offer.reason, there, here)
