"""What the head and the annex of a paper say: title, symbol, day, issuers, supporters, counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dtrack.extraction.actors import Actors
from dtrack.extraction.openings import date_in, months
from dtrack.extraction.papers.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dtrack.extraction.actors import Named
    from dtrack.extraction.healing import Block
    from dtrack.extraction.papers.values import Figure
    from dtrack.extraction.papers.words import PaperWords

_SYMBOL = re.compile(r"(?<![\w/])[A-Z]{2,}(?:/[A-Z0-9][\w.()-]*){2,}(?![\w/])")
_STAR = re.compile(r"\*\s*[A-Z]{2,}/\S+")
_CHINESE_DAYS = re.compile(
    r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*\d{1,2}\s*日?\s*[-—–－至]\s*"
    r"(?:(?P<m2>\d{1,2})\s*月\s*)?(?P<d>\d{1,2})\s*日"
)
_DAYS = re.compile(
    r"\d{1,2}\s*(?:to|-|–|—)\s*(?P<d>\d{1,2})\s+(?P<m>[A-Za-z]+)\s+(?P<y>\d{4})"
    r"|(?P<m3>[A-Za-z]+)\s+\d{1,2}\s*(?:to|-|–|—)\s*(?P<d3>\d{1,2}),?\s+(?P<y3>\d{4})"
)
_SPOKEN = re.compile(r"[。：:.;；]$|^\d|^[*(（]")
_COUNTS = ("countries", "organizations", "participants")
_TITLE = 120
_SPEAKERS = 3


@dataclass(frozen=True, slots=True)
class Head:
    """What was read; ``unclaimed`` are lines of the annex that name no known actor."""

    title: str
    symbol: str
    slug: str
    adopted: str
    issuers: tuple[str, ...]
    author: tuple[str, ...]
    """Words by which the paper names whoever speaks."""
    supporters: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    unclaimed: tuple[tuple[int, str], ...]

    @property
    def year(self) -> int:
        """Year of the day, 0 where there is none."""
        return int(self.adopted[:4] or 0)


class Heading:
    """Reader of heads, for one kind of paper."""

    def __init__(self, words: PaperWords, language: str, kind: str) -> None:
        self._words = words
        self._language = language
        self._kind = kind
        self._actors = Actors(words.lexicon, language, "")
        self._labels = {
            actor.key: [text for _, text, _ in actor.labels] for actor in words.lexicon.actors
        }
        self._governments = {
            actor.key for actor in words.lexicon.actors if "governments" in actor.broader
        }

    def read(
        self, front: Sequence[Block], annex: Sequence[Block], symbols: Sequence[Block], whole: str
    ) -> Head:
        """What stands in front of the parts, and in the annex."""
        opening = "\n".join(block.text for block in front)
        symbol = self._symbol(symbols, opening)
        issuers = self._issuers(front, symbol, whole)
        supporters, unclaimed = self._supporters(annex)
        return Head(
            title=self._title(front),
            symbol=symbol,
            slug=re.sub(r"[^a-z0-9]+", "-", symbol.lower()).strip("-"),
            adopted=_last_day(opening, self._language) if self._kind != "options-paper" else "",
            issuers=issuers,
            author=tuple(self._author(issuers)),
            supporters=supporters,
            counts=tuple(self._counts(opening)) if self._kind == "consensus" else (),
            unclaimed=unclaimed,
        )

    def _symbol(self, symbols: Sequence[Block], opening: str) -> str:
        """Symbol that the pages carry; one behind an asterisk belongs to another document."""
        for block in symbols:
            return block.text.strip().rstrip("*")
        found = _SYMBOL.search(_STAR.sub("", opening)) if self._kind == "options-paper" else None
        return found[0].rstrip(".") if found else ""

    def _title(self, front: Sequence[Block]) -> str:
        """First short lines, as far as one of them names the kind; else the first of all."""
        lines = [" ".join(block.text.split()) for block in front if len(block.text) <= _TITLE]
        pattern = self._words.kind(self._kind, self._language)
        if self._kind == "options-paper":
            option = self._words.cue("option", self._language)
            headings = (line for line in lines if option.search(line) and not _SPOKEN.search(line))
            return next(headings, lines[0] if lines else "")
        for index, line in enumerate(lines[:4]):
            if pattern.search(line) and not re.search(r"[。.]$", line):
                return " ".join(lines[: index + 1])
        return lines[0] if lines else ""

    def _issuers(self, front: Sequence[Block], symbol: str, whole: str) -> tuple[str, ...]:
        if symbol:
            head = symbol.split("/")[0].lower()
            by_label = (k for k, ls in self._labels.items() if head in {s.lower() for s in ls})
            return tuple(sorted(by_label))[:1]
        if self._kind == "position-paper":
            return self._speaking_government(whole)
        if self._kind == "consensus":
            return self._hosts("\n".join(block.text for block in front))
        named = (self._actors.find(block.text)[:1] for block in front[:_SPEAKERS])
        return tuple(item.key for items in named for item in items)[:1]

    def _speaking_government(self, whole: str) -> tuple[str, ...]:
        """The government that a position paper names most."""
        times: dict[str, int] = {}
        for item in self._actors.find(whole):
            if item.key in self._governments:
                times[item.key] = times.get(item.key, 0) + 1
        best = max(times, key=lambda key: (times[key], key), default="")
        return (best,) if best else ()

    def _hosts(self, opening: str) -> tuple[str, ...]:
        """Actors right in front of the word for hosting, or right behind it."""
        host = self._words.cue("host", self._language).search(opening)
        if host is None:
            return ()
        before = re.split(r"[，。,.;；]", opening[: host.start()])[-1]
        behind = re.split(r"[，。,.;；]", opening[host.end() :])[0]
        chinese = self._language == "zh"
        named: list[Named] = self._actors.find(before if chinese else behind)
        return tuple(item.key for item in (named[-1:] if chinese else named[:1]))

    def _author(self, issuers: Sequence[str]) -> Iterator[str]:
        for key in issuers:
            yield from self._labels.get(key, ())
        if self._kind == "position-paper" and self._language == "zh":
            for key in issuers:
                yield from (f"{label[:1]}方" for label in self._labels.get(key, ()) if _wide(label))
        if self._language == "en":
            yield from ("we ", "our ", "the government")
        elif self._language == "zh":
            yield from ("我国", "我们", "我方", "政府")

    def _supporters(
        self, annex: Sequence[Block]
    ) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...]]:
        """Actors that open the lines of an annex, and lines that name none."""
        found: list[str] = []
        left: list[tuple[int, str]] = []
        titles = (
            self._words.cue("annex", self._language),
            self._words.cue("supporters", self._language),
        )
        for block in annex:
            bare = re.sub(r"^[\s\d.、)•·–—-]+", "", block.text)
            named = self._actors.find(bare)
            if named and named[0].start <= 2:
                found.append(named[0].key)
            elif len(bare) > 3 and not any(p.match(bare) for p in titles):
                left.append((block.first, block.text))
        return tuple(dict.fromkeys(found)), tuple(left)

    def _counts(self, opening: str) -> Iterator[tuple[str, int]]:
        """Counts of the sentence that tells most of who took part."""
        finder = Figures(self._words, self._language)
        told = [
            dict(self._counted(finder.find(sentence)))
            for sentence in re.split(r"(?<=[。.])", opening)
        ]
        yield from max(told, key=len, default={}).items()

    def _counted(self, figures: Sequence[Figure]) -> Iterator[tuple[str, int]]:
        for name in _COUNTS:
            cue = self._words.cue(name, self._language)
            for figure in figures:
                person = name == "participants" and figure.unit == "persons"
                if person or cue.match(figure.unit):
                    yield name, int(float(figure.value))
                    break


def _wide(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def _last_day(text: str, language: str) -> str:
    """Last day of the first span of days that a text names, else its first day."""
    if language == "zh":
        span = _CHINESE_DAYS.search(text)
        if span is not None:
            month = int(span["m2"] or span["m"])
            return _iso(int(span["y"]), month, int(span["d"]))
        return date_in(text)
    span = _DAYS.search(text)
    if span is not None:
        name = (span["m"] or span["m3"]).lower()
        if name in months():
            day = int(span["d"] or span["d3"])
            return _iso(int(span["y"] or span["y3"]), months()[name], day)
    return date_in(text)


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
