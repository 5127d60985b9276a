"""Lines that are neither title nor paragraph: who speaks, when adopted, annexes, articles."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_ANNEX = re.compile(
    r"(?:[^，。；]{1,40}?号?(?:决定|决议)(?:的)?)?"
    r"(?P<word>annex(?:e|o)?|appendix|appendice|ap[ée]ndice|附件|附录)"
    r"(?:\s*(?P<n>[IVX]{1,5}|\d{1,2}|[A-Z]|[一二三四五六七八九十]{1,2})(?!\w))?"
    r"(?:\s+(?:to|of|à|de|du|a)\s+(?:the |la |el |le )?(?:decision|resolution|décision|résolution"
    r"|decisión|resolución)\b[^.;]{0,40}?)?"
    r"\s*[*†]*\s*(?:[.:：—–]\s*(?P<title>\S.*))?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:article|art[íi]culo|regla|rule)\s+(?P<n>\d{1,3})(?:\s*[.:—–]?\s*(?P<title>[A-Z].{0,80}))?"
    r"|第\s*(?P<zh>\d{1,3}|[一二三四五六七八九十]{1,3})\s*条(?:\s*(?P<zt>\S.{0,40}))?",
    re.IGNORECASE,
)
_MEETING_LINE = re.compile(
    r"\d{1,3}(?:st|nd|rd|th|e|ère|ème|[aª])?\s*(?:plenary|closing|séance|sesión|次).{0,60}"
    r"|第\s*[\d一二三四五六七八九十]+\s*次全体会议",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january janvier enero",
            "february février febrero",
            "march mars marzo",
            "april avril abril",
            "may mai mayo",
            "june juin junio",
            "july juillet julio",
            "august août agosto",
            "september septembre septiembre",
            "october octobre octubre",
            "november novembre noviembre",
            "december décembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(_MONTHS)
_DATES = (
    re.compile(
        rf"(?P<d>\d{{1,2}})(?:er|º)?\s+(?:de\s+)?(?P<m>{_MONTH})\s+(?:de\s+)?(?P<y>\d{{4}})"
    ),
    re.compile(rf"(?P<m>{_MONTH})\s+(?P<d>\d{{1,2}}),\s+(?P<y>\d{{4}})"),
    re.compile(r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"),
)


class Part(NamedTuple):
    """Heading of an annex or article: its number, "" for an only annex, and its title."""

    word: str
    number: str
    title: str


def months() -> dict[str, int]:
    """Names of months in en, fr and es with their numbers."""
    return _MONTHS


def annex_heading(text: str) -> Part | None:
    """Annex that a block opens."""
    match = _ANNEX.fullmatch(text.strip())
    if match is None:
        return None
    word = "appendix" if match["word"].lower().startswith(("app", "ap", "附录")) else "annex"
    return Part(word, match["n"] or "", (match["title"] or "").strip())


def article_heading(text: str) -> Part | None:
    """Article that a block opens."""
    match = _ARTICLE.fullmatch(text.strip())
    if match is None:
        return None
    title = (match["title"] or match["zt"] or "").strip()
    if re.search(r"[.;。；]$", title):
        return None
    return Part("article", match["n"] or match["zh"], title)


def date_in(text: str) -> str:
    """First full date in a text, in ISO 8601, or ""."""
    for pattern in _DATES:
        match = pattern.search(text.lower())
        if match is None:
            continue
        month = int(match["m"]) if match["m"].isdigit() else _MONTHS[match["m"]]
        try:
            return date(int(match["y"]), month, int(match["d"])).isoformat()
        except ValueError:
            continue
    return ""


def is_adoption(text: str) -> bool:
    """Whether a line only says at which meeting, or on which day, a text was adopted."""
    if len(text) > 90:
        return False
    rest = re.sub(r"[\s,.()（）]", "", text.lower())
    alone = bool(date_in(text)) and len(rest) <= 24
    return alone or _MEETING_LINE.fullmatch(text.strip()) is not None
