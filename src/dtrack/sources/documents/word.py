"""Word files (.docx) to lines: paragraphs, list numbers, tables, footnotes.

Read with the standard library alone. A file from outside may be a zip bomb or
hold XML entities that expand: sizes are checked before anything is unpacked,
and a document type declaration is refused.
"""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

from dtrack.errors import InputError, Place
from dtrack.sources.documents.lines import Line
from dtrack.sources.documents.word_numbers import ListNumbers, name, tag

_LARGEST_PART = 40_000_000
_LARGEST_RATIO = 200
_BODY = "word/document.xml"


def word_lines(data: bytes, place: str) -> list[Line]:
    """Paragraphs and table rows of a Word file, then its footnotes. Raises InputError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            body = _part(archive, _BODY, place)
            numbers = ListNumbers(_optional(archive, "word/numbering.xml", place))
            notes = _optional(archive, "word/footnotes.xml", place)
            styles = _styles(_optional(archive, "word/styles.xml", place))
    except (zipfile.BadZipFile, KeyError, ET.ParseError, EOFError, OSError) as error:
        raise _damaged(place) from error
    reading = _Reading(numbers, styles)
    content = body.find(tag("body"))
    if content is None:
        raise _damaged(place)
    reading.read(content)
    for note in [] if notes is None else notes.iter(tag("footnote")):
        reading.read_note(note)
    return reading.lines


def _damaged(place: str) -> InputError:
    return InputError(
        "This Word file is damaged, or is no .docx file.",
        remedy="Open it in a word processor and save it again as .docx.",
        place=Place(place),
    )


def _optional(archive: zipfile.ZipFile, part: str, place: str) -> ET.Element | None:
    return _part(archive, part, place) if part in archive.namelist() else None


def _part(archive: zipfile.ZipFile, part: str, place: str) -> ET.Element:
    info = archive.getinfo(part)
    swollen = info.file_size > _LARGEST_RATIO * max(1, info.compress_size)
    if info.file_size > _LARGEST_PART or (swollen and info.file_size > 1_000_000):
        raise InputError(
            "This Word file unpacks to far more than a text can need; it is not read.",
            remedy="Save the text alone, without embedded objects, or as plain text.",
            place=Place(place),
        )
    with archive.open(info) as stream:
        content = stream.read(_LARGEST_PART + 1)
    if len(content) > _LARGEST_PART or b"<!DOCTYPE" in content:
        raise _damaged(place)
    return ET.fromstring(content)  # noqa: S314 - size is capped, and a DTD refused above


def _styles(part: ET.Element | None) -> dict[str, ET.Element]:
    """Paragraph styles by identifier."""
    found = [] if part is None else part.iter(tag("style"))
    return {style.get(name("styleId"), ""): style for style in found}


def _label(style: ET.Element | None, identifier: str) -> str:
    """Name of a style in lower case, or its identifier where it is not described."""
    label = None if style is None else style.find(tag("name"))
    return (identifier if label is None else label.get(name("val"), "")).lower()


class _Reading:
    """Lines so far."""

    def __init__(self, numbers: ListNumbers, styles: dict[str, ET.Element]) -> None:
        self.lines: list[Line] = []
        self._numbers = numbers
        self._styles = styles

    def read(self, container: ET.Element) -> None:
        for child in container:
            if child.tag == tag("p"):
                self._paragraph(child)
            elif child.tag == tag("tbl"):
                self._table(child)
            elif child.tag in {tag("sdt"), tag("sdtContent"), tag("ins")}:
                self.read(child)

    def read_note(self, note: ET.Element) -> None:
        text = " ".join(_text(paragraph) for paragraph in note.iter(tag("p"))).strip()
        if text and note.get(name("type")) is None:
            self._add(f"{note.get(name('id'), '')} {text}", "note")

    def _paragraph(self, paragraph: ET.Element) -> None:
        properties = paragraph.find(tag("pPr"))
        style = ""
        mark = ""
        if properties is not None:
            chosen = properties.find(tag("pStyle"))
            label = "" if chosen is None else chosen.get(name("val"), "")
            known = self._styles.get(label)
            style = "heading" if _label(known, label).startswith(("heading", "title")) else ""
            mark = self._numbers.mark(properties, known)
        text = _text(paragraph)
        if text.strip():
            self._add(f"{mark}\t{text}" if mark else text, style)

    def _table(self, table: ET.Element) -> None:
        for row in table.iter(tag("tr")):
            cells = [
                " ".join(_text(p) for p in cell.iter(tag("p"))) for cell in row.iter(tag("tc"))
            ]
            if any(cell.strip() for cell in cells):
                self._add(f"| {' | '.join(cells)} |", "table")

    def _add(self, text: str, style: str) -> None:
        self.lines.append(Line(text, len(self.lines) + 1, whole=True, style=style))


def _text(paragraph: ET.Element) -> str:
    """Words of a paragraph; a footnote reference becomes its number, glued as it is printed."""
    parts: list[str] = []
    for node in paragraph.iter():
        if node.tag == tag("t"):
            parts.append(node.text or "")
        elif node.tag in {tag("tab"), tag("br"), tag("cr")} and parts:
            parts.append("\t" if node.tag == tag("tab") else " ")
        elif node.tag == tag("noBreakHyphen"):
            parts.append("-")
        elif node.tag == tag("footnoteReference"):
            parts.append(node.get(name("id"), ""))
    return "".join(parts)
