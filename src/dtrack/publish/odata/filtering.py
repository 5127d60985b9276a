"""``$filter`` as a condition on entities: parsed by odata-query, compiled to functions.

Values are compared as values; no text of a caller becomes part of a query.
Of version 3, ``datetime'…'``, ``guid'…'`` and ``substringof`` are read too.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from odata_query import ast, exceptions
from odata_query.grammar import ODATA_FUNCTIONS, ODataLexer, ODataParser

from dtrack.errors import ParameterError
from dtrack.publish.odata.sets import TEXT, TIME

if TYPE_CHECKING:
    from dtrack.publish.odata.entities import Entity
    from dtrack.publish.odata.sets import EntitySet

Scope = Mapping[str, Any]
Evaluate = Callable[["Entity", Scope], Any]
Condition = Callable[["Entity"], bool]

MOST: Final = 4000
"""Longest filter, in characters."""
# A function of version 3 that the parser, which is one of version 4, would refuse.
ODATA_FUNCTIONS.setdefault("substringof", 2)

_OLD_LITERAL: Final = re.compile(r"(datetime|datetimeoffset|guid)'([^']*)'", re.IGNORECASE)
_STRING: Final = re.compile(r"((?:datetime|datetimeoffset|guid)?'(?:[^']|'')*')", re.IGNORECASE)

_COMPARE: Final[Mapping[type, Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
    ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_COMPUTE: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Mod: operator.mod,
}  # fmt: skip
_CALL: Final[Mapping[str, Callable[..., Any]]] = {
    "contains": lambda text, part: part in text,
    "substringof": lambda part, text: part in text,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "length": len,
    "indexof": str.find,
    "substring": lambda text, start, size=None: text[start:][:size],
    "tolower": str.lower,
    "toupper": str.upper,
    "trim": str.strip,
    "concat": operator.add,
    "year": lambda time: time.year,
    "month": lambda time: time.month,
    "day": lambda time: time.day,
    "hour": lambda time: time.hour,
    "minute": lambda time: time.minute,
    "second": lambda time: time.second,
    "date": lambda time: datetime(time.year, time.month, time.day, tzinfo=UTC),
    "round": round,
    "floor": lambda number: number // 1,
    "ceiling": lambda number: -(-number // 1),
}


def read_filter(text: str, entity_set: EntitySet) -> Condition:
    """Condition of a filter. Raises ParameterError that says what is wrong with it."""
    if len(text) > MOST:
        raise ParameterError(f"The $filter is longer than {MOST} characters.")
    try:
        tree = ODataParser().parse(ODataLexer().tokenize(_as_version_4(text)))
        evaluate = _Compiler(entity_set).compile(tree)
    except exceptions.ODataException as error:
        raise _faulty(f"{type(error).__name__}: {error}") from None
    except (RecursionError, ValueError, TypeError):
        raise _faulty("It does not parse") from None

    def holds(entity: Entity) -> bool:
        return evaluate(entity, {}) is True

    return holds


def _faulty(why: str) -> ParameterError:
    return ParameterError(
        f"The $filter cannot be used: {why[:200]}.",
        remedy="Write it like: updated gt datetime'2026-01-01T00:00:00' and treaty eq 'cbd'.",
    )


def _as_version_4(text: str) -> str:
    """Filter with the literals of version 3 as version 4 writes them; strings stay."""
    return "".join(
        _OLD_LITERAL.sub(r"\2", piece) if _OLD_LITERAL.fullmatch(piece) else piece
        for piece in _STRING.split(text.strip())
    )


class _Compiler:
    """Compiles a tree for a set."""

    def __init__(self, entity_set: EntitySet) -> None:
        self._set = entity_set
        self._bound: list[str] = []

    def compile(self, node: Any) -> Evaluate:
        """Function that gives the value of a node for an entity; None for null."""
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is not None:
            made: Evaluate = method(node)
            return made
        value = _literal(node)
        return lambda _entity, _scope: value

    def _identifier(self, node: ast.Identifier) -> Evaluate:
        name = node.name
        if name in self._bound:
            return lambda _entity, scope: scope[name]
        if name in self._set.simple:
            return lambda entity, _scope: entity.values[name]
        if name in self._set.many and name not in self._set.later:
            if self._set.many[name] is TEXT:
                return lambda entity, _scope: english(entity, name)
            return lambda entity, _scope: entity.parts[name]
        raise unknown_property(name, self._set)

    def _attribute(self, node: ast.Attribute) -> Evaluate:
        owner, name = self.compile(node.owner), node.attr

        def value(entity: Entity, scope: Scope) -> Any:
            found = owner(entity, scope)
            return found.get(name) if isinstance(found, Mapping) else None

        return value

    def _collectionlambda(self, node: ast.CollectionLambda) -> Evaluate:
        name = getattr(node.owner, "name", "")
        if name not in self._set.many or name in self._set.later:
            raise unknown_property(name, self._set)
        is_any = isinstance(node.operator, ast.Any)
        if node.lambda_ is None:
            return lambda entity, _scope: bool(entity.parts[name])
        variable = node.lambda_.identifier.name
        self._bound.append(variable)
        inner = self.compile(node.lambda_.expression)
        self._bound.pop()

        def value(entity: Entity, scope: Scope) -> bool:
            found = (inner(entity, {**scope, variable: p}) is True for p in entity.parts[name])
            return any(found) if is_any else all(found)

        return value

    def _compare(self, node: ast.Compare) -> Evaluate:
        left, right = self.compile(node.left), self.compile(node.right)
        self._check_time(node.left, node.right)
        self._check_time(node.right, node.left)
        if isinstance(node.comparator, ast.In):
            return lambda entity, scope: left(entity, scope) in right(entity, scope)
        compare = _COMPARE[type(node.comparator)]
        is_order = not isinstance(node.comparator, (ast.Eq, ast.NotEq))

        def value(entity: Entity, scope: Scope) -> bool:
            one, other = left(entity, scope), right(entity, scope)
            # Null is before and after nothing.
            if is_order and (one is None or other is None):
                return False
            try:
                return compare(one, other)
            except TypeError:
                return False

        return value

    def _check_time(self, node: Any, other: Any) -> None:
        """Refuse a time beside text or a number: a harvester would take that for no news."""
        if not isinstance(node, ast.Identifier) or self._set.simple.get(node.name) != TIME:
            return
        if isinstance(other, ast.List):
            for each in other.val:
                self._check_time(node, each)
        elif isinstance(other, (ast.String, ast.Integer, ast.Float, ast.Boolean)):
            raise ParameterError(
                f"'{node.name}' is a time, and '{str(other.val)[:40]}' is none.",
                remedy="Write a time as datetime'2026-01-01T00:00:00', without other quotes.",
            )

    def _boolop(self, node: ast.BoolOp) -> Evaluate:
        left, right = self.compile(node.left), self.compile(node.right)
        if isinstance(node.op, ast.And):
            return lambda e, s: left(e, s) is True and right(e, s) is True
        return lambda e, s: left(e, s) is True or right(e, s) is True

    def _unaryop(self, node: ast.UnaryOp) -> Evaluate:
        inner = self.compile(node.operand)
        if isinstance(node.op, ast.Not):
            return lambda entity, scope: inner(entity, scope) is not True
        return _guarded(operator.neg, [inner])

    def _binop(self, node: ast.BinOp) -> Evaluate:
        sides = [self.compile(node.left), self.compile(node.right)]
        return _guarded(_COMPUTE[type(node.op)], sides)

    def _call(self, node: ast.Call) -> Evaluate:
        name = ".".join((*node.func.namespace, node.func.name)).lower()
        function = _CALL.get(name)
        if function is None:
            raise ParameterError(
                f"The function '{name}' is not offered in $filter.",
                remedy=f"There are: {', '.join(sorted(_CALL))}.",
            )
        return _guarded(function, [self.compile(argument) for argument in node.args])

    def _list(self, node: ast.List) -> Evaluate:
        items = [self.compile(item) for item in node.val]
        return lambda entity, scope: [item(entity, scope) for item in items]


def _guarded(function: Callable[..., Any], arguments: list[Evaluate]) -> Evaluate:
    """Call that gives null where an argument is null or of another type."""

    def value(entity: Entity, scope: Scope) -> Any:
        given = [argument(entity, scope) for argument in arguments]
        if any(each is None for each in given):
            return None
        try:
            return function(*given)
        except (TypeError, AttributeError, ArithmeticError, ValueError):
            return None

    return value


def _literal(node: Any) -> Any:
    if isinstance(node, ast.GUID):
        return str(node.val)
    found = node.py_val
    if isinstance(found, datetime):
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    if isinstance(found, date):
        return datetime(found.year, found.month, found.day, tzinfo=UTC)
    return found


def english(entity: Entity, name: str) -> str | None:
    """Text of a collection of texts in English, else the first."""
    texts = entity.parts[name]
    found = next((text for text in texts if text["language"] == "en"), next(iter(texts), None))
    return None if found is None else str(found["value"])


def unknown_property(name: str, entity_set: EntitySet) -> ParameterError:
    """Error for a property that there is not, or that cannot be asked about."""
    known = [each for each in entity_set.names if each not in entity_set.later]
    return ParameterError(
        f"{entity_set.name} have no property '{name[:40]}' that can be used here.",
        remedy=f"There are: {', '.join(known)}.",
    )
