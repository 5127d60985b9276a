"""CSV and XLSX to rows of text, within bounds; what a cell shows is what is read."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

from dtrack.errors import MissingExtraError, Place, SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_BYTES: Final = 64 << 20
"""Of a workbook once it is unpacked."""
MOST_COLUMNS: Final = 100
_LONGEST_CELL: Final = 20_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its header and the rows below that hold something, with their numbers from 1.

    ``place`` names file and sheet for messages; ``title`` is "" for CSV.
    """

    place: str
    title: str
    header_row: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_grids(data: bytes, name: str) -> list[Grid]:
    """Sheets of a file, CSV or XLSX by what it holds. Raises SyntaxProblem, MissingExtraError."""
    if data.startswith(b"PK\x03\x04"):
        return list(_workbook(data, name))
    return [_grid(name, "", _separated(data, name))]


def column_letter(position: int) -> str:
    """Letter of a column, counted from 0: A to Z, then AA."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _separated(data: bytes, name: str) -> Iterator[tuple[str, ...]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SyntaxProblem(
            "The file is not UTF-8.", remedy="Save it as 'CSV UTF-8'.", place=Place(name)
        ) from error
    first = text.split("\n", 1)[0]
    # Spreadsheets of countries with a decimal comma write semicolons.
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield tuple(cell.strip() for cell in cells)
    except csv.Error as error:
        raise SyntaxProblem(
            f"The CSV cannot be read: {error}.",
            remedy="Save it again as CSV UTF-8.",
            place=Place(name, reader.line_num),
        ) from error


def _workbook(data: bytes, name: str) -> Iterator[Grid]:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError(
            "Reading XLSX needs the library openpyxl.",
            remedy="pip install 'dtrack[documents]', or save the sheet as CSV.",
        ) from error
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise SyntaxProblem(
                    "The workbook is too large.",
                    remedy="Make several files.",
                    place=Place(name),
                )
        with warnings.catch_warnings():
            # What it says about styles and extensions of Excel is not about the cells.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    sheet.reset_dimensions()
                    rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
                    texts = (tuple(map(_text, row)) for row in rows)
                    yield _grid(f"{name}, sheet {sheet.title}", sheet.title, texts)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, ParseError) as error:
        raise SyntaxProblem(
            "The file is no XLSX workbook that can be read.",
            remedy="Save it again as .xlsx, or as CSV.",
            place=Place(name),
        ) from error


def _text(value: Any) -> str:
    """Text of a cell as people see it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _grid(place: str, title: str, lines: Iterable[tuple[str, ...]]) -> Grid:
    """Header and rows; rows without anything, and rows of help, are passed over."""
    header: tuple[str, ...] = ()
    header_row = 1
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in enumerate(lines, 1):
        if not any(cells) or cells[0].startswith("#"):
            continue
        if any(len(cell) > _LONGEST_CELL for cell in cells):
            raise SyntaxProblem(
                f"A cell of row {number} holds more than {_LONGEST_CELL} letters.",
                remedy="Shorten it.",
                place=Place(place, number),
            )
        if not header:
            header, header_row = cells, number
        else:
            rows.append((number, cells))
    return Grid(place, title, header_row, header, tuple(rows))
