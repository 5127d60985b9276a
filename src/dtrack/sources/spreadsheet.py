"""Spreadsheets by template, CSV or XLSX, to checked rows; every fault names its cell.

The first row holds the names of the columns; rows whose first cell begins with
``#`` are help and are passed over. Nothing comes of a sheet with a fault in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from dtrack.errors import InputError, SyntaxProblem
from dtrack.sources.spreadsheet_cells import Grid, column_letter, read_grids
from dtrack.sources.spreadsheet_templates import TEMPLATES, Column, Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_ROWS: Final = 20_000
_TOLD: Final = 20
_MEANT: Final = 0.5
"""Share of a template's columns above which a header is meant to be its own."""
_DECIMAL: Final = re.compile(r"0|1|1\.0+|0\.[0-9]{1,6}")
_URL: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+|(?:urn|doi):[^\s<>\"{}|\\^`]+")

Codes = dict[str, tuple[str, ...]]
"""Notations of code lists, by the name of the list."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, or a row, and what to do."""

    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """Give place, message and remedy in one line."""
        return f"{self.place}: {self.message} {self.remedy}"


class SheetProblem(SyntaxProblem):
    """Faults of a spreadsheet; ``faults`` holds all of them, the message the first."""

    title = "Faulty spreadsheet"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in faults[:_TOLD]]
        if len(faults) > _TOLD:
            lines.append(f"… and {len(faults) - _TOLD} more.")
        super().__init__("\n".join(lines), remedy="Nothing was read; mend these cells first.")


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the text of each column, "" where nothing is given."""

    sheet: str
    """File and sheet, for messages."""
    number: int
    cells: Mapping[str, str]
    letters: Mapping[str, str] = field(repr=False)

    def __getitem__(self, column: str) -> str:
        """Text of a column."""
        return self.cells[column]

    def fault(self, column: str, message: str, remedy: str) -> Fault:
        """Fault of a cell."""
        return Fault(f"{self.sheet}, cell {self.letters[column]}{self.number}", message, remedy)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet that follows a template; ``name`` is that of the file."""

    name: str
    kind: str
    rows: tuple[Row, ...]


def read_sheets(data: bytes, name: str, codes: Codes) -> list[Sheet]:
    """Sheets of a CSV or XLSX file that follow a template.

    ``codes`` are the lists that cells are checked against. Raises SheetProblem
    with all faults, InputError for a file in which no sheet follows a template.
    """
    faults: list[Fault] = []
    sheets: list[Sheet] = []
    for grid in read_grids(data, name):
        template = _template_of(grid)
        if template is not None:
            sheets.append(_read(grid, template, name, codes, faults))
    if faults:
        raise SheetProblem(faults)
    if not any(sheet.rows for sheet in sheets):
        raise InputError(
            f"No sheet of '{name}' has rows under the header of a template.",
            remedy=f"Start from one of ours: `dtrack template {'|'.join(TEMPLATES)}`.",
        )
    return sheets


def _template_of(grid: Grid) -> Template | None:
    """Template that a sheet is meant to follow, by its name or else by its header."""
    if named := TEMPLATES.get(grid.title.strip().lower()):
        return named
    names = {text.strip().lower() for text in grid.header}

    def fit(template: Template) -> float:
        needed = [column.name for column in template.columns if column.required]
        return sum(name in names for name in needed) / len(needed)

    best = max(TEMPLATES.values(), key=fit)
    return best if fit(best) > _MEANT else None


def _read(grid: Grid, template: Template, name: str, codes: Codes, faults: list[Fault]) -> Sheet:
    letters = _header(grid, template, faults)
    rows: list[Row] = []
    if len(grid.rows) > MOST_ROWS:
        faults.append(
            Fault(grid.place, f"There are more than {MOST_ROWS} rows.", "Make several files.")
        )
        return Sheet(name, template.kind, ())
    for number, cells in grid.rows:
        by_letter = {column_letter(n): text for n, text in enumerate(cells)}
        row = Row(
            grid.place,
            number,
            {c.name: by_letter.get(letters.get(c.name, ""), "") for c in template.columns},
            {c.name: letters.get(c.name, "A") for c in template.columns},
        )
        faults += _faults(row, template.columns, codes)
        rows.append(row)
    return Sheet(name, template.kind, tuple(rows))


def _header(grid: Grid, template: Template, faults: list[Fault]) -> dict[str, str]:
    """Letter of each column that is there."""
    known = {column.name: column for column in template.columns}
    letters: dict[str, str] = {}
    for position, text in enumerate(grid.header):
        column, letter = text.strip().lower(), column_letter(position)
        if not column:
            continue
        place = f"{grid.place}, cell {letter}{grid.header_row}"
        if column not in known:
            faults.append(
                Fault(
                    place, f"There is no column '{text[:40]}'.", f"There are: {', '.join(known)}."
                )
            )
        elif column in letters:
            faults.append(Fault(place, f"The column '{column}' stands twice.", "Keep one."))
        letters.setdefault(column, letter)
    for name in (c.name for c in template.columns if c.required and c.name not in letters):
        place = f"{grid.place}, row {grid.header_row}"
        faults.append(Fault(place, f"The column '{name}' is missing.", "Add it."))
    return letters


def _faults(row: Row, columns: Iterable[Column], codes: Codes) -> list[Fault]:
    """What is wrong with the cells of a row, as far as the row itself tells."""
    found: list[Fault] = []
    for column in columns:
        text = row[column.name]
        if text.startswith("="):
            found.append(row.fault(column.name, "This is a formula.", "Paste its value instead."))
        elif text:
            told = _wrong(text, column, codes)
            if told:
                found.append(row.fault(column.name, *told))
        elif column.required:
            found.append(row.fault(column.name, f"'{column.name}' is empty.", column.help))
    return found


def _wrong(text: str, column: Column, codes: Codes) -> tuple[str, str] | None:
    """Message and remedy for a cell that cannot be; None for one that can."""
    if column.code:
        notations = codes[column.code]
        if text not in notations:
            return f"'{text[:60]}' is not in the list.", f"Use one of {', '.join(notations)}."
    elif column.form == "date" and not _is_date(text):
        return f"'{text[:60]}' is no date.", "Write YYYY-MM-DD."
    elif column.form == "confidence" and not _DECIMAL.fullmatch(text):
        return f"'{text[:60]}' is no confidence.", "Write a decimal from 0 to 1, such as 0.7."
    elif column.form == "page" and not _URL.fullmatch(text):
        return f"'{text[:60]}' is no address.", "Write it out, from https:// on."
    elif column.form == "key" and not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", text):
        return f"'{text[:60]}' is no key.", "Use lower-case letters, digits, dots and hyphens."
    return None


def _is_date(text: str) -> bool:
    try:
        return len(text) == len("2026-11-21") and bool(date.fromisoformat(text))
    except ValueError:
        return False
