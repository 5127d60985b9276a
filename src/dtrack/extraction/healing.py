"""Lines to blocks: hard line breaks, page breaks and hyphens healed.

A block is a paragraph, a heading, a table row or a note, with the lines it
came from. In a hard-wrapped text a line that fills the page goes on in the
next one, whatever stands between; elsewhere a line is a paragraph unless it
breaks off in the middle of a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dtrack.extraction.marks import split_mark
from dtrack.extraction.texts import Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dtrack.extraction.texts import SourceLine

WIDEST_PAGE = 130
"""Columns above which a line is a paragraph rather than a printed line."""
NARROWEST_PAGE = 36
_FULL = 0.8
_NEARLY_FULL = 0.65
_END = re.compile(r"[.;:!?。；：！？，,、][\"”’')）》」]*\s*\d{0,3}\s*$")
_STOP = re.compile(r"[.;:!?。；：！？][\"”’')）》」]*\s*$")
_MARK_ALONE = re.compile(r"\(?\w{1,3}[.)]")
_BRACKETED = {0x3220 + n: f"({c})" for n, c in enumerate("一二三四五六七八九十")}
_WIDE_CHAR = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")


@dataclass(slots=True)
class Block:
    """A paragraph with its lines. ``footnotes`` are the notes that its marks point to."""

    text: str
    first: int
    last: int
    page: int = 0
    style: str = ""
    footnotes: list[str] = field(default_factory=list)

    @property
    def spot(self) -> Spot:
        """Where it stands."""
        return Spot(self.first, self.last, self.page)


def width(text: str) -> int:
    """Columns of a printed line; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text.strip())


def clean(text: str) -> str:
    """Text of one line with plain spaces and without invisible characters."""
    text = text.replace("\u00ad", "\u2010" if "\u00ad" in text and text.isascii() else "")
    text = text.translate(_BRACKETED)
    text = re.sub(r"[\u200b-\u200f\u202a-\u202e\ufeff]", "", text)
    return re.sub(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+", " ", text).strip()


_SHORT_NAME = re.compile(r"\([A-Z][A-Za-z-]{2,12}\)")
"""A name's short form that was broken off from it: "(CITES)". Marks are told before."""


def page_width(lines: Sequence[SourceLine]) -> int:
    """Columns of the printed page, or 0 when the lines are paragraphs already."""
    texts = [line.text for line in lines if line.text.strip() and not line.whole]
    widths = sorted(map(width, texts))
    if len(widths) < 8:
        return 0
    widest = widths[int(len(widths) * 0.95)]
    full = [text for text in texts if width(text) >= _FULL * widest]
    # Paragraphs that happen to be equally long end with a mark, broken lines hardly ever.
    broken = sum(_END.search(text) is None for text in full)
    printed = NARROWEST_PAGE <= widest <= WIDEST_PAGE and broken >= 0.5 * len(full)
    return widest if printed and len(full) >= 0.35 * len(widths) else 0


def heal(
    lines: Sequence[SourceLine], opens: Callable[[str], bool] = lambda _: False
) -> list[Block]:
    """Blocks of some lines, in order; blank lines are dropped.

    ``opens`` says which lines begin a block of their own whatever stands before.
    """
    wrapped = page_width(lines)
    known = _hyphenated(lines)
    blocks: list[Block] = []
    former: SourceLine | None = None
    for line in lines:
        text, style = _unframed(clean(line.text), line.style)
        if not text:
            continue
        goes_on = former is not None and blocks and not opens(text)
        if goes_on and former and _goes_on(blocks[-1], former, line, text, wrapped):
            block = blocks[-1]
            block.text = joined(block.text, text, known)
            block.last = line.number
        else:
            blocks.append(Block(text, line.number, line.number, line.page, style))
        former = line
    return blocks


def _unframed(text: str, style: str) -> tuple[str, str]:
    """Words and style of a line; a table row with one filled cell is a framed paragraph."""
    if not text.startswith("|"):
        return text, style
    cells = [cell.strip() for cell in text.strip("|").split("|") if cell.strip()]
    if len(cells) == 1 and text.endswith("|"):
        return cells[0], ""
    if len(cells) == 2 and text.endswith("|") and split_mark(f"{cells[0]} x") is not None:
        return f"{cells[0]} {cells[1]}", ""
    return (text, "table") if cells else ("", style)


def _goes_on(block: Block, former: SourceLine, line: SourceLine, text: str, page: int) -> bool:
    """Whether a line continues the block before it."""
    if line.whole or former.whole or line.style or block.style or text.startswith("|"):
        return False
    if page and _MARK_ALONE.fullmatch(block.text):
        return True
    if split_mark(text) is not None or _opens(text):
        return False
    if page:
        broken_by_mark = re.search(r"[,，]\s*\d{1,2}$", block.text) is not None
        filled = width(former.text) / page
        broken_off = filled >= _NEARLY_FULL and not _END.search(block.text)
        return broken_by_mark or broken_off or (filled >= _FULL and not _closed(block, page))
    return line.number == former.number + 1 and _unfinished(block.text, text)


def _closed(block: Block, page: int) -> bool:
    """A heading that happens to fill a line is none; only a full stop far from the edge closes."""
    return bool(_STOP.search(block.text)) and width(block.text) < _FULL * page


def _opens(text: str) -> bool:
    """Whether a line opens something of its own: a rule, a bullet."""
    return re.match(r"[•·▪\uf0b7*—–_-]{2,}|[•▪\uf0b7]\s", text) is not None


def _unfinished(before: str, after: str) -> bool:
    """A sentence that breaks off, and a line that starts in its middle."""
    goes_on = after[:1].islower() or _SHORT_NAME.match(after) is not None
    return not _END.search(before) and goes_on


def _hyphenated(lines: Iterable[SourceLine]) -> frozenset[str]:
    """Words that the document itself writes with a hyphen inside a line."""
    return frozenset(
        word.lower() for line in lines for word in re.findall(r"\w+(?:-\w+)+", line.text)
    )


def joined(before: str, after: str, hyphenated: frozenset[str] = frozenset()) -> str:
    """Two halves of a paragraph in one; Chinese takes no space, a divided word no hyphen."""
    divided = re.search(r"(\w+)[-\u2010]$", before)
    if divided and after[:1].islower():
        rest = re.match(r"\w+", after)
        whole = f"{divided[1]}-{rest[0] if rest else ''}".lower()
        return before + after if whole in hyphenated else before[:-1] + after
    edges = before[-1:] + after[:1]
    wide = any(_WIDE_CHAR.match(char) or char in "、，。；：（《“）》”" for char in edges)
    return f"{before}{after}" if wide else f"{before} {after}"
