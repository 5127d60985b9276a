"""What each rule reads, turned round: from a changed triple to the nodes a rule may judge anew.

A rule looks from its focus node along paths and patterns at triples. A
:class:`Reading` is one such look: a predicate, and a pattern that leads from
the node where the predicate is read back to the focus nodes. It may find too
many nodes, never too few.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rdflib import RDF, URIRef
from rdflib.plugins.sparql.parserutils import CompValue

from dtrack.validation.embedding import algebra_of, select_text
from dtrack.validation.plan import trees
from dtrack.validation.syntax import OutsideSubsetError, Shape
from dtrack.validation.walks import Piece, pieces, text, walk
from dtrack.validation.ways import BACK, ON, THIS, Pattern, cheapest, costs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

    from dtrack.validation.shapes import Shapes
    from dtrack.validation.syntax import Constraint

_SEED: Final = "?seed"
_END: Final = " .\n"
_VARIABLE: Final = re.compile(r"\?[A-Za-z]\w*")
_COMPARED: Final = {"equals", "disjoint", "lessThan", "lessThanOrEquals"}
_POSITIVE: Final = {"SelectQuery", "Project", "Distinct", "Reduced", "OrderBy", "Extend", "Join"}


class Kind(IntEnum):
    """What kind of change a reading notices."""

    ANY = 0
    ADDED = 1
    """Only a triple that comes: the pattern it is part of must match."""
    LINKED = 2
    """Any change of a thing that the focus node names: of no new thing, nothing names it yet."""


class Reading(NamedTuple):
    """A look at triples with a predicate ("" = any).

    The seed is the subject of the triple, or when ``backwards`` its object;
    ``pattern`` leads from ?seed to ?this step by step, and is "" where the seed
    is the focus node itself. The other end of the triple has the predicates ``needs``.
    """

    predicate: str
    backwards: bool
    pattern: str
    kind: Kind
    needs: frozenset[str] = frozenset()


@lru_cache(maxsize=8)
def readings(shapes: Shapes) -> frozenset[Reading]:
    """All readings of the shapes in the compiled subset that are not of the focus node's own."""
    found: set[Reading] = set()
    for shape in trees(shapes).values():
        if not isinstance(shape, OutsideSubsetError):
            found.update(_of_shape(shapes.graph, shape, THIS, ""))
    return frozenset(one for one in found if one.pattern or one.backwards)


def _of_shape(graph: Graph, shape: Shape, node: str, above: str) -> Iterator[Reading]:
    """Readings of a shape at a node; ``above`` is the pattern from ?this to the node."""
    value = node
    if shape.path_node is not None:
        path = walk(graph, shape.path_node)
        value = f"{node}_" if node != THIS else "?v"
        for piece in pieces(path):
            yield _look(piece, node, above)
        beyond = f"{above} {node} {text(path)} {value}{_END}"
    else:
        beyond = above
    for constraint in shape.constraints:
        yield from _of_constraint(graph, constraint, (node, above), (value, beyond))
    for inner in shape.properties:
        yield from _of_shape(graph, inner, value, beyond)


def _of_constraint(
    graph: Graph, constraint: Constraint, here: tuple[str, str], there: tuple[str, str]
) -> Iterator[Reading]:
    """Readings of a constraint: ``here`` is the focus node, ``there`` the value."""
    if constraint.name == "class":
        yield _look(_own(str(RDF.type)), *there)
    elif constraint.name in _COMPARED:
        yield _look(_own(str(constraint.values[0])), *here)
    elif constraint.name == "closed":
        yield _look(_own(""), *there)
    elif constraint.name == "sparql":
        yield from _of_query(graph, constraint.values[0])
    for inner in constraint.shapes:
        yield from _of_shape(graph, inner, *there)


def _own(predicate: str) -> Piece:
    """Piece for a predicate read at a node itself."""
    return Piece("", predicate, "", backwards=False)


def _look(piece: Piece, node: str, above: str) -> Reading:
    """Reading of a piece of a path that starts at a node."""
    if piece.before:
        pattern = f"{above} {node} {piece.before} {_SEED}{_END}"
        return Reading(piece.predicate, piece.backwards, _chain(pattern), Kind.LINKED)
    if node == THIS:
        return Reading(piece.predicate, piece.backwards, "", Kind.ANY)
    pattern = above.replace(f" {node} ", f" {_SEED} ")
    return Reading(piece.predicate, piece.backwards, _chain(pattern), Kind.LINKED)


def _of_query(graph: Graph, constraint: Node) -> Iterator[Reading]:
    """Readings of a SPARQL constraint."""
    query = select_text(graph, constraint)
    positive, scopes = _patterns(algebra_of(graph, constraint))

    def place(pattern: Pattern) -> int:
        return query.find(re.split(r"[/#:]", text(pattern.path).rstrip("?*+>)"))[-1])

    for pattern in positive:
        yield from _of_positive(pattern, positive)
    for scope in scopes:
        for pattern in scope:
            # rdflib orders patterns anew; whoever wrote them began with what singles out most.
            yield from _of_scope(pattern, sorted(scope, key=place), positive)


def _of_positive(pattern: Pattern, positive: list[Pattern]) -> Iterator[Reading]:
    """What a pattern that must match reads: the others must match as well."""
    for piece in pieces(pattern.path):
        if piece.before:
            lines = f"{_lines(positive)} {_term(pattern.subject)} {piece.before} {_SEED}{_END}"
        elif _term(pattern.subject) == THIS:
            lines = ""
        else:
            lines = _lines(positive, pattern.subject)
        yield Reading(piece.predicate, piece.backwards, _chain(lines), Kind.ADDED)


def _of_scope(pattern: Pattern, scope: list[Pattern], positive: list[Pattern]) -> Iterator[Reading]:
    """What a pattern reads that may match or not: only the way to it must match."""
    known = costs(positive)
    pool = [one for one in scope if one is not pattern]
    ways = [cheapest(node, pool, known) for node in (pattern.subject, pattern.object)]
    for piece in pieces(pattern.path):
        ends = (
            (ways[0], pattern.subject, piece.before, BACK, piece.backwards),
            (ways[1], pattern.object, piece.after and f"^({piece.after})", ON, not piece.backwards),
        )
        reached = [
            (
                way.cost.then(step._replace(steps=0)) if link else way.cost,
                way.patterns,
                node,
                link,
                backwards,
            )
            for way, node, link, step, backwards in ends
            if way is not None
        ]
        if not reached:
            yield Reading(piece.predicate, piece.backwards, _chain(_lines(positive)), Kind.ANY)
            continue
        _, way, node, link, backwards = min(reached, key=lambda end: end[0])
        needs = _needs(pattern, pool) if node is pattern.object and not piece.before else ()
        lines = [*positive, *way]
        if link:
            found = f"{_lines(lines)} {_term(node)} {link} {_SEED}{_END}"
        elif _term(node) == THIS:
            found = ""
        else:
            found = _lines(lines, node)
        yield Reading(piece.predicate, backwards, _chain(found), Kind.ANY, frozenset(needs))


def _needs(pattern: Pattern, pool: list[Pattern]) -> set[str]:
    """Predicates that the subject of a pattern must have for the others to match."""
    return {
        str(one.path)
        for one in pool
        if one.subject == pattern.subject and isinstance(one.path, URIRef)
    }


def _chain(text: str) -> str:
    """Patterns one after the other, each beginning at what those before have found.

    A store that may choose where to begin can choose the middle, and walk through
    all of itself. What does not hang together with the seed is left out, unless
    ?this is reached by nothing else.
    """
    rest = [line for line in text.split(_END) if line.strip()]
    known, steps = {_SEED}, list[str]()
    while rest:
        line = next((one for one in rest if known & set(_VARIABLE.findall(one))), None)
        if line is None:
            if THIS in known:
                break
            line = rest[0]
        rest.remove(line)
        known |= set(_VARIABLE.findall(line))
        steps.append(f"LATERAL {{ {_walked(line.strip())} . }}")
    return " ".join(steps)


def _walked(line: str) -> str:
    """Pattern whose sequence of properties is walked from the known end (see syntax)."""
    subject, path, thing = line.split(" ", 2)
    return f"{subject} ({path})|({path}) {thing}" if ")/(" in path else line


def _lines(patterns: Iterable[Pattern], seed: Node | None = None) -> str:
    """SPARQL text of patterns, with the seed in place of one node."""
    return " ".join(
        f"{_term(one.subject, seed)} {text(one.path)} {_term(one.object, seed)}{_END}"
        for one in patterns
    )


def _term(node: Node, seed: Node | None = None) -> str:
    return _SEED if node == seed else str(node.n3())


def _patterns(algebra: object) -> tuple[list[Pattern], list[list[Pattern]]]:
    """Patterns that must match, and those of each optional or tested part with the parts around."""
    positive: list[Pattern] = []
    scopes: list[list[Pattern]] = []
    _collect(algebra, positive, [], scopes)
    return positive, scopes


def _collect(
    node: object, into: list[Pattern], around: list[Pattern], scopes: list[list[Pattern]]
) -> None:
    """Sort the patterns below a node of the algebra, or of a query's syntax tree.

    ``into`` takes what belongs to the part we are in, ``around`` is what lies
    outside of it but for what must match anyway.
    """
    if isinstance(node, list | tuple):
        for one in node:
            _collect(one, into, around, scopes)
        return
    if not isinstance(node, CompValue):
        return
    if "triples" in node:
        for row in node.triples:
            into.extend(_threes(row))
        return
    # What is tested hangs on what stands beside it, which therefore is taken first.
    for name in sorted(node, key=lambda name: not _is_inside(node, name)):
        # rdflib puts the algebra of a test beside what it was parsed to, filters taken out.
        value = getattr(node, name)
        if _is_inside(node, name):
            _collect(value, into, around, scopes)
        elif name not in {"PV", "_vars", "datasetClause"}:
            part: list[Pattern] = list(around)
            _collect(value, part, part, scopes)
            if len(part) > len(around):
                scopes.append(part)


def _is_inside(node: CompValue, name: str) -> bool:
    """Whether a part of a node is of the same scope as the node."""
    if node.name in _POSITIVE:
        return name in {"p", "p1", "p2"}
    if node.name in {"Filter", "ToMultiSet"}:
        return name == "p"
    if node.name in {"LeftJoin", "Minus"}:
        return name == "p1"
    return bool(node.name == "GroupGraphPatternSub")


def _threes(row: object) -> Iterator[Pattern]:
    """Triple patterns of a row of terms: one in the algebra, several in a syntax tree."""
    terms = list(row) if isinstance(row, list | tuple) else []
    for start in range(0, len(terms) - 2, 3):
        yield Pattern(*terms[start : start + 3])
