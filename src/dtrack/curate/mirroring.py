"""A remote store brought to the revision of the working copy, and kept there.

The working copy of a node, on its own disk, is where changes are tried and
checked; the remote store is what is asked. It is told what the journal says has
changed since its own marker, so it may be behind, cut off, or lost altogether:
the next call mends it. Nodes with one journal take turns.
"""

from __future__ import annotations

import fcntl
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from dtrack.journal import history_graph
from dtrack.model import Record, Revision, no_progress
from dtrack.stores.building import open_current
from dtrack.stores.markers import marker_in
from dtrack.stores.remote import Applied
from dtrack.terms import DERIVED_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dtrack.journal import Journal
    from dtrack.model import Progress, Store
    from dtrack.stores.remote import RemoteStore

log = logging.getLogger(__name__)
_LOCK: Final = "mirror.lock"


def mirror(
    home: Path, journal: Journal, remote: RemoteStore, progress: Progress = no_progress
) -> int:
    """Bring a remote store to what a home holds; the revision it then has.

    A remote store that is ahead is left alone: another node has been faster.
    Raises StoreError, QueryTimeoutError; what was sent is sent again next time.
    """
    with _alone(home), journal.turn(), open_current(home) as local:
        # Not the home's present marker: a writer may have moved on since we opened.
        marker = marker_in(local.folder)
        applied = remote.applied()
        if applied is None or applied.journal != journal.identity:
            _fill(local, remote, progress)
        elif applied.revision >= marker.revision:
            return applied.revision
        else:
            _follow(local, journal, remote, applied.revision, marker.revision)
        remote.mark(Applied(marker.revision, journal.identity))
        log.info("remote store follows", extra={"revision": marker.revision})
        return marker.revision


def _fill(local: Store, remote: RemoteStore, progress: Progress) -> None:
    """Load everything anew."""
    remote.clear()
    records = [Record(graph, local.graph(graph), "working copy") for graph in local.graphs()]
    remote.load(records, progress)


def _follow(local: Store, journal: Journal, remote: RemoteStore, after: int, until: int) -> None:
    """Apply what revisions have changed."""
    changed: set[str] = set()
    for facts, changes in journal.since(after, until):
        changed.update(change.graph for change in changes)
        changed.add(history_graph(facts.number))
    remote.apply(Revision(until, {graph: local.graph(graph) or None for graph in sorted(changed)}))
    # Large, and mostly the same from one revision to the next.
    former = set(remote.graph(DERIVED_GRAPH).splitlines(keepends=True))
    present = set(local.graph(DERIVED_GRAPH).splitlines(keepends=True))
    remote.patch(DERIVED_GRAPH, sorted(former - present), sorted(present - former))


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Be the only process of a home that mirrors."""
    with (home / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
