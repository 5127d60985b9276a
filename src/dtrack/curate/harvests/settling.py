"""What origins offer against what is here: taken, kept, refused, or told as a conflict.

Settling looks at offers and at the journal only, so it may be broken off and
done again at any time: what was taken already is then no change.

A harvest writes over what it has brought itself and nobody has edited since.
What a curator has written, or another origin still tells, stays; where that is
something else, both sides are told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from dtrack.curate.loading import change_graphs
from dtrack.curate.writing import subjects
from dtrack.errors import ConflictError, NotConformingError
from dtrack.journal.harvests import UNUSABLE
from dtrack.model import Edit, Severity, no_progress
from dtrack.sources.ntriples import is_iri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.curate.writing import Curator
    from dtrack.journal import Head
    from dtrack.journal.harvests import Harvests, Offer, Subscription
    from dtrack.model import Progress, Report

TAKEN: Final = "taken"
"""It stands here as it was offered, brought by this harvest."""
SAME: Final = "same"
"""It stands here as it was offered, whoever brought it."""
GONE: Final = "gone"
"""It is withdrawn at the origin, and not here for this harvest."""
KEPT: Final = "kept"
"""It was edited or withdrawn here, and the origin has not changed it since."""
CONFLICT: Final = "conflict"
"""It stands here with other content, and is not written over."""
REFUSED: Final = "refused"
"""The shapes do not let it in."""

_ATTEMPTS: Final = 5
_ROUNDS: Final = 20
_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of the offers: the revision, if there was one, and how many stand how."""

    revision: int | None
    changed: tuple[str, ...]
    counts: Mapping[str, int]


@dataclass(slots=True)
class _Plan:
    """What is to be changed, what it must be now, and what is to be said of each offer."""

    changes: dict[str, str | None] = field(default_factory=dict)
    expected: dict[str, str | None] = field(default_factory=dict)
    standings: dict[str, tuple[str, str]] = field(default_factory=dict)


class _Here:
    """What stands here, and who brought it."""

    def __init__(
        self, curator: Curator, harvests: Harvests, subscription: Subscription, graphs: list[str]
    ) -> None:
        self._journal = curator.journal
        self._owners = {each.source: each.name for each in harvests.listed()}
        self._brought: dict[str, dict[str, str | None]] = {}
        self.me = subscription
        self.heads: dict[str, Head] = curator.journal.heads(graphs)
        self.elsewhere = harvests.elsewhere(subscription.name, graphs)

    @cached_property
    def mine(self) -> dict[str, str | None]:
        """Graphs as this harvest last made them."""
        return self.brought(self.me.source)

    def brought(self, source: str) -> dict[str, str | None]:
        """Graphs as a source last made them."""
        if source not in self._brought:
            self._brought[source] = self._journal.brought(source)
        return self._brought[source]

    def owner(self, head: Head) -> str:
        """Harvest that brought a graph as it stands here; "" where somebody else did."""
        name = self._owners.get(head.source, "")
        return name if name and self.brought(head.source).get(head.graph) == head.digest else ""

    def is_free(self, head: Head) -> bool:
        """Whether a graph is this harvest's to change: its own, or one that its owner gave up."""
        owner = self.owner(head)
        return bool(owner) and (owner == self.me.name or owner not in self.others(head.graph))

    def others(self, graph: str) -> dict[str, str]:
        """Digest that each other harvest still offers of a graph."""
        found = self.elsewhere.get(graph, {})
        return {name: digest for name, digest in found.items() if digest is not None}


def settle(
    curator: Curator,
    harvests: Harvests,
    subscription: Subscription,
    progress: Progress = no_progress,
) -> Settled:
    """Bring here what an origin offers, as far as that may be; one revision.

    Offers that the shapes refuse, and those that conflict, are left aside with the
    reason; they are looked at again next time. Raises ConflictError where others
    write without pause, StoreError, JournalError.
    """
    name = subscription.name
    refused: dict[str, tuple[str, str]] = {}
    for turn in range(_ATTEMPTS * _ROUNDS):
        offers = {o.graph: o for o in harvests.offers(name) if o.standing != UNUSABLE}
        here = _Here(curator, harvests, subscription, list(offers))
        plan = _Plan()
        for offer in offers.values():
            _decide(plan, offer, here)
        for graph in refused:
            plan.changes.pop(graph, None)
        plan.standings |= refused
        edit = Edit(
            {},
            f"harvest {name}",
            f"Harvest {_address(subscription.url)}",
            subscription.source,
            "import",
            expected=plan.expected,
            origins={
                graph: (offers[graph].member if is_iri(offers[graph].member) else "", at)
                for graph, digest in plan.changes.items()
                if digest is not None and (at := offers[graph].at)
            },
        )
        try:
            revision, changed = change_graphs(curator, edit, plan.changes, progress)
        except ConflictError:
            continue
        except NotConformingError as error:
            report = cast("Report", error.report)
            refused |= _blamed(curator, plan, report, all_of_them=turn > _ROUNDS)
            continue
        former = {graph: (offer.standing, offer.reason) for graph, offer in offers.items()}
        said = {graph: s for graph, s in plan.standings.items() if s != former.get(graph)}
        harvests.mark(name, said)
        counts = Counter(standing for standing, _ in plan.standings.values())
        return Settled(revision, changed, counts)
    raise ConflictError("Others write without pause.", remedy="Run the harvest again.")


def _decide(plan: _Plan, offer: Offer, here: _Here) -> None:
    """What is to become of an offer."""
    graph, wanted = offer.graph, offer.digest
    head = here.heads.get(graph)
    if head is None:
        _decide_absent(plan, offer, here)
    elif head.digest == wanted:
        plan.standings[graph] = (TAKEN if head.source == here.me.source else SAME, "")
    elif here.is_free(head):
        others = here.others(graph)
        if wanted is None and head.digest in others.values():
            plan.standings[graph] = (GONE, "Another harvest still brings it.")
        else:
            _take(plan, graph, wanted, head.digest)
    else:
        plan.standings[graph] = _left_alone(wanted, head, here)


def _decide_absent(plan: _Plan, offer: Offer, here: _Here) -> None:
    """What is to become of an offer of what is not here."""
    graph, wanted = offer.graph, offer.digest
    mine = here.mine.get(graph)
    if wanted is None:
        plan.standings[graph] = (GONE, "")
    elif mine is None:
        _take(plan, graph, wanted, None)
    elif mine == wanted:
        plan.standings[graph] = (KEPT, "It was withdrawn here.")
    else:
        said = "It was withdrawn here, and has changed at the origin since."
        plan.standings[graph] = (CONFLICT, said)


def _left_alone(wanted: str | None, head: Head, here: _Here) -> tuple[str, str]:
    """How an offer stands beside what is not this harvest's to change."""
    mine, owner = here.mine.get(head.graph), here.owner(head)
    if wanted is None and (mine is None or owner):
        return GONE, ""
    if owner:
        return CONFLICT, f"It is harvested from '{owner}' with other content."
    if mine is None:
        return CONFLICT, f"It is curated here (source '{head.source}') with other content."
    if wanted == mine:
        return KEPT, "It was edited here; the origin has not changed it since."
    if wanted is None:
        return CONFLICT, "It was edited here, and has been withdrawn at the origin since."
    return CONFLICT, "It was edited here, and has changed at the origin since."


def _take(plan: _Plan, graph: str, wanted: str | None, here: str | None) -> None:
    plan.changes[graph] = wanted
    plan.expected[graph] = here
    plan.standings[graph] = (GONE if wanted is None else TAKEN, "")


def _blamed(
    curator: Curator, plan: _Plan, report: Report, *, all_of_them: bool
) -> dict[str, tuple[str, str]]:
    """Offers that the shapes refuse, each with what they say; all where none can be told."""
    digests = {d for graph in plan.changes for d in (plan.changes[graph], plan.expected[graph])}
    held = dict(curator.journal.contents({digest for digest in digests if digest}))
    tells: dict[str, list[str]] = {}
    for graph in plan.changes:
        for digest in (plan.changes[graph], plan.expected[graph]):
            for subject in subjects(held[digest]) if digest else ():
                tells.setdefault(subject, []).append(graph)
    found: dict[str, tuple[str, str]] = {}
    said = ""
    for finding in report.findings:
        if finding.severity is not Severity.VIOLATION:
            continue
        said = f"{finding.message()} (<{finding.focus}>)"[:_LONGEST_REASON]
        for graph in tells.get(finding.focus) or tells.get(finding.value) or ():
            found.setdefault(graph, (REFUSED, said))
    if all_of_them or not found:
        return dict.fromkeys(plan.changes, (REFUSED, said))
    return found


def _address(url: str) -> str:
    """Address without what may be a secret."""
    return url.split("?", 1)[0]
