"""The outline of a query: form, projection and order, read off its tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dtrack.catalogue.query import Form
from dtrack.sparql import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Outline:
    """What the checks want to know about a query.

    ``projection`` holds the variables of the outermost SELECT, ``$x`` with its
    mark if one is there; ``stars`` the tokens of each ``SELECT *``.
    """

    form: Token | None = None
    projection: list[Token] = field(default_factory=list)
    stars: list[Token] = field(default_factory=list)
    is_ordered: bool = False


def outline(found: Sequence[Token]) -> Outline:
    """Outline of a query's tokens (without spaces and comments)."""
    result = Outline()
    depth = 0
    for at, token in enumerate(found):
        if token.kind is Kind.MARK:
            depth += {"{": 1, "}": -1}.get(token.text, 0)
        elif token.is_word("SELECT") and (star := _star(found[at + 1 :])):
            result.stars.append(star)
        if depth == 0 and token.is_word("ORDER"):
            result.is_ordered = True
        if result.form is None and token.is_word(*Form):
            result.form = token
            if token.is_word(Form.SELECT):
                result.projection = _projection(found[at + 1 :])
    return result


def _star(after: Sequence[Token]) -> Token | None:
    """The star of a ``SELECT *``, given what follows the keyword."""
    first = next((token for token in after if not token.is_word("DISTINCT", "REDUCED")), None)
    return first if first is not None and first.text == "*" else None


def _projection(after: Sequence[Token]) -> list[Token]:
    """Variables that a SELECT gives, given what follows the keyword."""
    projected: list[Token] = []
    brackets = 0
    before: Token | None = None
    for token in after:
        if token.text == "{" or (not brackets and token.is_word("WHERE", "FROM")):
            break
        brackets += {"(": 1, ")": -1}.get(token.text, 0) if token.kind is Kind.MARK else 0
        named = before is not None and before.is_word("AS")
        if token.kind is Kind.VARIABLE and (not brackets or (brackets == 1 and named)):
            projected.append(token)
        before = token
    return projected
