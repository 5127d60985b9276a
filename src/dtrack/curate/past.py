"""The store as it was after a past revision, materialised beside the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dtrack.curate.projecting import build, fits
from dtrack.curate.writing import PATIENCE
from dtrack.errors import StoreError
from dtrack.model import no_progress
from dtrack.stores.building import current_marker, drafting, forget

if TYPE_CHECKING:
    from pathlib import Path

    from dtrack.curate.writing import Curator
    from dtrack.model import Progress

KEPT: Final = 3
"""Past states that are kept for the next question; older ones are built again."""


def materialise(curator: Curator, number: int, progress: Progress = no_progress) -> Path:
    """Home of a store that holds the state after a revision, with what is derived from it.

    Raises NotFoundError for a revision that is not, JournalError.
    """
    facts = curator.journal.facts(number)
    pasts = curator.home / "past"
    home = pasts / str(number)
    try:
        if fits(current_marker(home), number, curator.journal):
            return home
    except StoreError:
        pass
    with drafting(home, empty=True, wait=PATIENCE) as draft:
        hearing = curator.rules.heard(facts.triples)
        build(draft.store, curator.journal, number, curator.base, progress, hearing=hearing)
        draft.seal(curator.derive(draft, facts, progress))
        draft.switch()
    others = sorted(
        (past for past in pasts.iterdir() if past != home),
        key=lambda past: past.stat().st_mtime,
        reverse=True,
    )
    for past in others[KEPT - 1 :]:
        forget(past)
    return home
