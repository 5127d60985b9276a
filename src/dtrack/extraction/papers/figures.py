"""Numbers with what they count or measure, and the year they are for.

Numbers that only name something (years, symbols, paragraphs, meetings, titles)
are no figures. A counter without a noun counts what the one before it counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dtrack.extraction.marks import chinese_number
from dtrack.extraction.papers.values import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.papers.words import PaperWords

_SCALES = {
    "万亿": 10**12, "亿": 10**8, "万": 10**4, "千": 10**3, "百": 10**2,
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
_SCALE_WORDS = re.compile(r"\s*(thousand|million|billion|trillion)\b", re.IGNORECASE)
_DIGITS = r"(?P<digits>\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)|\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_CHINESE = r"(?P<chinese>[二两三四五六七八九十]{1,3})"
_ZH = re.compile(
    rf"(?:(?<![\d.]){_DIGITS}|(?<![第（(一二两三四五六七八九十]){_CHINESE})\s?"
    r"(?P<scale>万亿|亿|万|千|百)?(?P<about>多|余)?(?=(?P<rest>[^，。；、：:;,]{0,40}))"
)
_EN = re.compile(
    rf"(?<![\w./(-]){_DIGITS}(?=(?P<rest>[^.;:,()\n]{{0,60}}))",
)
_TITLE = re.compile(r"《[^》]*》|“[^”]*”|\([^)]{0,4}\)|https?://\S+")
_NAMES_BEFORE = re.compile(
    r"(?:第|目标|指标|段|COP|CMA|CMP|target|targets|goal|goals|paragraph|paragraphs|article|option"
    r"|decision|resolution|section|annex|session|footnote|脚注|方案|action|page|no\.?|"
    r"/|年至|(?-i:[A-Z]{2,}-?))\s*(?:\d+\s*(?:、|,|and|和)\s*)*$",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?<!\d)(?P<first>(?:19|20)\d\d)(?:\s?年?\s?(?:[-–—－至]+|to)\s?(?P<last>(?:19|20)\d\d))?"
    r"(?!\d)(?P<mark>\s?年)?"
)
_AS_OF = re.compile(r"截[至止]|截至|\bas of\b|\bby the end of\b", re.IGNORECASE)
_NOUN_END = re.compile(
    r"[的在已有中均是为与和及以等被将由占得出了对）]|先后|开展|实现|组成|增加|开始|持续|受益|之一|（|《|\s(?:of|in|to|for|and|or|that|which|with|by"
    r"|from|have|has|had|were|was|are|is|since|on|at|as|between|than|per)\b"
)
_MONTHS = re.compile(
    r"\s*(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)\b",
    re.IGNORECASE,
)
_LONGEST = 14
_FEW_WORDS = 3


class _Unit(NamedTuple):
    words: str
    counter: str
    end: int


class Figures:
    """Finder of figures in one language."""

    def __init__(self, words: PaperWords, language: str) -> None:
        self._chinese = language == "zh"
        self._units = words.units(language)
        self._counter = words.cue("counter", language)
        self._about = words.cue("about", language)

    def find(self, text: str) -> tuple[Figure, ...]:
        """Figures in order; a year holds for its sentence, "as of" a year for what follows."""
        found: list[Figure] = []
        year = ""
        for sentence in re.split(r"(?<=[。；;!?！？])|(?<=[.])\s", text):
            years = list(self._years(sentence))
            found += self._in_sentence(sentence, years or [(-1, -1, year)])
            if _AS_OF.search(sentence) and years:
                year = years[-1][2]
        return tuple(found)

    def _years(self, sentence: str) -> Iterator[tuple[int, int, str]]:
        plain = _masked(sentence)
        for match in _YEAR.finditer(plain):
            # Without 年 a number of four digits is a year only as one end of two.
            if not self._chinese or match["mark"] or match["last"]:
                yield match.start(), match.end(), match["last"] or match["first"]

    def _in_sentence(self, sentence: str, years: list[tuple[int, int, str]]) -> Iterator[Figure]:
        plain = _masked(sentence)
        former = _Unit("", "", 0)
        for match in (_ZH if self._chinese else _EN).finditer(plain):
            figure, former = self._figure(sentence, plain, match, years, former)
            if figure is not None:
                yield figure

    def _figure(
        self,
        sentence: str,
        plain: str,
        match: re.Match[str],
        years: list[tuple[int, int, str]],
        former: _Unit,
    ) -> tuple[Figure | None, _Unit]:
        start = match.start()
        if any(first <= start < last for first, last, _ in years) or self._only_names(plain, match):
            return None, former
        value, rest_at = self._value(match)
        unit = self._unit(match, sentence, rest_at)
        if unit is None or value is None:
            return None, former
        if not unit.words and self._chinese:
            unit = unit._replace(words=_noun_before(plain[:start]))
        if not unit.words and unit.counter and unit.counter == former.counter:
            unit = unit._replace(words=former.words)
        if not unit.words and not unit.counter:
            return None, former
        behind = re.match(r"\W{0,2}\w{0,3}?(?:左右|以上|上下)", match["rest"]) is not None
        about = bool(match.groupdict().get("about")) or behind or self._about_before(plain, start)
        figure = Figure(
            value=value,
            words=sentence[start:rest_at].strip(),
            unit=unit.words or unit.counter,
            year=_year_for(years, start),
            about=about,
        )
        return figure, unit

    @staticmethod
    def _only_names(plain: str, match: re.Match[str]) -> bool:
        """Whether a number is part of a date, a symbol or the name of something."""
        before = plain[max(0, match.start() - 24) : match.start()]
        rest = match["rest"]
        if _NAMES_BEFORE.search(before) or rest[:1] in {"号", "月", "日", "/", "段", "届"}:
            return True
        return bool(
            re.match(r"\s?(?:月|日|号|段|届|世纪|年代|-[a-z])", rest) or _MONTHS.match(rest)
        )

    def _value(self, match: re.Match[str]) -> tuple[str | None, int]:
        groups = match.groupdict()
        if groups.get("chinese"):
            number = float(chinese_number(groups["chinese"].replace("两", "二")))
        else:
            number = float(re.sub(r"[ ,\u00a0]", "", groups["digits"]))
        scale, rest_at = groups.get("scale") or "", match.start("rest")
        if not self._chinese:
            word = _SCALE_WORDS.match(match["rest"])
            if word is not None:
                scale, rest_at = word[1].lower(), rest_at + word.end()
        number *= _SCALES.get(scale, 1)
        text = f"{number:.6f}".rstrip("0").rstrip(".")
        return (text, rest_at) if number else (None, rest_at)

    def _unit(self, match: re.Match[str], sentence: str, at: int) -> _Unit | None:
        """What is counted: a unit of the list, or the noun behind a counter."""
        rest = match["rest"][at - match.start("rest") :]
        bare = rest.lstrip()
        shift = len(rest) - len(bare)
        for words, symbol in self._units:
            if bare.lower().startswith(words) and _edge(bare, len(words), chinese=self._chinese):
                return _Unit(symbol, words, shift + len(words))
        if self._chinese:
            counter = self._counter.match(bare)
            if counter is None:
                named = bare and not shift and not match.groupdict().get("chinese")
                return _Unit(_noun(bare), "", 0) if named else None
            title = re.match(r"《([^》]{2,40})》", sentence[at + shift + counter.end() :])
            noun = title[1] if title else _noun(bare[counter.end() :])
            return _Unit(noun, counter[0], 0)
        return _Unit(_noun(f" {bare}"), "", 0) if shift or bare.startswith("%") else None

    def _about_before(self, plain: str, start: int) -> bool:
        return any(
            match.end() >= len(plain[max(0, start - 14) : start].rstrip())
            for match in self._about.finditer(plain[max(0, start - 14) : start])
        )


def _masked(sentence: str) -> str:
    """Sentence in which titles and quotations hold no numbers."""
    return _TITLE.sub(lambda match: "·" * len(match[0]), sentence)


def _noun_before(text: str) -> str:
    """What was counted, where the number follows it: 自然保护区474个."""
    match = re.search(
        r"(?:^|[^\u4e00-\u9fff])(?:其中|已有|已|有)?([\u4e00-\u9fff]{2,12}?)"
        r"(?:总数量?|共|共计|已?达到?|近|约|超过|为|有|其中)*$",
        text,
    )
    return match[1] if match and match[1] not in {"其中", "已有"} else ""


def _edge(text: str, end: int, *, chinese: bool) -> bool:
    return chinese or not text[end : end + 1].isalnum()


def _noun(text: str) -> str:
    end = _NOUN_END.search(text)
    noun = (text[: end.start()] if end else text).strip(" ·")
    if re.search(r"[\u4e00-\u9fff]", noun):
        return noun[:_LONGEST]
    return " ".join(noun.split()[:_FEW_WORDS])


def _year_for(years: list[tuple[int, int, str]], start: int) -> str:
    """The last year named in front of a figure in its sentence, else the only one behind it."""
    before = [year for first, _, year in years if first < start]
    if before:
        return before[-1]
    return years[0][2] if len(years) == 1 else ""
