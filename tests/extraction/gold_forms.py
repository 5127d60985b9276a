"""One written form for numbers, symbols, pinpoints, targets and dates.

Gold and engine are compared in these forms, so that "Annex I" and "annex-1",
X/31 and 10/31, "2028" and 2028-12-31 are the same thing.
"""

from __future__ import annotations

import calendar
import re
from typing import Any

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_CHINESE = {char: place for place, char in enumerate("一二三四五六七八九十", 1)}
_PARTIES_OF_THE_TEXT = re.compile(r"^(unfccc|cbd|cites|unccd|cartagena|nagoya)-parties$")


def roman_value(numeral: str) -> int | None:
    """The value of a roman numeral, None where the letters make none."""
    digits = [_ROMAN.get(letter) for letter in numeral.lower()]
    if not digits or None in digits:
        return None
    values = [digit for digit in digits if digit is not None]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(value if value >= following else -value for value, following in pairs)


def arabic(token: str) -> str:
    """A number written in arabic digits, whether it is roman, Chinese or arabic already."""
    if token in _CHINESE:
        return str(_CHINESE[token])
    value = roman_value(token)
    return token if value is None else str(value)


def annex_form(annex: object) -> str:
    """ "" for the body, else the annex's number; an only annex is number 1."""
    if annex in (None, "", False):
        return ""
    name = str(annex).lower().replace("附件", "").replace("annex", "").replace("anexo", "")
    token = re.match(r"[\s.\-_]*(\w+)?", name)
    return arabic(token[1]) if token and token[1] else "1"


def number_form(number: object) -> str:
    """A paragraph's number as a path, without brackets and without the annex before it."""
    text = str(number or "").strip().lower()
    text = re.sub(r"^annex[\s\-]?(\d+|[ivx]+)?[.\-:/]", "", text)
    text = re.sub(r"[\s()（）]+", ".", text)
    return re.sub(r"\.+", ".", text).strip(".")


def section_form(section: object) -> str:
    """The label of a section's heading, without its title."""
    text = str(section or "").strip().lower()
    label = re.match(rf"(?:section\s+)?([ivxl]+|[a-z]|\d+|[{''.join(_CHINESE)}]+)\b", text)
    return label[1] if label else ""


def symbol_form(symbol: str) -> str:
    """A symbol without revision and prefix, its session in arabic digits."""
    text = re.sub(r"\s*\(rev[^)]*\)", "", symbol.strip().lower())
    text = re.sub(r"^.*(?:resolution|decision|recommendation|/dec/|/res\.?/?)\s*", "", text)
    text = re.sub(r"^(a/res|cbd/cop)/", "", text).replace("conf.", "conf. ")
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"^[ivxl]+(?=[/.]\d)", lambda found: arabic(found[0]), text)


def pinpoint_forms(pinpoint: object) -> set[str]:
    """The places that a pinpoint names, one by one."""
    if not pinpoint:
        return set()
    parts: list[Any] = list(pinpoint) if isinstance(pinpoint, list | tuple) else [pinpoint]
    places: set[str] = set()
    for part in parts:
        places.update(re.split(r"\s*(?:,|;|\+|\band\b|和|、)\s*", str(part)))
    return {form for place in places if (one := _place(place)) for form in _each_of(one)}


def _each_of(place: str) -> list[str]:
    ends = re.fullmatch(r"(\d+)-(\d+)", place)
    return [str(n) for n in range(int(ends[1]), int(ends[2]) + 1)] if ends else [place]


def _place(place: str) -> str:
    text = re.sub(r"^(paragraphs?|paras?\.?|第)\s*", "", place.strip().lower()).replace("段", "")
    text = text.replace("–", "-").replace("—", "-")
    if re.fullmatch(r"[ivxl]+", text):  # Only sections are numbered so at the highest level.
        text = f"section {text}"
    label = re.match(r"^(annex|section|附件)[\s.\-/]*(\w*)(.*)$", text)
    if label:
        word = "section" if label[1] == "section" else "annex"
        text = word + (f".{arabic(label[2])}" if label[2] else "") + label[3]
    return number_form(text) if not text.startswith("annex") else re.sub(r"[\s()]+", ".", text)


def target_form(target: str) -> str:
    """The key of a target or goal, as in aichi-14, gbf-3, sdg-14.2."""
    text = target.strip().lower().replace("target-", "").replace("goal-", "")
    text = re.sub(r"^.*[/#]", "", text)
    text = re.sub(r"-0+(?=\d)", "-", text)
    return f"sdg-{text}" if re.fullmatch(r"\d+(\.\w+)?", text) else text


def actor_form(key: str) -> str:
    """The key of an actor; the Parties of any convention are "parties" in its own texts."""
    name = key.rsplit("/", 1)[-1]
    return "parties" if _PARTIES_OF_THE_TEXT.match(name) else name


def time_forms(deadline: object) -> set[str]:
    """The readings of one deadline: last days as ISO dates, keys of meetings."""
    if isinstance(deadline, dict):
        values: list[Any] = [value for key, value in deadline.items() if key != "recurrence"]
    else:
        values = list(deadline) if isinstance(deadline, list | tuple) else [deadline]
    return {form for value in values if (form := _time(value))}


def _time(value: object) -> str:
    text = str(value or "").strip().lower().rsplit("/", 1)[-1]
    date = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    if not date:
        return text if re.fullmatch(r"[a-z]+(-[a-z0-9]+)*-[a-z0-9]*\d\w*", text) else ""
    year, month = int(date[1]), int(date[2] or 12)
    day = int(date[3] or calendar.monthrange(year, month)[1])
    return f"{year:04}-{month:02}-{day:02}"
