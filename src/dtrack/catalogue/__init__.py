"""The catalogue: queries that are files, read once, bound safely, run elsewhere."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, NamedTuple

from dtrack.catalogue.binding import bind, bound_terms
from dtrack.catalogue.checks import check
from dtrack.catalogue.header import NAME, read_header
from dtrack.catalogue.query import Column, Form, Parameter, ParameterKind, Query, Told
from dtrack.catalogue.values import ANY, Resolver
from dtrack.errors import CatalogueError, NotFoundError, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = [
    "ANY",
    "Catalogue",
    "Column",
    "File",
    "Form",
    "Parameter",
    "ParameterKind",
    "Query",
    "Resolver",
    "Told",
    "bind",
    "bound_terms",
    "read_query",
]


class File(NamedTuple):
    """A query file: its name without the ending, its text, and how messages name it."""

    name: str
    text: str
    source: str


class Catalogue:
    """Queries by name, sorted; those of files are understood when they are asked for."""

    def __init__(self, queries: Iterable[Query] = (), files: Iterable[File] = ()) -> None:
        self._queries = {query.name: query for query in queries}
        self._files = {file.name: file for file in files}
        self._names = sorted({*self._queries, *self._files})

    @classmethod
    def read(cls, folder: Path) -> Catalogue:
        """Catalogue of a folder's ``*.rq`` files.

        Raises CatalogueError when there is no file, and for one that is no text.
        """
        paths = sorted(folder.glob("*.rq"))
        if not paths:
            raise CatalogueError(
                "The catalogue is empty.",
                remedy="Install dtrack again from its wheel or from a full checkout.",
                place=Place(folder.name),
            )
        return cls(files=[_file(p, f"{folder.parent.name}/{folder.name}/{p.name}") for p in paths])

    def __getitem__(self, name: str) -> Query:
        """Query of a name.

        Raises NotFoundError that names similar ones, CatalogueError with file and line.
        """
        if name not in self._queries:
            self._queries[name] = read_query(*self._file(name))
        return self._queries[name]

    def _file(self, name: str) -> File:
        try:
            return self._files[name]
        except KeyError:
            similar = difflib.get_close_matches(name, self._names, n=3)
            raise NotFoundError(
                f"There is no query '{name}'.",
                remedy=f"Did you mean {' or '.join(similar)}?"
                if similar
                else "`dtrack query` lists them all.",
            ) from None

    def __contains__(self, name: object) -> bool:
        """Whether there is a query of a name."""
        return name in self._names

    def __iter__(self) -> Iterator[Query]:
        """Give all queries, sorted by name. Raises CatalogueError with file and line."""
        return (self[name] for name in self._names)

    def __len__(self) -> int:
        """Count the queries."""
        return len(self._names)


def read_query(name: str, text: str, source: str) -> Query:
    """Query of a file's text; ``source`` names the file in messages.

    Raises CatalogueError with the line and what to do.
    """
    if not NAME.fullmatch(name):
        raise CatalogueError(
            f"'{name}' is no name of a query.",
            remedy="Name the file in lower snake case after its rows.",
            place=Place(source),
        )
    header = read_header(text, source)
    form = check(text, header, source)
    return Query(
        name=name,
        summary=header.summary,
        text=text,
        form=form,
        description=header.description,
        tags=header.tags,
        parameters=header.parameters,
        columns=header.columns,
        method=header.method,
        limit=header.limit,
        translations=header.translations,
    )


def _file(path: Path, source: str) -> File:
    """Text of a query file. Raises CatalogueError."""
    try:
        return File(path.stem, path.read_text(encoding="utf-8"), source)
    except UnicodeDecodeError as error:
        raise CatalogueError(
            "The file is not UTF-8.", remedy="Save it as UTF-8.", place=Place(source)
        ) from error
