"""Tables as others publish them, CSV or TSV, and lines of JSON: rows with their line numbers."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dtrack.errors import Place, SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_CELL: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its line, and the text of each column, "" where nothing is given."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Text of a column, "" where there is none."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a table. ``unknown`` are columns that nobody asked for."""

    rows: tuple[TableRow, ...]
    unknown: tuple[str, ...]


def read_table(
    data: bytes, place: str, columns: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> Table:
    """Table with a header; ``columns`` maps each column to the names it goes by.

    Raises SyntaxProblem with the line for what is no such table.
    """
    lines = list(_lines(data, place))
    header = [cell.strip().lower().lstrip("\ufeff") for cell in lines[0][1]] if lines else []
    names = {alias: name for name, aliases in columns.items() for alias in (name, *aliases)}
    found = [names.get(cell, "") for cell in header]
    for name in needed:
        if name not in found:
            raise SyntaxProblem(
                f"The column '{name}' is missing.",
                remedy=f"The first line names the columns: {', '.join(columns)}.",
                place=Place(place, 1),
            )
    rows = [
        TableRow(number, {n: c for n, c in zip(found, cells, strict=False) if n})
        for number, cells in lines[1:]
    ]
    unknown = tuple(cell for cell, name in zip(header, found, strict=True) if cell and not name)
    return Table(tuple(rows), unknown)


def read_bare_table(data: bytes, place: str, columns: Sequence[str]) -> Table:
    """Table without a header, its columns in this order."""
    rows = [
        TableRow(number, dict(zip(columns, cells, strict=False)))
        for number, cells in _lines(data, place)
    ]
    return Table(tuple(rows), ())


def read_json_lines(data: bytes, place: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of each line. Raises SyntaxProblem."""
    for number, line in enumerate(_text(data, place).split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise SyntaxProblem(
                "The line is no JSON object.",
                remedy="Write one object a line.",
                place=Place(place, number),
            )
        yield number, found


def _text(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SyntaxProblem(
            "The file is not UTF-8.", remedy="Save it as UTF-8.", place=Place(place)
        ) from error


def _lines(data: bytes, place: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row that holds something."""
    text = _text(data, place)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(MOST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error as error:
        raise SyntaxProblem(
            f"The table cannot be read: {error}.",
            remedy="Save it again as CSV, UTF-8.",
            place=Place(place, reader.line_num),
        ) from error
