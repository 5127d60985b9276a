"""By when: dates, years, meetings and recurrences in the words of a directive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.openings import date_in, months
from dtrack.extraction.texts import Deadline

if TYPE_CHECKING:
    from collections.abc import Mapping

_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
_TENS = {"twent": 20, "thirt": 30, "fort": 40, "fift": 50, "sixt": 60, "sevent": 70}
_MONTH = "|".join(months())
_BY = (
    r"(?:by|before|until|no later than|not later than|at the latest by|prior to|"
    r"avant|d'ici(?: à)?|au plus tard(?: le| en)?|para|antes de(?:l)?|a más tardar(?: en| el)?)"
)
_DAY = rf"(?:\d{{1,2}}(?:er)? (?:de )?(?:{_MONTH}) (?:de )?\d{{4}}|(?:{_MONTH}) \d{{1,2}}, \d{{4}})"
_DATED = re.compile(
    rf"\b{_BY}\s+(?:the\s+)?(?:(?P<end>(?:(?:the\s+)?end of(?: the year)?|la fin de|finales de|fin))\s+)?"
    rf"(?P<when>{_DAY}|(?:(?:{_MONTH}) (?:de )?)?(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_SESSION = re.compile(
    r"\b(?P<lead>(?:by|before|until|at|for|to|in time for|prior to|no later than)\s+(?:the\s+)?"
    r"(?:consideration\s+(?:by\s+.{0,120}?\s+)?at\s+)?)"
    r"(?P<whose>its|their|the)?\s*(?P<n>[a-z]+(?:-[a-z]+)?)\s+(?:session|meeting)s?\b"
    r"(?:\s+of\s+the\s+(?P<body>[A-Z][\w ]{3,120}))?",
    re.IGNORECASE,
)
_COP = re.compile(
    r"\b(?:at|by|before|for|to)\s+(?:the\s+)?(?P<body>CO?P|CMP|CMA|MOP)[- ]?(?P<n>\d{1,2})\b"
)
_RECURRING = (
    (
        "annual",
        r"\bannual(?:ly)?\b|\beach year\b|\bevery year\b|每年|chaque année|cada año|anualmente",
    ),
    ("biennial", r"\bbiennial(?:ly)?\b|\bevery two years\b|每两年|tous les deux ans|cada dos años"),
    ("triennial", r"\bevery three years\b|每三年|tous les trois ans|cada tres años"),
    ("quadrennial", r"\bevery four years\b|每四年|tous les quatre ans|cada cuatro años"),
    ("quinquennial", r"\bevery five years\b|每五年|tous les cinq ans|cada cinco años"),
    (
        "every-meeting",
        r"\bat each (?:of its )?(?:session|meeting)s?\b|\bat every (?:session|meeting)\b"
        r"|每[一]?[届次]会议|à chaque (?:session|réunion)|en cada (?:reunión|período)",
    ),
)
_ZH_DATED = re.compile(
    r"(?:(?:在|于|不迟于|至迟|最迟|最晚|到|截至)\s*)?(?P<y>(?:19|20)\d\d)\s*年\s*(?:(?P<m>\d{1,2})\s*月\s*)?"
    r"(?:(?P<d>\d{1,2})\s*日\s*)?(?P<end>年?底)?(?P<tail>之前|以前|前|为止)?"
)
_ZH_SESSION = re.compile(
    r"(?P<body>缔约方大会|缔约方会议)?\s*第(?P<n>[一二三四五六七八九十]{1,4}|\d{1,2})[届次]会议"
)
_ZH_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", start=1)}


def ordinal(word: str) -> int:
    """Number of an English ordinal: ``twenty-first`` gives 21; 0 for any other word."""
    word = word.lower()
    if word in _ORDINALS:
        return _ORDINALS.index(word) + 1
    head, _, tail = word.partition("-")
    tens = next((value for stem, value in _TENS.items() if head.startswith(stem)), 0)
    if not tens:
        return 0
    if not tail:
        return tens if head.endswith("ieth") else 0
    return tens + _ORDINALS.index(tail) + 1 if tail in _ORDINALS[:9] else 0


def deadline_in(
    text: str, meeting: str, bodies: Mapping[str, str], language: str
) -> Deadline | None:
    """First deadline that some words name.

    ``meeting`` is the key of the meeting that adopts the text (``cbd-cop-12``),
    ``bodies`` maps names of governing bodies to the keys of their meetings
    without number (``cbd-cop``).
    """
    recurrence, cycle = _recurrence(text)
    found = _chinese(text, meeting) if language == "zh" else _latin(text, meeting, bodies)
    if found is not None:
        return Deadline(found[0], found[1], recurrence)
    return Deadline("", cycle, recurrence) if recurrence else None


def _recurrence(text: str) -> tuple[str, str]:
    for key, pattern in _RECURRING:
        match = re.search(pattern, text, re.IGNORECASE)
        # "annual report" names a thing; "annually" says when.
        if match and not re.match(
            r"\s+(?:report|meeting|session|budget|update)", text[match.end() :]
        ):
            return key, match[0]
    return "", ""


def _latin(text: str, meeting: str, bodies: Mapping[str, str]) -> tuple[str, str] | None:
    candidates = []
    dated = _DATED.search(text)
    if dated is not None:
        candidates.append((dated.start(), _day(dated["when"]), dated[0]))
    for match in _SESSION.finditer(text):
        number = ordinal(match["n"])
        key = _meeting(number, match["body"], match["whose"], meeting, bodies) if number else ""
        if key:
            candidates.append((match.start(), key, match[0].strip()))
    short = _COP.search(text)
    if short is not None and meeting:
        candidates.append((short.start(), f"{meeting.rsplit('-', 1)[0]}-{short['n']}", short[0]))
    if not candidates:
        return None
    _, value, words = min(candidates)
    return value, words


def _day(words: str) -> str:
    exact = date_in(words)
    if exact:
        return exact
    parts = words.lower().replace(" de ", " ").split()
    return f"{parts[1]}-{months()[parts[0]]:02d}" if len(parts) == 2 else parts[-1]


def _meeting(
    number: int, body: str | None, whose: str | None, meeting: str, bodies: Mapping[str, str]
) -> str:
    if body:
        folded = body.lower()
        near = [key for name, key in bodies.items() if folded.startswith(name)]
        return f"{max(near, key=len)}-{number}" if near else ""
    if whose is None or not meeting:
        return ""
    return f"{meeting_series(meeting)}-{number}"


def meeting_series(meeting: str) -> str:
    """Key of a meeting without its number: ``cbd-cop-12`` gives ``cbd-cop``."""
    return re.sub(r"(?:-\d+)+$", "", meeting)


def _chinese(text: str, meeting: str) -> tuple[str, str] | None:
    session = _ZH_SESSION.search(text)
    if session is not None and meeting:
        words = text[max(0, session.start() - 2) : session.end() + 2]
        return f"{meeting_series(meeting)}-{_zh_number(session['n'])}", words.strip("，。；的")
    for match in _ZH_DATED.finditer(text):
        led = re.match(r"在|于|不迟于|至迟|最迟|最晚|到|截至", match[0])
        if match["tail"] or match["end"] or (led and led[0] not in "在于"):
            parts = [match["y"], *(f"{int(p):02d}" for p in (match["m"], match["d"]) if p)]
            return "-".join(parts), match[0]
    return None


def _zh_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    head, ten, tail = text.partition("十")
    if not ten:
        return _ZH_DIGITS.get(text, 0)
    return _ZH_DIGITS.get(head, 1) * 10 + _ZH_DIGITS.get(tail, 0)
