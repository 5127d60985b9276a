"""By when: dates, years, meetings and recurrences in the words of a directive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.extraction.marks import chinese_number
from dtrack.extraction.openings import date_in, months
from dtrack.extraction.texts import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.actors import Actors

_ORDINALS = (
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
)
_TENS = {
    "twent": 20,
    "thirt": 30,
    "fort": 40,
    "fift": 50,
    "sixt": 60,
    "sevent": 70,
    "eight": 80,
    "ninet": 90,
}
_ROMANCE = {
    "première": 1,
    "deuxième": 2,
    "seconde": 2,
    "troisième": 3,
    "quatrième": 4,
    "cinquième": 5,
    "sixième": 6,
    "septième": 7,
    "huitième": 8,
    "neuvième": 9,
    "dixième": 10,
    "onzième": 11,
    "douzième": 12,
    "treizième": 13,
    "quatorzième": 14,
    "quinzième": 15,
    "seizième": 16,
    "dix-septième": 17,
    "dix-huitième": 18,
    "dix-neuvième": 19,
    "vingtième": 20,
    "primera": 1,
    "segunda": 2,
    "tercera": 3,
    "cuarta": 4,
    "quinta": 5,
    "sexta": 6,
    "séptima": 7,
    "octava": 8,
    "novena": 9,
    "décima": 10,
    "undécima": 11,
    "duodécima": 12,
    "decimotercera": 13,
    "decimocuarta": 14,
    "decimoquinta": 15,
    "decimosexta": 16,
    "decimoséptima": 17,
    "decimoctava": 18,
    "decimonovena": 19,
    "vigésima": 20,
}
_MONTH = "|".join(months())
_LED = (
    r"(?:by|before|until|no later than|not later than|at the latest by|prior to|in|during|on|"
    r"beginning(?: in)?|starting(?: in)?|through(?: to)?|avant(?: le| la fin de)?|"
    r"d'ici(?: à| la fin de)?|"
    r"au plus tard(?: le| en)?|en|le|antes del?|a más tardar(?: en| el)?|para|el)"
)
_STRICT = re.compile(
    r"by|before|until|through|no later|not later|at the latest|prior|avant|"
    r"d'ici|au plus|antes|a más|para"
)
_DAY = rf"(?:\d{{1,2}}(?:er)? (?:de )?(?:{_MONTH}) (?:de )?\d{{4}}|(?:{_MONTH}) \d{{1,2}}, \d{{4}})"
_DATED = re.compile(
    rf"(?:\b(?P<led>{_LED})\s+)(?:the\s+)?(?:(?:end|beginning|first half|second half|start) of\s+)?"
    rf"(?:fin(?:ales)? de\s+)?(?P<when>{_DAY}|(?:(?:{_MONTH}) (?:de )?)?(?:19|20)\d\d)\b"
    r"(?![–/-]\d)",
    re.IGNORECASE,
)
_SESSION = re.compile(
    r"\b(?:at|by|before|for|to|until|than|during|in time for|in conjunction with)"
    r"\s+(?:the\s+|its\s+|their\s+)?"
    r"(?:(?P<part>\w+)\s+part\s+of\s+(?:its|their|the)\s+)?"
    r"(?P<n>[a-z]+(?:-[a-z]+)?|\d{1,2}(?:st|nd|rd|th))"
    r"(?:\s+(?:and|or)\s+(?P<n2>[a-z]+(?:-[a-z]+)?|\d{1,2}(?:st|nd|rd|th)))?"
    r"\s+(?:ordinary\s+|annual\s+)?"
    r"(?:session|meeting)s?\b(?:\s+of\s+the\s+(?P<body>[A-Za-z][\w ,]{3,140}))?",
    re.IGNORECASE,
)
_SESSION_FR = re.compile(
    r"\bà\s+(?:sa|leur|la)\s+(?P<n>[\w-]+)\s+(?:session|réunion)", re.IGNORECASE
)
_SESSION_ES = re.compile(
    r"\ben\s+(?:su|la|el)\s+(?:(?P<n>\d{1,2})\s?[ªaº]?|(?P<n2>[a-zé]+))"
    r"\s*(?:reunión|período de sesiones)",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\b(?P<body>COP|CoP|CMP|CMA|MOP|MoP|SBI|SBSTT?A)[- ]?(?P<n>\d{1,2})\b")
_RECURRING = (
    (
        "annual",
        (
            r"\bannually\b|\b(?:each|every) year\b|\bonce (?:a|per|every) year\b|\bannual\b"
            r"|每年|chaque année|cada año|anualmente"
        ),
    ),
    (
        "biennial",
        (
            r"\bbiennially\b|\bbiennial\b|\bevery (?:two|second) years?\b|每两年"
            r"|tous les deux ans|cada dos años"
        ),
    ),
    ("triennial", r"\bevery three years\b|每三年|tous les trois ans|cada tres años"),
    ("quadrennial", r"\bevery four years\b|每四年|tous les quatre ans|cada cuatro años"),
    ("quinquennial", r"\bevery five years\b|每五年|tous les cinq ans|cada cinco años"),
    ("every-second-meeting", r"\bevery (?:second|other) (?:ordinary )?(?:session|meeting)\b"),
    (
        "every-meeting",
        (
            r"\b(?:at|to|for) (?:each|every) (?:of its )?(?:ordinary )?(?:session|meeting)s?\b"
            r"|每[一]?[届次](?:常会|会议)|à chaque (?:session|réunion)|en cada (?:reunión|período)"
        ),
    ),
)
_ANNUAL_THING = re.compile(
    r"\s+(?:reports?|meetings?|sessions?|budget|update|compilation|round|technical|work|progress|inventor\w+"
    r"|fees?|contributions?|averages?|emissions?|amounts?|costs?|payments?)\b"
)
_ZH_DATED = re.compile(
    r"(?P<led>在|于|不迟于|至迟于|至迟|最迟|最晚|到|截至|自)?\s*(?P<y>(?:19|20)\d\d)\s*年\s*(?:(?P<m>\d{1,2})\s*月\s*)?"
    r"(?:(?P<d>\d{1,2})\s*日\s*)?(?P<end>年?底|年?初)?\s*(?P<tail>之前|以前|前|为止|起)?"
)
_ZH_SESSION = re.compile(
    r"第\s*(?P<n>[一二三四五六七八九十]{1,4}|\d{1,2})\s*[届次](?:(?:常)?会议|(?P<cop>缔约方?国?大会))"
)
_ZH_NEAR = re.compile(
    r"\s*(?:召开|举行|开幕)?\s*之?前\s*(?:的?至少|最少|至迟|不迟于)?"
    r"\s*[一二三四五六七八九十\d]+\s*个?(?:月|周|星期|天|日)"
    r"|\s*(?:结束|闭幕)?[之以]?后"
)
"""``Six months before a meeting``, or after it, is no time of its own."""
_ZH_SPAN = re.compile(r"(?:从|自|由)[^，。；]{0,16}$|(?:延长|推迟|延期|展期)$")


_HELD = re.compile(
    r"(?<!to be )(?<!be )\b(?:held|adopted|convened|organized|established|agreed|presented"
    r"|launched)\s*$"
)
"""What was done at a meeting is no time to come."""
_AHEAD = re.compile(r"\b(?:days?|weeks?|months?|years?)\s*$")
"""``Six months before a meeting`` is no time of its own."""
_PREPARED = re.compile(
    r"\b(?:prepare|produce|publish|organize|hold|convene|conduct|undertake)s?\s+(?:an?\s+)?$"
)
_DECIDED = re.compile(r"\bdecisions? (?:to be )?(?:taken|adopted|made)\s*$", re.IGNORECASE)
"""What others decide, at whatever time, is no time of this text."""
_TERM = re.compile(
    r"\b(?:terms? of (?:office|the)|terms?|mandates?|mandats?|mandatos?)\b[^.;]{0,120}"
    r"\b(?:ends?|expires?|begins?|starts?|commences?|expire(?:ra|nt)?|termina(?:rá|n)?)\b[^.;]*$"
    r"|任期[^。；]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """What a text says about its own time: its meeting, the year, and who its bodies are."""

    meeting: str
    year: int
    body: str
    actors: Actors
    bodies: frozenset[str]
    language: str


def ordinal(word: str) -> int:
    """Number of an ordinal: ``twenty-first``, ``21st``, ``vingtième``; 0 for any other word."""
    word = word.lower()
    digits = re.match(r"\d+", word)
    if digits:
        return int(digits[0])
    if word in _ROMANCE:
        return _ROMANCE[word]
    if word in _ORDINALS:
        return _ORDINALS.index(word) + 1
    head, _, tail = word.partition("-")
    tens = next((n for stem, n in _TENS.items() if re.fullmatch(rf"{stem}(?:y|ieth)", head)), 0)
    if not tail:
        return tens if head.endswith("ieth") else 0
    return tens + _ORDINALS.index(tail) + 1 if tens and tail in _ORDINALS[:9] else 0


def deadlines_in(text: str, start: int, end: int, clock: Clock) -> tuple[Deadline, ...]:
    """Deadlines between two places of a paragraph, in order, each once."""
    find = _chinese if clock.language == "zh" else _latin
    found: dict[str, Deadline] = {}
    for _, value, words in sorted(find(text, start, end, clock)):
        found.setdefault(value, Deadline(value, words))
    return tuple(found.values())


def recurrence_in(text: str) -> str:
    """How often something asked comes again, as a key of the recurrence codes, or ""."""
    for key, pattern in _RECURRING:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            # "annual report" names a thing; "annually" and "annual workshops" say when.
            asked = _PREPARED.search(text[: match.start()]) is not None
            if match[0].lower() == "biennial" and not asked:
                continue
            thing = _ANNUAL_THING.match(text[match.end() :])
            if match[0].lower() != "annual" or asked or not thing:
                return key
    return ""


def meeting_series(meeting: str) -> str:
    """Key of a meeting without its number: ``cbd-cop-12`` gives ``cbd-cop``."""
    return re.sub(r"(?:-\d+)+$", "", meeting)


def _latin(text: str, start: int, end: int, clock: Clock) -> Iterator[tuple[int, str, str]]:
    for match in _DATED.finditer(text, start, end):
        value = _day(match["when"])
        strict = _STRICT.match(match["led"].lower()) is not None
        # "in 2015" is a time to come only after the year in which the text speaks.
        if (strict or int(value[:4]) > clock.year) and not _of_a_thing(text, match):
            yield match.start(), value, match[0]
    yield from _sessions(text, start, end, clock)
    for match in _SHORT.finditer(text, start, end):
        series = _named_series(match["body"], clock)
        if series and _to_come(series, int(match["n"]), clock):
            yield match.start(), f"{series}-{match['n']}", match[0]


def _sessions(text: str, start: int, end: int, clock: Clock) -> Iterator[tuple[int, str, str]]:
    for pattern in (_SESSION, _SESSION_FR, _SESSION_ES):
        for match in pattern.finditer(text, start, end):
            before = text[: match.start()]
            if any(past.search(before) for past in (_DECIDED, _TERM, _HELD, _AHEAD)):
                continue
            part = ordinal(match.groupdict().get("part") or "")
            body = match.groupdict().get("body")
            series = _named_series(body, clock) if body else _series(text[: match.start()], clock)
            for number in map(ordinal, filter(None, (match["n"], match.groupdict().get("n2")))):
                if number and series and _to_come(series, number, clock):
                    value = f"{series}-{number}-{part}" if part else f"{series}-{number}"
                    yield match.start(), value, match[0]


def _of_a_thing(text: str, match: re.Match[str]) -> bool:
    """Whether a date belongs to a thing that was: "adopted in", "as at", a period."""
    before = text[max(0, match.start() - 24) : match.start()].lower()
    after = text[match.end() : match.end() + 8]
    if _TERM.search(text[: match.start()]):
        return True
    past = re.search(
        r"\b(?:adopted|(?<!to be )held|published|issued|done|established|received|as at)\s*$",
        before,
    )
    return past is not None or re.match(r"\s+(?:to|and)\s+(?:19|20)\d\d", after) is not None


def _to_come(series: str, number: int, clock: Clock) -> bool:
    """Whether a meeting comes after the one that speaks."""
    if meeting_series(clock.meeting) != series:
        return True
    own = re.findall(r"\d+", clock.meeting.removeprefix(series))
    if own and number == int(own[0]):
        # A session held in parts has parts to come.
        return len(own) > 1
    return not own or number > int(own[0])


_BOTH = re.compile(
    r"\bsubsidiary bodies\b[^.;]{0,60}$|(?<![询施行题])附属机构[^，。；]{0,4}$", re.IGNORECASE
)
"""Both subsidiary bodies under the climate convention, which meet together."""


def _series(before: str, clock: Clock) -> str:
    """Whose session "its … session" is: that of the body named last, else the speaker's."""
    if _BOTH.search(before):
        return "unfccc-sb" if clock.body.startswith(("unfccc", "kyoto", "paris")) else ""
    named = [item for item in clock.actors.find(before) if item.key in clock.bodies]
    last = [item.key for item in named[-2:]]
    if (
        set(last) == {"unfccc-sbi", "unfccc-sbsta"}
        and "their" in before[named[-1].end :] + " their"
    ):
        joint = before[named[-2].end : named[-1].start]
        if re.fullmatch(r"\s*and\s+(?:the\s+)?|和|与|及", joint):
            return "unfccc-sb"
    return named[-1].key if named else clock.body


def _named_series(body: str, clock: Clock) -> str:
    if body.lower().startswith("subsidiary bodies"):
        return "unfccc-sb" if clock.body.startswith(("unfccc", "kyoto", "paris")) else ""
    named = clock.actors.find(body)
    if named and named[0].key in clock.bodies:
        return named[0].key
    return clock.body if body.lower() in {"cop", "cmp", "cma", "mop"} else ""


def _day(words: str) -> str:
    exact = date_in(words)
    if exact:
        return exact
    parts = words.lower().replace(" de ", " ").split()
    return f"{parts[1]}-{months()[parts[0]]:02d}" if len(parts) == 2 else parts[-1]


def _chinese(text: str, start: int, end: int, clock: Clock) -> Iterator[tuple[int, str, str]]:
    for match in _ZH_SESSION.finditer(text, start, end):
        number = match["n"]
        value = int(number) if number.isdigit() else _big(number)
        series = clock.body if match["cop"] else _series(text[: match.start()], clock)
        if _ZH_NEAR.match(text, match.end()):
            continue
        if series and value and _to_come(series, value, clock):
            yield match.start(), f"{series}-{value}", match[0]
    for match in _ZH_DATED.finditer(text, start, end):
        since = match["led"] == "自" or match["tail"] == "起"
        if _TERM.search(text[: match.start()]) or (
            since and not text.startswith("每", match.end())
        ):
            # From a day on something applies, or is done again and again.
            continue
        to_come = int(match["y"]) > clock.year
        strict = match["tail"] or match["end"] or match["led"] not in {None, "在", "于", "自", "到"}
        until = match["led"] == "到" and not _ZH_SPAN.search(text[: match.start()])
        if (
            strict
            or (to_come and (until or match["led"] in {"在", "于"}))
            or (to_come and match["m"])
        ):
            parts = [match["y"], *(f"{int(p):02d}" for p in (match["m"], match["d"]) if p)]
            yield match.start(), "-".join(parts), match[0]


def _big(text: str) -> int:
    """Number up to ninety-nine: 二十一 gives 21."""
    return chinese_number(text)
