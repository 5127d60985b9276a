"""What a part of a paper wants, of whom, and who else acts with them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from dtrack.extraction.actors import Actors
from dtrack.extraction.addressees import addressees
from dtrack.extraction.deadlines import Clock, deadlines_in, recurrence_in
from dtrack.extraction.texts import Element
from dtrack.extraction.verbs import Verbs
from dtrack.extraction.verbs_chinese import ChineseVerbs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.actors import Named
    from dtrack.extraction.papers.words import PaperWords
    from dtrack.extraction.verbs import Hit

_ACTOR = "\ue000"
_FAR = 16
"""Characters that may stand between the last actor and the second half of a cue."""
_TREATIES = "meas"
_OFTEN = 5
_NO_ACT = r"(?!的|情况)"
"""What makes of "cooperation with X" a thing that is talked about."""
_NO_DOER = r"(?!\s+(?:should|shall|may|must|will|needs?|is|are)\b)"
"""An actor that a modal follows acts itself: "in consultation with X, Y should"."""
_SHARED_HEAD = re.compile(
    r"([\u4e00-\u9fff]{2})([和或与及])([\u4e00-\u9fff]{2})(机构|小组|中心|部门)"
)
_BINDER = re.compile(
    r"的(?=交流官员|主席|管理机构|合作伙伴|秘书处|工作队|协调中心|咨询机构|成员国)"
)
_CHAIRS = re.compile(r"([^，。；、]{2,20})或([^，。；、]{2,20}?)主席")
_APART = re.compile(
    r"（(?!包括)[^（）]{2,}）|(?:^|(?<=[，。；]))作为[^，。；]+，|^[^，。；]{0,24}是，"
)
"""Asides, roles ("as chair of X, Y should") and what only leads to a sentence."""
_INCLUDING = re.compile(r"(?P<head>[\u4e00-\u9fff]{2,8})（包括(?P<part>[\u4e00-\u9fff]{2,12})")
_MODAL_FIRST = re.compile(r"[，\s]*(?:应当|应该|应|须|需要)")


class Directing:
    """Reader of directives, in one language, for a paper of no instrument's own."""

    def __init__(self, words: PaperWords, language: str, whole: str = "", year: int = 0) -> None:
        """Reader for a paper with the text ``whole``, of a year where it is known."""
        self.actors = Actors(words.lexicon, language, "")
        self._language = language
        self._plainly = {
            label.lower()
            for actor in words.lexicon.actors
            for _, label, rank in actor.labels
            if actor.key == _TREATIES and rank == 0
        }
        self._treaties = self._treaties_of(whole, words)
        self._verbs: Verbs | ChineseVerbs = (
            ChineseVerbs(words.lexicon, self.actors)
            if language == "zh"
            else Verbs(words.lexicon, language, self.actors)
        )
        self._clock = Clock(
            meeting="",
            year=year,
            body="",
            actors=self.actors,
            bodies=words.lexicon.bodies,
            language=language,
        )
        self._around = tuple(
            self._pattern(before, behind)
            for before, behind in words.around("accompaniment", language)
        )

    def _pattern(self, before: str, behind: str) -> re.Pattern[str]:
        """Actors between the two halves of a cue, or behind its one half."""
        if behind:
            far = 0 if behind in "，," else _FAR
            inside = rf"[^，。；,;.{_ACTOR}]{{0,{_FAR + 8}}}{_ACTOR}(?:[^，。；,;.]*{_ACTOR})?"
            gap = rf"[^，。；,;.{_ACTOR}]{{0,{far}}}?"
            end = re.escape(behind) + ("" if behind.endswith("工作") else _NO_ACT)
            return re.compile(rf"{re.escape(before)}(?P<who>{inside}){gap}{end}")
        glue = r"(?:[\s,]|\band\b|\bthe\b|\bother\b|\brelevant\b|\bits\b|\bet\b|\by\b)*"
        led = r"(?:[\w'’-]+\s+){0,3}?"
        return re.compile(
            rf"\b{re.escape(before.strip())}\s+(?P<who>{led}{_ACTOR}(?:{glue}{_ACTOR}{_NO_DOER})*)",
            re.IGNORECASE,
        )

    def _treaties_of(self, whole: str, words: PaperWords) -> str:
        """What "the conventions" are in this paper: the group of them that it names often."""
        groups = {actor.key for actor in words.lexicon.actors if _TREATIES in actor.broader}
        named = Counter(item.key for item in self.actors.find(whole) if item.key in groups)
        key, times = max(named.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
        return key if times >= _OFTEN else ""

    def _named(self, text: str) -> list[Named]:
        found = self.actors.find(text)
        if not self._treaties:
            return found
        return [
            item._replace(key=self._treaties)
            if item.key == _TREATIES and text[item.start : item.end].lower() not in self._plainly
            else item
            for item in found
        ]

    def read(self, text: str) -> tuple[tuple[Element, ...], tuple[str, ...]]:
        """Directives with their addressees, and those named beside them."""
        text = self._written_out(text)
        named = self._named(text)
        spans = list(self._accompanied(text, named))
        bare = list(text)
        for start, end, _ in spans:
            bare[start:end] = " " * (end - start)
        plain = _APART.sub(lambda match: " " * len(match[0]), "".join(bare))
        hits = self._hits(plain)
        elements = tuple(self._element(plain, hits, i) for i in range(len(hits)))
        if elements and not any(element.addressees for element in elements):
            elements = (replace(elements[0], addressees=self._acted_on(plain)), *elements[1:])
        elements = tuple(self._in_this_paper(element, plain) for element in elements)
        doers = {key for element in elements for key in element.addressees}
        beside = (key for _, _, keys in sorted(spans) for key in keys)
        return elements, tuple(key for key in dict.fromkeys(beside) if key not in doers)

    def spoken(self, text: str) -> tuple[Element, ...]:
        """Directives of a sentence whose subject was taken off, when it goes on with a verb."""
        hits = self._verbs.find(text)
        if not hits or hits[0].start > 1:
            return ()
        return tuple(self._element(text, hits, index) for index in range(len(hits)))

    def named_first(self, text: str) -> tuple[str, ...]:
        """Actors of the first clause of a call whose verb stands above it."""
        clause = re.split(r"[，。；,.;]", text, maxsplit=1)[0]
        return tuple(dict.fromkeys(item.key for item in self._named(self._written_out(clause))))

    def _written_out(self, text: str) -> str:
        """Text in which each actor has its name in full, as 管理和咨询机构 has not."""
        if self._language != "zh":
            return text
        text = _BINDER.sub("", _SHARED_HEAD.sub(r"\1\4\2\3\4", text))
        text = _CHAIRS.sub(r"\1主席或\2主席", text)

        def full(match: re.Match[str]) -> str:
            whole = match["head"][-3:] + match["part"]
            known = any(item.end == len(whole) for item in self.actors.find(whole))
            return f"{match['head']}（包括{whole if known else match['part']}"

        return _INCLUDING.sub(full, text)

    def _hits(self, text: str) -> list[Hit]:
        """Verbs; a modal without a subject lets the verb behind it speak, or speaks itself."""
        hits = self._verbs.find(text)
        modal = _MODAL_FIRST.match(text) if self._language == "zh" else None
        if hits or modal is None:
            return hits
        rest = text[modal.end() :]
        shifted = [
            hit._replace(start=hit.start + modal.end(), end=hit.end + modal.end(), subject=-1)
            for hit in self._verbs.find(rest)
            if hit.start == 0
        ]
        return shifted or self._verbs.find(f"\ue001{text.lstrip('， ')}")

    def _acted_on(self, text: str) -> tuple[str, ...]:
        """Actors of the clause behind a modal without a subject: "应加强工作队的能力"."""
        modal = _MODAL_FIRST.match(text) if self._language == "zh" else None
        if modal is None:
            return ()
        clause = re.split(r"[，。；]", text[modal.end() :], maxsplit=1)[0]
        return tuple(dict.fromkeys(item.key for item in self._named(clause)))

    def _in_this_paper(self, element: Element, text: str) -> Element:
        if not self._treaties or _TREATIES not in element.addressees:
            return element
        if any(label in text.lower() for label in self._plainly):
            return element
        keys = (self._treaties if key == _TREATIES else key for key in element.addressees)
        return replace(element, addressees=tuple(dict.fromkeys(keys)))

    def _accompanied(
        self, text: str, named: list[Named]
    ) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Where actors stand who only accompany, and who they are."""
        marked, places = _marked(text, named)
        for pattern in self._around:
            for match in pattern.finditer(marked):
                start, end = places[match.start("who")], places[match.end("who")]
                keys = tuple(item.key for item in named if start <= item.start < end)
                yield places[match.start()], places[match.end()], keys

    def _element(self, text: str, hits: list[Hit], index: int) -> Element:
        hit = hits[index]
        following = hits[index + 1].start if index + 1 < len(hits) else len(text)
        asks = hit.verb.kind == "operational"
        start = hit.subject if hit.subject >= 0 else hit.end
        return Element(
            verb=hit.verb.key,
            name=hit.verb.name,
            kind=hit.verb.kind,
            addressees=addressees(text, hit, following, self.actors, self._language),
            deadlines=deadlines_in(text, start, following, self._clock) if asks else (),
            recurrence=recurrence_in(text[start:following]) if asks else "",
        )


def _marked(text: str, named: list[Named]) -> tuple[str, list[int]]:
    """Text with one character for each actor, and where each character stood."""
    marked: list[str] = []
    places: list[int] = []
    position = 0
    for item in named:
        marked += text[position : item.start]
        places += range(position, item.start)
        marked.append(_ACTOR)
        places.append(item.start)
        position = item.end
    marked += text[position:]
    places += range(position, len(text) + 1)
    return "".join(marked), places
