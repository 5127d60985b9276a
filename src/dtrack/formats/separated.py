"""Rows as CSV and TSV, plain text for people and spreadsheets; "" for unbound."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dtrack.model import Rows

_TSV_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def write_csv(rows: Rows) -> bytes:
    """CSV by RFC 4180: CR LF, quotes where needed, UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(rows.columns)
    writer.writerows(row.values() for row in rows.texts())
    return text.getvalue().encode()


def write_tsv(rows: Rows) -> bytes:
    r"""TSV with a line a row; tabs, line ends and backslashes in values become ``\t`` and so on."""
    lines = [rows.columns, *(tuple(row.values()) for row in rows.texts())]
    return "".join(
        "\t".join(cell.translate(_TSV_ESCAPES) for cell in line) + "\n" for line in lines
    ).encode()
