"""Constraints on one value as SPARQL expressions that are true when the value is fine.

Each expression is total: an error inside counts as false, as SHACL wants
("does not return true").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from rdflib import RDF, SH, XSD, Literal

from dtrack.terms import RDF as RDF_NAMESPACE
from dtrack.validation.syntax import Constraint, OutsideSubsetError, Shape, term

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Node

VALUE_CONSTRAINTS: Final = frozenset(
    {
        *("class", "datatype", "nodeKind", "minExclusive", "minInclusive", "maxExclusive"),
        *("maxInclusive", "minLength", "maxLength", "pattern", "languageIn", "in"),
        *("node", "not", "and", "or", "xone"),
    }
)
_TYPE: Final = f"<{RDF_NAMESPACE}type>"
_KINDS: Final = {
    SH.IRI: "isIRI({v})",
    SH.Literal: "isLiteral({v})",
    SH.BlankNode: "isBlank({v})",
    SH.BlankNodeOrIRI: "!isLiteral({v})",
    SH.IRIOrLiteral: "!isBlank({v})",
    SH.BlankNodeOrLiteral: "!isIRI({v})",
}
_OPERATORS: Final = {
    "minExclusive": ">",
    "minInclusive": ">=",
    "maxExclusive": "<",
    "maxInclusive": "<=",
}
_CASTS: Final = (
    *(XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.boolean),
    *(XSD.date, XSD.dateTime, XSD.time),
)
_FORMLESS: Final = (XSD.string, RDF.langString, XSD.anyURI, XSD.gYear)
"""Datatypes whose forms neither engine checks (SPARQL 1.1, 17.1, has no others to check)."""

Conforms = Callable[[Shape, str], str]
"""Expression that is true when the node in a variable conforms to a shape."""


class Expressions:
    """Writes expressions against the classes that one store knows."""

    def __init__(self, subclasses: Mapping[str, frozenset[str]], conforms: Conforms) -> None:
        self._subclasses = subclasses
        self._conforms = conforms

    def holds(self, constraint: Constraint, v: str) -> str:
        """Expression for a constraint on the value in variable ``v`` (with its ?)."""
        name = constraint.name
        if name in _OPERATORS:
            return f"COALESCE({v} {_OPERATORS[name]} {term(constraint.values[0])}, false)"
        if constraint.shapes:
            return self._logical(constraint, v)
        writer = getattr(self, f"_{name}")
        return str(writer(constraint, v))

    def is_instance(self, v: str, name: Node) -> str:
        """Pattern that holds when a node has a class or one below it."""
        classes = " ".join(f"<{iri}>" for iri in sorted(self._subclasses_of(name)))
        if " " not in classes:
            return f"{v} {_TYPE} {classes} ."
        return f"{v} {_TYPE} {v}Class . FILTER({v}Class IN ({classes.replace(' ', ', ')}))"

    def _subclasses_of(self, name: Node) -> frozenset[str]:
        return self._subclasses.get(str(name), frozenset({str(name)}))

    def _class(self, constraint: Constraint, v: str) -> str:
        return f"(!isLiteral({v}) && EXISTS {{ {self.is_instance(v, constraint.values[0])} }})"

    def _datatype(self, constraint: Constraint, v: str) -> str:
        datatype = constraint.values[0]
        same = f"isLiteral({v}) && DATATYPE({v}) = {term(datatype)}"
        if datatype in _FORMLESS:
            return f"({same})"
        if datatype in _CASTS:
            return f"COALESCE({same} && isLiteral({term(datatype)}(STR({v}))), false)"
        if str(datatype).startswith(str(XSD)):
            raise OutsideSubsetError(f"it checks the form of {datatype}")
        return f"({same})"

    def _nodeKind(self, constraint: Constraint, v: str) -> str:  # noqa: N802 - SHACL's name
        kind = _KINDS.get(constraint.values[0])  # type: ignore[call-overload]
        if kind is None:
            raise OutsideSubsetError(f"it names no node kind: {constraint.values[0]}")
        return str(kind).format(v=v)

    def _minLength(self, constraint: Constraint, v: str) -> str:  # noqa: N802
        return f"(!isBlank({v}) && STRLEN(STR({v})) >= {_whole(constraint.values[0])})"

    def _maxLength(self, constraint: Constraint, v: str) -> str:  # noqa: N802
        return f"(!isBlank({v}) && STRLEN(STR({v})) <= {_whole(constraint.values[0])})"

    def _pattern(self, constraint: Constraint, v: str) -> str:
        flags = f", {_quoted(str(constraint.extra))}" if constraint.extra else ""
        pattern = _quoted(str(constraint.values[0]))
        return f"COALESCE(!isBlank({v}) && REGEX(STR({v}), {pattern}{flags}), false)"

    def _languageIn(self, constraint: Constraint, v: str) -> str:  # noqa: N802
        ranges = [
            f"LANGMATCHES(LANG({v}), {_quoted(str(language))})" for language in constraint.values
        ]
        return f"COALESCE(isLiteral({v}) && ({' || '.join(ranges) or 'false'}), false)"

    def _in(self, constraint: Constraint, v: str) -> str:
        same = [f"SAMETERM({v}, {term(value)})" for value in constraint.values]
        return f"({' || '.join(same) or 'false'})"

    def _logical(self, constraint: Constraint, v: str) -> str:
        parts = [self._conforms(shape, v) for shape in constraint.shapes]
        if constraint.name == "not":
            return f"(!{parts[0]})"
        if constraint.name == "xone":
            exactly = (
                " && ".join(part if i == j else f"!{part}" for j, part in enumerate(parts))
                for i in range(len(parts))
            )
            return "(" + " || ".join(f"({one})" for one in exactly) + ")"
        joint = " || " if constraint.name == "or" else " && "
        return f"({joint.join(parts)})"


def _quoted(text: str) -> str:
    return str(Literal(text).n3())


def _whole(node: Node) -> int:
    if not str(node).isdigit():
        raise OutsideSubsetError("a length is not a whole number")
    return int(str(node))
