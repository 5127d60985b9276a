"""How far one value stands for another: identical, mapped, broader, narrower."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from dtrack.overlap.corpus import MappingRecord, Tables
    from dtrack.overlap.weights import Weights

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

_TABLES: Final = 16
"""Tables of weights that are kept."""
_TURNED = {"succeededBy": "succeeds", "broadMatch": "narrowMatch", "narrowMatch": "broadMatch"}
"""What a mapping predicate reads as from its object's side; the others are symmetric."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two values that count as aligned.

    ``relation`` says what ``target`` is to ``source``: ``same``, ``broader``,
    ``narrower`` or a mapping's predicate, turned round where it was asserted
    the other way; ``weight`` is its strength times the best mapping's confidence;
    ``mappings`` are all that assert it, best first.
    """

    source: str
    target: str
    relation: str
    weight: float
    mappings: tuple[MappingRecord, ...] = ()


class Alignments:
    """All links of the values in use: symmetric in weight, identical values excluded.

    Mappings are not chained: that A relates to B and B to C says nothing of A
    and C. Hierarchies are: a concept counts beside each of its broader ones.
    """

    def __init__(self, links: Iterable[Link]) -> None:
        self._links: dict[str, dict[str, Link]] = {}
        self._tables: dict[tuple[str, ...], tuple[Floats, Booleans]] = {}
        for link in links:
            row = self._links.setdefault(link.source, {})
            known = row.get(link.target)
            # A stated mapping explains more than a place in a tree: it wins a draw.
            if known is None or (link.weight, len(link.mappings)) > (
                known.weight,
                len(known.mappings),
            ):
                row[link.target] = link

    def of(self, value: str) -> Mapping[str, Link]:
        """Links from a value, by the value at the other end."""
        return self._links.get(value, {})

    def between(self, source: str, target: str) -> Link | None:
        """Link of two values: identity, an alignment, or None."""
        if source == target:
            return Link(source, target, "same", 1.0)
        return self.of(source).get(target)

    def tables(self, values: tuple[str, ...]) -> tuple[Floats, Booleans]:
        """For every two of some values: the weight of one for the other, and if a mapping says so.

        The weight of the same is 1, of those that are not linked 0. Not to be changed:
        they are kept, for an edit seldom brings another value.
        """
        known = self._tables.get(values)
        if known is None:
            position = {value: place for place, value in enumerate(values)}
            weights = np.identity(len(values))
            mapped = np.zeros(weights.shape, dtype=np.bool_)
            for place, value in enumerate(values):
                for other, link in self.of(value).items():
                    if (column := position.get(other)) is not None:
                        weights[place, column] = link.weight
                        mapped[place, column] = bool(link.mappings)
            known = weights, mapped
            if len(self._tables) >= _TABLES:
                self._tables.clear()
            self._tables[values] = known
        return known


def _mapping_links(mappings: Iterable[MappingRecord], strengths: Mapping[str, float]) -> list[Link]:
    by_pair: dict[tuple[str, str], list[tuple[float, MappingRecord]]] = {}
    for mapping in mappings:
        weight = strengths.get(mapping.relation, 0.0) * mapping.confidence
        if weight and mapping.subject != mapping.object:
            by_pair.setdefault((mapping.subject, mapping.object), []).append((weight, mapping))
            by_pair.setdefault((mapping.object, mapping.subject), []).append((weight, mapping))
    links = []
    for (source, target), found in by_pair.items():
        found.sort(key=lambda item: (-item[0], item[1].iri))
        weight, best = found[0]
        relation = best.relation
        if best.subject != source:
            relation = _TURNED.get(relation, relation)
        links.append(Link(source, target, relation, weight, tuple(m for _, m in found)))
    return links


def align(tables: Tables, weights: Weights, *, without: frozenset[str] = frozenset()) -> Alignments:
    """Alignments of a corpus's tables; ``without`` names mappings to leave out."""
    links = _mapping_links(
        (mapping for mapping in tables.mappings if mapping.iri not in without), weights.alignments
    )
    strength = weights.alignments["hierarchy"]
    for value, ancestors in tables.ancestors.items():
        for ancestor in ancestors:
            links.append(Link(value, ancestor, "broader", strength))
            links.append(Link(ancestor, value, "narrower", strength))
    return Alignments(links)
