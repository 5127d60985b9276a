"""Harvests: what is to be read from whom, how far that has come, and what each origin offers.

How far a harvest has read is written in the transaction that keeps what was
read, so whoever is killed reads on where that ended. What becomes of an offer
here is the story's business (dtrack.curate.harvests).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, delete, func, or_, select, update

from dtrack.errors import InputError, NotFoundError, StateError
from dtrack.journal import contents
from dtrack.journal.database import reading, writing
from dtrack.journal.schema import HARVESTS, OFFERS
from dtrack.journal.values import timestamp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from dtrack.journal.journal import Journal

NEW: Final = "new"
"""Standing of an offer that nobody has looked at yet."""
UNUSABLE: Final = "unusable"
"""Standing of what an origin told in a way that cannot be taken: it is never settled."""


_OFFERED: Final = or_(OFFERS.c.digest.is_not(None), OFFERS.c.standing == UNUSABLE)
"""An offer of something that is there at the origin, usable or not."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A harvest as it is set up, and how its last run went.

    ``every`` is in seconds; ``position`` is the reader's own note of how far it
    is, ``round`` counts readings of everything, ``settled`` is the revision
    after which nothing was left to do. Times are UTC text, "" = never.
    """

    name: str
    kind: str
    url: str
    options: Mapping[str, Any]
    every: int
    agent: str
    state: str = "active"
    created: str = ""
    position: Mapping[str, Any] = field(default_factory=dict)
    round: int = 1
    settled: int = 0
    started: str = ""
    ended: str = ""
    due: str = ""
    failures: int = 0
    outcome: str = ""
    message: str = ""
    remarks: Sequence[Mapping[str, str]] = ()

    @property
    def source(self) -> str:
        """Source that its graphs belong to."""
        return f"harvest {self.name}"


@dataclass(frozen=True, slots=True)
class Offer:
    """A record as an origin tells it: ``digest`` None = withdrawn there.

    What is unusable keeps the digest of the last version that was usable, None
    where there was none: what stands of it stays.

    ``member`` is the version or address that told it, ``at`` the origin's time
    of that; ``standing`` says what became of it here, ``reason`` why not more.
    """

    graph: str
    digest: str | None
    member: str
    at: str
    standing: str = NEW
    reason: str = ""
    round: int = 0
    """Reading that saw it last."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: ``due`` is the time of the next one.

    ``outcome`` is done, done with faults, or failed.
    """

    outcome: str
    message: str
    due: str
    failures: int = 0
    settled: int = 0
    remarks: Sequence[Mapping[str, str]] = ()


class Harvests:
    """The harvests of a journal."""

    def __init__(self, journal: Journal) -> None:
        self._engine = journal.engine

    def add(self, wanted: Subscription) -> Subscription:
        """Set a harvest up; it is due at once. Raises InputError where the name is taken."""
        now = timestamp()
        made = replace(wanted, created=now, due=now)
        with writing(self._engine) as connection:
            if _row(connection, wanted.name) is not None:
                raise InputError(
                    f"There is a harvest named '{wanted.name}' already.",
                    remedy="Choose another name, or `dtrack harvest remove` that one.",
                )
            connection.execute(
                HARVESTS.insert(),
                {
                    "name": made.name,
                    "kind": made.kind,
                    "url": made.url,
                    "options": json.dumps(dict(made.options), sort_keys=True),
                    "every": made.every,
                    "state": made.state,
                    "agent": made.agent,
                    "created": made.created,
                    "position": "{}",
                    "round": made.round,
                    "settled": made.settled,
                    "due": made.due,
                    "failures": 0,
                    "outcome": "",
                    "message": "",
                    "remarks": "[]",
                },
            )
        return made

    def get(self, name: str) -> Subscription:
        """A harvest by name. Raises NotFoundError."""
        with reading(self._engine) as connection:
            row = _row(connection, name)
        if row is None:
            raise NotFoundError(
                f"There is no harvest named '{name[:64]}'.",
                remedy="`dtrack harvest list` shows those there are.",
            )
        return _subscription(row)

    def listed(self) -> list[Subscription]:
        """All harvests, by name."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(HARVESTS).order_by(HARVESTS.c.name)).all()
        return [_subscription(row) for row in rows]

    def set_state(self, name: str, state: str) -> None:
        """Pause a harvest, or let it go on (``active``), at once. Raises NotFoundError."""
        self.get(name)
        values = {"state": state} | ({"due": timestamp()} if state == "active" else {})
        with writing(self._engine) as connection:
            connection.execute(_change(name).values(values))

    def hasten(self, name: str) -> None:
        """Let a harvest be due at once. Raises NotFoundError, StateError where it is paused."""
        if self.get(name).state != "active":
            raise StateError(
                f"The harvest '{name}' is paused.", remedy="Let it go on; it is then due at once."
            )
        with writing(self._engine) as connection:
            connection.execute(_change(name).values(due=timestamp()))

    def remove(self, name: str) -> None:
        """Forget a harvest and what its origin offered; what was taken stays. NotFoundError."""
        self.get(name)
        with writing(self._engine) as connection:
            connection.execute(delete(OFFERS).where(OFFERS.c.harvest == name))
            connection.execute(delete(HARVESTS).where(HARVESTS.c.name == name))

    def begin(self, name: str, due: str, *, again: bool = False) -> Subscription:
        """Note that a run is under way; who looks for what is due leaves it until ``due``.

        Each run that begins without a position is a new round; with ``again`` the
        position is given up.
        """
        values: dict[str, Any] = {"started": timestamp(), "due": due}
        if again or not self.get(name).position:
            values |= {"position": "{}", "round": HARVESTS.c.round + 1}
        with writing(self._engine) as connection:
            connection.execute(_change(name).values(values))
        return self.get(name)

    def read(
        self,
        subscription: Subscription,
        position: Mapping[str, Any],
        offers: Sequence[Offer],
        made: Mapping[str, bytes],
    ) -> None:
        """Keep what was read and how far that was, in one transaction.

        ``made`` holds the contents by digest. An offer that says what it said
        before keeps its standing; one older than what this round has read
        already says nothing.
        """
        name = subscription.name
        with writing(self._engine) as connection:
            contents.keep(connection, made)
            graphs = [offer.graph for offer in offers]
            known = {offer.graph: offer for offer in _offers(connection, name, graphs)}
            offers = [
                offer
                for offer in offers
                if (last := known.get(offer.graph)) is None
                or last.round < subscription.round
                or last.at <= offer.at
            ]
            graphs = [offer.graph for offer in offers]
            for some in contents.portions(graphs):
                connection.execute(
                    delete(OFFERS).where(OFFERS.c.harvest == name, OFFERS.c.graph.in_(some))
                )
            rows = [
                _written(name, subscription.round, _standing(offer, known.get(offer.graph)))
                for offer in offers
            ]
            if rows:
                connection.execute(OFFERS.insert(), rows)
            connection.execute(_change(name).values(position=json.dumps(dict(position))))

    def complete(self, subscription: Subscription, position: Mapping[str, Any], at: str) -> None:
        """Note that everything was read: what this round has not seen is no more there."""
        unseen = and_(
            OFFERS.c.harvest == subscription.name,
            OFFERS.c.round < subscription.round,
            _OFFERED,
        )
        gone = {"digest": None, "at": at, "standing": NEW, "reason": ""}
        with writing(self._engine) as connection:
            connection.execute(update(OFFERS).where(unseen).values(gone))
            connection.execute(
                _change(subscription.name).values(position=json.dumps(dict(position)))
            )

    def unseen(self, subscription: Subscription) -> tuple[int, int]:
        """Records that an origin offers, and how many of them this round has not seen."""
        offered = select(func.count()).where(OFFERS.c.harvest == subscription.name, _OFFERED)
        with reading(self._engine) as connection:
            every = connection.scalar(offered) or 0
            unseen = connection.scalar(offered.where(OFFERS.c.round < subscription.round)) or 0
        return every, unseen

    def mark(self, name: str, standings: Mapping[str, tuple[str, str]]) -> None:
        """Write down what became of offers: standing and reason by graph."""
        alike: dict[tuple[str, str], list[str]] = {}
        for graph, said in standings.items():
            alike.setdefault(said, []).append(graph)
        with writing(self._engine) as connection:
            for (standing, reason), graphs in alike.items():
                for some in contents.portions(graphs):
                    which = and_(OFFERS.c.harvest == name, OFFERS.c.graph.in_(some))
                    values = {"standing": standing, "reason": reason}
                    connection.execute(update(OFFERS).where(which).values(values))

    def end(self, name: str, ending: Ending) -> None:
        """Note how a run ended."""
        values = {
            "started": None,
            "ended": timestamp(),
            "due": ending.due,
            "failures": ending.failures,
            "outcome": ending.outcome,
            "message": ending.message,
        }
        if ending.outcome != "failed":
            values["settled"] = ending.settled
            values["remarks"] = json.dumps([dict(r) for r in ending.remarks], ensure_ascii=False)
        with writing(self._engine) as connection:
            connection.execute(_change(name).values(values))

    def offers(self, name: str, graphs: Collection[str] | None = None) -> list[Offer]:
        """What an origin offers, by graph: all of it, or of some graphs."""
        with reading(self._engine) as connection:
            return sorted(_offers(connection, name, graphs), key=lambda offer: offer.graph)

    def offers_of_standing(self, name: str, standing: str, limit: int = 100) -> list[Offer]:
        """Offers that something has become of, the first ones by graph."""
        query = select(OFFERS).where(OFFERS.c.harvest == name, OFFERS.c.standing == standing)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(OFFERS.c.graph).limit(limit)).all()
        return [_offer(row) for row in rows]

    def counts(self, name: str) -> dict[str, int]:
        """Number of offers by standing."""
        query = select(OFFERS.c.standing, func.count()).where(OFFERS.c.harvest == name)
        with reading(self._engine) as connection:
            rows = connection.execute(query.group_by(OFFERS.c.standing)).all()
        return {row[0]: row[1] for row in rows}

    def elsewhere(self, name: str, graphs: Iterable[str]) -> dict[str, dict[str, str | None]]:
        """What other harvests offer of graphs: digest by name of the harvest, by graph."""
        found: dict[str, dict[str, str | None]] = {}
        with reading(self._engine) as connection:
            for some in contents.portions(list(graphs)):
                query = select(OFFERS.c.harvest, OFFERS.c.graph, OFFERS.c.digest).where(
                    OFFERS.c.harvest != name, OFFERS.c.graph.in_(some)
                )
                for row in connection.execute(query):
                    found.setdefault(row.graph, {})[row.harvest] = row.digest
        return found


def _change(name: str) -> Any:
    return update(HARVESTS).where(HARVESTS.c.name == name)


def _row(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(HARVESTS).where(HARVESTS.c.name == name)).first()


def _subscription(row: Row[Any]) -> Subscription:
    told = dict(row._mapping)
    for column in ("options", "position", "remarks"):
        told[column] = json.loads(told[column])
    for column in ("started", "ended"):
        told[column] = told[column] or ""
    return Subscription(**told)


def _offers(
    connection: Connection, name: str, graphs: Collection[str] | None = None
) -> list[Offer]:
    query = select(OFFERS).where(OFFERS.c.harvest == name)
    if graphs is None:
        return [_offer(row) for row in connection.execute(query)]
    found: list[Offer] = []
    for some in contents.portions(graphs):
        found += map(_offer, connection.execute(query.where(OFFERS.c.graph.in_(some))))
    return found


def _offer(row: Row[Any]) -> Offer:
    return Offer(row.graph, row.digest, row.member, row.at, row.standing, row.reason, row.round)


def _standing(offer: Offer, known: Offer | None) -> Offer:
    """Offer with the standing that it has already, where it says the same as before."""
    if known is None:
        return offer
    if offer.standing == UNUSABLE:
        return replace(offer, digest=known.digest)
    if known.digest != offer.digest or known.standing in {NEW, UNUSABLE}:
        return offer
    return replace(offer, standing=known.standing, reason=known.reason)


def _written(name: str, number: int, offer: Offer) -> dict[str, object]:
    return {
        "harvest": name,
        "graph": offer.graph,
        "digest": offer.digest,
        "member": offer.member,
        "at": offer.at,
        "round": number,
        "standing": offer.standing,
        "reason": offer.reason,
    }
