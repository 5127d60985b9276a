"""Which nodes a change can make wrong: those it describes, and those whose rules read it."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from dtrack.validation.readings import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from dtrack.model import Store
    from dtrack.validation.readings import Reading

log = logging.getLogger(__name__)

_MOST: Final = 1000
"""Nodes that one reading may find for all seeds at once; past it each seed is asked alone."""
_EACH: Final = 50
"""Nodes that one reading may find for one seed when there are very many."""
_AT_ONCE: Final = 200
_TRIPLE: Final = re.compile(r"<([^>]*)> <([^>]*)> (?:<([^>]*)> \.)?")
_LINK: Final = re.compile(r"LATERAL \{ \?this (<[^<>\s]*>) \?seed \. \}")


class Triple(NamedTuple):
    """A changed triple: its IRIs, and whether it came or left. ``object`` is "" for a literal."""

    subject: str
    predicate: str
    object: str
    added: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What changed: all that the graphs describe or did, what is new, and each triple.

    ``new`` is what they describe now, did not, and did not name. Of ``settled``
    they say what they said, and it passed; no triple that comes or leaves is of it
    or names it. It can be wrong by what is around it alone.
    """

    subjects: frozenset[str]
    new: frozenset[str]
    properties: frozenset[tuple[str, str]]
    triples: tuple[Triple, ...]
    settled: frozenset[str]


def change_of(changed: Mapping[str, tuple[bytes, bytes]], passed: Collection[str] = ()) -> Change:
    """Change made of the contents of graphs before and after.

    ``passed`` names the graphs that passed the same rules as they were before.
    """
    properties: set[tuple[str, str]] = set()
    triples: list[Triple] = []
    described, named, open_ = set[str](), set[str](), set[str]()
    for graph, (before, after) in changed.items():
        old, new = set(before.splitlines()), set(after.splitlines())
        stay = list(_read(old & new))
        described.update(one[0] for one in stay)
        named.update(one[2] for one in stay)
        properties.update(one[:2] for one in stay)
        if graph not in passed:
            open_.update(one[0] for one in stay)
        for lines, added in ((old - new, False), (new - old, True)):
            for one in _read(lines):
                properties.add(one[:2])
                triples.append(Triple(*one, added))
                open_.update((one[0], one[2]))
                if not added:
                    described.add(one[0])
    subjects = frozenset(subject for subject, _ in properties)
    return Change(
        subjects,
        subjects - described - named,
        frozenset(properties),
        tuple(triples),
        subjects - open_,
    )


def _read(lines: Iterable[bytes]) -> Iterator[tuple[str, str, str]]:
    """Subject, predicate and object IRI of N-Triples lines."""
    for line in lines:
        if found := _TRIPLE.match(line.decode()):
            yield found[1], found[2], found[3] or ""


def affected(store: Store, change: Change, readings: Iterable[Reading]) -> set[str]:
    """Focus nodes that a change may concern: its own but for the settled, and those around.

    The store is as it is now. A settled node is among those around where a rule
    leads to it.

    A rule that asks the same of ever so many nodes (all texts of a convention
    whose description changed) is asked of some of them: what the changed thing
    does to one it does to all.
    """
    found: set[str] = set(change.subjects - change.settled)
    by_predicate: dict[str, list[Triple]] = {}
    for triple in change.triples:
        by_predicate.setdefault(triple.predicate, []).append(triple)
    links: dict[frozenset[str], list[str]] = {}
    for reading in sorted(readings):
        triples = by_predicate.get(reading.predicate, ())
        seeds = _seeds(store, change, reading, triples if reading.predicate else change.triples)
        if not seeds:
            continue
        link = _LINK.fullmatch(reading.pattern.strip())
        if not reading.pattern:
            found |= seeds
        elif link:
            links.setdefault(frozenset(seeds), []).append(link[1])
        else:
            found |= _reached(store, reading.pattern, sorted(seeds))
    for some, predicates in links.items():
        found |= _linked(store, sorted(some), sorted(set(predicates)))
    return found


def _seeds(store: Store, change: Change, reading: Reading, triples: Iterable[Triple]) -> set[str]:
    """Nodes from which a reading starts."""
    fitting = [
        triple
        for triple in triples
        if (triple.added or reading.kind is not Kind.ADDED)
        and not (reading.kind is Kind.LINKED and triple.subject in change.new)
    ]
    if reading.needs and fitting:
        having = _having(store, change, reading.needs, {t.subject for t in fitting})
        fitting = [triple for triple in fitting if triple.subject in having]
    seeds = {triple.object if reading.backwards else triple.subject for triple in fitting}
    return seeds - {""}


def _having(store: Store, change: Change, predicates: frozenset[str], nodes: set[str]) -> set[str]:
    """Those of some nodes that have all predicates, before or after the change."""
    kept = set(nodes)
    for predicate in predicates:
        missing = {node for node in kept if (node, predicate) not in change.properties}
        query = f"SELECT ?seed WHERE {{ {{values}} FILTER EXISTS {{ ?seed <{predicate}> ?any }} }}"
        kept -= missing
        for portion in _portions(sorted(missing)):
            kept |= _column(store, query.replace("{values}", _values(portion)))
    return kept


def _reached(store: Store, pattern: str, seeds: Sequence[str]) -> set[str]:
    """Nodes that a pattern leads to from seeds, not more than a bounded number."""
    found: set[str] = set()
    for portion in _portions(seeds):
        some = _column(store, _query(_values(portion), pattern, _MOST))
        if len(some) == _MOST and len(portion) > 1:
            log.info("gate samples a rule's nodes", extra={"pattern": pattern})
            for seed in portion:
                some |= _column(store, _query(_values([seed]), pattern, _EACH))
        found |= some
    return found


def _linked(store: Store, seeds: Sequence[str], predicates: Sequence[str]) -> set[str]:
    """Nodes that name the seeds by some predicates."""
    found: set[str] = set()
    names = f"VALUES ?link {{ {' '.join(predicates)} }}"
    for portion in _portions(seeds):
        some = _column(
            store, _query(_values(portion) + names, "LATERAL { ?this ?link ?seed . }", _MOST)
        )
        if len(some) == _MOST:
            log.info("gate samples the nodes that name a changed one")
            for seed in portion:
                for predicate in predicates:
                    pattern = f"LATERAL {{ ?this {predicate} ?seed . }}"
                    some |= _column(store, _query(_values([seed]), pattern, _EACH))
        found |= some
    return found


def _query(values: str, pattern: str, most: int) -> str:
    return f"SELECT DISTINCT ?this WHERE {{ {values} {pattern} }} LIMIT {most}"


def _values(nodes: Iterable[str]) -> str:
    return f"VALUES ?seed {{ {' '.join(f'<{iri}>' for iri in nodes)} }} "


def _portions(nodes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (nodes[start : start + _AT_ONCE] for start in range(0, len(nodes), _AT_ONCE))


def _column(store: Store, query: str) -> set[str]:
    """IRIs in the one column of an answer."""
    return {str(node) for (node,) in store.select(query).rows if isinstance(node, str)}
