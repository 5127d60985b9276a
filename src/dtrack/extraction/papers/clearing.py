"""Pages of papers: footnotes whose number stands on a line of its own, and repeated links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dtrack.extraction.furniture import Note, attach_notes, clear
from dtrack.extraction.healing import clean, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.extraction.healing import Block
    from dtrack.extraction.texts import SourceLine

_NUMBER = re.compile(r"\d{1,3}")
_LINK = re.compile(r"https?://\S+")
_INDENTED = re.compile(r"[ \t\u3000]+\S")
_ENDED = re.compile(r"[.。”\"\])）]\s*$")


@dataclass(slots=True)
class Sheet:
    """Lines that are text, notes, document symbols, and which rule claimed a line."""

    lines: list[SourceLine] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    claims: dict[int, str] = field(default_factory=dict)
    symbols: list[Block] = field(default_factory=list)


def clear_sheet(lines: Sequence[SourceLine]) -> Sheet:
    """Lines of a paper without furniture, notes and links."""
    sheet = Sheet()
    kept = list(_without_notes(lines, sheet))
    cleared = clear(kept)
    sheet.lines, sheet.symbols = cleared.lines, cleared.symbols
    sheet.claims |= cleared.claims
    sheet.notes += cleared.notes
    return sheet


def _without_notes(lines: Sequence[SourceLine], sheet: Sheet) -> list[SourceLine]:
    """Lines outside of notes that open with their number alone on its line.

    Such a note goes on to the next number, to a link that the page repeats, or
    to an indented line: the first of the next page.
    """
    kept: list[SourceLine] = []
    open_ = False
    for index, line in enumerate(lines):
        text = clean(line.text)
        if _opens(text, lines, index, sheet.notes):
            sheet.notes.append(Note(text, "", line.number))
            sheet.claims[line.number] = "footnote"
            open_ = True
        elif open_ and _goes_on(line, text, sheet.notes[-1]):
            if text:
                note = sheet.notes[-1]
                note.text = joined(note.text, text) if note.text else text
                sheet.claims[line.number] = "footnote"
        elif _LINK.fullmatch(text):
            sheet.claims[line.number] = "link"
            open_ = False
        else:
            open_ = False
            kept.append(line)
    return kept


def _opens(text: str, lines: Sequence[SourceLine], index: int, notes: Sequence[Note]) -> bool:
    if not _NUMBER.fullmatch(text):
        return False
    after = (clean(line.text) for line in lines[index + 1 : index + 4])
    following = next(filter(None, after), "")
    expected = int(notes[-1].number) + 1 if notes else 1
    return int(text) == expected and bool(following) and not _NUMBER.fullmatch(following)


def _goes_on(line: SourceLine, text: str, note: Note) -> bool:
    if not text or not note.text:
        return True
    if _NUMBER.fullmatch(text) or _INDENTED.match(line.text):
        return False
    return not (_LINK.fullmatch(text) and _ENDED.search(note.text))


def attach(blocks: Sequence[Block], notes: Sequence[Note]) -> None:
    """Give each note to the block with its mark, else to the last one in front of it."""
    attach_notes(blocks, notes)
    given = {text for block in blocks for text in block.footnotes}
    for note in notes:
        if note.text in given:
            continue
        # A mark may stand inside a symbol: "XII/6 36号".
        mark = re.compile(rf"(?<=[\d/.]) ?{note.number}(?=\s?号)")
        before = [block for block in blocks if block.first < note.line]
        found = next((block for block in before if mark.search(block.text)), None)
        if found is not None:
            found.text = mark.sub(" ", found.text, count=1)
        for block in [found] if found is not None else before[-1:]:
            block.footnotes.append(note.text)
