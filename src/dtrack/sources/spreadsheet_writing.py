"""Empty templates, CSV or XLSX: a header, a row of help, and lists to choose from."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from dtrack.errors import InputError, MissingExtraError
from dtrack.sources.spreadsheet_cells import column_letter
from dtrack.sources.spreadsheet_templates import TEMPLATES

if TYPE_CHECKING:
    from dtrack.sources.spreadsheet import Codes
    from dtrack.sources.spreadsheet_templates import Column, Template

_ROWS: Final = 2000
"""Rows that offer their lists."""
_WIDEST: Final = 40


def write_template(kind: str, form: str, codes: Codes) -> bytes:
    """An empty template of a kind, as ``csv`` or ``xlsx``. Raises InputError, MissingExtraError."""
    try:
        template = TEMPLATES[kind]
    except KeyError:
        raise InputError(
            f"There is no template '{kind[:40]}'.", remedy=f"There are: {', '.join(TEMPLATES)}."
        ) from None
    return _workbook(template, codes) if form == "xlsx" else _separated(template, codes)


def _help(column: Column, codes: Codes) -> str:
    """What belongs into a column, in one line."""
    parts = [column.help if column.required else f"{column.help} May be empty."]
    if column.code:
        parts.append(f"One of: {', '.join(codes[column.code])}.")
    if column.example:
        parts.append(f"Example: {column.example}")
    return " ".join(parts)


def _help_row(template: Template, codes: Codes) -> list[str]:
    texts = [_help(column, codes) for column in template.columns]
    return [f"# {texts[0]}", *texts[1:]]


def _separated(template: Template, codes: Codes) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in template.columns])
    writer.writerow(_help_row(template, codes))
    # With a mark of its encoding, or Excel takes it for something else.
    return text.getvalue().encode("utf-8-sig")


def _workbook(template: Template, codes: Codes) -> bytes:
    try:
        from openpyxl import Workbook
        from openpyxl.comments import Comment
        from openpyxl.styles import Alignment, Font
        from openpyxl.utils import quote_sheetname
        from openpyxl.worksheet.datavalidation import DataValidation
    except ImportError as error:
        raise MissingExtraError(
            "Writing XLSX needs the library openpyxl.",
            remedy="pip install 'dtrack[documents]', or ask for CSV: -o FILE.csv",
        ) from error
    book = Workbook()
    sheet: Any = book.active
    sheet.title = template.title
    sheet.append([column.name for column in template.columns])
    sheet.append(_help_row(template, codes))
    sheet.freeze_panes = "A3"
    lists: Any = book.create_sheet("Lists")
    lists.sheet_state = "hidden"
    for position, column in enumerate(template.columns):
        letter = column_letter(position)
        text = _help(column, codes)
        sheet.column_dimensions[letter].width = min(_WIDEST, 12 + len(column.help) // 2)
        top, below = sheet[f"{letter}1"], sheet[f"{letter}2"]
        top.font = Font(bold=column.required)
        top.comment = Comment(text, "dtrack")
        below.font = Font(italic=True, color="777777")
        below.alignment = Alignment(wrap_text=True, vertical="top")
        if not column.code:
            continue
        for row, notation in enumerate(codes[column.code], 1):
            lists[f"{letter}{row}"] = notation
        last = len(codes[column.code])
        choice = DataValidation(
            type="list",
            formula1=f"{quote_sheetname('Lists')}!${letter}$1:${letter}${last}",
            allow_blank=not column.required,
            showErrorMessage=True,
            errorTitle=column.name,
            error="Choose from the list.",
        )
        choice.add(f"{letter}3:{letter}{_ROWS}")
        sheet.add_data_validation(choice)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
