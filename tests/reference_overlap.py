"""Overlap by the book: the formulas of docs/reference/overlap.md, one pair at a time.

Slow on purpose, and written apart from the code it checks: loops and sets only.
"""

from __future__ import annotations

import math

from dtrack.overlap import Corpus, Directive, OverlapIndex, Weights

VALUE_DIMENSIONS = ("target", "theme", "actor", "verb")


def weight(corpus: Corpus, weights: Weights, a: str, b: str) -> float:
    if a == b:
        return 1.0
    found = [0.0]
    if b in corpus.ancestors.get(a, ()) or a in corpus.ancestors.get(b, ()):
        found.append(weights.alignments["hierarchy"])
    found += [
        weights.alignments[m.predicate.rsplit("#", 1)[-1]] * m.confidence
        for m in corpus.mappings
        if (m.subject, m.object) in {(a, b), (b, a)}
    ]
    return max(found)


def ic(corpus: Corpus, dimension: str, value: str) -> float:
    total = len(corpus.directives)
    count = sum(
        any(v == value or value in corpus.ancestors.get(v, ()) for v in d.values.get(dimension, ()))
        for d in corpus.directives
    )
    return 1.0 if total < 2 else -math.log(count / total) / math.log(total)


def similarity(
    corpus: Corpus, weights: Weights, dimension: str, p: Directive, q: Directive
) -> float:
    a, b = p.values.get(dimension, ()), q.values.get(dimension, ())
    total = sum(ic(corpus, dimension, v) for v in (*a, *b))
    if total == 0:
        return 0.0

    def best(value: str, others: tuple[str, ...]) -> float:
        return max(
            (
                weight(corpus, weights, value, other)
                * min(ic(corpus, dimension, value), ic(corpus, dimension, other))
                for other in others
            ),
            default=0.0,
        )

    return (sum(best(v, b) for v in a) + sum(best(v, a) for v in b)) / total


def period(p: Directive, q: Directive, now: int) -> float:
    def years(d: Directive) -> set[int]:
        end = now if d.end is None else d.end
        return set(range(d.start, max(d.start, end) + 1))

    return len(years(p) & years(q)) / len(years(p) | years(q))


def score(corpus: Corpus, weights: Weights, now: int, p: Directive, q: Directive) -> float:
    """Score of a pair; 0 where it shares no subject that has a weight."""
    parts: list[tuple[float, float]] = []
    subject = 0.0
    for dimension in VALUE_DIMENSIONS:
        if p.values.get(dimension) and q.values.get(dimension):
            found = similarity(corpus, weights, dimension, p, q)
            parts.append((weights.dimensions[dimension], found))
            if dimension in {"target", "theme"} and weights.dimensions[dimension] > 0:
                subject += found
    parts.append((weights.dimensions["period"], period(p, q, now)))
    if subject == 0:
        return 0.0
    return sum(w * s for w, s in parts) / sum(w for w, _ in parts)


def closeness(
    corpus: Corpus, weights: Weights, now: int, p: Directive, others: list[Directive]
) -> float:
    """How much of what a directive says finds an answer in what all others say together."""
    parts: list[tuple[float, float]] = []
    for dimension in VALUE_DIMENSIONS:
        mine = p.values.get(dimension, ())
        theirs = {v for other in others for v in other.values.get(dimension, ())}
        if not mine or not theirs:
            continue
        total = sum(ic(corpus, dimension, v) for v in mine)
        shared = sum(
            max(
                weight(corpus, weights, v, o)
                * min(ic(corpus, dimension, v), ic(corpus, dimension, o))
                for o in theirs
            )
            for v in mine
        )
        parts.append((weights.dimensions[dimension], shared / total if total else 0.0))
    years = [set(range(d.start, max(d.start, d.end or now) + 1)) for d in (p, *others)]
    covered = set[int]().union(*years[1:])
    parts.append((weights.dimensions["period"], len(years[0] & covered) / len(years[0])))
    return sum(w * s for w, s in parts) / sum(w for w, _ in parts)


def gap_cells(
    index: OverlapIndex, framework: str, kind: str, *, ended: bool = False
) -> dict[tuple[str, str], tuple[int, int]]:
    """Who serves which item, counted directive by directive and item by item."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    items = [i for i in index.tables.items.values() if (i.framework, i.kind) == (framework, kind)]
    for row in range(len(index)):
        one = index.directive(row)
        if not (one.operational and (one.active or ended)):
            continue
        for item in items:
            links = [
                (link.weight, link.source, bool(link.mappings))
                for value in one.values.get("target", ())
                if (link := index.alignments.between(value, item.iri))
                and link.relation != "narrower"
            ]
            if links:
                own, through = found.get((item.iri, one.instrument), (0, 0))
                mapped = max(links)[2]
                found[item.iri, one.instrument] = (own + (not mapped), through + mapped)
    return found
