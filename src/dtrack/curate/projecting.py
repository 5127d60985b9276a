"""The store as a projection of the journal: built whole, or revision by revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dtrack.digests import state_digest
from dtrack.errors import StoreError
from dtrack.journal import history_graph, provenance
from dtrack.model import Record, Revision, no_progress
from dtrack.stores.building import current_marker
from dtrack.stores.bulk import in_engine_order
from dtrack.terms import BASE, DERIVED_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from dtrack.hearing import Hearing
    from dtrack.journal import Change, Facts, Journal
    from dtrack.model import Progress, Store
    from dtrack.stores.embedded import EmbeddedStore
    from dtrack.stores.markers import Marker


_MANY: Final = 500_000
"""Triples that are loaded in the engine's own order of their graphs."""
_HELD: Final = 64 << 20
"""Bytes of history that are held to come at their places in that order; more come last."""
_PORTION: Final = 100
"""Graphs whose contents are read at a time."""


def fits(marker: Marker, number: int, journal: Journal) -> bool:
    """Whether a store holds a revision of a journal, neither less nor more.

    One that was sealed before markers told of the derived graph is derived anew.
    """
    return (marker.journal, marker.revision) == (journal.identity, number) and bool(marker.derived)


def history_of(facts: Facts, told: bytes) -> Revision:
    """Change of the store that adds the history graph of a revision."""
    return Revision(facts.number, {history_graph(facts.number): told})


def build(
    store: EmbeddedStore,
    journal: Journal,
    number: int,
    base: str = BASE,
    progress: Progress = no_progress,
    changes: Iterable[Change] = (),
    *,
    hearing: Hearing,
    former: Marker | None = None,
    ahead: bool = False,
) -> None:
    """Load the state after a revision, with its history, into an empty store.

    ``changes`` are made on the way; their contents are staged. ``hearing`` says what is
    to be kept of what is loaded, for who derives from it. Where the store with the marker
    ``former`` holds the same, all of it was checked when it came there. ``ahead``: then,
    of many triples, come back as soon as all is read, as EmbeddedStore.load() does.
    """
    state: dict[str, str | None] = {**journal.state(number)}
    state.update((change.graph, change.digest) for change in changes)
    kept = {graph: digest for graph, digest in state.items() if digest is not None}
    sizes = journal.sizes(set(kept.values()))
    in_order = sum(sizes.get(digest, 0) for digest in kept.values()) > _MANY
    records = _Records(journal, kept, number, base, in_order=in_order)
    trusted = former is not None and holds(former, kept)
    # Of what was not read before nothing may be made until the engine has read all of it.
    ahead = ahead and in_order and trusted
    store.load(records, progress, hearing, trusted=trusted, in_order=in_order, ahead=ahead)


def known(home: Path) -> Marker | None:
    """Marker of the current store; None where there is none that can be read."""
    try:
        return current_marker(home)
    except StoreError:
        return None


def holds(marker: Marker, state: Mapping[str, str]) -> bool:
    """Whether a store was made of just these contents, given by graph as digests.

    Each of them was read then by the engine, which checks what it has not read before.
    """
    derived = [(DERIVED_GRAPH, marker.derived)] if marker.derived_triples else []
    return state_digest([*state.items(), *derived]) == marker.digest


class _Records:
    """All graphs of a state, read from the journal as they are asked for."""

    def __init__(
        self, journal: Journal, state: Mapping[str, str], number: int, base: str, *, in_order: bool
    ) -> None:
        self._in_order = in_order
        self._journal = journal
        self._state = state
        self._number = number
        self._base = base

    def __len__(self) -> int:
        """Count the graphs, those of history included."""
        return len(self._state) + self._number

    def __iter__(self) -> Iterator[Record]:
        """Give each graph as a record, from the journal."""
        histories = self._histories()
        held: dict[str, bytes] = {}
        size = 0
        while size < _HELD and (told := next(histories, None)):
            held[told.graph] = told.ntriples
            size += len(told.ntriples)
        graphs = [*self._state, *held]
        if self._in_order:
            graphs = in_engine_order(graphs)
        for start in range(0, len(graphs), _PORTION):
            some = graphs[start : start + _PORTION]
            digests = {self._state[graph] for graph in some if graph in self._state}
            contents = dict(self._journal.contents(digests))
            for graph in some:
                content = held[graph] if graph in held else contents[self._state[graph]]
                yield Record(graph, content, "journal")
        yield from histories

    def _histories(self) -> Iterator[Record]:
        """Give each graph of history as a record."""
        for facts, _changes, told in histories(self._journal, 0, self._number, self._base):
            yield Record(history_graph(facts.number), told, "journal")


def histories(
    journal: Journal, after: int, until: int, base: str
) -> Iterator[tuple[Facts, list[Change], bytes]]:
    """Revisions of a range with what they did and their provenance, as N-Triples."""
    former = journal.makers(after)
    for facts, changes in journal.since(after, until):
        yield facts, changes, provenance(facts, changes, former, base)
        former.update((change.graph, facts.number) for change in changes)
        for change in changes:
            if change.digest is None:
                del former[change.graph]


def apply_revisions(store: Store, journal: Journal, after: int, until: int, base: str) -> None:
    """Apply to a store the revisions of a range, each with its history.

    Other nodes may add to the journal meanwhile; what comes after ``until`` is
    left for the next time, as the store is going to be marked with that number.
    """
    for facts, changes, told in histories(journal, after, until, base):
        held = dict(journal.contents([c.digest for c in changes if c.digest is not None]))
        store.apply(Revision(facts.number, contents_of(changes, held)))
        store.apply(history_of(facts, told))


def contents_of(
    changes: list[Change] | tuple[Change, ...], held: Mapping[str, bytes]
) -> dict[str, bytes | None]:
    """What each changed graph becomes."""
    return {c.graph: None if c.digest is None else held[c.digest] for c in changes}
