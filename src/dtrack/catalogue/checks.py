"""Rules for catalogue queries, checked when the catalogue is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.catalogue.outline import outline
from dtrack.catalogue.query import Form, ParameterKind
from dtrack.errors import CatalogueError, Place
from dtrack.sparql import Kind, Token, place, significant, undeclared_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.catalogue.header import Header
    from dtrack.catalogue.outline import Outline


def check(text: str, header: Header, source: str) -> Form:
    """Form of a query that keeps the rules. Raises CatalogueError for one that does not."""
    rules = _Rules(text, header, source)
    return rules.check()


def given_names(found: Sequence[Token]) -> dict[str, Token]:
    """First token of each ``$name``."""
    names: dict[str, Token] = {}
    for token in found:
        if token.kind is Kind.VARIABLE and token.text.startswith("$"):
            names.setdefault(token.text[1:], token)
    return names


class _Rules:
    """One method per rule, over one query."""

    def __init__(self, text: str, header: Header, source: str) -> None:
        self._text = text
        self._header = header
        self._source = source
        self._found = significant(text)

    def check(self) -> Form:
        """Keep all rules."""
        seen = outline(self._found)
        if seen.form is None:
            raise CatalogueError(
                "The file holds no query.",
                remedy="Write a SELECT, ASK, CONSTRUCT or DESCRIBE query below the header.",
                place=Place(self._source),
            )
        form = Form(seen.form.text.upper())
        self._no_calls()
        self._prefixes_declared()
        self._parameters_match()
        self._numbers_after_limit()
        if form is Form.SELECT:
            self._columns_match(seen)
            self._is_ordered(seen.form, seen)
        elif self._header.columns:
            raise self._fault(f"A {form} query has no columns.", seen.form, "Remove 'columns'.")
        return form

    def _no_calls(self) -> None:
        for token in self._found:
            if token.is_word("SERVICE"):
                raise self._fault("The query calls another endpoint.", token, "Take SERVICE out.")

    def _prefixes_declared(self) -> None:
        if token := undeclared_prefix(self._found):
            raise self._fault(
                f"The prefix of '{token.text}' is not declared.",
                token,
                "Add a PREFIX line to this file.",
            )

    def _parameters_match(self) -> None:
        declared = {parameter.name for parameter in self._header.parameters}
        used = given_names(self._found)
        found = {t.text[1:]: t for t in self._found if t.text.startswith("?")}
        for name, token in used.items():
            if name not in declared:
                raise self._fault(
                    f"'${name}' is not declared.", token, "Add it to 'parameters', or write '?'."
                )
            if name in found:
                raise self._fault(
                    f"'?{name}' and '${name}' are both used, and are one variable to SPARQL.",
                    found[name],
                    "Rename one of them.",
                )
        for name in sorted(declared - used.keys()):
            raise CatalogueError(
                f"The parameter '{name}' is not used.",
                remedy=f"Use '${name}' in the query, or remove it from 'parameters'.",
                place=Place(self._source, self._header.lines["parameters"]),
            )
        for token in self._found:
            if token.kind is Kind.IRI and any(f"${name}" in token.text for name in declared):
                raise self._fault(
                    f"'{token.text}' reads as an IRI.", token, "Put spaces around '<' and '>'."
                )

    def _numbers_after_limit(self) -> None:
        for before, token in zip(self._found, self._found[1:], strict=False):
            if before.is_word("LIMIT", "OFFSET") and token.kind is Kind.VARIABLE:
                parameter = next(p for p in self._header.parameters if p.name == token.text[1:])
                if parameter.kind is not ParameterKind.INTEGER or parameter.any:
                    raise self._fault(
                        f"'{token.text}' stands after {before.text}.",
                        token,
                        "Give it the kind 'integer', and not 'any'.",
                    )

    def _columns_match(self, seen: Outline) -> None:
        for star in seen.stars:
            raise self._fault("SELECT * is used.", star, "Name the columns.")
        columns = [column.name for column in self._header.columns]
        projected = [token.text[1:] for token in seen.projection]
        for token in seen.projection:
            if token.text.startswith("$"):
                raise self._fault(
                    f"'{token.text}' is projected.", token, "Leave it out; the caller knows it."
                )
        if columns != projected:
            raise CatalogueError(
                f"The columns are {columns}, but the query gives {projected}.",
                remedy="Make them the same, in the same order.",
                place=Place(self._source, self._header.lines.get("columns", 1)),
            )

    def _is_ordered(self, form: Token, seen: Outline) -> None:
        if not seen.is_ordered:
            raise self._fault(
                "The query has no ORDER BY.",
                form,
                "Add one that puts all rows in one order, down to the last.",
            )

    def _fault(self, message: str, token: Token, remedy: str) -> CatalogueError:
        where = place(self._source, self._text, token.start)
        return CatalogueError(message, remedy=remedy, place=where)
