"""The structure of numbered papers: preface, chapters, points, closing words, annex."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.marks import split_mark
from dtrack.extraction.papers.values import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dtrack.extraction.healing import Block
    from dtrack.extraction.marks import Mark
    from dtrack.extraction.papers.words import PaperWords

_STOP = re.compile(r"[。；：！？.;:!?][”\"’）)]*\s*$")
_CHAPTERS = frozenset({"chinese-section", "section", "section-letter"})
_POINTS = frozenset({"chinese", "bracket", "number"})
_SHORT_REST = 8
_LONG = 20


def join_breaks(blocks: Sequence[Block]) -> list[Block]:
    """Blocks in which a sentence that a page break cut in two is whole again."""
    points = [block for block in blocks if _style(block.text) in _POINTS]
    spoken = sum(_STOP.search(block.text) is not None for block in points) > len(points) / 2
    result: list[Block] = []
    for block in blocks:
        # The first block is the title.
        if len(result) > 1 and _goes_on(result[-1], block, points_are_sentences=spoken):
            before = result[-1]
            wide = re.search(r"[\u3000-\u9fff，。]$", before.text) is not None
            before.text = f"{before.text}{'' if wide else ' '}{block.text}"
            before.last = block.last
            before.footnotes += block.footnotes
        else:
            result.append(block)
    return result


def _style(text: str) -> str:
    mark = split_mark(text)
    return mark[0].style if mark else ""


def _goes_on(before: Block, block: Block, *, points_are_sentences: bool) -> bool:
    if _STOP.search(before.text) or split_mark(block.text) or block.text.startswith("—"):
        return False
    style = _style(before.text)
    if style in _CHAPTERS or (style in _POINTS and not points_are_sentences):
        return len(block.text) <= _SHORT_REST and len(before.text) > _LONG
    return len(before.text) > _LONG and (_STOP.search(block.text) is not None or style != "")


class Points:
    """Reader of one paper's blocks."""

    def __init__(self, words: PaperWords, language: str) -> None:
        annex = words.cue("annex", language).pattern
        self._annex = re.compile(rf"\s*{annex}\s*[\dIVX一二三]*\s*[:：]?\s*", re.IGNORECASE)
        supporters = words.cue("supporters", language).pattern
        self._supporters = re.compile(rf"\s*{supporters}\s*[:：]?\s*", re.IGNORECASE)
        self._will = words.cue("commitment", language)

    def read(self, blocks: Sequence[Block]) -> tuple[list[Block], list[Draft], list[Block]]:
        """Blocks of title and preface, parts, and blocks of the annex."""
        first = next((i for i, b in enumerate(blocks) if self._is_chapter(b)), len(blocks))
        end = next((i for i in range(first, len(blocks)) if self._opens_annex(blocks[i])), None)
        body = blocks[first:end]
        drafts = list(self._parts(body))
        self._set_apart_closing(drafts, body)
        return list(blocks[:first]), drafts, list(blocks[end:]) if end is not None else []

    def _is_chapter(self, block: Block) -> bool:
        mark = split_mark(block.text)
        if mark is None:
            return False
        value = mark[0].roman if mark[0].style == "section" else mark[0].number
        plain = mark[0].style in _CHAPTERS or (mark[0].style == "number" and value == 1)
        return plain and len(mark[1]) < 120

    def _opens_annex(self, block: Block) -> bool:
        return any(p.fullmatch(block.text) for p in (self._annex, self._supporters))

    def _parts(self, blocks: Sequence[Block]) -> Iterator[Draft]:
        chapter: Draft | None = None
        point: Draft | None = None
        count = 0
        opening = split_mark(blocks[0].text) if blocks else None
        plain = opening is not None and opening[0].style == "number"
        for block in blocks:
            mark = split_mark(block.text)
            if mark is not None and self._heads_chapter(mark[0], chapter, plain=plain):
                chapter = Draft("section", _number(mark[0]), "", block.spot, title=mark[1])
                point, count = None, 0
                yield chapter
            elif mark is not None and mark[0].style in _POINTS and chapter is not None:
                point = Draft(
                    "point", f"{chapter.number}.{_number(mark[0])}", chapter.number, block.spot
                )
                _say(point, mark[1], block)
                yield point
            elif point is not None and point.lettered:
                _say(point, block.text, block)
            elif chapter is not None:
                count += 1
                point = Draft(
                    "point", f"{chapter.number}.{count}", chapter.number, block.spot, lettered=False
                )
                _say(point, block.text, block)
                yield point

    def _heads_chapter(self, mark: Mark, chapter: Draft | None, *, plain: bool) -> bool:
        """Whether a mark opens a chapter; plain numbers do where the first chapter has one."""
        if not plain:
            return mark.style in _CHAPTERS
        following = int(chapter.number) + 1 if chapter is not None else 1
        return mark.style == "number" and mark.number == following

    def _set_apart_closing(self, drafts: list[Draft], blocks: Sequence[Block]) -> None:
        """Closing words: the last paragraph of the last point, when it looks ahead."""
        last = drafts[-1] if drafts else None
        if last is None or "\n" not in last.text:
            return
        before, _, closing = last.text.rpartition("\n")
        if self._will.search(closing) and len(self._will.findall(closing)) > 1:
            last.text = before
            spot = blocks[-1].spot
            parent = last.parent
            drafts.append(Draft("point", "n-1", parent, spot, text=closing, lettered=False))


def _number(mark: Mark) -> str:
    if mark.style == "section" and mark.roman:
        return str(mark.roman)
    return mark.value.rpartition(".")[2] if mark.style == "number" else mark.value


def _say(draft: Draft, text: str, block: Block) -> None:
    """Add words to a point; a short line without a stop is its title."""
    draft.notes += tuple(block.footnotes)
    if not draft.text and not draft.title and draft.lettered and not _STOP.search(text):
        draft.title = text
        return
    draft.text = f"{draft.text}\n{text}" if draft.text else text
