"""Numbers before paragraphs: ``4.``, ``(c)``, ``(ii)``, ``III.``, ``B.``, ``(一)``, bullets.

A letter may be a roman number too: ``(i)`` follows ``(h)`` or opens subitems.
So a mark is read with all its possible forms, and the structure decides.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from dtrack.symbols import roman

_LONGEST_MARK = 8
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF41, 0xFF5B))}
_REST = r"\s*(?P<rest>.*)"
_PATTERNS = tuple(
    (style, re.compile(pattern + _REST, re.DOTALL))
    for style, pattern in (
        ("number", r"(?P<n>\d{1,3}(?:\.\d{1,2})?(?: ?bis| ?ter)?)\s?[.)、．](?!\d)"),
        ("number", r"(?P<n>\d{1,3}\.\d{1,2})(?=\s+\S)"),
        ("bracket", r"[(（]\s?(?P<n>[a-zA-Z]|(?P<l>[a-zA-Z])(?P=l)|[ivxIVX]{2,5}|\d{1,2})\s?[)）]"),
        ("bracket", r"(?P<n>[a-z]|[ivx]{2,5})[)）]"),
        ("chinese", r"[(（](?P<n>[一二三四五六七八九十]{1,3})[)）]"),
        ("chinese-section", r"(?P<n>[一二三四五六七八九十]{1,3})[、．.]\s?"),
        ("dotted", r"(?P<n>[a-z]|[ivx]{2,5})\.(?=\s)"),
        ("section", r"(?P<n>[IVX]{1,6})\.(?=\s)"),
        ("section-letter", r"(?P<n>[A-Z])\.(?=\s)"),
        ("bullet", r"(?P<n>[•·▪\uf0b7]|o(?=\s+[A-Z])|[-–—](?=\s+\S))"),
    )
)
_CHINESE = {c: n for n, c in enumerate("一二三四五六七八九十", start=1)}
_ROMAN = re.compile(r"(?=[ivxl])(?:x{0,4})(?:ix|iv|v?i{0,3})$")


class Mark(NamedTuple):
    """A number before a paragraph: its style, as written and as in provision numbers."""

    style: str
    written: str
    value: str

    @property
    def letter(self) -> int | None:
        """Place in the alphabet, where it may be a letter: ``aa`` is 27."""
        if not self.value.isalpha() or len(set(self.value)) > 1 or not self.value.isascii():
            return None
        return ord(self.value[0]) - 96 + 26 * (len(self.value) - 1)

    @property
    def roman(self) -> int | None:
        """Value as a roman number, where it may be one."""
        return roman(self.value) if _ROMAN.fullmatch(self.value) else None

    @property
    def number(self) -> int | None:
        """Value as an arabic or Chinese number."""
        if self.value.isdigit():
            return int(self.value)
        return None


def chinese_number(text: str) -> int:
    """Number that up to three Chinese digits write: 十二 gives 12."""
    head, ten, tail = text.partition("十")
    if not ten:
        return _CHINESE.get(text, 0)
    return _CHINESE.get(head, 1) * 10 + _CHINESE.get(tail, 0)


def split_mark(text: str) -> tuple[Mark, str] | None:
    """Number before a paragraph, and the rest; None where there is none."""
    stripped = text.lstrip()
    head = stripped[:_LONGEST_MARK].translate(_WIDE)
    stripped = head + stripped[_LONGEST_MARK:]
    for style, pattern in _PATTERNS:
        match = pattern.match(stripped)
        if match is None:
            continue
        written, rest = match["n"], match["rest"].strip()
        if style.startswith("chinese"):
            value = str(chinese_number(written))
        else:
            value = re.sub(r"\s", "", written).lower()
        if style == "number" and _is_date_or_amount(rest):
            continue
        return Mark(style, written, value), rest
    return None


def _is_date_or_amount(rest: str) -> bool:
    """``12. Juli`` or ``3. 5 per cent`` are no paragraph numbers."""
    return not rest or rest[0] in "%°"
