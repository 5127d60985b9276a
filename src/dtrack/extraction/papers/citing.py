"""Texts that a part cites, with all the places that Chinese papers name before or behind."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dtrack.extraction.citations import Citations
from dtrack.extraction.lexicon import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.extraction.furniture import Note
    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.texts import Citation

_PARA = r"第\s*\d+\s*(?:[(（]\s*[a-z]{1,3}\s*[)）])?\s*段"
_PARAS = rf"{_PARA}(?:\s*(?:和|、|及|与|以及)\s*{_PARA})*"
_AFTER = re.compile(rf"\s*号?\s*(?:决定|决议)?\s*[，,]?\s*(?P<places>{_PARAS})")
_BEFORE = re.compile(rf"(?P<places>{_PARAS})\s*(?:的|第)?\s*$")
_ANNEX = re.compile(r"附件\s*(?P<n>\d{0,2})\s*[，,]?\s*第?\s*$")
_ANNEX_AFTER = re.compile(r"\s*号?\s*(?:决定|决议)\s*[，,]\s*附件\s*(?P<n>\d{0,2})")
_ITEM = re.compile(r"[(（](?P<item>[a-z])[)）]")
_INNER = re.compile(r"(?<=\d)\s*[(（][a-z][)）](?=\s*号)")
"""An item inside a symbol, which Chinese puts in front of its last word: 第 16.44(f)号决定."""
_PLACE = re.compile(r"(\d+)\s*(?:[(（]\s*([a-z]{1,3})\s*[)）])?\s*段")


_ACTS_ON = re.compile(r"\s*号?\s*(?:决定|决议)\s*采取行动")
_LEADS_TO = re.compile(
    r"\s*(?:上文|上述|前述)?(?:提及|所述)?的?(?:关于[^，。《]*的)?"
    r"(?:《[^》]*》|[\u4e00-\u9fff]{2,14}?(?:公约|大会|理事会|议定书))?"
    r"(?:关于[^，。]*的)?\s*第?\s*"
)
_THAT_ONE = re.compile(rf"该(?P<kind>决定|决议)\s*(?P<places>{_PARAS})")
_KINDS = {"决定": "decision", "决议": "resolution"}


class Citing:
    """Finder of citations for a paper of no instrument's own."""

    def __init__(
        self, lexicon: Lexicon, language: str, titles: Mapping[str, str] | None = None
    ) -> None:
        """Finder for a language; ``titles`` are short titles with the notes that explain them."""
        self._citations = Citations(lexicon, language, "", "")
        self._chinese = language == "zh"
        self._relations = [
            (fold(form), relation) for tag, form, relation in lexicon.relations if tag == "zh"
        ]
        self._titles = {
            title: found for title, note in (titles or {}).items() if (found := self._plain(note))
        }

    def _plain(self, text: str) -> tuple[Citation, ...]:
        return self._citations.find(_INNER.sub(" ", text) if self._chinese else text)

    def find(self, text: str) -> tuple[Citation, ...]:
        """Citations in order, one for each text cited, with all places in it."""
        found: dict[str, Citation] = {}
        for citation in self._plain(text):
            found[citation.path] = self._with_places(text, citation, found.get(citation.path))
        for title, cited in self._titles.items():
            if title in text:
                for citation in cited:
                    places = [n for n, _ in _PLACE.findall(_behind(text, title))]
                    placed = replace(citation, pinpoint=", ".join(places))
                    found[citation.path] = _merged(placed, found.get(citation.path))
        return tuple(found.values())

    def _with_places(self, text: str, citation: Citation, former: Citation | None) -> Citation:
        if self._chinese:
            places = dict.fromkeys(filter(None, citation.pinpoint.split(", ")))
            places |= dict.fromkeys(_places(text, citation))
            relation = self._relation(text, citation.symbol)
            citation = replace(citation, pinpoint=", ".join(places), relation=relation)
        return _merged(citation, former)

    def _relation(self, text: str, symbol: str) -> str:
        """Relation of the word that leads straight to one of a symbol's occurrences."""
        for match in re.finditer(re.escape(_ITEM.sub("", symbol)), text):
            if _ACTS_ON.match(text, match.end()):
                return "implements"
            before = fold(re.split(r"[。；]", text[: match.start()])[-1])
            for form, relation in self._relations:
                at = before.rfind(form)
                if relation != "cites" and at >= 0 and _LEADS_TO.fullmatch(before, at + len(form)):
                    return relation
        return "cites"


def _merged(citation: Citation, former: Citation | None) -> Citation:
    """Two citations of one text as one: all places, the relation that says more."""
    if former is None:
        return citation
    places = dict.fromkeys(
        place for one in (former, citation) for place in one.pinpoint.split(", ") if place
    )
    relation = former.relation if former.relation != "cites" else citation.relation
    return replace(former, pinpoint=", ".join(places), relation=relation)


def _behind(text: str, title: str) -> str:
    """What stands right behind each occurrence of a title."""
    return " ".join(
        match[1] for match in re.finditer(rf"{re.escape(title)}[”》]\s*({_PARAS})", text)
    )


def _places(text: str, citation: Citation) -> Iterator[str]:
    """Places named around each occurrence of a symbol, and with "that decision" behind it."""
    symbol = _ITEM.sub("", citation.symbol)
    for match in re.finditer(re.escape(symbol), text):
        item = _ITEM.match(text[match.end() : match.end() + 3])
        if item is not None:
            yield item["item"]
        before, behind = text[: match.start()].rstrip("第 "), text[match.end() :]
        annex = _ANNEX.search(before) or _ANNEX_AFTER.match(behind)
        if annex is not None:
            yield f"annex-{annex['n']}" if annex["n"] else "annex"
        that = _THAT_ONE.search(behind[:400])
        same = that is not None and _KINDS[that["kind"]] == citation.kind
        for found in (_AFTER.match(behind), _BEFORE.search(before), that if same else None):
            if found is not None:
                for number, letter in _PLACE.findall(found["places"]):
                    yield f"{number}.{letter}" if letter else number


def short_titles(texts: Iterable[str], notes: Iterable[Note]) -> dict[str, str]:
    """Titles in quotation marks that a note's mark follows, with the note's words."""
    found: dict[str, str] = {}
    whole = "\n".join(texts)
    for note in notes:
        mark = re.search(rf"[“《]([^“”《》\n]{{3,40}})[”》]{note.number}(?!\d)", whole)
        if mark is not None:
            found[mark[1]] = note.text
    return found
