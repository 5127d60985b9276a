"""Plain text to lines: the encoding is found out, what is no text is refused."""

from __future__ import annotations

import codecs

from dtrack.errors import InputError, Place
from dtrack.sources.documents.lines import Line

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = frozenset(range(32)) - {9, 10, 11, 12, 13, 27}
_ODD_SHARE = 0.005


def decode(data: bytes, place: str) -> str:
    """Text of some bytes in UTF-8, UTF-16, UTF-32 or GB 18030. Raises InputError."""
    text = _decoded(data)
    if text is None or _odd(text) > _ODD_SHARE:
        raise InputError(
            "This is no readable text: neither UTF-8, UTF-16 nor GB 18030.",
            remedy="Save it as UTF-8 text; hand in Word, PDF and HTML files by their own endings.",
            place=Place(place),
        )
    return text


def _decoded(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _try(data, encoding)
    if b"\x00" in data[:4096]:
        # Latin text in UTF-16 has a zero in every second byte, on one side.
        even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
        return _try(data, "utf-16-be" if even > odd else "utf-16-le")
    return _try(data, "utf-8") or _chinese(data)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _chinese(data: bytes) -> str | None:
    """GB 18030 takes nearly any bytes, so that the outcome has to look Chinese."""
    text = _try(data, "gb18030")
    if text is None:
        return None
    wide = [char for char in text if ord(char) > 127]
    chinese = sum("\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" for c in wide)
    common = sum(char in "的和在国会定决公约方各关与有一、，。第" for char in wide)
    return text if wide and chinese > 0.7 * len(wide) and common > 0.03 * len(wide) else None


def _odd(text: str) -> float:
    """Share of characters that no text has."""
    odd = sum(ord(c) in _CONTROLS or c == "\ufffd" or 0xD800 <= ord(c) < 0xE000 for c in text)
    return odd / max(1, len(text))


def plain_lines(data: bytes, place: str) -> list[Line]:
    """Lines of a text; a form feed begins a page."""
    lines: list[Line] = []
    page = 1 if b"\x0c" in data else 0
    text = decode(data, place).replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), start=1):
        page += line.count("\x0c") if page else 0
        lines.append(Line(line.replace("\x0c", ""), number, page))
    return lines
