"""Lists of symbols as texts write them: ties, ranges, and what stands between two of them.

``decisions X/2, paragraph 4, XI/3 (on parks) and 14/1 to 14/3`` is one list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dtrack.extraction.pinpoints import NUMBERS, PARAGRAPH, RANGE, TIE

if TYPE_CHECKING:
    from collections.abc import Iterator

_MORE = rf"(?:{TIE}|{RANGE})第?\d{{1,3}}"
_SHORT = rf"\d{{1,3}}(?=(?:{_MORE})*{_MORE}/[A-Z]{{2,3}}\.\d)"
"""A number that lacks what the next symbol has: 11 and 12/CP.17."""
_FULL_FORM = (
    r"(?:Conf\.\s?\d+\.\d+|VC[\s-]?[IVXL]+/\d+|SS\.[IVX]+/\d+|\d+\s(?:EXT\.?\s?)?COM\s[A-Za-z\d]+(?:\.[A-Za-z\d]+)*"
    r"|(?:[A-Za-z][\w.]*[/-])*[A-Za-z]*\.?(?:\d+|[IVXLC]+)(?:\([^)]*\))?"
    r"(?:[/.-](?:[A-Z]+\.?)?(?:\d+|[IVXLC]+)?[A-Za-z]*(?:\.\d+)*)+)"
    r"(?:\s?\(Rev\.?\s?C[Oo]?P\s?\d+\))?"
)
SYMBOL = rf"(?:{_SHORT}|{_FULL_FORM})"
_DATE = r"\s*,?\s+(?:of|du|del?)\s+\d{1,2}(?:er)?\s+(?:de\s+)?[^\W\d]{3,10}\s+(?:de\s+)?\d{4}"
_PLACE = (
    rf"\s*,?\s*(?:(?:in particular|especially|notably|including|en particulier|en particular)\s+)?"
    rf"(?:its\s+|their\s+|the\s+)?(?:{PARAGRAPH}\s*{NUMBERS}|annex(?:e|es)?\b|anexos?\b)"
)
_ASIDE = rf"(?:{_DATE}|{_PLACE}|\s*[(（][^()（）]{{1,80}}[)）])*"
_TOPIC = (
    r"(?:\s+(?:on|concerning|regarding|relating\s+to|entitled|sur|concernant|relatives?\s+[àa]|sobre"
    r"|relativas?\s+a)\s[^;.:\d()]{3,140}?)?"
)
_WORDS = re.compile(r"\s[^\W\d]{4,}\s")
"""Words between two symbols are a title or a topic, whose figures are no symbols."""
_TOPIC_ZH = r"(?:\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)?(?:关于[^，。；第\d]{1,40}的)?"
_JOIN = rf"(?:{TIE}|{RANGE}%s)"
_AGAIN = r"(?:(?P=%s)(?:s|es)?\s+)?"
"""The word for the kind again, before the end of a range: Decision 13.1 to Decision 13.3."""
_BARE = _JOIN % ""
NUMBERED = rf"{SYMBOL}(?:{_ASIDE}\s*号?(?:的?决[定议](?=\s*至))?{_BARE}{_TOPIC_ZH}第?\s*{SYMBOL})*"
"""A list in Chinese whose kind stands behind it."""
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code).isalnum()}
_WIDE |= {ord(char): ord(plain) for char, plain in zip("／．－‐‑", "/.---", strict=True)}
_TO = re.compile(rf"(?:\s*号?的?决[定议])?{RANGE}(?:[^\W\d]{{4,14}}\s+)?第?\s*")
_IN_PLACE = re.compile(rf"{PARAGRAPH}\s*(?:{NUMBERS}{TIE})?$", re.IGNORECASE)
_FULL_SUFFIX = re.compile(r"/[A-Z]{2,3}\.\d+")
_FULL = re.compile(SYMBOL)
_HYPHENS = re.compile(rf"(?P<first>{_FULL_FORM.replace('[/.-]', '[/.]')})-(?P<last>\S+)")


class Found(NamedTuple):
    """A symbol in a text: where it stands, its kind, and where its list begins and ends."""

    symbol: str
    start: int
    end: int
    kind: str
    first: bool = True
    lead: int = -1
    close: int = -1


def narrow(text: str) -> str:
    """The text, as long as before, with wide letters and hyphens of print as typed ones."""
    return text.translate(_WIDE)


def led(kinds: str) -> re.Pattern[str]:
    """Pattern of a kind of text, in singular or plural, and the list that it leads."""
    plural = _JOIN % _AGAIN % "kinds"
    single = _JOIN % _AGAIN % "kind"
    return re.compile(
        rf"\b(?:(?P<kinds>{kinds})(?:s|es)\s+"
        rf"(?P<lists>{SYMBOL}(?:{_ASIDE}{_TOPIC}{plural}{SYMBOL})*)"
        rf"|(?P<kind>{kinds})\s+(?:no\.?\s+|n[°º]\s*)?"
        rf"(?P<list>{SYMBOL}(?:{_ASIDE}{single}{SYMBOL})*))",
        re.IGNORECASE,
    )


def led_chinese(kinds: str) -> re.Pattern[str]:
    """Pattern of a list with its kind behind or before it, in Chinese."""
    return re.compile(
        rf"第?\s*(?P<list>{NUMBERED})\s*号?\s*(?P<kind>{kinds})"
        rf"|(?P<kinds>{kinds})\s*(?P<lists>{SYMBOL}(?:{_ASIDE}{_BARE}{SYMBOL})*)"
        rf"|(?P<kinds2>{kinds})\s*第\s*(?P<lists2>{NUMBERED})(?:\s*号)?"
    )


def members(text: str, offset: int, kind: str, lead: int) -> Iterator[Found]:
    """Each symbol of a list; a range between two symbols of one run is filled.

    A later one must look like the first one: a figure in a title is no symbol.
    """
    former: re.Match[str] | None = None
    last = ""
    close = offset + len(text)
    for match in _FULL.finditer(text):
        gap = text[former.end() : match.start()] if former is not None else ""
        if former is not None and _WORDS.search(gap) and not _fits(former[0], match[0]):
            continue
        symbol = match[0].rstrip(".")
        if symbol.isdigit():
            if _IN_PLACE.search(text, 0, match.start()):
                continue
            behind = _FULL_SUFFIX.search(text, match.end())
            symbol += behind[0] if behind else ""
        start, end = offset + match.start(), offset + match.end()
        if former is not None and _ranged(gap):
            for filled in between(last, symbol):
                place = (offset + former.start(), offset + former.end())
                yield Found(filled, *place, kind, False, lead, close)
        hyphen = _HYPHENS.fullmatch(symbol)
        if hyphen is not None and (run := _run(hyphen["first"], hyphen["last"])):
            for each in run:
                yield Found(each, start, end, kind, former is None, lead, close)
        else:
            yield Found(symbol, start, end, kind, former is None, lead, close)
        former, last = match, symbol


def _fits(first: str, other: str) -> bool:
    """Whether figures behind a topic go on with a list: 14/3 after X/2, but 2.5 does not."""
    return _looks(first) == _looks(other) or re.search("[A-Z]", _looks(other)) is not None


def _looks(symbol: str) -> str:
    """A symbol without its figures and revision."""
    plain = re.sub(r"\s?\(Rev[^)]*\)|\.$", "", symbol)
    return re.sub(r"\d+|\b[IVXLC]+(?=[/.]\d)", "0", plain)


def _ranged(gap: str) -> bool:
    return _TO.fullmatch(gap) is not None


def _run(first: str, last: str) -> list[str]:
    """Symbols that ``14/1-14/3`` names, from the first to the last."""
    if _FULL.fullmatch(last) is None or _looks(first) != _looks(last):
        return []
    return [first, *between(first, last), last]


def between(first: str, last: str) -> Iterator[str]:
    """Symbols between two that differ in one number: 1/CP.16 to 4/CP.16."""
    heads = [re.sub(r"\s?\(Rev[^)]*\)", "", symbol) for symbol in (first, last)]
    parts, others = (re.split(r"(\d+)", head) for head in heads)
    differing = [i for i, (a, b) in enumerate(zip(parts, others, strict=False)) if a != b]
    if len(parts) != len(others) or len(differing) != 1 or not parts[differing[0]].isdigit():
        return
    place = differing[0]
    low, high = int(parts[place]), int(others[place])
    for number in range(low + 1, min(high, low + 60)):
        yield "".join([*parts[:place], str(number), *parts[place + 1 :]])
