"""Targets and goals that a provision names, and articles of instruments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.lexicon import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.lexicon import Lexicon

_FRAMEWORKS = (
    ("aichi", re.compile(r"aichi|爱知", re.IGNORECASE)),
    (
        "gbf",
        re.compile(
            r"kunming|montr[eé]al global|昆明|昆蒙|\bGBF\b|\bKMGBF\b"
            r"|\b(?:of|under|in) the framework\b(?! of)|行动目标|长期目标",
            re.IGNORECASE,
        ),
    ),
    (
        "sdg",
        re.compile(
            r"sustainable development goals?|\bSDGs?\b|2030 agenda|可持续发展目标|"
            r"d[ée]veloppement durable|\bODD\b|desarrollo sostenible|\bODS\b",
            re.IGNORECASE,
        ),
    ),
)
_ONE = r"(?:\d{1,2}(?:\.(?:\d{1,2}|[a-d])(?![A-Za-z\d]))?|(?<![A-Za-z])[A-D](?![A-Za-z]))"
_TIE = r"\s*(?:,\s*(?:and|et|y)\s+|,|、|，|\band\b|\bet\b|\by\b|\be\b|&|和|及|与|以及)\s*"
_RANGE = r"\s*(?:\bto\b|[-–—]|至|\bà\b|\ba\b)\s*"
_HEAD = (
    r"(?:strategic\s+)?(?:targets?|goals?|objectifs?|cibles?|metas?|objetivos?)"
    r"(?:\s+(?:d['’]aichi|de aichi|de d[ée]veloppement durable|de desarrollo sostenible))?"
    r"(?:\s+relatifs? à la biodiversité|\s+para la (?:diversidad biológica|biodiversidad))?"
    r"|SDGs?(?:\s+targets?)?|ODD|ODS|AICHI-TARGET-|GBF-(?:TARGET|GOAL)-"
    r"|(?:具体|行动|长期|战略)?(?:指标|目标)"
)
_NAMED = re.compile(
    rf"(?P<head>\b(?:{_HEAD})|(?:具体|行动|长期|战略)?(?:指标|目标))\s*(?P<numbers>{_ONE}(?:(?:{_TIE}|{_RANGE}){_ONE})*)"
    r"(?![\d年%％/]|\s*(?:per cent|°|degrees|年|月|号|段|款|条|个|项|percent))",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"\b(?:articles?|artículos?)\s+(?P<first>\d{1,3})(?P<item>\s?\([a-z]\))?"
    r"(?P<more>(?:,?\s*(?:paragraphs?|paragraphes?|párrafos?|\band\b|\bet\b|\by\b|,)\s*\d{1,3}(?:\s?\([a-z]+\))*)*)"
    r"(?P<of>[^.;:]{0,70})",
    re.IGNORECASE,
)
_ARTICLE_ZH = re.compile(
    r"(?:《(?P<of>[^》]{1,40})》)?\s*第\s*(?P<first>\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?P<item>[(（][a-z][)）])?\s*条"
    r"(?:第\s*(?P<para>\d{1,3}|[一二三四五六七八九十]{1,3})\s*款)?"
)


def targets_in(text: str) -> tuple[str, ...]:
    """Keys of named targets and goals: ``aichi-11``, ``gbf-3``, ``gbf-a``, ``sdg-14.2``."""
    found: dict[str, None] = {}
    for match in _NAMED.finditer(text):
        framework = _framework(text, match)
        if framework:
            for number in _expanded(match["numbers"]):
                if _possible(framework, number, match["head"]):
                    found.setdefault(f"{framework}-{number}", None)
    return tuple(found)


def _framework(text: str, match: re.Match[str]) -> str:
    """Framework of a list of targets: named in its head, right after it, or last before it."""
    after = re.match(
        r"(?:\s*(?:,|and|et|y)+\s*(?:targets?|goals?|metas?|cibles?|objectifs?|objetivos?)\s*[\d.A-D]+)*"
        r"\s*,?\s*(?:of|d['’]|de|du|del|under)\s*(?:the\s+|la\s+)?[^.;,]{0,60}",
        text[match.end() :],
        re.IGNORECASE,
    )
    candidates = (match["head"], after[0] if after else "")
    for words in candidates:
        for key, pattern in _FRAMEWORKS:
            if pattern.search(words):
                return key
    before = text[: match.end("head")]
    places = [(hit.end(), key) for key, pattern in _FRAMEWORKS for hit in pattern.finditer(before)]
    return max(places)[1] if places else ""


def _expanded(numbers: str) -> Iterator[str]:
    for part in re.split(_TIE, numbers):
        ends = re.split(_RANGE, part.strip())
        if len(ends) == 2 and all(end.isdigit() for end in ends):
            yield from (str(n) for n in range(int(ends[0]), min(int(ends[1]), 30) + 1))
        else:
            yield from (end.strip().lower() for end in ends if end.strip())


def _possible(framework: str, number: str, head: str) -> bool:
    """Whether a framework has such a target: 20 of Aichi, 23 of the GBF, 17 goals."""
    if number.isalpha():
        return framework != "sdg" and bool(
            re.search(r"goal|目标|objectif|objetivo", head, re.IGNORECASE)
        )
    most = {"aichi": 20, "gbf": 23, "sdg": 17}[framework]
    head_number, _, tail = number.partition(".")
    return 1 <= int(head_number) <= most and (not tail or framework == "sdg")


def articles_in(text: str, lexicon: Lexicon, instrument: str, language: str) -> tuple[str, ...]:
    """Articles named, with their instrument: ``paris/4.12``, ``cbd/8.j``."""
    found: dict[str, None] = {}
    pattern = _ARTICLE_ZH if language == "zh" else _ARTICLE
    for match in pattern.finditer(text):
        of = _instrument(match["of"] or "", lexicon, instrument)
        for number in _article_numbers(match):
            found.setdefault(f"{of}/{number}", None)
    return tuple(found)


def _instrument(words: str, lexicon: Lexicon, instrument: str) -> str:
    folded = fold(words)
    places = [
        (folded.find(name), -len(name), key)
        for name, key in lexicon.instrument_names
        if len(name) > 2 and name in folded
    ]
    if places:
        return min(places)[2]
    family = lexicon.family_of(instrument)
    if re.search(r"\bthe convention\b|公约|la convention|la convención", folded):
        return family[-1] if family else instrument
    return instrument


def _article_numbers(match: re.Match[str]) -> list[str]:
    groups = match.groupdict()
    item = re.sub(r"\W", "", groups.get("item") or "")
    first = ".".join(part for part in (groups["first"], item) if part)
    if groups.get("para"):
        return [f"{first}.{groups['para']}"]
    more = groups.get("more") or ""
    result = []
    in_paragraphs = False
    for part in re.finditer(r"(?P<word>[^\W\d]{2,})|(?P<n>\d{1,3}(?:\s?\([a-z]+\))*)", more):
        if part["word"]:
            in_paragraphs = in_paragraphs or part["word"].lower().startswith(("para", "párr"))
            continue
        number = ".".join(re.findall(r"\d+|[a-z]+", part["n"]))
        result.append(f"{first}.{number}" if in_paragraphs else number)
    return result if in_paragraphs and result else [first, *result]
