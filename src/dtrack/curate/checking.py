"""What the gate would say to an edit, without making it.

The edit is tried in a copy of the current store (hard links: milliseconds at
any size) that nobody else sees and that is dropped after; writers are not kept
waiting for it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from dtrack.digests import graph_digest
from dtrack.errors import InputError, StoreError
from dtrack.model import Report, Revision
from dtrack.stores.building import at_current, copy_held, current_marker
from dtrack.stores.embedded import EmbeddedStore
from dtrack.stores.markers import now
from dtrack.terms import DERIVED_GRAPH, HISTORY_GRAPHS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from dtrack.curate.writing import Curator
    from dtrack.model import Store

_FOLDER: Final = "checks"
_LONG_SECONDS: Final = 3600
_KEPT: Final = 64

_Key = tuple[str, str, tuple[tuple[str, str], ...]]
_REPORTS: Final[dict[_Key, Report]] = {}
"""Reports by what was checked: digest of the store, shapes and day, digests of graphs."""
_LOCK: Final = threading.Lock()


def check(curator: Curator, changes: Mapping[str, bytes | None]) -> Report:
    """Report of the gate on graphs as they would be; None = withdrawn.

    What was asked before on the same store is answered from memory, so that
    looking at a proposal again and again costs nothing. Raises InputError for
    graphs that nobody edits, NoStoreError, StoreError.
    """
    refuse_written_by_dtrack(changes)
    curator.recover()
    digests = sorted((graph, graph_digest(content or b"")) for graph, content in changes.items())
    # Some rules look at the calendar.
    rules = f"{curator.rules.shapes} {now()[:10]}"
    key = (current_marker(curator.home).digest, rules, tuple(digests))
    with _LOCK:
        known = _REPORTS.get(key)
    if known is not None:
        return known
    with _copy(curator.home) as store:
        changed = {
            graph: (store.graph(graph), content or b"") for graph, content in changes.items()
        }
        store.apply(Revision(0, {graph: content or None for graph, content in changes.items()}))
        report = curator.rules.check(store, changed, curator.passed(changes.keys()))
    with _LOCK:
        _REPORTS[key] = report
        while len(_REPORTS) > _KEPT:
            del _REPORTS[next(iter(_REPORTS))]
    return report


def refuse_written_by_dtrack(graphs: Mapping[str, bytes | None]) -> None:
    """Refuse graphs that follow from others. Raises InputError."""
    for graph in graphs:
        if graph == DERIVED_GRAPH or graph.startswith(HISTORY_GRAPHS):
            raise InputError(
                f"The graph <{graph}> is written by dtrack itself.",
                remedy="Edit the record that it follows from.",
            )


@contextmanager
def _copy(home: Path) -> Iterator[Store]:
    """Copy of the current store, open for writing, gone after."""
    folder = home / _FOLDER / f"check-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear_away(folder.parent)
    except OSError as error:
        raise StoreError(
            "There is no room to try the change in.",
            remedy="Make room in the home, or check its owner.",
        ) from error
    try:
        at_current(home, lambda current: copy_held(current, folder))
        store = EmbeddedStore.open(folder)
        try:
            yield store
        finally:
            store.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_away(checks: Path) -> None:
    """Remove copies of processes that were killed; a check takes seconds."""
    for folder in checks.iterdir():
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _LONG_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
