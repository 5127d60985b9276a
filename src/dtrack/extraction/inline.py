"""Items that stand on one line with their chapeau, set apart: ``…: (a) …; (b) …``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dtrack.extraction.healing import Block

_FIRST = re.compile(r"[:：]\s*(?=[(（](?:a|ａ|一)[)）])")
_NEXT = re.compile(
    r"(?<=[;；，,])\s*(?:(?:and|et|y|以及|和)\s*)?(?=[(（](?P<n>[a-z]|[ａ-ｚ]|[一二三四五六七八九十])[)）])"
)
_ORDER = ("abcdefghijklmnopqrstuvwxyz", "一二三四五六七八九十")


def set_apart(blocks: Sequence[Block]) -> Iterator[Block]:
    """Blocks, those with a run of at least two items in them cut at each."""
    for block in blocks:
        yield from _cut(block) if block.style != "table" else (block,)


def _cut(block: Block) -> Iterator[Block]:
    first = _FIRST.search(block.text)
    cuts = list(_cuts(block.text, first.end())) if first else []
    if first is None or not cuts:
        yield block
        return
    places = [(0, first.end()), *zip([first.end(), *cuts], [*cuts, len(block.text)], strict=True)]
    for start, end in places:
        notes = block.footnotes if start == 0 else []
        yield replace(block, text=_bare(block.text[start:end]), footnotes=notes)


def _cuts(text: str, start: int) -> Iterator[int]:
    """Places of the items after the first one, as long as they follow in order."""
    order = _ORDER[1] if text[start + 1] == "一" else _ORDER[0]
    wanted = 1
    for match in _NEXT.finditer(text, start):
        letter = match["n"].translate({code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)})
        if wanted < len(order) and letter == order[wanted]:
            wanted += 1
            yield match.end()


def _bare(text: str) -> str:
    return re.sub(r"(?<=[;；，,])\s*(?:and|et|y|以及|和)\s*$", "", text.strip())
