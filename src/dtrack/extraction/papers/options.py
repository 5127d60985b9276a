"""The structure of options papers: themes, options, and the actions that each recommends.

An option opens with its word and number ("Option 2.1:"), its actions with the
words "recommended actions"; they are lettered, or one stands without a letter.
A theme is numbered in front of its first option. A list of options without
their word, as summaries have it, belongs to the preface.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dtrack.extraction.healing import joined
from dtrack.extraction.marks import split_mark
from dtrack.extraction.papers.values import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dtrack.extraction.healing import Block
    from dtrack.extraction.papers.words import PaperWords

_AT_LEAST = 2
_TITLE = 90


class OptionHead(NamedTuple):
    """Number and title of an option."""

    number: str
    title: str


class OptionWords:
    """Reader of the lines that open parts."""

    def __init__(self, words: PaperWords, language: str) -> None:
        option = words.cue("option", language).pattern
        self._option = re.compile(
            rf"\s*{option}\s*(?P<n>\d{{1,2}}\.\d{{1,2}})\s*(?P<sep>[:：.．\-–—]|\s)\s*(?P<title>.*)",
            re.IGNORECASE | re.DOTALL,
        )
        actions = words.cue("recommended-actions", language).pattern
        self._actions = re.compile(rf"\s*{actions}\s*[:：]?\s*", re.IGNORECASE)
        outcome = words.cue("expected-outcome", language).pattern
        self._outcome = re.compile(rf"\s*{outcome}\s*[:：]", re.IGNORECASE)

    def option(self, text: str) -> OptionHead | None:
        """Option that a line opens."""
        match = self._option.match(text)
        return OptionHead(match["n"], match["title"].strip()) if match else None

    def actions(self, text: str) -> bool:
        """Whether a line is the heading of actions."""
        return self._actions.fullmatch(text) is not None

    def opens(self, text: str) -> bool:
        """Whether a line begins a block of its own."""
        if self._option.match(text) or self.actions(text) or self._outcome.match(text):
            return True
        mark = split_mark(text)
        return mark is not None and mark[0].style in {"chinese-section", "bracket"}


def is_options_paper(texts: Iterable[str], heads: OptionWords) -> bool:
    """Whether some lines hold options with their numbers, and headings of actions."""
    options = actions = 0
    for text in texts:
        options += heads.option(text) is not None
        actions += heads.actions(text)
    return options >= _AT_LEAST and actions >= 1


def read_options(blocks: Sequence[Block], heads: OptionWords) -> tuple[list[Block], list[Draft]]:
    """Blocks in front of the first theme, and the parts in order."""
    starts = [i for i, block in enumerate(blocks) if heads.option(block.text)]
    themes = dict(_theme_starts(blocks, starts, heads))
    first = min(themes, default=starts[0])
    drafts: list[Draft] = []
    for index in range(first, len(blocks)):
        _place(blocks[index], index, themes, heads, drafts)
    return list(blocks[:first]), drafts


def _theme_starts(
    blocks: Sequence[Block], starts: Sequence[int], heads: OptionWords
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Where each theme begins, with its number and title."""
    end = 0
    seen = ""
    for start in starts:
        head = heads.option(blocks[start].text)
        number = head.number.partition(".")[0] if head else ""
        if number != seen:
            place = _theme_before(blocks, end, start, number)
            if place is not None:
                yield place
            seen = number
        end = start


def _theme_before(
    blocks: Sequence[Block], low: int, high: int, number: str
) -> tuple[int, tuple[str, str]] | None:
    """The last short block in front of an option that bears the theme's number."""
    for index in range(high - 1, low - 1, -1):
        mark = split_mark(blocks[index].text)
        if mark is None or len(mark[1]) > _TITLE:
            continue
        value = mark[0].roman if mark[0].style == "section" else mark[0].number
        if str(value) == number:
            return index, (number, mark[1])
    return None


def _place(
    block: Block,
    index: int,
    themes: dict[int, tuple[str, str]],
    heads: OptionWords,
    drafts: list[Draft],
) -> None:
    option = heads.option(block.text)
    if index in themes:
        number, title = themes[index]
        drafts.append(Draft("option-theme", number, "", block.spot, title=title))
    elif option is not None:
        parent = option.number.partition(".")[0]
        _ensure_theme(drafts, parent, block)
        title, explained = _first_sentence(option.title)
        drafts.append(
            Draft("option", option.number, parent, block.spot, title=title, explained=explained)
        )
    elif heads.actions(block.text):
        drafts.append(Draft("actions", "", drafts[-1].number, block.spot))
    elif drafts:
        _add(block, drafts)
    if drafts and block.footnotes:
        drafts[-1].notes += tuple(block.footnotes)


def _ensure_theme(drafts: list[Draft], number: str, block: Block) -> None:
    """A theme without a heading of its own stands with its number alone."""
    if not any(draft.level == "option-theme" and draft.number == number for draft in drafts):
        drafts.append(Draft("option-theme", number, "", block.spot))


def _first_sentence(text: str) -> tuple[str, str]:
    match = re.search(r"[。.](?=\s|$|[^\s\d])", text)
    if match is None or text[: match.end()].endswith("No."):
        return text, ""
    return text[: match.start()], text[match.end() :].strip()


def _add(block: Block, drafts: list[Draft]) -> None:
    """Words of an action, or more about the part above."""
    last = drafts[-1]
    mark = split_mark(block.text)
    lettered = mark is not None and mark[0].style == "bracket" and mark[0].letter is not None
    if last.level in {"actions", "action"} and lettered and mark is not None:
        option = last.parent
        number = f"{option}.{mark[0].value}"
        drafts.append(Draft("action", number, option, block.spot, text=mark[1]))
    elif last.level == "actions":
        number = f"{last.parent}.a"
        drafts.append(
            Draft("action", number, last.parent, block.spot, text=block.text, lettered=False)
        )
    elif last.level == "action":
        last.text = joined(last.text, block.text)
    else:
        last.explained = joined(last.explained, block.text) if last.explained else block.text
