"""From shapes to queries: what is asked of a store, and what is left to the reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.terms import RDF
from dtrack.validation.embedding import embed
from dtrack.validation.expressions import VALUE_CONSTRAINTS
from dtrack.validation.patterns import Patterns
from dtrack.validation.syntax import Constraint, OutsideSubsetError, Shape, read_shape, term
from dtrack.validation.targets import ADVANCED, Targets, targeting_shapes, targets_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node


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


def plan(
    graph: Graph,
    subclasses: Mapping[str, frozenset[str]],
    only: Collection[str] | None = None,
) -> Plan:
    """Plan for a shapes graph; ``only`` limits it to some focus nodes."""
    tasks: list[Task] = []
    outside: dict[Node, str] = {}
    targets: list[str] = []
    for node in targeting_shapes(graph):
        try:
            shape = read_shape(graph, node)
            if shape is None:
                continue
            if any((node, predicate, None) in graph for predicate in ADVANCED):
                raise OutsideSubsetError("it has an advanced target")
            focus = _focus(targets_of(graph, node), subclasses, only)
            tasks += list(_tasks(graph, shape, focus, subclasses))
            targets.append(focus)
        except OutsideSubsetError as error:
            outside[node] = str(error)
    return Plan(tuple(tasks), outside, tuple(targets))


def _focus(
    targets: Targets, subclasses: Mapping[str, frozenset[str]], only: Collection[str] | None
) -> str:
    """Pattern that binds ?this to each focus node once."""
    groups = []
    if classes := {c for name in targets.classes for c in subclasses.get(str(name), {str(name)})}:
        values = " ".join(f"<{iri}>" for iri in sorted(classes))
        groups.append(f"VALUES ?class {{ {values} }} ?this <{RDF}type> ?class .")
    if targets.nodes:
        groups.append(f"VALUES ?this {{ {' '.join(term(node) for node in targets.nodes)} }}")
    groups += [f"?this {term(predicate)} ?any ." for predicate in targets.subjects_of]
    groups += [f"?any {term(predicate)} ?this ." for predicate in targets.objects_of]
    union = " UNION ".join(f"{{ {group} }}" for group in groups)
    if only is not None:
        chosen = " ".join(f"<{iri}>" for iri in sorted(only))
        union = f"VALUES ?this {{ {chosen} }} {union}"
    return f"{{ SELECT DISTINCT ?this WHERE {{ {union} }} }}"


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
