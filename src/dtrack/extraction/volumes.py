"""A document to its texts: headings of decisions, and the table of contents as a check."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dtrack.extraction.headings import Heading, Headings, plain
from dtrack.extraction.speakers import Openings
from dtrack.extraction.texts import Contents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.extraction.healing import Block
    from dtrack.extraction.lexicon import Lexicon

_CONTENTS = re.compile(
    r"(?:table of )?contents|目\s*录|table des matières|sommaire|índice|contenido", re.IGNORECASE
)
_TOKEN = r"[A-Za-z0-9][A-Za-z0-9./\-]*[A-Za-z0-9](?:\s?\(Rev\.? ?Co?P ?\d+\))?"  # noqa: S105
_OF_ADVICE = re.compile(r"/REC/")
"""In the symbol of a document that holds recommendations: CBD/SBSTTA/REC/24/6."""
_FEW = 3
"""Blocks that the heading of several texts has at most with its title and whom the first asks."""
_PAGE = re.compile(r"[\s.…·]*\d{0,4}$")


@dataclass(slots=True)
class Part:
    """Blocks of one text; its heading first, where it has one (``headed``)."""

    heading: Heading
    blocks: list[Block] = field(default_factory=list)
    headed: bool = True


@dataclass(slots=True)
class Volume:
    """A document cut into its texts; ``claims`` says which rule took the other blocks."""

    front: list[Block]
    parts: list[Part]
    contents: Contents
    claims: dict[int, str]


def split_volume(
    blocks: Sequence[Block], lexicon: Lexicon, symbols: Sequence[Block] = ()
) -> Volume:
    """Texts of a document, in order.

    A document without any heading is one text: its heading is the first of its
    document symbols that is a decision's, or it has none and begins with the
    body that speaks.
    """
    headings = Headings(lexicon)
    listed, start, claims = _read_contents(blocks, headings)
    front, parts = _cut(blocks[start:], headings, listed)
    if not parts:
        front, parts = _cut(blocks[start:], headings, listed, freely=True)
    if not parts:
        front, parts = _cut_at_symbol(blocks, headings, symbols)
    if not parts:
        front, parts = _cut_at_opening(blocks, headings, Openings(lexicon))
    front = [*(b for b in blocks[:start] if b.first not in claims), *front]
    if any(_OF_ADVICE.search(block.text) for block in (*symbols, *front)):
        for part in parts:
            part.heading = _as_advice(part, headings)
    claims |= {block.first: "front matter" for block in front}
    return Volume(front, parts, _account(listed, parts), claims)


def _as_advice(part: Part, headings: Headings) -> Heading:
    """Heading in a document of recommendations: without a word for its kind, it is one."""
    if headings.kind_in(part.blocks[0].text) or not part.headed:
        return part.heading
    return replace(part.heading, kind="recommendation")


def _cut(
    blocks: Sequence[Block],
    headings: Headings,
    listed: Sequence[Heading],
    *,
    freely: bool = False,
) -> tuple[list[Block], list[Part]]:
    """What stands before the first heading, and the texts."""
    parts: list[Part] = []
    front: list[Block] = []
    group: Heading | None = None
    ranges = False
    for block in blocks:
        heading = headings.read(block.text, freely=freely) if block.style != "table" else None
        member = headings.within(block.text, group) if group is not None else None
        if group is not None and member is not None:
            group = _open_member(parts, group, block, *member)
        elif heading is not None and _known(heading, listed) and _begins(heading, parts, ranges):
            parts.append(Part(heading, [block]))
            group = heading if heading.until else None
            ranges = ranges or group is not None
        elif parts:
            parts[-1].blocks.append(block)
        else:
            front.append(block)
    return front, parts


def _begins(heading: Heading, parts: Sequence[Part], ranges: bool) -> bool:
    """Whether a heading may begin a text: behind another text, a range alone is one of a list."""
    return not heading.until or not parts or ranges


def _open_member(
    parts: list[Part], group: Heading, block: Block, symbol: str, rest: str
) -> Heading:
    """Begin one of the texts that a heading of several has announced; it shares their title.

    Comes back the heading with that title, which may stand below it.
    """
    said = [replace(block, text=rest)] if rest else []
    first = parts[-1]
    if first.heading.until and len(first.blocks) <= _FEW:
        title = group.title or " ".join(head.text for head in first.blocks[1:2])
        first.heading = Heading(group.kind, symbol, group.title, group.of)
        first.blocks += said
        return replace(group, title=title)
    parts.append(Part(Heading(group.kind, symbol, group.title, group.of), [block, *said]))
    return group


def _cut_at_symbol(
    blocks: Sequence[Block], headings: Headings, symbols: Sequence[Block]
) -> tuple[list[Block], list[Part]]:
    """A text whose only heading is the symbol of its document: ``CBD/COP/DEC/15/4``."""
    for symbol in symbols:
        heading = headings.read(symbol.text)
        if heading is not None:
            front = [block for block in blocks if block.first < symbol.first]
            return front, [Part(heading, [symbol, *blocks[len(front) :]])]
    return list(blocks), []


def _cut_at_opening(
    blocks: Sequence[Block], headings: Headings, openings: Openings
) -> tuple[list[Block], list[Part]]:
    """A text without a heading, from the body that speaks."""
    for index, block in enumerate(blocks):
        opening = openings.split(block.text)
        if opening is None or opening.rest:
            continue
        front = list(blocks[:index])
        title = front[-1].text if front else ""
        kind = next((kind for b in front if (kind := headings.kind_in(b.text))), "decision")
        return front, [Part(Heading(kind, "", title), list(blocks[index:]), headed=False)]
    return list(blocks), []


def _known(heading: Heading, listed: Sequence[Heading]) -> bool:
    """In a volume with contents a heading is one of the list, or names its kind in full."""
    if not listed:
        return True
    symbols = {item.symbol for item in listed}
    return heading.symbol in symbols or not heading.title


def _read_contents(
    blocks: Sequence[Block], headings: Headings
) -> tuple[list[Heading], int, dict[int, str]]:
    """Lines of the table of contents, the block after it, and the blocks it takes."""
    begin = next((i for i, b in enumerate(blocks) if _CONTENTS.fullmatch(plain(b.text))), None)
    if begin is None:
        return [], 0, {}
    listed: list[Heading] = []
    claims = {blocks[begin].first: "contents"}
    group = "decision"
    paged = False
    for index in range(begin + 1, len(blocks)):
        text = blocks[index].text
        entry = headings.read(text, listed=True)
        if entry is not None and paged and not _ends_with_page(blocks[index - 1].text, headings):
            entry = None  # a long title goes on, with the symbol of another decision
        symbols = {(item.kind, item.symbol) for item in listed}
        led = entry is not None and headings.read(text) is not None and not _bare(text)
        if led or (entry is not None and (group, entry.symbol) in symbols):
            return listed, index, claims
        if headings.group(text):
            group = headings.group(text)
        elif entry is not None:
            kind = group if _bare(text) else entry.kind
            listed.append(Heading(kind, entry.symbol, _PAGE.sub("", entry.title)))
        paged = paged or re.search(r"\s\d{1,4}$", text) is not None
        claims[blocks[index].first] = "contents"
    return [], 0, {}


def _ends_with_page(text: str, headings: Headings) -> bool:
    return re.search(r"\s\d{1,4}$", text) is not None or bool(headings.group(text))


def _bare(text: str) -> bool:
    return re.match(rf"{_TOKEN}[\s.:]", text) is not None and "/" in text.split()[0]


def _account(listed: Sequence[Heading], parts: Sequence[Part]) -> Contents:
    """What was listed against what was found."""
    wanted = [f"{item.kind} {item.symbol}" for item in listed]
    found = Counter(f"{part.heading.kind} {part.heading.symbol}" for part in parts)
    return Contents(
        listed=tuple(wanted),
        missing=tuple(name for name in wanted if name not in found),
        doubled=tuple(name for name, count in found.items() if count > 1),
        unlisted=tuple(name for name in found if wanted and name not in wanted),
    )
