"""The one way in: an edit becomes a revision, whole or not at all.

::

    draft     a copy of the current store, with the edit applied
    gate      shapes over what the edit touches; a violation ends it here
    derive    what follows from the records, beside the gate: no shape reads what is derived
    seal      the draft is brought to disk, its marker last
    journal   the revision is written, durable: from here on it is acknowledged
    switch    readers see the draft

Killed before the journal is written, nothing has happened; killed after, the
next writer, `dtrack serve` or `dtrack doctor --mend` applies the revision again.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dtrack import __version__
from dtrack.curate.ahead import Ahead
from dtrack.curate.projecting import apply_revisions, build, fits, history_of, known
from dtrack.curate.rules import Basis, is_large
from dtrack.curate.timing import Stopwatch, beside
from dtrack.digests import changed_lines, changed_state, graph_digest, lines_digest
from dtrack.errors import (
    ConflictError,
    DtrackError,
    InputError,
    JournalError,
    NoStoreError,
    NotConformingError,
    StoreError,
)
from dtrack.journal import provenance
from dtrack.model import Receipt, Revision, no_progress
from dtrack.stores.building import (
    current_marker,
    drafting,
)
from dtrack.stores.markers import Marker, marker_in, now
from dtrack.terms import BASE, DERIVED_GRAPH, HISTORY_GRAPHS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from dtrack.curate.rules import Derived, Rules
    from dtrack.journal import Facts, Journal, Plan
    from dtrack.model import Changed, Edit, Progress, Report, Store
    from dtrack.stores.building import Draft

log = logging.getLogger(__name__)

PATIENCE: Final = 60.0
"""Seconds that a writer waits for its turn."""

ATTEMPTS: Final = 20
"""Times that other nodes with the same journal may be faster."""


class Curator:
    """Writes to one home and its journal; fulfils dtrack.model.Writer."""

    def __init__(self, home: Path, journal: Journal, rules: Rules, base: str = BASE) -> None:
        self.home = home
        self.journal = journal
        self.rules = rules
        self.base = base
        """Start of the IRIs of revisions and agents."""
        self.ahead = Ahead(home)
        """Draft of the next edit; see Ahead.prepare()."""

    def write(self, edit: Edit) -> Receipt:
        """Make an edit a revision, whole or not at all.

        Raises NotConformingError with the report, ConflictError, StoreLockedError,
        JournalError, StoreError, InputError for a graph that is not for editing.
        """
        _check_names(edit)
        changes = {graph: content or None for graph, content in edit.changes.items()}
        made = {graph_digest(c): c for c in changes.values() if c is not None}
        digests = {graph: None if c is None else graph_digest(c) for graph, c in changes.items()}
        sizes = {digest: content.count(b"\n") for digest, content in made.items()}
        return self.commit(edit, digests, made, sizes)

    def commit(
        self,
        edit: Edit,
        digests: Mapping[str, str | None],
        made: Mapping[str, bytes],
        sizes: Mapping[str, int],
    ) -> Receipt:
        """Make a revision that gives graphs these digests.

        ``made`` holds the contents that the journal does not have yet; ``sizes``
        the triples of each digest. Raises like write().
        """
        watch = Stopwatch()
        try:
            receipt = self._commit(edit, digests, made, sizes, watch)
        except DtrackError as error:
            self.note(edit, digests, "failed" if error.status >= 500 else "refused", error.message)
            raise
        self.note(edit, digests, "done", f"revision {receipt.revision}")
        log.info(
            "edit written",
            extra={
                "revision": receipt.revision,
                "graphs": len(receipt.changed),
                "ms": watch.whole,
                "phases": dict(receipt.milliseconds),
            },
        )
        return receipt

    def _commit(
        self,
        edit: Edit,
        digests: Mapping[str, str | None],
        made: Mapping[str, bytes],
        sizes: Mapping[str, int],
        watch: Stopwatch,
    ) -> Receipt:
        for _ in range(ATTEMPTS):
            self.recover()
            with drafting(self.home, wait=PATIENCE, ready=self.ahead.take()) as draft:
                planned = self.journal.plan(edit, digests, sizes, self.rules.shapes)
                marker = current_marker(self.home)
                if not fits(marker, planned.facts.number - 1, self.journal):
                    _check_not_lost(marker, planned.facts.number - 1)
                    continue
                if not planned.changes:
                    return Receipt(None, (), None)
                try:
                    report = self._make(draft, planned, made, watch)
                except ConflictError:
                    # Another node with this journal was faster; plan() says whether it matters.
                    continue
                return Receipt(
                    planned.facts.number,
                    tuple(c.graph for c in planned.changes),
                    report,
                    watch.milliseconds,
                )
        raise ConflictError("Others write without pause.", remedy="Try again.")

    def _make(
        self, draft: Draft, planned: Plan, made: Mapping[str, bytes], watch: Stopwatch
    ) -> Report:
        """Bring a planned revision into a draft, the journal, and before the readers."""
        changed = self._contents(planned, made)
        number = planned.facts.number
        former = {g: h.revision for g, h in self.journal.heads(list(changed)).items()}
        told = provenance(planned.facts, planned.changes, former, self.base)
        after = {graph: content or None for graph, (_, content) in changed.items()}
        # The draft is a copy of what the journal says, and to read a graph takes 6 ms.
        before = {graph: content for graph, (content, _) in changed.items()}
        revision = Revision(number, {**after, **history_of(planned.facts, told).changes})
        draft.store.apply(revision, before)
        passed = self.passed(changed.keys())
        watch.lap("draft")
        reports: list[Report] = []

        def check() -> None:
            with watch.beside("gate"):
                reports.append(self._checked(draft.store, changed, passed))

        if is_large(changed):
            # To derive much for nothing would keep others waiting.
            check()
            self.finish(draft, planned, made, changed=changed, watch=watch)
        else:
            self.finish(draft, planned, made, changed=changed, watch=watch, check=check)
        return reports[0]

    def passed(self, graphs: Collection[str]) -> set[str]:
        """Those of some graphs that passed the shapes in force when they became what they are."""
        made = {graph: head.revision for graph, head in self.journal.heads(graphs).items()}
        shapes = {number: self.journal.facts(number).shapes for number in set(made.values())}
        return {graph for graph, n in made.items() if shapes[n] == self.rules.shapes}

    def _checked(self, store: Store, changed: Changed, passed: Collection[str]) -> Report:
        """Report on a change that a store holds. Raises NotConformingError."""
        report = self.rules.check(store, changed, passed)
        if not report.conforms:
            raise NotConformingError(
                "The change does not conform to the shapes; nothing of it was stored.",
                report,
                remedy="Mend what the report names, and hand it in again.",
            )
        return report

    def finish(
        self,
        draft: Draft,
        planned: Plan,
        made: Mapping[str, bytes],
        progress: Progress = no_progress,
        *,
        changed: Changed | None = None,
        watch: Stopwatch | None = None,
        check: Callable[[], None] | None = None,
    ) -> Marker:
        """Derive, seal, write the journal, switch: the last steps of every revision.

        ``changed`` says what the draft holds otherwise than the store that it is
        a copy of; without it everything is derived anew. ``check`` is done while it
        is derived; what it raises ends it before anything is kept.
        """
        if not planned.changes:
            return self._derive_and_switch(draft, planned.facts.number - 1, progress)
        watch = watch or Stopwatch()
        with beside(check):
            marker = self.derive(draft, planned.facts, progress, changed)
        watch.lap("derive")
        draft.seal(marker)
        watch.lap("seal")
        self.journal.write(planned, made, self._gone(planned, made))
        watch.lap("journal")
        try:
            draft.switch()
        except StoreError as error:
            raise StoreError(
                f"Revision {planned.facts.number} is in the journal, but the store cannot be "
                f"switched to it: {error.message}",
                remedy="Nothing is lost: once there is room, the next start applies it.",
            ) from error
        watch.lap("switch")
        return marker

    def derive(
        self,
        draft: Draft,
        facts: Facts,
        progress: Progress = no_progress,
        changed: Changed | None = None,
    ) -> Marker:
        """Put what follows into a draft, and give the marker of the whole."""
        basis = Basis(draft.store, draft.folder, draft.former, changed)
        derived = self.rules.derive(basis, progress)
        return _marker(draft, facts, self.journal.identity, derived)

    def _gone(self, planned: Plan, made: Mapping[str, bytes]) -> set[str]:
        """IRIs of things that a revision takes away."""
        former = [change for change in planned.changes if change.before is not None]
        if not former:
            return set()
        contents = self._contents(replace(planned, changes=tuple(former)), made)
        return _subjects_gone(contents.values())

    def _contents(self, planned: Plan, made: Mapping[str, bytes]) -> dict[str, tuple[bytes, bytes]]:
        """Contents of changed graphs, before and after."""
        wanted = {d for c in planned.changes for d in (c.before, c.digest) if d is not None}
        held = dict(self.journal.contents(wanted - set(made))) | dict(made)

        def text(digest: str | None) -> bytes:
            return b"" if digest is None else held[digest]

        return {c.graph: (text(c.before), text(c.digest)) for c in planned.changes}

    def recover(self, progress: Progress = no_progress) -> bool:
        """Apply what the journal has and the store does not; whether there was anything.

        A store that is lost, or not a projection of this journal, is built again.
        """
        last = self.journal.last()
        if not last:
            return False
        try:
            marker = current_marker(self.home)
        except StoreError:
            # Gone, or a marker that cannot be read: what it held is in the journal.
            log.warning(
                "no store that can be read; building it from the journal", extra={"revision": last}
            )
            self.rebuild(progress)
            return True
        if fits(marker, last, self.journal):
            return False
        if marker.journal != self.journal.identity or marker.revision > last:
            self.rebuild(progress)
            return True
        with drafting(self.home, wait=PATIENCE) as draft:
            marker = current_marker(self.home)
            last = self.journal.last()
            if fits(marker, last, self.journal):
                return True
            log.warning(
                "applying revisions of the journal again",
                extra={"from": marker.revision + 1, "to": last},
            )
            apply_revisions(draft.store, self.journal, marker.revision, last, self.base)
            self._derive_and_switch(draft, last, progress)
        return True

    def rebuild(self, progress: Progress = no_progress) -> Marker:
        """Build the store again from the journal alone.

        Raises NoStoreError when the journal is empty, JournalError when a
        content is lost.
        """
        with drafting(self.home, empty=True, wait=PATIENCE) as draft:
            last = self.journal.last()
            if not last:
                raise NoStoreError(
                    "The journal is empty; there is nothing to build from.",
                    remedy="Run `dtrack init`.",
                )
            former, hearing = known(self.home), self.rules.heard(self.journal.facts(last).triples)
            store, journal = draft.store, self.journal
            # What is derived needs what was heard first, and the store itself later.
            build(
                store, journal, last, self.base, progress,
                hearing=hearing, former=former, ahead=True,
            )  # fmt: skip
            return self._derive_and_switch(draft, last, progress)

    def _derive_and_switch(self, draft: Draft, last: int, progress: Progress) -> Marker:
        marker = self.derive(draft, self.journal.facts(last), progress)
        draft.seal(marker)
        draft.switch()
        return marker

    def note(self, edit: Edit, graphs: Collection[str], outcome: str, detail: str) -> None:
        """Write to the audit log; a journal that is down is told by the act itself."""
        graphs = sorted(graphs)
        what = graphs[0] if len(graphs) == 1 else f"{len(graphs)} graphs of {edit.source}"
        try:
            self.journal.note(edit.agent, edit.door, "write", what, outcome, detail)
        except StoreError as error:
            log.warning("audit log not written", extra={"reason": error.message})


def _subjects_gone(contents: Collection[tuple[bytes, bytes]]) -> set[str]:
    """IRIs that some contents said something about before, and none does after."""
    perhaps = set[str]()
    for before, after in contents:
        perhaps |= subjects(b"".join(set(before.splitlines(True)) - set(after.splitlines(True))))
    # Most edits take no thing away, and few lines; so the lines that stay are not all read.
    return perhaps and perhaps - set().union(*(subjects(after) for _, after in contents))


def subjects(ntriples: bytes) -> set[str]:
    """IRIs that canonical N-Triples say something about."""
    return {line[1 : line.index(b">")].decode() for line in ntriples.splitlines()}


def _marker(draft: Draft, facts: Facts, journal: str, derived: Derived | None) -> Marker:
    """Marker of a draft that holds a state, and what is derived from it.

    The records' part is known from the journal. The derived graph is read only
    where it was derived anew; else its digest goes on from that of the former one.
    """
    former = marker_in(draft.former) if draft.former is not None else None
    if derived is None or former is None or not former.derived:
        lines = draft.store.graph(DERIVED_GRAPH).splitlines(keepends=True)
        digest, count = lines_digest(lines), len(lines)
    else:
        digest = changed_lines(former.derived, derived.left, derived.came)
        count = former.derived_triples + len(derived.came) - len(derived.left)
    return Marker(
        digest=changed_state(facts.digest, (), [(DERIVED_GRAPH, digest)] if count else []),
        triples=facts.triples + count,
        graphs=facts.graphs + (1 if count else 0),
        version=__version__,
        built=now(),
        revision=facts.number,
        journal=journal,
        derived=digest,
        derived_triples=count,
    )


def _check_not_lost(marker: Marker, last: int) -> None:
    """Refuse to begin a journal beside a store that has a past. Raises JournalError."""
    if not last:
        raise JournalError(
            f"The journal is empty, but the store holds revision {marker.revision} of another one.",
            remedy="Check DTRACK_JOURNAL_URL, or bring back a backup: `dtrack restore FILE`; "
            "`dtrack init` begins anew.",
        )


def _check_names(edit: Edit) -> None:
    """Refuse graphs that nobody edits. Raises InputError."""
    for graph in edit.changes:
        if graph == DERIVED_GRAPH or graph.startswith(HISTORY_GRAPHS):
            raise InputError(
                f"The graph <{graph}> is written by dtrack itself.",
                remedy="Edit the record that it follows from.",
            )
    if not edit.changes:
        raise InputError("The edit names no graph.", remedy="Say which graph becomes what.")
