"""HTML pages to lines: one per block of text; menus, scripts and forms are left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.errors import InputError, MissingExtraError, Place
from dtrack.sources.documents.lines import Line
from dtrack.sources.documents.plain import decode

if TYPE_CHECKING:
    from bs4 import Tag

_DROPPED = ("script", "style", "nav", "header", "footer", "form", "aside", "noscript", "template")
_BLOCKS = ("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "dd", "dt", "blockquote")
_BLOCKS_SET = frozenset(_BLOCKS)


def web_lines(data: bytes, place: str) -> list[Line]:
    """Blocks of text of an HTML page. Raises InputError for a page without text."""
    try:
        from bs4 import BeautifulSoup
    except ImportError as error:
        raise MissingExtraError(
            "HTML pages need a library that is not installed.",
            remedy="Run `pip install 'dtrack[documents]'`.",
        ) from error
    soup = BeautifulSoup(_decoded(data, place), "html.parser")
    for element in soup(list(_DROPPED)):
        element.decompose()
    for jump in soup("br"):
        jump.replace_with("\n")
    lines: list[Line] = []
    for block in soup(list(_BLOCKS)):
        for text in _own_text(block):
            style = "heading" if block.name.startswith("h") and len(block.name) == 2 else ""
            lines.append(Line(text, len(lines) + 1, whole=True, style=style))
    if not lines:
        raise InputError(
            "This page holds no text.",
            remedy="Save the page that shows the decision itself, not its frame or menu.",
            place=Place(place),
        )
    return lines


def _decoded(data: bytes, place: str) -> str:
    named = re.search(rb"charset=[\"']?([\w-]+)", data[:2048])
    if named:
        try:
            return data.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data, place)


def _own_text(block: Tag) -> list[str]:
    """Lines of a block that belong to no block inside it."""
    if block.name == "tr":
        cells = [" ".join(cell.get_text(" ").split()) for cell in block(["td", "th"])]
        return [f"| {' | '.join(cells)} |"] if any(cells) else []
    if block.find_parent("tr") is not None:
        return []
    parts = [_mark(block)]
    for child in block.children:
        is_block = getattr(child, "name", None) in _BLOCKS_SET | {"ul", "ol", "table"}
        parts.append("\n" if is_block else _words(child))
    lines = [" ".join(line.split()) for line in "".join(parts).split("\n")]
    return [line for line in lines if line and line != _mark(block).strip()]


def _words(child: object) -> str:
    from bs4 import Comment, Tag

    if isinstance(child, Tag):
        return child.get_text()
    return "" if isinstance(child, Comment) else str(child)


def _mark(block: Tag) -> str:
    """Number that a browser prints before an item of an ordered list."""
    above = block.parent
    if block.name != "li" or above is None or above.name != "ol":
        return ""
    number = len(block.find_previous_siblings("li")) + int(str(above.get("start") or 1))
    form = str(above.get("type") or "1")
    letter = chr(96 + number) if number <= 26 else str(number)
    return f"({letter}) " if form == "a" else f"{number}. "
