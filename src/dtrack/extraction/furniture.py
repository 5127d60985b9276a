"""What pages carry beside their text: page numbers, running heads, rules, footnotes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dtrack.extraction.healing import Block, clean, joined, page_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.extraction.texts import SourceLine

_PAGE_NUMBER = re.compile(
    r"(?:(?:page|página|第)\s*)?[-–]?\s*\d{1,4}\s*[-–]?(?:\s*页)?(?:\s*/\s*\d+)?"
)
_EMPTY_NUMBER = re.compile(r"\(?\d{1,3}[.)]")
"""What a list paragraph without words leaves behind in a conversion to text."""
_RULE = re.compile(r"[-—–_*=\s]{3,}")
_GOES_ON = re.compile(r"/\s?(?:…|\.{3})")
_NOTE = re.compile(r"\[?(?P<n>\d{1,3})\]?\s+(?P<text>\S.*)")
_SYMBOL_LINE = re.compile(r"(?:[A-Z]{2,}[A-Za-z]*/)+[A-Z0-9./()\-a-z]+\*?")


@dataclass(slots=True)
class Note:
    """A footnote: its number and words, and the lines it stands on."""

    number: str
    text: str
    line: int


@dataclass(slots=True)
class Cleared:
    """Lines that are text, footnotes, document symbols, and which rule claimed a line."""

    lines: list[SourceLine] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    claims: dict[int, str] = field(default_factory=dict)
    symbols: list[Block] = field(default_factory=list)


def clear(lines: Sequence[SourceLine]) -> Cleared:
    """Lines without furniture."""
    cleared = Cleared()
    heads = _running_heads(lines)
    wrapped = page_width(lines) > 0
    note_open = False
    for line in lines:
        text = clean(line.text)
        claim = _claim(line, text, heads, paged=wrapped or line.page > 0)
        if claim:
            cleared.claims[line.number] = claim
            if claim == "document symbol":
                cleared.symbols.append(Block(text, line.number, line.number, line.page))
        elif _opens_note(line, text, cleared, wrapped=wrapped):
            note_open = not line.whole and (wrapped or line.page > 0)
            cleared.claims[line.number] = "footnote"
        elif note_open and text and not _opens_text(text):
            cleared.notes[-1].text = joined(cleared.notes[-1].text, text)
            cleared.claims[line.number] = "footnote"
        else:
            note_open = note_open and not text
            cleared.lines.append(line)
        note_open = note_open and bool(text)
    return cleared


def _claim(line: SourceLine, text: str, heads: frozenset[tuple[str, bool]], *, paged: bool) -> str:
    if not text:
        return ""
    if _RULE.fullmatch(text) or _GOES_ON.fullmatch(text):
        return "rule"
    if paged and _PAGE_NUMBER.fullmatch(text.lower()):
        return "page number"
    if not paged and _EMPTY_NUMBER.fullmatch(text):
        return "empty number"
    if line.page and (_without_digits(text), True) in heads:
        return "running head"
    return "document symbol" if _SYMBOL_LINE.fullmatch(text) and text.count("/") > 1 else ""


def _without_digits(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def _running_heads(lines: Sequence[SourceLine]) -> frozenset[tuple[str, bool]]:
    """Lines that stand at the edge of at least three pages, digits aside."""
    pages: dict[int, list[str]] = {}
    for line in lines:
        if line.page and line.text.strip():
            pages.setdefault(line.page, []).append(_without_digits(clean(line.text)))
    edges = Counter(text for page in pages.values() for text in {*page[:2], *page[-2:]})
    return frozenset((text, True) for text, count in edges.items() if count >= 3)


def _opens_note(line: SourceLine, text: str, cleared: Cleared, *, wrapped: bool) -> bool:
    match = _NOTE.fullmatch(text)
    if match is None:
        return False
    notes = cleared.notes
    sure = wrapped or line.page > 0 or line.style == "note"
    if not sure and not _marked_before(match["n"], cleared.lines):
        return False
    number = int(match["n"])
    last = int(notes[-1].number) if notes else 0
    if line.style != "note" and number not in {last + 1, 1}:
        return False
    if match["text"][:1].islower() or match["text"][:1].isdigit():
        return False
    notes.append(Note(match["n"], match["text"], line.number))
    return True


def _marked_before(number: str, lines: Sequence[SourceLine]) -> bool:
    """Whether a footnote's mark is glued to a word above: "Parties2 have"."""
    mark = re.compile(rf"[a-z,.;]{number}(?=[\s,.;]|$)")
    return any(mark.search(line.text) for line in lines[-400:])


def _opens_text(text: str) -> bool:
    """Whether a line after a footnote is text of the body again."""
    return re.match(r"\(?\d{1,3}[.)]\s|[(（][a-z]{1,4}[)）]\s|[IVX]+\.\s", text) is not None


def attach_notes(blocks: Sequence[Block], notes: Sequence[Note]) -> None:
    """Give each footnote to the block with its mark, and take the mark out of the words."""
    start = 0
    for note in notes:
        mark = re.compile(
            rf"(?<=[^\W\d_.])\[?{note.number}\]?(?=$|[\s,.;:，。；：）)]|[\u4e00-\u9fff])"
            rf"|(?<=[,.;:，。；：”\"’)）])\[?{note.number}\]?(?=$|\s|[\u4e00-\u9fff])"
            rf"|(?<=[\u4e00-\u9fff] ){note.number}(?= ?[\u4e00-\u9fff])(?! ?[年月日第号])"
        )
        for index in range(start, len(blocks)):
            block = blocks[index]
            match = mark.search(block.text)
            if match is None or block.first > note.line:
                continue
            block.text = clean(block.text[: match.start()] + block.text[match.end() :])
            block.footnotes.append(note.text)
            start = index
            break
