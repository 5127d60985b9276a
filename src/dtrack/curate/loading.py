"""The story of an import: a source, whole or in part, becomes one revision of any size.

What somebody has edited here since its source last brought it is kept: a
source that has not changed there says nothing new, and one that has is told
as a conflict. ``overwrite`` lets the source win.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dtrack.curate.projecting import build, history_of
from dtrack.curate.rules import LARGE
from dtrack.curate.writing import ATTEMPTS, PATIENCE
from dtrack.errors import ConflictError, DtrackError, NotConformingError, SyntaxProblem
from dtrack.journal import provenance
from dtrack.model import no_progress
from dtrack.stores.building import drafting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from dtrack.curate.writing import Curator
    from dtrack.journal import Journal, Plan
    from dtrack.model import Edit, Progress, Record, Report
    from dtrack.stores.building import Draft


SMALL: Final = 500
"""Graphs that are changed one by one; more, and the store is built anew, which is faster."""


@dataclass(frozen=True, slots=True)
class Loading:
    """What a load brought in.

    ``records`` and ``triples`` as read; ``report`` is None when nothing had to be
    checked, ``revision`` when nothing was new; ``kept`` are the graphs that were
    edited here and so stayed as they are.
    """

    records: int
    triples: int
    report: Report | None
    revision: int | None = None
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(slots=True)
class _Read:
    """What was read while it was staged."""

    records: int = 0
    triples: int = 0


@dataclass(frozen=True, slots=True)
class _Merge:
    """What an import changes, what it leaves as it was edited here, and the graphs here."""

    digests: Mapping[str, str | None]
    here: Mapping[str, str]
    kept: tuple[str, ...]


def load(
    curator: Curator,
    records: Iterable[Record],
    edit: Edit,
    *,
    complete: bool = False,
    overwrite: bool = False,
    progress: Progress = no_progress,
) -> Loading:
    """Make records of one source a revision, and build the store anew.

    ``edit`` says who, why and from which source; its changes are not looked at.
    A ``complete`` source withdraws what it no longer has. Raises SyntaxProblem
    for what cannot be read and NotConformingError with the report; store and
    journal then stay as they were.
    """
    read, places = _Read(), dict[str, str]()
    staged = curator.journal.stage(_noted(records, read, places))
    if not staged:
        raise SyntaxProblem("There is nothing to load.", remedy="Name files that hold records.")

    def merging() -> _Merge:
        return _merged(curator.journal, edit.source, staged, complete=complete, overwrite=overwrite)

    planned, report, merge = _built_anew(curator, edit, staged, merging, places, progress)
    changed = tuple(change.graph for change in planned.changes)
    revision = planned.facts.number if changed else None
    return Loading(read.records, read.triples, report, revision, changed, merge.kept)


def change_graphs(
    curator: Curator,
    edit: Edit,
    digests: Mapping[str, str | None],
    progress: Progress = no_progress,
) -> tuple[int | None, tuple[str, ...]]:
    """Give graphs these digests, whose contents the journal has, in one revision.

    Its number, None where nothing was different, and the graphs that changed.
    Raises ConflictError where a graph is not what the edit expects,
    NotConformingError with the report, StoreError.
    """
    if not digests:
        return None, ()
    journal = curator.journal
    sizes = journal.sizes([digest for digest in digests.values() if digest is not None])
    if journal.last() and len(digests) <= SMALL and sum(sizes.values()) <= LARGE:
        receipt = curator.commit(edit, digests, {}, sizes)
        return receipt.revision, receipt.changed
    merge = _Merge(digests, {}, ())
    places = {graph: graph for graph in digests}
    planned, _, _ = _built_anew(curator, edit, digests, lambda: merge, places, progress)
    changed = tuple(change.graph for change in planned.changes)
    return (planned.facts.number if changed else None), changed


def _built_anew(
    curator: Curator,
    edit: Edit,
    graphs: Collection[str],
    merging: Callable[[], _Merge],
    places: Mapping[str, str],
    progress: Progress,
) -> tuple[Plan, Report, _Merge]:
    """Revision that a merge makes, in a store that is built anew."""
    try:
        for _ in range(ATTEMPTS):
            with drafting(curator.home, empty=True, wait=PATIENCE) as draft:
                merge = merging()
                planned, report = _drafted(curator, draft, edit, merge, places, progress)
                try:
                    curator.finish(draft, planned, {}, progress)
                except ConflictError:
                    # Another node with this journal was faster; what it wrote is merged anew.
                    continue
                break
        else:
            raise ConflictError("Others write without pause.", remedy="Try again.")
    except DtrackError as error:
        curator.note(edit, graphs, "failed" if error.status >= 500 else "refused", error.message)
        raise
    changed = [change.graph for change in planned.changes]
    revision = planned.facts.number if changed else None
    curator.note(edit, changed or graphs, "done", f"revision {revision}")
    return planned, report, merge


def _drafted(
    curator: Curator,
    draft: Draft,
    edit: Edit,
    merge: _Merge,
    places: Mapping[str, str],
    progress: Progress,
) -> tuple[Plan, Report]:
    """Revision of an import, built in an empty draft and checked whole."""
    journal = curator.journal
    sizes = journal.sizes([digest for digest in merge.digests.values() if digest is not None])
    planned = journal.plan(edit, merge.digests, sizes, curator.rules.shapes)
    last = planned.facts.number - 1
    hearing = curator.rules.heard(planned.facts.triples)
    build(draft.store, journal, last, curator.base, progress, planned.changes, hearing=hearing)
    if planned.changes:
        former = journal.makers(last)
        told = provenance(planned.facts, planned.changes, former, curator.base)
        draft.store.apply(history_of(planned.facts, told))
    # The audit reads everything.
    draft.store.put_together(progress)
    progress("Checking against the shapes", 0, 1)
    report = curator.rules.audit(draft.store, places, progress)
    if not report.conforms:
        raise NotConformingError(
            "The data does not conform to the shapes; nothing was loaded.",
            report,
            remedy="`dtrack validate` shows every finding with its file.",
        )
    return planned, report


def bring(
    curator: Curator,
    records: Iterable[Record],
    edit: Edit,
    *,
    complete: bool = False,
    overwrite: bool = False,
    progress: Progress = no_progress,
) -> Loading:
    """Make records of one source a revision, by a change of the store where it is a small one.

    Arguments and errors are those of load(), which takes over when much is new.
    """
    journal, read, places = curator.journal, _Read(), dict[str, str]()
    found = list(records)
    staged = journal.stage(_noted(found, read, places))
    merge = _merged(journal, edit.source, staged, complete=complete, overwrite=overwrite)
    sizes = journal.sizes([digest for digest in merge.digests.values() if digest is not None])
    if not journal.last() or len(merge.digests) > SMALL or sum(sizes.values()) > LARGE:
        return load(curator, found, edit, complete=complete, overwrite=overwrite, progress=progress)
    if not merge.digests:
        return Loading(read.records, read.triples, None, kept=merge.kept)
    # What somebody edits meanwhile is not to be overwritten unseen.
    seen = {graph: merge.here.get(graph) for graph in merge.digests}
    receipt = curator.commit(replace(edit, expected=seen), merge.digests, {}, sizes)
    return Loading(
        read.records, read.triples, receipt.report, receipt.revision, receipt.changed, merge.kept
    )


def _noted(
    records: Iterable[Record], read: _Read, places: dict[str, str]
) -> Iterator[tuple[str, bytes]]:
    """Graphs with their contents, counted on the way."""
    for record in records:
        read.records += 1
        read.triples += record.size
        places[record.graph] = record.place
        yield record.graph, record.ntriples


def _merged(
    journal: Journal, source: str, staged: Mapping[str, str], *, complete: bool, overwrite: bool
) -> _Merge:
    """What a source changes here, given what it brought before and what was edited since."""
    brought = journal.brought(source)
    heads = {graph: head.digest for graph, head in journal.heads().items()}
    digests: dict[str, str | None] = {}
    kept: list[str] = []
    gone = [graph for graph in brought if graph not in staged] if complete else []
    for graph in (*staged, *gone):
        wanted, here = staged.get(graph), heads.get(graph)
        if here == wanted:
            continue
        if overwrite or here == brought.get(graph):
            digests[graph] = wanted
        elif wanted != brought.get(graph):
            kept.append(graph)
    return _Merge(digests, heads, tuple(sorted(kept)))
