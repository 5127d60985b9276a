"""Rules of derivation: CONSTRUCT queries that are run on everything, or on what a change touched.

A rule in ``queries/derive`` names its focus, the variable that all its triples
hang on. Its namesake in ``queries/touched`` finds the focus nodes to which a
changed node leads, besides itself. ``VALUES ?x { UNDEF }``, which restricts nothing, is where
the nodes go in. Run again on these nodes alone, the rule gives what they now
have, and its own template, looked up in the derived graph, what they had.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from dtrack.errors import CatalogueError
from dtrack.sparql import Kind, Token, significant, tokens
from dtrack.terms import DERIVED_GRAPH, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dtrack.model import Changed, Store

BROAD: Final = 5000
"""Changed nodes, or nodes touched by them, past which everything is derived anew."""

_PORTION: Final = 500
_FOCUS: Final = re.compile(r"^#\+ focus: (\w+)$", re.MULTILINE)
_EVERYTHING: Final = re.compile(r"VALUES \?(\w+) \{ UNDEF \}")
_TRIPLE: Final = re.compile(rb"<([^>]*)> <([^>]*)> (?:<([^>]*)> \.)?")


class Patch(NamedTuple):
    """Lines of N-Triples that leave the derived graph, and lines that come."""

    left: set[bytes]
    came: set[bytes]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its query, the one for what is touched, and the predicates it reads."""

    name: str
    query: str
    touched: str
    focus: str
    template: str
    predicates: frozenset[str]

    def everything(self, store: Store) -> set[bytes]:
        """All that the rule gives."""
        return _lines(store.construct(_bound(self.query, "")))

    def patch(self, store: Store, changed: Changed) -> Patch | None:
        """What the rule gives otherwise after a change, which the store holds.

        None for a change that touches too much to be followed so.
        """
        nodes = changed_nodes(changed, self.predicates)
        if len(nodes) > BROAD:
            return None
        focus = nodes | self._touched(store, nodes)
        if len(focus) > BROAD:
            return None
        former, now = set[bytes](), set[bytes]()
        for some in _portions(sorted(focus)):
            values = _values(self.focus, some)
            former |= _lines(store.construct(self._lookup(values)))
            now |= _lines(store.construct(_bound(self.query, values)))
        return Patch(former - now, now - former)

    def _touched(self, store: Store, nodes: set[str]) -> set[str]:
        found: set[str] = set()
        for some in _portions(sorted(nodes)):
            query = _bound(self.touched, _values("changed", some))
            found |= {str(node) for (node,) in store.select(query).rows if isinstance(node, str)}
        return found

    def _lookup(self, values: str) -> str:
        """Query for what the derived graph has of the rule."""
        prologue = self.query[: self.query.index("CONSTRUCT")]
        where = f"{values} GRAPH <{DERIVED_GRAPH}> {self.template}"
        return f"{prologue} CONSTRUCT {self.template} WHERE {{ {where} }}"


def read_rules(queries: Path) -> tuple[Rule, ...]:
    """Rules of ``queries/derive``. Raises CatalogueError for one that cannot be run in part."""
    found = []
    for path in sorted((queries / "derive").glob("*.rq")):
        beside = queries / "touched" / path.name
        touched = beside.read_text(encoding="utf-8") if beside.is_file() else ""
        found.append(_rule(path.stem, path.read_text(encoding="utf-8"), touched))
    return tuple(found)


@lru_cache(maxsize=64)
def _rule(name: str, query: str, touched: str) -> Rule:
    """Rule of a query and of the one for what is touched; kept, for each edit asks for all."""
    focus, place = _FOCUS.search(query), _EVERYTHING.search(query)
    if not focus or not place or place[1] != focus[1] or not touched:
        raise CatalogueError(
            f"The rule {name} does not say on which nodes it can be run.",
            remedy="Give it a line '#+ focus: NAME', 'VALUES ?NAME { UNDEF }' in its WHERE, "
            f"and a query touched/{name}.rq.",
        )
    return Rule(
        name=name,
        query=query,
        touched=touched,
        focus=focus[1],
        template=_template(query),
        predicates=frozenset(_iris(query)),
    )


def changed_nodes(changed: Changed, predicates: frozenset[str]) -> set[str]:
    """IRIs at both ends of the triples that came or left, by some predicates.

    Both ends, since a chain that is broken still leads on from its far end.
    """
    found: set[str] = set()
    for before, after in changed.values():
        for line in set(before.splitlines()) ^ set(after.splitlines()):
            match = _TRIPLE.match(line)
            if match and match[2].decode() in predicates:
                found |= {end.decode() for end in (match[1], match[3]) if end}
    return found


def _template(query: str) -> str:
    """The braces after CONSTRUCT, with what is in them."""
    found = significant(query)
    start = next(i for i, token in enumerate(found) if token.is_word("CONSTRUCT")) + 1
    end = next(token for token in found[start:] if token.text == "}")
    return query[found[start].start : end.start + 1]


def _iris(query: str) -> Iterator[str]:
    """IRIs that stand in a query, in full; ``a`` is rdf:type."""
    prefixes: dict[str, str] = {}
    before: list[Token] = []
    for token in tokens(query):
        if token.kind in {Kind.SPACE, Kind.COMMENT}:
            continue
        if token.kind is Kind.IRI:
            if len(before) > 1 and before[-2].is_word("PREFIX"):
                prefixes[before[-1].text.removesuffix(":")] = token.text[1:-1]
            yield token.text[1:-1]
        elif token.kind is Kind.NAME and not (before and before[-1].is_word("PREFIX")):
            prefix, _, local = token.text.partition(":")
            yield prefixes.get(prefix, "") + local
        elif token.kind is Kind.WORD and token.text == "a":
            yield f"{RDF}type"
        before.append(token)


def _bound(query: str, values: str) -> str:
    """Query with nodes, or nothing, in the place that is left for them."""
    return _EVERYTHING.sub(lambda _: values, query)


def _lines(ntriples: bytes) -> set[bytes]:
    return set(ntriples.splitlines(keepends=True))


def _values(variable: str, nodes: Iterable[str]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(f'<{iri}>' for iri in nodes)} }}"


def _portions(nodes: list[str]) -> Iterator[list[str]]:
    return (nodes[start : start + _PORTION] for start in range(0, len(nodes), _PORTION))
