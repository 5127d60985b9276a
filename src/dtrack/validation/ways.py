"""Which end of a pattern leads back to the focus node with the least search.

A triple is followed onwards from its subject to its object, of which there are
few, or back from its object to all that name it: of a theme or a convention
ever so many. So a way that only leads on is the better one, and else the shorter.

All of a way but its triple is still there when a triple has left, or left with
it: then that which is nearer to the focus node is followed by its own way, on
which the farther one cannot be, since each step makes a way dearer.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple

from rdflib import Variable

from dtrack.validation.walks import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib.term import Node

    from dtrack.validation.walks import Step

THIS: Final = "?this"


class Pattern(NamedTuple):
    """A triple pattern of a query."""

    subject: Node
    path: Step | Variable
    object: Node


class Cost(NamedTuple):
    """Whether it leads back anywhere from an object to those that name it, and its steps.

    Steps are those by what may match or not; what must match is there anyway.
    """

    back: bool
    steps: int

    def then(self, other: Cost) -> Cost:
        """Cost of one way and another after it."""
        return Cost(self.back or other.back, self.steps + other.steps)


class Way(NamedTuple):
    """Patterns from a node to one whose way to the focus node is known."""

    cost: Cost
    patterns: tuple[Pattern, ...]


ON: Final = Cost(back=False, steps=1)
"""A step from a subject to an object."""
BACK: Final = Cost(back=True, steps=1)
"""A step from an object to a subject."""
_HERE: Final = Cost(back=False, steps=0)
_LOST: Final = Cost(back=True, steps=1000)
"""Of a node that hangs together with the focus node by nothing."""


def costs(patterns: Iterable[Pattern]) -> dict[Node, Cost]:
    """Cost of the way to ?this for each variable of patterns that must match."""
    patterns = list(patterns)
    this: Node = Variable(THIS.removeprefix("?"))
    found = {this: _HERE}
    nodes = {node for one in patterns for node in (one.subject, one.object)}
    for node in sorted(node for node in nodes if isinstance(node, Variable)):
        way = cheapest(node, patterns, {this: _HERE})
        found[node] = _LOST if way is None else way.cost._replace(steps=0)
    return found


def cheapest(node: Node, pool: Iterable[Pattern], known: Mapping[Node, Cost]) -> Way | None:
    """Cheapest way from a node to ?this, by patterns of a pool up to one that is known.

    None without any.
    """
    pool, turn = list(pool), count()
    todo: list[tuple[Cost, int, Node | None, tuple[Pattern, ...]]] = [(_HERE, next(turn), node, ())]
    done: set[Node] = set()
    while todo:
        cost, _, at, way = heappop(todo)
        if at is None:
            return Way(cost, way)
        if at in done:
            continue
        done.add(at)
        if at in known:
            heappush(todo, (cost.then(known[at]), next(turn), None, way))
        for one, there, step in _steps(at, pool):
            heappush(todo, (cost.then(step), next(turn), there, (*way, one)))
    return None


def _steps(at: Node, pool: Iterable[Pattern]) -> Iterator[tuple[Pattern, Node, Cost]]:
    """Patterns that lead on from a node, where to, and at what cost."""
    for one in pool:
        on, back = (BACK, ON) if text(one.path).startswith("^") else (ON, BACK)
        for here, there, step in ((one.subject, one.object, on), (one.object, one.subject, back)):
            if here == at and isinstance(there, Variable):
                yield one, there, step
