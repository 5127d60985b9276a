"""A document to its texts: headings of decisions, and the table of contents as a check."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dtrack.extraction.texts import Contents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.extraction.healing import Block
    from dtrack.extraction.lexicon import Lexicon

_CONTENTS = re.compile(
    r"(?:table of )?contents|目\s*录|table des matières|sommaire|índice|contenido", re.IGNORECASE
)
_PLURALS = r"(?:s|es)?"
_TOKEN = r"[A-Za-z0-9][A-Za-z0-9./\-]*[A-Za-z0-9](?:\s?\(Rev\.? ?Co?P ?\d+\))?"  # noqa: S105
_PREFIXED = re.compile(r"[A-Z][a-z]+\. ?\d+\.\d+(?: ?\(Rev\.? ?Co?P ?\d+\))?")
_PAGE = re.compile(r"[\s.…·]*\d{0,4}$")
LONGEST_HEADING = 260
LONGEST_ENTRY = 700


@dataclass(frozen=True, slots=True)
class Heading:
    """First line of a text, or a line of a table of contents."""

    kind: str
    symbol: str
    title: str


@dataclass(slots=True)
class Part:
    """Blocks of one text, its heading first."""

    heading: Heading
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Volume:
    """A document cut into its texts; ``claims`` says which rule took the other blocks."""

    front: list[Block]
    parts: list[Part]
    contents: Contents
    claims: dict[int, str]


class Headings:
    """Reader of headings in any of the four languages."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._symbols = lexicon.symbols
        self._kinds = {_plain(label): kind for _, label, kind in lexicon.text_kinds}
        latin = sorted((w for w in self._kinds if w.isascii()), key=len, reverse=True)
        words = "|".join(map(re.escape, latin))
        chinese = "|".join(w for w in self._kinds if not w.isascii())
        self._led = re.compile(
            rf"(?P<kind>{words}){_PLURALS}\s+(?P<symbol>{_TOKEN})\s*[.:–—-]?\s*(?P<title>.*)",
            re.IGNORECASE | re.DOTALL,
        )
        self._bare = re.compile(rf"(?P<symbol>{_TOKEN})(?:[.:]\s*|\s+|$)(?P<title>.*)", re.DOTALL)
        self._chinese = re.compile(
            rf"第?\s*(?P<symbol>{_TOKEN})\s*号\s*(?P<kind>{chinese})\s*[：:.]?\s*(?P<title>.*)"
            rf"|(?P<kind2>{chinese})\s*(?P<symbol2>{_TOKEN})\s*[：:.]?\s*(?P<title2>.*)",
            re.DOTALL,
        )
        self._group = re.compile(
            rf"(?P<kind>{words}|{chinese}){_PLURALS}(?:\s+page)?", re.IGNORECASE
        )

    def group(self, text: str) -> str:
        """Kind that a line of a table of contents announces, or ""."""
        match = self._group.fullmatch(_plain(text))
        return self._kinds[match["kind"].lower()] if match else ""

    def read(self, text: str, *, listed: bool = False) -> Heading | None:
        """Heading that a block is; ``listed`` accepts what only a table of contents has."""
        if len(text) > (LONGEST_ENTRY if listed else LONGEST_HEADING):
            return None
        return self._read_led(text) or self._read_chinese(text) or self._read_bare(text, listed)

    def _read_led(self, text: str) -> Heading | None:
        match = self._led.fullmatch(_plain_kind(text))
        if match is None:
            return None
        kind = self._kinds[_plain(match["kind"])]
        # Case and accents are folded for the kind only; the title is taken from the text.
        title = text[len(text) - len(match["title"]) :] if match["title"] else ""
        return self._checked(kind, match["symbol"], title)

    def _read_chinese(self, text: str) -> Heading | None:
        match = self._chinese.fullmatch(text)
        if match is None:
            return None
        kind = self._kinds[match["kind"] or match["kind2"]]
        title = (match["title"] or match["title2"] or "").strip()
        return self._checked(kind, match["symbol"] or match["symbol2"], title)

    def _read_bare(self, text: str, listed: bool) -> Heading | None:
        alone = self._symbols.read(text) if _PREFIXED.fullmatch(text.strip()) else ()
        if not listed and alone and alone[0].kind in _TEXTS:
            return Heading(alone[0].kind, text.strip(), "")
        match = self._bare.fullmatch(text)
        if match is None or not re.search(r"/|-\d|^[A-Z]+\.\d", match["symbol"]):
            return None
        if not listed and not re.match(rf"{re.escape(match['symbol'])}(?:[.:]|$)", text):
            return None
        readings = [r for r in self._symbols.read(match["symbol"]) if r.kind in _TEXTS]
        if not readings:
            return None
        if listed:
            return Heading(readings[0].kind, match["symbol"], match["title"].strip())
        return self._checked(readings[0].kind, match["symbol"], match["title"])

    def _checked(self, kind: str, symbol: str, title: str) -> Heading | None:
        """The heading, unless it is a sentence about a decision."""
        if kind not in _TEXTS or not self._symbols.read(f"{kind} {symbol}"):
            return None
        title = title.strip()
        if re.match(r"[a-zà-ÿ,，;；、)]", title) or re.search(r"[;；,，]$", title):
            return None
        return Heading(kind, symbol, title)


_TEXTS = frozenset({"decision", "resolution"})


def _plain(text: str) -> str:
    folded = text.lower().strip().strip("|").strip()
    return folded.translate(str.maketrans("éó", "eo"))


def _plain_kind(text: str) -> str:
    """Text with the accents of its first word folded, so that lengths stay the same."""
    head, blank, rest = text.partition(" ")
    return _plain(head) + blank + rest


def split_volume(blocks: Sequence[Block], lexicon: Lexicon) -> Volume:
    """Texts of a document, in order."""
    headings = Headings(lexicon)
    listed, start, claims = _read_contents(blocks, headings)
    parts: list[Part] = []
    front: list[Block] = []
    for block in blocks[start:]:
        heading = headings.read(block.text) if block.style != "table" else None
        if heading is not None and _known(heading, listed):
            parts.append(Part(heading, [block]))
        elif parts:
            parts[-1].blocks.append(block)
        else:
            front.append(block)
    front = [*(b for b in blocks[:start] if b.first not in claims), *front]
    claims |= {block.first: "front matter" for block in front}
    return Volume(front, parts, _account(listed, parts), claims)


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
    begin = next((i for i, b in enumerate(blocks) if _CONTENTS.fullmatch(_plain(b.text))), None)
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
