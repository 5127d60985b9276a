"""The derived graph: what follows from the records, published for SPARQL users.

Closures, current statuses and coverage come from the rules in
``queries/derive``; alignments and the finished matrix from the same index
that answers the API, so both read the same figures.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from dtrack.model import no_progress
from dtrack.overlap.index import OverlapIndex
from dtrack.overlap.publishing import PUBLISHED, is_scored, published
from dtrack.overlap.rules import Patch, read_rules
from dtrack.terms import DERIVED_GRAPH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dtrack.model import Changed, Progress, Store


NOTHING: Final[Mapping[str, set[bytes]]] = MappingProxyType({})


def follow(
    store: Store,
    queries: Path,
    progress: Progress = no_progress,
    known: Mapping[str, set[bytes]] = NOTHING,
) -> set[bytes]:
    """Put what follows by the rules into the derived graph, anew; what the index gave stays.

    Gives that: the lines of N-Triples that the index gave. ``queries`` is the
    root folder of queries; ``known`` is what some rules give, by their names. No rule
    reads what another one gives.
    """
    scored, patch = _anew(store, queries, progress, known)
    _put(store, patch)
    return scored


def _anew(
    store: Store, queries: Path, progress: Progress, known: Mapping[str, set[bytes]] = NOTHING
) -> tuple[set[bytes], Patch]:
    """Lines that the index gave, and what all rules give otherwise than before."""
    rules = read_rules(queries)
    former = _derived(store)
    scored = {line for line in former if is_scored(line)}
    now = set[bytes]().union(*known.values())
    # The engine asks itself beside what else is done, and none reads what another one gives.
    with ThreadPoolExecutor(len(rules) or 1) as threads:
        given = {
            rule.name: threads.submit(rule.everything, store)
            for rule in rules
            if rule.name not in known
        }
        for done, rule in enumerate(rules):
            progress(f"Deriving {rule.name.replace('_', ' ')}", done, len(rules))
            if rule.name in given:
                now |= given[rule.name].result()
    progress("Derived", len(rules), len(rules))
    return scored, Patch(former - scored - now, now - former)


def follow_after(store: Store, queries: Path, changed: Changed) -> Patch:
    """Bring what follows by the rules in line with a change, which the store holds."""
    total = Patch(set(), set())
    for rule in read_rules(queries):
        patch = rule.patch(store, changed)
        if patch is None:
            _, total = _anew(store, queries, no_progress)
            break
        total.left.update(patch.left)
        total.came.update(patch.came)
    _put(store, total)
    return total


def prepare(index: OverlapIndex) -> None:
    """Find what an index adds to the derived graph, and keep it for publish()."""
    published(index)


def publish(store: Store, index: OverlapIndex, former: set[bytes]) -> Patch:
    """Put what an index has found into the derived graph, in place of its former lines there."""
    now = published(index).lines()
    patch = Patch(former - now, now - former)
    _put(store, patch)
    return patch


def publish_after(store: Store, index: OverlapIndex, former: OverlapIndex) -> Patch:
    """Put what an index has found into the derived graph, in place of what a former one had.

    What that had is looked up, where it was not this process that put it there.
    """
    if not former.has(PUBLISHED, ()):
        return publish(store, index, {line for line in _derived(store) if is_scored(line)})
    now, before = published(index), published(former)
    patch = Patch(before.beside(now), now.beside(before))
    _put(store, patch)
    return patch


def refresh(store: Store, queries: Path, progress: Progress = no_progress) -> OverlapIndex:
    """Derive everything anew and put it into the derived graph; gives the index."""
    scored = follow(store, queries, progress)
    progress("Scoring pairs of provisions", 0, 2)
    index = load_index(store, queries)
    progress("Publishing the overlap matrix", 1, 2)
    publish(store, index, scored)
    progress("Derived", 2, 2)
    return index


def load_index(store: Store, queries: Path) -> OverlapIndex:
    """Index of what a store holds; its derived graph is taken as it is."""
    return OverlapIndex.built(store, queries)


def _put(store: Store, patch: Patch) -> None:
    store.patch(DERIVED_GRAPH, patch.left, patch.came)


def _derived(store: Store) -> set[bytes]:
    """Lines of the derived graph."""
    return set(store.graph(DERIVED_GRAPH).splitlines(keepends=True))
