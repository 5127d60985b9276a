"""A node among others: it takes over what they write, and keeps a remote store up to date."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from dtrack.errors import DtrackError
from dtrack.stores.remote import RemoteStore
from dtrack.stores.wire import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from dtrack.settings import Settings

log = logging.getLogger(__name__)


def remote_store(settings: Settings) -> RemoteStore | None:
    """Store on a server that the settings name; None where the home's own answers."""
    if not settings.store_url:
        return None
    return RemoteStore(
        Endpoint.of(settings.store_url, settings.store_update_url, settings.query_seconds)
    )


class Follower:
    """Calls ``follow`` now and then, in a thread of its own, until it is stopped.

    What fails is tried again next time; ``trouble`` says what failed last, and
    is None when all is well.
    """

    def __init__(self, follow: Callable[[], object], seconds: float) -> None:
        self._follow = follow
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self.trouble: DtrackError | None = None

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def look(self) -> None:
        """Follow once, now; trouble is kept and logged, not raised."""
        try:
            self._follow()
        except DtrackError as error:
            if self.trouble is None or self.trouble.message != error.message:
                log.warning("not up to date", extra={"reason": error.message})
            self.trouble = error
        else:
            if self.trouble is not None:
                log.info("up to date again")
            self.trouble = None

    def stop(self) -> None:
        """End, after the call that is under way."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._seconds):
            self.look()
