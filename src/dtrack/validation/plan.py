"""From shapes to queries: what is asked of a store, and what is left to the reference."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rdflib import SH, URIRef

from dtrack.terms import RDF
from dtrack.validation.embedding import candidates_of, embed
from dtrack.validation.expressions import VALUE_CONSTRAINTS
from dtrack.validation.patterns import Patterns
from dtrack.validation.syntax import Constraint, OutsideSubsetError, Shape, read_shape, term
from dtrack.validation.targets import ADVANCED, Targets, targeting_shapes, targets_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from dtrack.validation.shapes import Shapes


_NOW: Final = re.compile(r"\bNOW\s*\(", re.IGNORECASE)
_FOCUS: Final = "«focus»"
"""Stands in a query for the pattern that binds ?this to the focus nodes."""


@dataclass(frozen=True, slots=True)
class Task:
    """One query and how its rows are read.

    Columns: this, value and path where there are any, and ``k0``, ``k1``, … that
    are false where the constraint of that number is broken; without such
    columns every row breaks the one constraint. ``holds`` is an expression about
    ?this that is true when the query finds nothing; "" for SPARQL constraints,
    which the store answers badly one node at a time. ``candidates`` is a query
    for the only nodes, column this, that can break a SPARQL constraint; "" where
    the shapes name none.
    """

    query: str
    shape: Shape
    constraints: tuple[Constraint, ...]
    holds: str = ""
    candidates: str = ""

    def about(self, focus: str) -> str:
        """Query for the focus nodes that a pattern binds."""
        return self.query.replace(_FOCUS, focus)

    @property
    def warns(self) -> bool:
        """Whether what it finds refuses nothing."""
        return self.shape.severity != SH.Violation

    @property
    def is_of_today(self) -> bool:
        """Whether what it finds depends on when it is asked."""
        return bool(_NOW.search(self.query))


@dataclass(frozen=True, slots=True)
class Group:
    """What is asked of the focus nodes of one shape.

    ``targets`` are the shape's, classes with all below them; ``screen`` tells
    in one query which nodes break which of the tasks that can be screened.
    """

    node: Node
    targets: Targets
    pattern: str
    tasks: tuple[Task, ...]

    def those_of(self, values: str) -> str:
        """Pattern that binds ?this to those of some nodes that are focus nodes."""
        return f"{values} FILTER EXISTS {{ {self.pattern} }}"

    @property
    def everything(self) -> str:
        """Pattern that binds ?this to each focus node once."""
        return f"{{ SELECT DISTINCT ?this WHERE {{ {self.pattern} }} }}"

    def screen(self, focus: str) -> str:
        """Query for the nodes that break something; column ?screenN is false for task N.

        "" when none of the tasks can be screened.
        """
        flags = {f"?screen{n}": task.holds for n, task in enumerate(self.tasks) if task.holds}
        if not flags:
            return ""
        binds = " ".join(f"BIND({holds} AS {name})" for name, holds in flags.items())
        wrong = " || ".join(f"!{name}" for name in flags)
        return f"SELECT ?this {' '.join(flags)} WHERE {{ {focus} {binds} FILTER({wrong}) }}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Queries for the shapes in the subset, and why the others are outside.

    ``lasting`` is for each group what remains to be asked of nodes that broke
    nothing, and for which nothing changed: rules that only warn, for these may be
    broken and are told all the same, and those that look at the calendar.
    """

    groups: tuple[Group, ...]
    lasting: tuple[Group, ...]
    outside: Mapping[Node, str]


@lru_cache(maxsize=8)
def trees(shapes: Shapes) -> Mapping[Node, Shape | OutsideSubsetError]:
    """Shapes that choose focus nodes and are active, or why they are outside the subset."""
    found: dict[Node, Shape | OutsideSubsetError] = {}
    for node in targeting_shapes(shapes.graph):
        try:
            shape = read_shape(shapes.graph, node)
        except OutsideSubsetError as error:
            found[node] = error
            continue
        if shape is not None:
            found[node] = shape
        if any((node, predicate, None) in shapes.graph for predicate in ADVANCED):
            found[node] = OutsideSubsetError("it has an advanced target")
    return found


def plan(shapes: Shapes, subclasses: Mapping[str, frozenset[str]]) -> Plan:
    """Plan for some shapes and the classes that a store knows."""
    return _plan(shapes, frozenset(subclasses.items()))


@lru_cache(maxsize=8)
def _plan(shapes: Shapes, known: frozenset[tuple[str, frozenset[str]]]) -> Plan:
    subclasses = dict(known)
    groups: list[Group] = []
    outside: dict[Node, str] = {}
    for node, shape in trees(shapes).items():
        if isinstance(shape, OutsideSubsetError):
            outside[node] = str(shape)
            continue
        try:
            targets = _with_subclasses(targets_of(shapes.graph, node), subclasses)
            tasks = tuple(_tasks(shapes.graph, shape, _FOCUS, subclasses))
            groups.append(Group(node, targets, _focus(targets), tasks))
        except OutsideSubsetError as error:
            outside[node] = str(error)
    return Plan(tuple(groups), tuple(map(_lasting, groups)), outside)


def _lasting(group: Group) -> Group:
    """Those rules of a group that may find something new, or again, where nothing changed."""
    return replace(group, tasks=tuple(t for t in group.tasks if t.warns or t.is_of_today))


def _with_subclasses(targets: Targets, subclasses: Mapping[str, frozenset[str]]) -> Targets:
    """Targets with all classes below those named."""
    classes = {c for name in targets.classes for c in subclasses.get(str(name), {str(name)})}
    return replace(targets, classes=tuple(URIRef(name) for name in sorted(classes)))


def _focus(targets: Targets) -> str:
    """Pattern that binds ?this to the focus nodes."""
    groups = []
    if targets.classes:
        values = " ".join(term(name) for name in targets.classes)
        groups.append(f"VALUES ?class {{ {values} }} ?this <{RDF}type> ?class .")
    if targets.nodes:
        groups.append(f"VALUES ?this {{ {' '.join(term(node) for node in targets.nodes)} }}")
    groups += [f"?this {term(predicate)} ?any ." for predicate in targets.subjects_of]
    groups += [f"?any {term(predicate)} ?this ." for predicate in targets.objects_of]
    return " UNION ".join(f"{{ {group} }}" for group in groups)


def _tasks(
    graph: Graph, shape: Shape, focus: str, subclasses: Mapping[str, frozenset[str]]
) -> Iterator[Task]:
    """Queries for a shape and the property shapes below it."""
    patterns = Patterns(subclasses)
    yield from _values(shape, focus, patterns)
    for breach in patterns.breaches(shape, "?this"):
        columns = ["?this"]
        columns += [f"({breach.value} AS ?value)"] if breach.value else []
        columns += [f"({breach.path} AS ?path)"] if breach.path else []
        query = f"SELECT DISTINCT {' '.join(columns)} WHERE {{ {focus} {breach.text} }}"
        yield Task(query, shape, (breach.constraint,), breach.absent if focus == _FOCUS else "")
    for constraint in shape.constraints:
        if constraint.name == "sparql":
            query = embed(graph, constraint.values[0], focus, shape.path, shape.node)
            candidates = ""
            if focus == _FOCUS:
                candidates = candidates_of(graph, constraint.values[0])
            yield Task(query, shape, (constraint,), candidates=candidates)
    below = focus if shape.path is None else _reached(focus, shape.path)
    for inner_shape in shape.properties:
        yield from _tasks(graph, inner_shape, below, subclasses)


def _reached(focus: str, path: str) -> str:
    """Pattern that binds ?this to the values of a path from other focus nodes."""
    nodes = f"{{ SELECT (?this AS ?above) WHERE {{ {focus} }} }}"
    return f"{{ SELECT DISTINCT ?this WHERE {{ {nodes} ?above {path} ?this }} }}"


def _values(shape: Shape, focus: str, patterns: Patterns) -> Iterator[Task]:
    """One query for all constraints on single values."""
    constraints = tuple(c for c in shape.constraints if c.name in VALUE_CONSTRAINTS)
    if not constraints:
        return
    reach = "BIND(?this AS ?value)" if shape.path is None else f"?this {shape.path} ?value ."
    holds = [patterns.expressions.holds(constraint, "?value") for constraint in constraints]
    names = [f"?k{number}" for number in range(len(holds))]
    wrong = " || ".join(f"!{hold}" for hold in holds)
    if len(holds) == 1:
        query = f"SELECT DISTINCT ?this ?value WHERE {{ {focus} {reach} FILTER({wrong}) }}"
    else:
        binds = " ".join(f"BIND({hold} AS {name})" for hold, name in zip(holds, names, strict=True))
        flagged = " || ".join(f"!{name}" for name in names)
        query = (
            f"SELECT DISTINCT ?this ?value {' '.join(names)} "
            f"WHERE {{ {focus} {reach} {binds} FILTER({flagged}) }}"
        )
    screened = f"NOT EXISTS {{ {reach} FILTER({wrong}) }}" if focus == _FOCUS else ""
    yield Task(query, shape, constraints, screened)
