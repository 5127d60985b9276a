"""Places in a cited text: paragraphs, annexes, sections, before or after its symbol."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.marks import chinese_number

if TYPE_CHECKING:
    from collections.abc import Iterator

TIE = (
    r"\s*(?:,\s*(?:and|et|y)\s+|,|、|，|;|&|\band\b|\bet\b|\by\b|\bas well as\b|\bainsi que\b"
    r"|\basí como\b|和|及|与|以及)\s*"
)
RANGE = r"\s*(?:\bto\b|\bthrough\b|–|—|号?\s*至\s*第?|\bà\b|\ba\b)\s*"
PARAGRAPH = r"(?:paragraphs?|paras?\.?|paragraphes?|p[áa]rrafos?|§)"
_ITEM = r"\(?\s?[a-z]{1,4}\s?\)"
_NUMBER = rf"(?:\d+(?![\d/])(?:\s?{_ITEM})*|{_ITEM})"
_TO = rf"(?:{RANGE}|\s?-\s?)"
NUMBERS = rf"{_NUMBER}(?:(?:{TIE}|{_TO}){_NUMBER})*"
_NUMBER_ZH = r"\d+(?:\s?[(（]\s?[a-z]{1,4}\s?[)）])*"
_LABEL = r"(?:\s+(?:[IVX]+|\d{1,2}|[A-H])\b)?"
_SECTION = r"(?:[IVX]+|[A-H])(?:\.[A-Z])?\b"
_MARKS = {ord("第"): "", ord("段"): "", ord("（"): "(", ord("）"): ")"}
_ROMAN = frozenset("IVX")
_SUB = r"(?:sub-?paragraphs?|alin[ée]as?|apartados?|incisos?)"
_AFTER = re.compile(
    r"(?:\s[A-E](?=,))?\s*[,(]?\s*"
    r"(?:(?:in particular|especially|notably|en particulier|en particular)\s+)?"
    rf"(?:its\s+|the\s+)?"
    rf"(?:(?P<annex>(?:annex(?:e)?|anexo|appendix){_LABEL})\s*,\s*)?"
    rf"(?:section\s+(?P<section>{_SECTION})|{PARAGRAPH}\s*(?P<numbers>{NUMBERS}))"
    rf"|\s*,?\s*(?P<whole>(?:annex(?:e)?|anexo){_LABEL})\b(?!\s+(?:to|of|de|à)\b)",
    re.IGNORECASE,
)
_TIE_ZH = r"\s*段?\s*(?:、|，|和|及|与|以及|至|到|-)\s*第?\s*"
_AFTER_ZH = re.compile(
    r"\s*号?\s*(?:决定|决议)?(?:\s*[，,]?\s*(?:特别是|尤其是|包括)其?)?\s*"
    r"(?:(?:的|及其)?附件\s*(?P<annex>[一二三四五六七八九十]+|\d{1,2}(?!\s*段)|[A-H]|))?"
    r"(?:的?第?\s*(?P<section>[A-H]|[IVX]{1,4})\s*节)?"
    rf"(?:的?第?\s*(?P<numbers>{_NUMBER_ZH}(?:{_TIE_ZH}{_NUMBER_ZH})*)\s*段)?"
)
_BEFORE = re.compile(
    rf"(?:(?:{_SUB}\s*\(?\s?(?P<item>[a-z]{{1,3}})\s?\)\s*(?:of|du|del?)\s+(?:the\s+)?)?"
    rf"{PARAGRAPH}\s*(?P<numbers>{NUMBERS})|section\s+(?P<section>{_SECTION}))?"
    r"\s*(?:,?\s*(?:of|in|to|contained in|de|del|du)\s+(?:the\s+|its\s+|l'|la\s+|el\s+)?)?"
    rf"(?:(?P<annex>(?:annex|appendix|annexe|anexo){_LABEL})\s+(?:to|of|de|à|du|del)\s+(?:la\s+|its\s+|the\s+)?)?"
    r"(?:of\s+|in\s+|de\s+(?:la\s+)?)?$",
    re.IGNORECASE,
)


def place_of(text: str, start: int, end: int, language: str, *, led: bool, first: bool) -> str:
    """Place that is named right behind or before a symbol, as provision numbers have it, or "".

    ``led`` says that a word such as "decision" stands before the symbol;
    ``first``, that no other symbol of its list does.
    """
    after = (_AFTER_ZH if language == "zh" else _AFTER).match(text, end)
    if after is not None:
        place = _after(after, language)
        if place:
            return place
    if not first:
        return ""
    lead = re.search(r"(?:\b[^\W\d]+\s+|[、，,]\s*|\b(?:and|to)\s+)$", text[:start])
    head = text[: lead.start()] if lead and led else text[:start]
    before = _BEFORE.search(head[-200:])
    if before is None or not any(before.groupdict().values()):
        return ""
    numbers = before["numbers"]
    if before["item"] and numbers:
        numbers = f"{numbers} ({before['item']})"
    return _written(before["annex"], before["section"], numbers)


def _after(found: re.Match[str], language: str) -> str:
    groups = found.groupdict()
    annex = groups.get("annex")
    if annex is None:
        annex = groups.get("whole")
    if annex is not None and language == "zh":
        number = annex if annex.isascii() else str(chinese_number(annex))
        annex = f"annex {number}".strip()
    return _written(annex, groups.get("section"), groups.get("numbers"))


def _written(annex: str | None, section: str | None, numbers: str | None) -> str:
    """Place as provision numbers have it; several are separated by a comma and a blank."""
    head = ""
    if annex:
        head = re.sub(r"^(?:annexe|anexo)\b", "annex", re.sub(r"\s+", "-", annex.lower()))
    if section:
        # A bare letter would be an item.
        place = section if len(section) > 1 or section.upper() in _ROMAN else f"section-{section}"
        return "-".join(part for part in (head, place) if part)
    if not numbers:
        return head
    found: list[str] = []
    for part in _numbers(numbers):
        place = part if "-" in part else ".".join(re.findall(r"\d+|[a-z]+", part))
        if found and place.isalpha() and "." in found[-1]:  # "paragraph 1 (a) and (b)"
            place = f"{found[-1].rpartition('.')[0]}.{place}"
        found.append(place)
    return ", ".join(f"{head}-{number}" if head else number for number in found)


def _numbers(text: str) -> Iterator[str]:
    for part in re.split(TIE, text.translate(_MARKS)):
        ends = re.split(_TO, part.strip())
        if len(ends) == 2 and ends[0].isdigit() and ends[1].isdigit():
            first, last = int(ends[0]), int(ends[1])
            yield f"{first}-{last}" if first < last else f"{first}"
        elif part.strip():
            yield part.strip()
