"""Constraints on a set of values, as conditions and patterns that say where they are broken.

A pattern stands after one that binds the focus node; nested in NOT EXISTS it
says that a node conforms.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, count
from typing import TYPE_CHECKING, Final

from dtrack.validation.expressions import VALUE_CONSTRAINTS, Expressions
from dtrack.validation.syntax import Constraint, OutsideSubsetError, Shape, term

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST: Final = 5
"""Counts above are left to the reference: a pattern for n values joins n times."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a constraint is broken: an expression that is true, or a pattern that matches.

    ``value`` and ``path`` are the variables that hold them, "" for none.
    """

    constraint: Constraint
    condition: str = ""
    pattern: str = ""
    value: str = ""
    path: str = ""

    @property
    def text(self) -> str:
        """Pattern to put after one that binds the focus node."""
        return self.pattern or f"FILTER({self.condition})"

    @property
    def absent(self) -> str:
        """Expression that is true when the constraint holds."""
        return f"!({self.condition})" if self.condition else f"NOT EXISTS {{ {self.pattern} }}"


class Patterns:
    """Writes patterns with variables that are used once."""

    def __init__(self, subclasses: Mapping[str, frozenset[str]]) -> None:
        self._fresh = count(1)
        self.expressions = Expressions(subclasses, self.conforms)

    def fresh(self) -> str:
        """Give a variable that no pattern uses yet."""
        return f"?v{next(self._fresh)}"

    def conforms(self, shape: Shape, node: str) -> str:
        """Expression that is true when the node in a variable conforms to a shape."""
        if any(constraint.name == "sparql" for constraint in shape.constraints):
            raise OutsideSubsetError("a SPARQL constraint lies inside another constraint")
        parts = [breach.absent for breach in self.breaches(shape, node)]
        value = node if shape.path is None else self.fresh()
        inner = [
            self.expressions.holds(constraint, value)
            for constraint in shape.constraints
            if constraint.name in VALUE_CONSTRAINTS
        ]
        inner += [self.conforms(below, value) for below in shape.properties]
        if inner and shape.path is not None:
            every = " && ".join(inner)
            inner = [f"NOT EXISTS {{ {node} {shape.path} {value} . FILTER(!({every})) }}"]
        return "(" + (" && ".join(parts + inner) or "true") + ")"

    def breaches(self, shape: Shape, node: str) -> list[Breach]:
        """Breaches of the constraints on sets of values, not of those on single values."""
        return [
            getattr(self, f"_{constraint.name}")(constraint, shape.path, node)
            for constraint in shape.constraints
            if constraint.name not in VALUE_CONSTRAINTS and constraint.name != "sparql"
        ]

    def _several(self, node: str, path: str | None, times: int, each: str = "") -> str:
        """Pattern of so many different values; ``each`` filters one, written with {v}."""
        if times > _MOST:
            raise OutsideSubsetError(f"it counts to more than {_MOST}")
        values = [self.fresh() for _ in range(times)]
        lines = [f"{node} {_given(path)} {v} . {each.replace('{v}', v)}" for v in values]
        lines += [f"FILTER(!SAMETERM({a}, {b}))" for a, b in combinations(values, 2)]
        return " ".join(lines)

    def _fewer(self, node: str, path: str | None, least: int, each: str = "") -> str:
        """Expression that is true when there are fewer different values."""
        return f"NOT EXISTS {{ {self._several(node, path, least, each)} }}" if least else "false"

    def _minCount(self, constraint: Constraint, path: str | None, node: str) -> Breach:  # noqa: N802
        return Breach(constraint, condition=self._fewer(node, path, _whole(constraint)))

    def _maxCount(self, constraint: Constraint, path: str | None, node: str) -> Breach:  # noqa: N802
        return Breach(constraint, pattern=self._several(node, path, _whole(constraint) + 1))

    def _qualifiedMinCount(  # noqa: N802
        self, constraint: Constraint, path: str | None, node: str
    ) -> Breach:
        each = self._qualified(constraint)
        return Breach(
            constraint, condition=self._fewer(node, path, int(str(constraint.extra)), each)
        )

    def _qualifiedMaxCount(  # noqa: N802
        self, constraint: Constraint, path: str | None, node: str
    ) -> Breach:
        each, most = self._qualified(constraint), int(str(constraint.extra))
        return Breach(constraint, pattern=self._several(node, path, most + 1, each))

    def _qualified(self, constraint: Constraint) -> str:
        return f"FILTER({self.conforms(constraint.shapes[0], '{v}')})"

    def _hasValue(self, constraint: Constraint, path: str | None, node: str) -> Breach:  # noqa: N802
        value = term(constraint.values[0])
        if path is None:
            return Breach(constraint, condition=f"!SAMETERM({node}, {value})")
        return Breach(constraint, condition=f"NOT EXISTS {{ {node} {path} {value} }}")

    def _uniqueLang(self, constraint: Constraint, path: str | None, node: str) -> Breach:  # noqa: N802
        a, b = self.fresh(), self.fresh()
        same = f'LANG({a}) != "" && LCASE(LANG({a})) = LCASE(LANG({b})) && !SAMETERM({a}, {b})'
        reach = f"{node} {_given(path)} {a} . {node} {_given(path)} {b} ."
        return Breach(constraint, pattern=f"{reach} FILTER({same})")

    def _equals(self, constraint: Constraint, path: str | None, node: str) -> Breach:
        if path is None:
            raise OutsideSubsetError("sh:equals stands in a node shape")
        one, value = term(constraint.values[0]), self.fresh()
        sides = (
            f"{{ {node} {here} {value} FILTER NOT EXISTS {{ {node} {there} {value} }} }}"
            for here, there in ((path, one), (one, path))
        )
        return Breach(constraint, pattern=" UNION ".join(sides), value=value)

    def _disjoint(self, constraint: Constraint, path: str | None, node: str) -> Breach:
        other = term(constraint.values[0])
        if path is None:
            return Breach(constraint, pattern=f"{node} {other} {node} .", value=node)
        value = self.fresh()
        reach = f"{node} {path} {value} . {node} {other} {value} ."
        return Breach(constraint, pattern=reach, value=value)

    def _lessThan(self, constraint: Constraint, path: str | None, node: str) -> Breach:  # noqa: N802
        return self._order(constraint, path, node, "<")

    def _lessThanOrEquals(  # noqa: N802
        self, constraint: Constraint, path: str | None, node: str
    ) -> Breach:
        return self._order(constraint, path, node, "<=")

    def _order(self, constraint: Constraint, path: str | None, node: str, sign: str) -> Breach:
        value, other = self.fresh(), self.fresh()
        reach = f"{node} {_given(path)} {value} . {node} {term(constraint.values[0])} {other} ."
        wrong = f"FILTER(!COALESCE({value} {sign} {other}, false))"
        return Breach(constraint, pattern=f"{reach} {wrong}", value=value)

    def _closed(self, constraint: Constraint, _path: str | None, node: str) -> Breach:
        path, value = self.fresh(), self.fresh()
        allowed = ", ".join(term(iri) for iri in constraint.values)
        outside = f"FILTER({path} NOT IN ({allowed}))" if allowed else ""
        reach = f"{node} {path} {value} . {outside}"
        return Breach(constraint, pattern=reach, value=value, path=path)


def _given(path: str | None) -> str:
    if path is None:
        raise OutsideSubsetError("a constraint on a path stands in a node shape")
    return path


def _whole(constraint: Constraint) -> int:
    text = str(constraint.values[0])
    if not text.isdigit():
        raise OutsideSubsetError("a count is not a whole number")
    return int(text)
