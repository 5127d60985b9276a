"""One run of a harvest: read on, settle, say when the next one is due."""

from __future__ import annotations

import fcntl
import logging
import random
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Final

from dtrack.curate.harvests.offering import GIVEN_UP, Offered, Reading
from dtrack.curate.harvests.settling import CONFLICT, REFUSED, Settled, settle
from dtrack.errors import DtrackError, StateError, StoreError
from dtrack.journal import timestamp
from dtrack.journal.harvests import NEW, UNUSABLE, Ending, Harvests
from dtrack.model import no_progress
from dtrack.sources.harvest import Remark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from dtrack.curate.harvests.offering import Reader
    from dtrack.curate.writing import Curator
    from dtrack.journal.harvests import Subscription
    from dtrack.model import Progress
    from dtrack.sources.fetching import Fetcher

log = logging.getLogger(__name__)

_FIRST_PAUSE: Final = 60.0
"""Seconds after a failed run; they double with each further one, up to the usual time."""
_SUSPICIOUS: Final = 10
"""Records that may go at once without a second look, however many there are."""
_MOST_REMARKS: Final = 200
_TRIES: Final = 10
"""How often the lock of a harvest is tried for."""
_BREATH: Final = 0.02
"""Seconds between two tries."""
_MOST_DOUBLINGS: Final = 16
DONE: Final = "done"
WITH_FAULTS: Final = "done with faults"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """What a run read and did; ``counts`` are offers by how they stand, after it.

    ``faults`` counts entries of the origin that cannot be used, those of earlier
    runs that nobody has mended among them; ``remarks`` hold those that tell no
    record, before all else.
    """

    name: str
    read: int
    settled: Settled
    counts: Mapping[str, int]
    remarks: tuple[Remark, ...]
    faults: int = 0

    @property
    def outcome(self) -> str:
        """How it ended: done, or done with faults."""
        return WITH_FAULTS if self.faults else DONE

    @property
    def given_up(self) -> int:
        """Those of the faults that are not asked for any more."""
        return sum(remark.rule == GIVEN_UP for remark in self.remarks)


def run(
    curator: Curator,
    name: str,
    reader: Callable[[Subscription], Reader],
    fetcher: Fetcher,
    *,
    again: bool = False,
    progress: Progress = no_progress,
) -> Run:
    """Read on where the last run ended (or anew with ``again``), and settle what is offered.

    How it ended is written down also where it fails. Raises StateError while
    another process runs it, FetchError, RefusedError, SyntaxProblem, ConflictError,
    StoreError, JournalError; what was read by then is kept.
    """
    harvests = Harvests(curator.journal)
    former = harvests.get(name)
    with _alone(curator.home, name):
        subscription = harvests.begin(name, _later(former.every), again=again)
        try:
            done = _run(curator, harvests, subscription, reader, fetcher, again, progress)
        except DtrackError as error:
            failures = former.failures + 1
            wait = _pause(former.every, failures, getattr(error, "wait", 0.0))
            ending = Ending(FAILED, str(error), _later(wait), failures)
            harvests.end(name, ending)
            raise
        harvests.end(
            name,
            Ending(
                done.outcome,
                _said(done.faults, done.given_up),
                _later(_spread(former.every)),
                settled=curator.journal.last(),
                remarks=[asdict(remark) for remark in done.remarks[:_MOST_REMARKS]],
            ),
        )
    told = {"outcome": done.outcome, "faults": done.faults}
    log.info("harvested", extra={"harvest": name, "read": done.read, **told, **done.counts})
    return done


def _run(
    curator: Curator,
    harvests: Harvests,
    subscription: Subscription,
    reader: Callable[[Subscription], Reader],
    fetcher: Fetcher,
    again: bool,
    progress: Progress,
) -> Run:
    name, read, remarks, faults = subscription.name, 0, list[Remark](), list[Remark]()
    now = timestamp()
    read_with = reader(subscription)
    for batch in read_with(Reading(subscription, fetcher, progress, now)):
        offered = Offered()
        for told in batch.told:
            offered.add(told)
        remarks += batch.remarks
        faults += (*batch.faults, *offered.faults)
        read += len(offered.offers)
        offers = list(offered.offers.values())
        harvests.read(subscription, batch.position, offers, offered.contents)
        if batch.is_last:
            remarks += _complete(
                harvests, subscription, batch.position, now, faults=len(faults), sure=again
            )
    counts = harvests.counts(name)
    pending = any(counts.get(standing) for standing in (NEW, CONFLICT, REFUSED))
    settled = Settled(None, (), counts)
    if counts.get(NEW) or (pending and curator.journal.last() != subscription.settled):
        settled = settle(curator, harvests, subscription, progress)
    counts = harvests.counts(name)
    bad = counts.get(UNUSABLE, 0) + len(faults)
    return Run(name, read, settled, counts, (*faults, *remarks), bad)


def _said(faults: int, given_up: int) -> str:
    """Number of faults as the message of a run."""
    if not faults:
        return ""
    said = f"{faults} entries of the origin cannot be used; the rest came in."
    if faults == 1:
        said = "1 entry of the origin cannot be used; the rest came in."
    if not given_up:
        return said
    more = f"{given_up} are not asked for any more."
    return " ".join((said, "1 is not asked for any more." if given_up == 1 else more))


def _complete(
    harvests: Harvests,
    subscription: Subscription,
    position: Mapping[str, object],
    now: str,
    *,
    faults: int,
    sure: bool,
) -> Iterator[Remark]:
    """Take what a whole reading has not seen for withdrawn.

    Not so where that is most of all, or where an entry tells no record: then it
    may be about one of those.
    """
    offered, unseen = harvests.unseen(subscription)
    if unseen and faults and not sure:
        yield Remark(
            "may-be-gone",
            subscription.url.split("?", 1)[0],
            subscription.name,
            f"{unseen} records were not seen, but entries tell not which records they are about; "
            "nothing was withdrawn.",
            f"If they are gone, say `dtrack harvest run {subscription.name} --again`.",
        )
        return
    if unseen > _SUSPICIOUS and 2 * unseen > offered and not sure:
        yield Remark(
            "much-is-gone",
            subscription.url.split("?", 1)[0],
            subscription.name,
            f"{unseen} of {offered} records are no more there; nothing was withdrawn.",
            f"If that is right, say `dtrack harvest run {subscription.name} --again`.",
        )
        return
    harvests.complete(subscription, position, now)


def is_due(subscription: Subscription, now: str) -> bool:
    """Whether it is time to run a harvest."""
    return subscription.state == "active" and subscription.due <= now


def is_running_here(home: Path, name: str) -> bool:
    """Whether a process of this home runs a harvest just now; a node elsewhere may do so, too."""
    try:
        with (home / "harvests" / f"{name}.lock").open("r") as handle:
            # Shared, so that two who look do not take each other for a run.
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _later(seconds: float) -> str:
    return timestamp(datetime.now(UTC) + timedelta(seconds=seconds))


def _spread(seconds: float) -> float:
    """Time a little shorter or longer, so that nodes do not all ask at the full hour."""
    return seconds * random.uniform(0.95, 1.05)  # noqa: S311


def _pause(every: float, failures: int, asked: float) -> float:
    """Seconds to wait after failures, never less than what the origin asked for."""
    doubled = _FIRST_PAUSE * 2 ** min(failures - 1, _MOST_DOUBLINGS)
    return max(_spread(min(float(every), doubled)), asked)


def _lock(handle: IO[str]) -> None:
    """Lock a file for oneself. Raises BlockingIOError when another keeps it.

    Who only looks whether a harvest runs has it for a moment, so one refusal tells little.
    """
    for _ in range(_TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(_BREATH)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def _alone(home: Path, name: str) -> Iterator[None]:
    """Be the only process of a home that runs a harvest. Raises StateError, StoreError."""
    path = home / "harvests" / f"{name}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("w")
    except OSError as error:
        raise StoreError(
            "The folder of the store cannot be written.", remedy="Check its owner, or make room."
        ) from error
    with handle:
        try:
            _lock(handle)
        except BlockingIOError as error:
            raise StateError(
                f"The harvest '{name}' is being run by another process.",
                remedy="Wait for it to end; `dtrack harvest show` tells how it went.",
            ) from error
        yield
