"""IRIs in place of blank nodes: the same input gives the same IRIs.

Each connected group of blank nodes is named on its own, from what is said
about it, so that an edit elsewhere in a record leaves its names alone. Names
are colours of iterated refinement; where nodes stay alike, the standard
canonical labels (RDFC-1.0) tell them apart.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import pyoxigraph as engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GENID: Final = "/.well-known/genid/"
MOST_ALIKE: Final = 8
"""Blank nodes of one group that may look alike; canonical labelling is exponential in them."""


Labels = dict[engine.BlankNode, str]


class TooAlikeError(ValueError):
    """Blank nodes too symmetrical to be named in reasonable time."""


def skolemise(triples: Sequence[engine.Triple], base: str) -> list[engine.Triple]:
    """Triples with ``{base}/.well-known/genid/…`` for each blank node.

    Raises TooAlikeError for a graph made to be hard.
    """
    named = [triple for triple in triples if not _blank_nodes(triple)]
    seen: dict[str, int] = defaultdict(int)
    for group in _groups(triples):
        told_apart, labels = _labels(group)
        signature = _digest(*sorted(labels.values()))
        # Groups that say the same stay as many as they are.
        seen[signature] += 1
        names = {
            node: engine.NamedNode(
                f"{base.rstrip('/')}{GENID}{_digest(label, str(seen[signature]))[:32]}"
            )
            for node, label in labels.items()
        }
        named.extend(_renamed(triple, names) for triple in told_apart)
    return named


def _renamed(
    triple: engine.Triple, names: dict[engine.BlankNode, engine.NamedNode]
) -> engine.Triple:
    """Triple with names for its blank nodes."""
    subject, object_ = triple.subject, triple.object
    return engine.Triple(
        names[subject] if isinstance(subject, engine.BlankNode) else subject,
        triple.predicate,
        names[object_] if isinstance(object_, engine.BlankNode) else object_,
    )


def _blank_nodes(triple: engine.Triple) -> list[engine.BlankNode]:
    """Blank nodes of a triple."""
    return [node for node in (triple.subject, triple.object) if isinstance(node, engine.BlankNode)]


def _groups(triples: Iterable[engine.Triple]) -> list[list[engine.Triple]]:
    """Triples that hold blank nodes, by connected group."""
    parents: dict[engine.BlankNode, engine.BlankNode] = {}

    def root(node: engine.BlankNode) -> engine.BlankNode:
        parents.setdefault(node, node)
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    held = [(triple, nodes) for triple in triples if (nodes := _blank_nodes(triple))]
    for _, nodes in held:
        parents[root(nodes[0])] = root(nodes[-1])
    groups: dict[engine.BlankNode, list[engine.Triple]] = defaultdict(list)
    for triple, nodes in held:
        groups[root(nodes[0])].append(triple)
    return list(groups.values())


def _labels(group: list[engine.Triple]) -> tuple[list[engine.Triple], Labels]:
    """Give a group and a label for each of its blank nodes, alike for isomorphic groups.

    The group comes back with other blank nodes where only canonical labelling
    tells them apart.
    """
    colours = {node: "" for triple in group for node in _blank_nodes(triple)}
    count = 0
    while count < len(set(colours.values())):
        count = len(set(colours.values()))
        colours = _refined(group, colours)
    alike = len(colours) - count
    if not alike:
        return group, colours
    if alike > MOST_ALIKE:
        raise TooAlikeError(f"{alike + 1} blank nodes are too much alike")
    dataset = engine.Dataset(engine.Quad(t.subject, t.predicate, t.object) for t in group)
    dataset.canonicalize(engine.CanonicalizationAlgorithm.RDFC_1_0)
    canonical = [quad.triple for quad in dataset]
    text = "\n".join(sorted(str(triple) for triple in canonical))
    return canonical, {
        node: _digest(text, node.value) for triple in canonical for node in _blank_nodes(triple)
    }


def _refined(group: list[engine.Triple], colours: Labels) -> Labels:
    """Colours told apart by the colours of neighbours."""

    def look(node: object) -> str:
        return f"_:{colours[node]}" if isinstance(node, engine.BlankNode) else str(node)

    said: dict[engine.BlankNode, list[str]] = {node: [] for node in colours}
    for triple in group:
        subject, object_ = triple.subject, triple.object
        if isinstance(subject, engine.BlankNode):
            loop = "=" if subject == object_ else ">"
            said[subject].append(f"{loop}{triple.predicate}{look(object_)}")
        if isinstance(object_, engine.BlankNode):
            said[object_].append(f"<{triple.predicate}{look(subject)}")
    return {node: _digest(colour, *sorted(said[node])) for node, colour in colours.items()}


def _digest(*parts: str) -> str:
    """Digest of texts, in order."""
    return sha256("\n".join(parts).encode()).hexdigest()
