"""A catalogue query: what its file says about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class ParameterKind(StrEnum):
    """What the text that a caller gives for a parameter stands for."""

    IRI = "iri"
    SYMBOL = "symbol"
    KEY = "key"
    STRING = "string"
    LANG = "lang"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"


class Form(StrEnum):
    """Form of a SPARQL query."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something the caller gives: ``$name`` in the query.

    ``default`` is text of the kind, None when there is none. With ``any`` the
    caller may leave it out, and the query gets the IRI ANY. ``of`` says what
    kind of thing a key names, ``scheme`` which code scheme its values are from.
    """

    name: str
    kind: ParameterKind
    description: str = ""
    default: str | None = None
    any: bool = False
    of: str = ""
    scheme: str = ""

    @property
    def is_required(self) -> bool:
        """Whether the caller has to give it."""
        return self.default is None and not self.any


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the answer."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a query says of itself in one language; ``description`` is "" where there is none."""

    summary: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A query of the catalogue.

    ``text`` is its whole file, so that lines in errors are lines of the file.
    ``limit`` is how many rows to show when the caller does not say. Columns are
    those of a SELECT query, in order. ``translations`` are what it says of itself
    in languages other than English, by their tags.
    """

    name: str
    summary: str
    text: str
    form: Form
    description: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[Column, ...] = ()
    method: str = "GET"
    limit: int | None = None
    translations: Mapping[str, Told] = field(default_factory=dict)

    def told(self, language: str) -> Told:
        """What the query says of itself in a language, or in English where that is missing."""
        return self.translations.get(language) or Told(self.summary, self.description)
