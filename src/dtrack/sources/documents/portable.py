"""PDF files to lines, page by page."""

from __future__ import annotations

import io
import logging
from typing import Any

from dtrack.errors import InputError, MissingExtraError, Place
from dtrack.sources.documents.lines import Line

_SCANNED = 20
"""Letters a page below which a file has pictures of pages instead of text."""


def portable_lines(data: bytes, place: str) -> list[Line]:
    """Lines of a PDF. Raises InputError for one that is damaged, locked or scanned."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise MissingExtraError(
            "PDF files need a library that is not installed.",
            remedy="Run `pip install 'dtrack[documents]'`.",
        ) from error
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        pages = _pages(PdfReader(io.BytesIO(data)))
    except (PyPdfError, ValueError, KeyError, TypeError, OSError, RecursionError) as error:
        raise InputError(
            "This PDF is damaged or locked.",
            remedy="Save it again from a viewer, without password, or hand in its text.",
            place=Place(place),
        ) from error
    letters = sum(char.isalnum() for page in pages for char in page)
    if letters < _SCANNED * max(1, len(pages)):
        raise InputError(
            f"This PDF holds pictures of {len(pages)} pages and no text.",
            remedy="Run text recognition (OCR) over it first.",
            place=Place(place),
        )
    lines: list[Line] = []
    for number, page in enumerate(pages, start=1):
        lines += [
            Line(text, len(lines) + count, number)
            for count, text in enumerate(page.split("\n"), start=1)
        ]
    return lines


def _pages(reader: Any) -> list[str]:
    return [page.extract_text() or "" for page in reader.pages]
