"""Bodies that a text calls by one word once it has named them: "the Board", 委员会."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.extraction.actors import Actors

_LATIN = (
    "Board",
    "Committee",
    "Council",
    "Panel",
    "Expert Group",
    "Working Group",
    "Commission",
    "Forum",
    "Platform",
    "Facility",
    "Partnership",
    "Mechanism",
    "Task Force",
)
_CHINESE = (
    "董事会",
    "理事会",
    "委员会",
    "专家组",
    "工作组",
    "小组",
    "工作队",
    "论坛",
    "平台",
)
_FOUNDED = (
    re.compile(
        rf"\b(?:establish(?:es)?|set up|sets up|creates?|convenes?) an? (?:[\w-]+ ){{0,4}}?"
        rf"({'|'.join(_LATIN).lower()})\b"
    ),
    re.compile(rf"(?:设立|成立|组建)[^，。；]{{0,20}}?({'|'.join(_CHINESE)})"),
)
"""A body that the text founds itself, in Latin scripts and in Chinese."""
_FAR_MORE = 3
"""How many times as often one body must be meant where several have the word."""


def short_names(text: str, actors: Actors, language: str) -> Mapping[str, str]:
    """Words that stand for one body of a text, with its key.

    "Board" stands for the fund where the text speaks of "the Board of the Green
    Climate Fund" and of no other board nearly as often. It stands for none where
    the text founds one of its own: "establishes a working group".
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    heads = _CHINESE if language == "zh" else _LATIN
    founded = {match[1] for match in _FOUNDED[language == "zh"].finditer(text)}
    for named in actors.find(text):
        if actors.is_instrument(named.key):
            continue
        around = _with_its_board(text, named.start, named.end, language)
        for head in heads:
            if head in around and head.lower() not in founded:
                counts[head][named.key] += 1
                break
    found: dict[str, str] = {}
    for head, keys in counts.items():
        (first, times), *others = keys.most_common(2)
        if not others or times >= _FAR_MORE * others[0][1]:
            found[head] = first
    return found


def _with_its_board(text: str, start: int, end: int, language: str) -> str:
    """A name with the word for its board right before or behind it."""
    if language == "zh":
        behind = re.compile(r"(?:董事会|理事会)").match(text, end)
        return text[start : behind.end() if behind else end]
    before = re.search(r"(?:Board|Council) of (?:the )?$", text[:start])
    after = re.compile(r" (?:Board|Council)\b").match(text, end)
    return text[before.start() if before else start : after.end() if after else end]
