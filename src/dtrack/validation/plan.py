"""From shapes to queries: what is asked of a store, and what is left to the reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from dtrack.terms import RDF
from dtrack.validation.embedding import embed
from dtrack.validation.expressions import VALUE_CONSTRAINTS
from dtrack.validation.patterns import Patterns
from dtrack.validation.syntax import Constraint, OutsideSubsetError, Shape, read_shape, term
from dtrack.validation.targets import ADVANCED, Targets, targeting_shapes, targets_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from dtrack.validation.shapes import Shapes


@dataclass(frozen=True, slots=True)
class Task:
    """One query and how its rows are read.

    Columns: this, value and path where there are any, and ``k0``, ``k1``, … that
    are false where the constraint of that number is broken; without such
    columns every row breaks the one constraint.
    """

    query: str
    shape: Shape
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Queries for the shapes in the subset, and why the others are outside."""

    tasks: tuple[Task, ...]
    outside: Mapping[Node, str]
    targets: tuple[str, ...]
    """Patterns that bind ?this to the focus nodes of each shape in the subset."""


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


Narrow = Callable[[str], str]
"""Takes a pattern for focus nodes, gives one for those of interest, or "" for none."""


def everything(pattern: str) -> str:
    """Pattern that binds each focus node once."""
    return f"{{ SELECT DISTINCT ?this WHERE {{ {pattern} }} }}"


def plan(
    shapes: Shapes, subclasses: Mapping[str, frozenset[str]], narrow: Narrow = everything
) -> Plan:
    """Plan for some shapes, on the focus nodes that ``narrow`` leaves."""
    tasks: list[Task] = []
    outside: dict[Node, str] = {}
    targets: list[str] = []
    for node, shape in trees(shapes).items():
        if isinstance(shape, OutsideSubsetError):
            outside[node] = str(shape)
            continue
        try:
            focus = narrow(_focus(targets_of(shapes.graph, node), subclasses))
            if focus:
                tasks += list(_tasks(shapes.graph, shape, focus, subclasses))
                targets.append(focus)
        except OutsideSubsetError as error:
            outside[node] = str(error)
    return Plan(tuple(tasks), outside, tuple(targets))


def _focus(targets: Targets, subclasses: Mapping[str, frozenset[str]]) -> str:
    """Pattern that binds ?this to the focus nodes."""
    groups = []
    if classes := {c for name in targets.classes for c in subclasses.get(str(name), {str(name)})}:
        values = " ".join(f"<{iri}>" for iri in sorted(classes))
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
        yield Task(query, shape, (breach.constraint,))
    for constraint in shape.constraints:
        if constraint.name == "sparql":
            query = embed(graph, constraint.values[0], focus, shape.path, shape.node)
            yield Task(query, shape, (constraint,))
    below = focus
    if shape.path is not None:
        inner = focus.replace("?this", "?above")
        below = f"{{ SELECT DISTINCT ?this WHERE {{ {inner} ?above {shape.path} ?this }} }}"
    for inner_shape in shape.properties:
        yield from _tasks(graph, inner_shape, below, subclasses)


def _values(shape: Shape, focus: str, patterns: Patterns) -> Iterator[Task]:
    """One query for all constraints on single values."""
    constraints = tuple(c for c in shape.constraints if c.name in VALUE_CONSTRAINTS)
    if not constraints:
        return
    reach = "BIND(?this AS ?value)" if shape.path is None else f"?this {shape.path} ?value ."
    holds = [patterns.expressions.holds(constraint, "?value") for constraint in constraints]
    names = [f"?k{number}" for number in range(len(holds))]
    if len(holds) == 1:
        query = f"SELECT DISTINCT ?this ?value WHERE {{ {focus} {reach} FILTER(!{holds[0]}) }}"
    else:
        binds = " ".join(f"BIND({hold} AS {name})" for hold, name in zip(holds, names, strict=True))
        wrong = " || ".join(f"!{name}" for name in names)
        query = (
            f"SELECT DISTINCT ?this ?value {' '.join(names)} "
            f"WHERE {{ {focus} {reach} {binds} FILTER({wrong}) }}"
        )
    yield Task(query, shape, constraints)
