"""Numbers that Word prints before list paragraphs but does not store in them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_CHINESE = "〇一二三四五六七八九"


def tag(local: str) -> str:
    """Name of an element as ElementTree has it."""
    return f"{{{_NAMESPACE}}}{local}"


name = tag


class _Level(NamedTuple):
    form: str
    text: str
    start: int


class ListNumbers:
    """Counters of all lists of a file, advanced paragraph by paragraph."""

    def __init__(self, part: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if part is None:
            return
        abstract = {
            item.get(name("abstractNumId"), ""): _levels(item)
            for item in part.iter(tag("abstractNum"))
        }
        for item in part.iter(tag("num")):
            chosen = item.find(tag("abstractNumId"))
            if chosen is not None:
                key = chosen.get(name("val"), "")
                self._levels[item.get(name("numId"), "")] = abstract.get(key, {})

    def mark(self, properties: Element, style: Element | None = None) -> str:
        """Number of a paragraph, its own or its style's: ``4.``, ``(c)``, "" without one."""
        numbering = properties.find(tag("numPr"))
        if numbering is None and style is not None:
            numbering = style.find(f"{tag('pPr')}/{tag('numPr')}")
        if numbering is None:
            return ""
        list_id, depth = _value(numbering, "numId"), int(_value(numbering, "ilvl") or 0)
        level = self._levels.get(list_id, {}).get(depth)
        if level is None or level.form in {"bullet", "none"}:
            return "•" if level is not None and level.form == "bullet" else ""
        counts = self._counts[list_id]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        return self._printed(list_id, level, counts)

    def _printed(self, list_id: str, level: _Level, counts: dict[int, int]) -> str:
        def number(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            of = self._levels[list_id].get(depth, level)
            return written(counts.get(depth, of.start), of.form)

        return re.sub(r"%(\d)", number, level.text)


def _levels(abstract: Element) -> dict[int, _Level]:
    return {
        int(item.get(name("ilvl"), "0")): _Level(
            _value(item, "numFmt"), _value(item, "lvlText"), int(_value(item, "start") or 1)
        )
        for item in abstract.iter(tag("lvl"))
    }


def _value(element: Element, child: str) -> str:
    found = element.find(tag(child))
    return "" if found is None else found.get(name("val"), "")


def written(number: int, form: str) -> str:
    """Number in one of Word's forms: decimal, lowerLetter, and so on."""
    if form in {"lowerLetter", "upperLetter"}:
        letters = chr(96 + (number - 1) % 26 + 1) * ((number - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in {"lowerRoman", "upperRoman"}:
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    if form.startswith(("chinese", "japanese", "ideograph")):
        return _chinese(number)
    return str(number)


def _roman(number: int) -> str:
    result = ""
    for value, letters in _ROMAN:
        result += letters * (number // value)
        number %= value
    return result


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _CHINESE[tens % 10]) + "十" if tens else ""
    return head + (_CHINESE[ones] if ones or not tens else "")
