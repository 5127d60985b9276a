"""Any document to lines, by its content rather than its name alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from dtrack.errors import InputError, Place
from dtrack.sources.documents.lines import LARGEST, LARGEST_TEXT, Line
from dtrack.sources.documents.plain import plain_lines
from dtrack.sources.documents.portable import portable_lines
from dtrack.sources.documents.web import web_lines
from dtrack.sources.documents.word import word_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[bytes, str], list[Line]]

READERS: dict[str, Reader] = {
    "txt": plain_lines,
    "docx": word_lines,
    "pdf": portable_lines,
    "html": web_lines,
}
_OLE = b"\xd0\xcf\x11\xe0"


def kind_of(data: bytes, place: str) -> str:
    """Format of some bytes: a key of READERS. Raises InputError for an older Word file."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    if head.startswith(_OLE):
        raise InputError(
            "This is a Word file of the older format (.doc).",
            remedy="Save it as .docx.",
            place=Place(place),
        )
    lower = head.lower()
    if lower.startswith((b"<!doctype html", b"<html")) or Path(place).suffix.lower() in {
        ".html",
        ".htm",
        ".xhtml",
    }:
        return "html"
    return {".docx": "docx", ".pdf": "pdf"}.get(Path(place).suffix.lower(), "txt")


def read_document(data: bytes, place: str) -> list[Line]:
    """Lines of a document; ``place`` is its name for messages.

    Raises InputError for one that is empty, too large, damaged, scanned or no
    text, and MissingExtraError where the library for its format is missing.
    """
    if len(data) > LARGEST:
        raise _too_large(place)
    if form := _data_format(data):
        raise InputError(
            f"This is {form} data, not the text of a decision.",
            remedy="Hand in the text itself: plain text, Word (.docx), PDF or HTML.",
            place=Place(place),
        )
    lines = READERS[kind_of(data, place)](data, place) if data.strip() else []
    if not any(line.text.strip() for line in lines):
        raise InputError(
            "This document is empty.",
            remedy="Hand in a file that holds the text of a decision.",
            place=Place(place),
        )
    if sum(len(line.text) for line in lines) > LARGEST_TEXT:
        raise InputError(
            f"This document holds more than {LARGEST_TEXT // 1_000_000} million characters.",
            remedy="Split it; a session's volume has two million.",
            place=Place(place),
        )
    return lines


def data_format(path: Path) -> str:
    """Name of the format of a file that holds data and no document, such as JSON; else ""."""
    try:
        if path.stat().st_size > LARGEST:
            return ""
        return _data_format(path.read_bytes())
    except OSError:
        return ""


def _data_format(data: bytes) -> str:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
        return ""
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return ""
    return "JSON"


def read_file(path: Path) -> list[Line]:
    """Lines of a file. Raises as read_document does, and for a file that cannot be opened."""
    try:
        if path.stat().st_size > LARGEST:
            raise _too_large(path.name)
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            "This file cannot be opened.",
            remedy="Check its name and who may read it.",
            place=Place(str(path)),
        ) from error
    return read_document(data, path.name)


def _too_large(place: str) -> InputError:
    return InputError(
        f"This document is larger than {LARGEST // 1_000_000} MB.",
        remedy="Split it, or hand in its text without pictures.",
        place=Place(place),
    )
