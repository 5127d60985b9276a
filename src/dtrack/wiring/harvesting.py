"""Harvests as they are run: which reader reads which kind, and the thread that minds the clock."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from dtrack.curate.feeds import Held
from dtrack.curate.harvests import (
    is_due,
    read_endpoint,
    read_feed,
    read_informea,
    read_stream,
    run,
)
from dtrack.errors import DtrackError, NoStoreError, StoreError
from dtrack.journal import timestamp
from dtrack.journal.harvests import Harvests
from dtrack.model import no_progress
from dtrack.sources.fetching import Fetcher, Limits
from dtrack.wiring.reading import open_answers
from dtrack.wiring.writing import open_curator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dtrack.curate.harvests import Batch, Reading, Run
    from dtrack.curate.harvests.offering import Reader
    from dtrack.curate.writing import Curator
    from dtrack.journal.harvests import Subscription
    from dtrack.model import Progress
    from dtrack.settings import Settings

log = logging.getLogger(__name__)

LIMITS: Final = Limits(seconds=60.0, whole=300.0, megabytes=64, attempts=4, pause=0.2)
"""Of requests to an origin, of which there is one at a time."""

_READERS: Final[Mapping[str, Reader]] = {
    "ldes": read_stream,
    "atom": read_feed,
    "sparql": read_endpoint,
}


class _EndedError(StoreError):
    """The node is being stopped."""


def run_harvest(
    settings: Settings,
    name: str,
    *,
    again: bool = False,
    progress: Progress = no_progress,
    fetcher: Fetcher | None = None,
) -> Run:
    """Run a harvest once, whether it is due or not. Raises like dtrack.curate.harvests.run."""
    with open_curator(settings, begun=True) as curator:
        curator.recover()
        return _run(settings, curator, name, again, progress, fetcher)


def _run(
    settings: Settings,
    curator: Curator,
    name: str,
    again: bool,
    progress: Progress,
    fetcher: Fetcher | None,
) -> Run:
    fetcher = fetcher or Fetcher(settings.home / "fetched", only_named=True, limits=LIMITS)

    def reader(subscription: Subscription) -> Reader:
        if subscription.kind != "informea":
            return _READERS[subscription.kind]

        def read(reading: Reading) -> Iterator[Batch]:
            with _held(settings) as held:
                yield from read_informea(curator, held)(reading)

        return read

    try:
        return run(curator, name, reader, fetcher, again=again, progress=progress)
    finally:
        fetcher.close()


@contextmanager
def _held(settings: Settings) -> Iterator[Held]:
    """What is held. Raises NoStoreError where nothing is, which says what to do then."""
    with ExitStack() as stack:
        try:
            answers = stack.enter_context(open_answers(settings))
        except NoStoreError as error:
            raise NoStoreError(
                "Rows of a service are read beside what is held, and nothing is held yet.",
                remedy="Run `dtrack init`, or harvest a node first.",
            ) from error
        yield Held(answers.names, answers.store)


class Harvester:
    """Runs what is due, one harvest after the other, in a thread of its own.

    ``written`` is called after a run that made a revision, so that readers see it.
    """

    def __init__(self, settings: Settings, curator: Curator, written: Callable[[], object]) -> None:
        self._settings = settings
        self._curator = curator
        self._written = written
        self._ended = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._mind, name="harvester", daemon=True)

    def start(self) -> None:
        """Begin to mind the clock; runs that were broken off are taken up at once."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is being read is given up at the next page, what is being written is not."""
        self._ended.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """Look at what is due at once, or as soon as what is run now has ended."""
        self._woken.set()

    def _mind(self) -> None:
        self._look(take_up=True)
        while True:
            self._woken.wait(self._settings.harvest_seconds)
            self._woken.clear()
            if self._ended.is_set():
                return
            self._look()

    def _look(self, *, take_up: bool = False) -> None:
        """Run what is due."""
        try:
            now = timestamp()
            for each in Harvests(self._curator.journal).listed():
                broken_off = take_up and each.state == "active" and bool(each.started)
                if (is_due(each, now) or broken_off) and not self._ended.is_set():
                    self._run(each.name)
        except DtrackError as error:
            log.warning("harvests not looked at", extra={"reason": error.message})

    def _run(self, name: str) -> None:
        fetcher = Fetcher(
            self._settings.home / "fetched", only_named=True, limits=LIMITS, sleep=self._pause
        )
        try:
            done = _run(self._settings, self._curator, name, False, self._stop_if_ended, fetcher)
            if done.settled.revision is not None:
                self._written()
            if done.faults:
                told = {"harvest": name, "faults": done.faults}
                log.warning("harvest done with faults", extra=told)
        except DtrackError as error:
            # Written down with the harvest already; nobody waits to be told.
            log.warning("harvest failed", extra={"harvest": name, "reason": error.message})
        except Exception:
            # One origin's oddities must not keep the others from being harvested.
            log.exception("harvest failed unexpectedly", extra={"harvest": name})

    def _pause(self, seconds: float) -> None:
        if self._ended.wait(seconds):
            raise _EndedError("The node is being stopped.", remedy="The next start reads on.")

    def _stop_if_ended(self, _what: str, _done: int, _total: int) -> None:
        if self._ended.is_set():
            raise _EndedError("The node is being stopped.", remedy="The next start reads on.")
