"""The structure of statements without numbers: what they recognise, need, call for, hope.

Each paragraph opens with a cue, or stands as a bullet below one. A cue of
another kind begins a new section; calls and hopes share theirs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.healing import width
from dtrack.extraction.papers.values import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dtrack.extraction.healing import Block
    from dtrack.extraction.papers.words import PaperWords
    from dtrack.extraction.texts import SourceLine

ROLES = {
    "recognition": "recognizes",
    "necessity": "needs-to",
    "call": "calls-upon",
    "hope": "hopes",
}
"""Cue and the key of its verb."""
_SECTION = {"recognition": 1, "necessity": 2, "call": 3, "hope": 3}
_BULLET = re.compile(r"^\s*(?:[—–-]{1,2}|[•·▪\uf0b7]|[(（]?\d{1,2}[)）.、]|[a-z][.)])\s*")
_STOP = re.compile(r"[。；：！？.;:!?][”\"’）)]*\s*$")
_LEAD = re.compile(
    r"\s*(?:因此|为此|所以|therefore|thus|to this end|hence)[，,：:]?\s*", re.IGNORECASE
)
_ASIDE = re.compile(r"[（(](?:注|note)[:：]", re.IGNORECASE)
_REACH = 6
_WIDEST = 60
_FULL = 0.94
_BROKEN = 0.5
"""Share of lines without a stop from which on lines are broken, not paragraphs."""
_SPACED = re.compile(r"(?<=[\u3000-\u9fff（）]) (?=[\u3000-\u9fff（）])")


class Cues:
    """Reader of the cues that open paragraphs."""

    def __init__(self, words: PaperWords, language: str) -> None:
        self._language = language
        self._patterns = [(role, words.cue(role, language)) for role in ROLES]

    def role(self, text: str) -> str:
        """Role that a paragraph opens with, "" for none."""
        bare = text[m.end() :] if (m := _BULLET.match(text)) else text
        bare = bare[m.end() :] if (m := _LEAD.match(bare)) else bare
        best = ("", 0)
        for role, pattern in self._patterns:
            match = pattern.search(bare[:60])
            if match is not None and match.start() <= _REACH and match.end() > best[1]:
                best = (role, match.end())
        return best[0]

    def bare(self, text: str) -> str:
        """Text without its bullet, what leads to it, and the cue that opens it."""
        rest = _BULLET.sub("", text, count=1)
        for _, pattern in self._patterns:
            match = pattern.search(rest[:60])
            if match is not None and match.start() <= _REACH:
                return rest[match.end() :].lstrip("，,：: ")
        return rest

    def opens(self, text: str, before: str) -> bool:
        """Whether a line begins a paragraph, given what stands before it."""
        stopped = not before or _STOP.search(before) is not None
        bullet = _BULLET.match(text) is not None
        if bullet:
            return stopped or bool(self.role(text))
        return stopped and bool(self.role(text) or _LEAD.match(text))


def unbroken(lines: Sequence[SourceLine], cues: Cues) -> Iterator[tuple[str, SourceLine]]:
    """Paragraphs, each with its first line; those of narrow columns are put together.

    There a line goes on in the next one until a stop ends it short of the column's
    edge, or the next one opens.
    """
    filled = sorted(width(line.text) for line in lines if line.text.strip())
    column = filled[len(filled) // 2] if filled else 0
    unstopped = sum(_STOP.search(line.text) is None for line in lines if line.text.strip())
    if unstopped < _BROKEN * len(filled):
        yield from ((" ".join(line.text.split()), line) for line in lines if line.text.strip())
        return
    text = ""
    first = last = None
    for line in lines:
        bare = _SPACED.sub("", " ".join(line.text.split()))
        if not bare:
            continue
        if first is not None and last is not None and _ends(text, last, bare, column, cues):
            yield text, first
            text, first = "", None
        wide = re.search(r"[\u3000-\u9fff，。（]$", text) is not None
        text = f"{text}{'' if wide or not text else ' '}{bare}"
        first, last = first or line, line
    if first is not None:
        yield text, first


def _ends(text: str, last: SourceLine, following: str, column: int, cues: Cues) -> bool:
    if cues.opens(following, text):
        return True
    full = column <= _WIDEST and width(last.text) >= _FULL * column
    return _STOP.search(text) is not None and not (full and text.endswith(("。", ".")))


def read_statement(blocks: Sequence[Block], cues: Cues) -> tuple[list[Block], list[Draft]]:
    """Blocks in front of the first cue, and the parts."""
    front: list[Block] = []
    drafts: list[Draft] = []
    role, section, bulleted = "", 0, False
    for block in blocks:
        opened = cues.role(block.text)
        bullet = _BULLET.match(block.text) is not None
        role = opened or role
        if not role:
            front.append(block)
        elif _ASIDE.match(block.text) or _LEAD.fullmatch(block.text):
            continue
        elif bulleted and not bullet and drafts[-1].kind == role:
            # What follows a bullet without one of its own still belongs to it.
            drafts[-1].text += block.text
        else:
            section = _section(role, section, drafts, block)
            bulleted = bullet
            if opened and not bullet and block.text.rstrip().endswith(("：", ":")):
                drafts[-1].title = drafts[-1].title or block.text.rstrip("：: ")
            else:
                _point(drafts, role, section, block)
    return front, drafts


def _section(role: str, section: int, drafts: list[Draft], block: Block) -> int:
    """Number of the section that a role belongs to; a new one where the role changes."""
    chapters = [draft for draft in drafts if draft.level == "section"]
    former = chapters[-1].kind if chapters else ""
    same = former and _SECTION[former] == _SECTION[role]
    if same:
        return section
    drafts.append(Draft("section", str(section + 1), "", block.spot, kind=role))
    return section + 1


def _point(drafts: list[Draft], role: str, section: int, block: Block) -> None:
    number = sum(draft.parent == str(section) for draft in drafts) + 1
    text = _BULLET.sub("", block.text, count=1)
    drafts.append(
        Draft("point", f"{section}.{number}", str(section), block.spot, text=text, kind=role)
    )
