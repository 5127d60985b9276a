"""Blocks of one text to provisions: preamble, paragraphs, items, sections, annexes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dtrack.extraction.healing import joined
from dtrack.extraction.inline import set_apart
from dtrack.extraction.levels import Levels
from dtrack.extraction.marks import Mark, split_mark
from dtrack.extraction.openings import annex_heading, article_heading, is_adoption
from dtrack.extraction.texts import Provision, Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dtrack.extraction.healing import Block
    from dtrack.extraction.levels import Level

_LEVEL_NAMES = ("paragraph", "item", "subitem")
_PARTS = {"preambular": "1", "operative": "2", "annex": "3"}
_ENDS = re.compile(r"[.;:,。；：，、!?！？][\"”’')）》」]*$")
_NOTE = re.compile(r"(?:source|note|abbreviations?|来源|注|nota|fuente)s?\s*[:：]", re.IGNORECASE)
_TABLE_NOTE = re.compile(r"(?:[a-z]|\*+|[†‡])\s{1,3}\S")
_CAPTION = re.compile(r"(?:table|figure|box|表|图|tableau|cuadro)\s*[\dA-Z]{0,3}", re.IGNORECASE)
LONGEST_TITLE = 30
"""Words of the longest heading."""


@dataclass(slots=True)
class Structure:
    """What the blocks of a text are."""

    title: list[str] = field(default_factory=list)
    opening: str = ""
    adoption: list[str] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)
    claims: dict[int, str] = field(default_factory=dict)
    unclaimed: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _Section:
    """Headings in force: their number (``III``, ``A``) and words."""

    roman: str = ""
    letter: str = ""
    article: str = ""
    title: str = ""

    @property
    def number(self) -> str:
        return ".".join(part for part in (self.article, self.roman, self.letter) if part)


def read_structure(
    blocks: Sequence[Block],
    voice: Callable[[str], str],
    speaks: Callable[[str], str | None],
    title: str = "",
) -> Structure:
    """Structure of the blocks after a heading.

    ``voice`` says how a paragraph without number begins: with a verb of the
    preamble, an operative verb, a subject that is told what to do ("subject", as
    in decisions that no body opens), or neither; ``speaks`` whether a line begins
    with the body that opens the text, and what it says on the same line.
    """
    reading = _Reading(voice, speaks, title)
    for block in set_apart(blocks):
        reading.read(block)
    reading.result.provisions = _with_sections(reading.result.provisions)
    return reading.result


class _Reading:
    def __init__(
        self, voice: Callable[[str], str], speaks: Callable[[str], str | None], title: str
    ) -> None:
        self.result = Structure(title=[title] if title else [])
        self._voice = voice
        self._speaks = speaks
        self._part = ""
        self._annex = ""
        self._annexes = 0
        self._section = _Section()
        self._levels = Levels()
        self._unnumbered = 0
        self._preambles = 0
        self._tops = 0
        self._keys: set[str] = set()
        self._in_table = False

    def read(self, block: Block) -> None:
        """Give a block to the first rule that wants it."""
        rules = (
            self._table,
            self._adoption,
            self._annex_heading,
            self._article,
            self._opening,
            self._marked,
            self._title,
            self._spoken,
            self._heading,
            self._prose,
        )
        for rule in rules:
            claim = rule(block)
            if claim:
                self.result.claims[block.first] = claim
                self._in_table = claim in {"table", "table note"}
                return
        self.result.unclaimed.append(block)

    def _table(self, block: Block) -> str:
        if block.style == "table":
            return "table"
        caption = _CAPTION.fullmatch(block.text) is not None
        if caption or _NOTE.match(block.text):
            return "table note"
        if self._in_table and (_TABLE_NOTE.match(block.text) or "|" in block.text):
            return "table note"
        return ""

    def _adoption(self, block: Block) -> str:
        if not self._part or split_mark(block.text) or not is_adoption(block.text):
            return ""
        self.result.adoption.append(block.text)
        return "adoption"

    def _annex_heading(self, block: Block) -> str:
        part = annex_heading(block.text)
        if part is None or not self._part:
            return ""
        number = part.number
        self._annex = "-".join(p for p in (part.word, number.lower()) if p)
        self._annexes += 1
        self._part = "annex"
        self._section = _Section(title=part.title)
        self._levels.clear()
        self._unnumbered = self._tops = 0
        return "annex"

    def _article(self, block: Block) -> str:
        part = article_heading(block.text)
        if part is None or self._part != "annex":
            return ""
        self._section = _Section(article=f"article-{part.number}", title=part.title)
        self._levels.clear()
        return "article"

    def _opening(self, block: Block) -> str:
        if self._part == "annex" or (self._part == "operative" and not self._only_recitals()):
            return ""
        if (rest := self._speaks(block.text)) is None:
            return ""
        if self._part == "operative":
            self._recite()
        self.result.opening = block.text[: len(block.text) - len(rest)].strip()
        self._part = "preambular"
        if rest:
            self.read(replace(block, text=rest))
        return "opening"

    def _only_recitals(self) -> bool:
        """Whether all so far may be recitals, since the body has not spoken yet."""
        return (
            not self.result.opening
            and bool(self.result.provisions)
            and all(p.level == "paragraph" for p in self.result.provisions)
        )

    def _recite(self) -> None:
        """What stands before the body that speaks is its preamble."""
        self.result.provisions = [
            replace(
                provision,
                number=f"preamble-{place}",
                key=f"preamble-{place}",
                part="preambular",
                number_known=True,
                sort_key=f"{_PARTS['preambular']}.{place:04d}",
            )
            for place, provision in enumerate(self.result.provisions, start=1)
        ]
        self._preambles = len(self.result.provisions)
        self._unnumbered = self._tops = 0
        self._keys.clear()

    def _title(self, block: Block) -> str:
        """Lines between the heading and the body that speaks."""
        if self._part or len(self.result.title) > 3:
            return ""
        if _ENDS.search(block.text) and self._voice(block.text):
            return ""
        self.result.title.append(block.text)
        return "title"

    def _marked(self, block: Block) -> str:
        split = split_mark(block.text)
        if split is None:
            return ""
        mark, rest = split
        if self._is_section(mark, rest):
            self._open_section(mark, rest)
            return "section"
        if mark.style in {"section", "section-letter"} and not self._section_like(mark):
            return ""
        if not self._part or (self._part == "preambular" and mark.style != "bullet"):
            if not self._part and mark.style not in {"number", "chinese-section"}:
                return ""
            if self._numbered_recital(mark, rest):
                self._preamble(block, rest)
                return "provision"
            if not self._belongs_to_preamble(mark):
                self._part = "operative"
        self._add(block, mark, rest)
        return "provision"

    def _numbered_recital(self, mark: Mark, rest: str) -> bool:
        """Whether recitals have numbers too, as with the Convention on Wetlands."""
        if mark.style != "number" or self._voice(rest) != "preambular":
            return False
        return mark.number == self._preambles + 1

    def _belongs_to_preamble(self, mark: Mark) -> bool:
        """Items of a recital stay in the preamble; numbered paragraphs begin the operative part."""
        last = self.result.provisions[-1] if self.result.provisions else None
        return mark.style not in {"number", "chinese-section"} and last is not None

    def _section_like(self, mark: Mark) -> bool:
        return mark.style == "section" or bool(self._levels.open)

    def _is_section(self, mark: Mark, rest: str) -> bool:
        if mark.style not in {"section", "section-letter", "chinese-section"}:
            return False
        short = len(rest.split()) <= LONGEST_TITLE and len(rest) < 260
        speaks = mark.style == "chinese-section" and self._voice(rest) not in {"", "subject"}
        return short and bool(rest) and not speaks and not re.search(r"[.;:,；，。：]$", rest)

    def _open_section(self, mark: Mark, rest: str) -> None:
        letter = self._section.letter
        follows = len(letter) == 1 and mark.written == chr(ord(letter) + 1)
        if mark.style == "section-letter" or (follows and not self._follows_roman(mark)):
            self._section = replace(self._section, letter=mark.written, title=rest)
        else:
            self._section = _Section(roman=mark.written, article=self._section.article, title=rest)

    def _follows_roman(self, mark: Mark) -> bool:
        former = Mark("section", self._section.roman, self._section.roman.lower()).roman or 0
        return mark.roman == former + 1

    def _spoken(self, block: Block) -> str:
        """A paragraph without number that begins with a verb."""
        if self._part == "annex":
            return ""
        voice = self._voice(block.text)
        if not voice or (voice == "subject" and self.result.opening):
            return ""
        if voice == "preambular" and not _ENDS.search(block.text) and len(block.text) < 80:
            return ""
        if voice == "preambular":
            self._preamble(block)
        else:
            self._part = "operative"
            self._without_number(block)
        return "provision"

    def _preamble(self, block: Block, text: str = "") -> None:
        self._part = self._part or "preambular"
        self._preambles += 1
        self._levels.clear()
        number = f"preamble-{self._preambles}"
        levels = self._levels.unnumbered(number, self._preambles)
        self._store(block, text or block.text, levels, part="preambular", known=True)

    def _without_number(self, block: Block) -> None:
        self._unnumbered += 1
        self._tops += 1
        levels = self._levels.unnumbered(f"n-{self._unnumbered}", self._tops)
        self._store(block, block.text, levels, part=self._part, known=False)

    def _heading(self, block: Block) -> str:
        words = block.text.split()
        if not self._part or len(words) > LONGEST_TITLE or len(block.text) > 220:
            return ""
        if _ENDS.search(block.text) or block.text[:1].islower():
            return ""
        keep = self._section
        self._section = replace(keep, title=block.text)
        return "section"

    def _prose(self, block: Block) -> str:
        """Words of an annex without number, or a paragraph that goes on after its items."""
        if self._part == "annex":
            self._without_number(block)
            return "provision"
        if self._part != "operative" or not self.result.provisions:
            return ""
        last = self.result.provisions[-1]
        if last.part != "operative" or not (block.text[:1].islower() or _ENDS.search(last.text)):
            return ""
        if not block.text[:1].islower() and not _chinese(block.text):
            return ""
        spot = Spot(last.spot.line, block.last, last.spot.page)
        self.result.provisions[-1] = replace(last, text=joined(last.text, block.text), spot=spot)
        return "continuation"

    def _add(self, block: Block, mark: Mark, rest: str) -> None:
        levels = self._levels.place(mark)
        if len(levels) == 1:
            self._tops += 1
            levels[0].ordinal = self._tops
        part = self._part or "operative"
        if part == "operative" and levels[0].value.startswith("preamble"):
            part = "preambular"
        self._store(block, rest, levels, part=part, known=True)

    def _store(
        self, block: Block, text: str, levels: list[Level], *, part: str, known: bool
    ) -> None:
        number = ".".join(level.value for level in levels)
        prefix = f"{self._annex}-" if part == "annex" and self._annex else ""
        ordinals = [level.ordinal for level in levels]
        head = [self._annexes] if part == "annex" else []
        sort_key = ".".join([_PARTS[part], *(f"{n:04d}" for n in (*head, *ordinals))])
        provision = Provision(
            number=number,
            key=f"{prefix}{number}",
            part=part,
            level=_LEVEL_NAMES[min(len(levels), 3) - 1],
            parent=".".join(number.split(".")[:-1]) and f"{prefix}{number.rsplit('.', 1)[0]}",
            text=text,
            spot=block.spot,
            sort_key=sort_key,
            number_known=known,
            section=self._section.number,
            section_title=self._section.title,
            annex=self._annex if part == "annex" else "",
            footnotes=tuple(block.footnotes),
        )
        self.result.provisions.append(provision)


def _chinese(text: str) -> bool:
    return bool(re.match(r"[\u4e00-\u9fff]", text))


def _with_sections(provisions: list[Provision]) -> list[Provision]:
    """Provisions with unique keys: where numbers restart, their section goes in front."""
    restarting = {
        scope
        for scope in {(p.part, p.annex) for p in provisions}
        if _restarts([p for p in provisions if (p.part, p.annex) == scope])
    }
    seen: dict[str, int] = {}
    result: list[Provision] = []
    renamed: dict[str, str] = {}
    for provision in provisions:
        prefix = provision.annex + "-" if provision.annex else ""
        number = provision.number
        if (provision.part, provision.annex) in restarting and provision.section:
            number = f"{provision.section}.{number}"
        old, key = provision.key, f"{prefix}{number}"
        parent = renamed.get(provision.parent, "")
        if parent:
            own = number.rsplit(".", 1)[-1]
            key, number = f"{parent}.{own}", f"{parent.removeprefix(prefix)}.{own}"
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            head, dot, tail = number.rpartition(".")
            number = f"{head}{dot}{tail}-{seen[key]}"
            key = f"{prefix}{number}"
        renamed[old] = key
        result.append(replace(provision, number=number, key=key, parent=parent))
    return _in_their_places(result)


def _in_their_places(provisions: list[Provision]) -> list[Provision]:
    """Provisions with sort keys of their own, even where bullets or numbers come again."""
    places: dict[str, str] = {}
    last: dict[str, int] = {}
    result: list[Provision] = []
    for provision in provisions:
        head, _, ordinal = provision.sort_key.rpartition(".")
        above = places.get(provision.parent, head)
        place = max(int(ordinal), last.get(above, -1) + 1)
        last[above] = place
        places[provision.key] = f"{above}.{place:04d}"
        result.append(replace(provision, sort_key=places[provision.key]))
    return result


def _restarts(provisions: list[Provision]) -> bool:
    tops = [p.number for p in provisions if p.level == "paragraph"]
    return len(tops) != len(set(tops))
