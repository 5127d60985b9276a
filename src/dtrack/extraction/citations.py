"""Earlier texts that a provision names: symbol, instrument, relation, pinpoint.

A symbol counts when a word such as "decision" leads it, in any list of
symbols, or when it is unmistakable by itself (``1/CP.21``, ``A/RES/70/1``).
Document symbols, article numbers and recommendations fit neither.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.authors import Authors
from dtrack.extraction.lexicon import fold
from dtrack.extraction.pinpoints import place_of
from dtrack.extraction.symbol_lists import Found, led, led_chinese, members, narrow
from dtrack.extraction.texts import Citation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.lexicon import Lexicon
    from dtrack.symbols import Reading

_ASKED = re.compile(
    r"\b(?:in|for|of|by|on|to|while|when|with|towards?|and)\s+implementing$"
    r"|(?<![为以])(?<!^)(?<![，。；、])(?:执行|落实|实施)$"
)
"""What others do, or are asked to do, with a text: it is but cited."""
_PASSIVE = re.compile(r"[^.;,]{0,24}?\b(?:is|are|be)\s+(?:hereby\s+)?(?P<verb>[a-z]+ed)\b")
"""``decision 15/6 is amended``: what is done to a text stands behind it."""
_SPOKEN = re.compile(
    r"\b(?:invitations?|requests?|encouragements?|calls?|mandates?|recommendations?|decisions?"
    r"|commitments?|conclusions?|provisions|urging)$"
)
_INSIDE = re.compile(
    r"\s+(?:as\s+)?(?:referred to|contained|set out|recognized|mentioned|asked for|called for"
    r"|listed|described|specified|identified)\s+(?:in|by)\s+(?:the\s+)?"
    r"(?:(?:annex|appendix|paragraphs?|section)\b[^;.]{0,40}?\b(?:to|of)\s+(?:the\s+)?)?"
    r"(?:decisions?|resolutions?)?\s*$"
)
"""``Recalling the elements referred to in decision …``: what is recalled is something else."""
_BEHIND = re.compile(r"[^.;]{0,60}?\b(?P<verb>[a-z]+s)\s+(?:it|them)\b")
_LISTED = re.compile(r"\s*(?:第|[^\W\d]{4,12}\s+)?")
"""What stands before the symbol of an item that is but a text's name."""
_REVISED = re.compile(r"[(（][^()（）]{0,20}(?:修订|rev)[^()（）]{0,20}[)）]")
"""That a text was revised is said in its symbol, and amends nothing."""
_WINDOW = 90
_ABOUT_WHAT_WAS_SAID = frozenset({"recalls", "reaffirms", "amends"})
_KINDS = frozenset({"decision", "resolution", "recommendation"})
_FAR = 50
_ALONE = re.compile(
    r"(?<![\w/.-])(?:(?=[A-Z\d./-]*[A-Z]{2})(?:[A-Z]+/)*[A-Z\d]+(?:[/.-](?:[A-Z\d]+|Res|Dec)(?![a-z]))+"
    r"|Conf\.\s?\d+\.\d+|\d+\s(?:EXT\.?\s?)?COM\s\d+[A-Z]?(?:\.[A-Za-z\d]+)*)(?![\w/])"
)
"""Symbols that need no word before them."""
_PART_BEFORE = re.compile(
    r"(?:\b(?:articles?|art\.|art[íi]culos?|annex(?:es)?|annexes?|anexos?|appendi(?:x|ces)|ap[ée]ndices?"
    r"|appendices?|chapters?|chapitres?|cap[íi]tulos?|sections?|secci[óo]n|parts?|tables?|goals?|rules?"
    r"|drafts?)|条|附件|附录|附表|章|节|表)\s*$",
    re.IGNORECASE,
)
"""What makes a number in roman digits a part of a text: Article XIII.2."""


class Citations:
    """Finder of citations in one language, for one speaking instrument."""

    def __init__(self, lexicon: Lexicon, language: str, instrument: str, own: str) -> None:
        self._lexicon = lexicon
        self._family = lexicon.family_of(instrument)
        self._own = own
        self._language = language
        kinds = {fold(label): kind for _, label, kind in lexicon.text_kinds}
        plain = {label.translate(str.maketrans("éó", "eo")): kind for label, kind in kinds.items()}
        self._kinds = {**plain, **kinds}
        latin = "|".join(sorted((w for w in self._kinds if not _chinese(w)), key=len, reverse=True))
        chinese = "|".join(w for w in self._kinds if _chinese(w))
        self._led = led(latin)
        self._chinese = led_chinese(chinese)
        self._authors = Authors(lexicon, language)
        self._relations = self._relation_forms()
        self._passives = {
            f"{fold(form)[:-1].removesuffix('e')}ed": relation
            for tag, form, relation in lexicon.relations
            if tag == language == "en" and re.fullmatch(r"[a-z]+s", fold(form))
        }

    def _relation_forms(self) -> list[tuple[re.Pattern[str], str]]:
        found: dict[str, str] = {}
        for language, form, relation in self._lexicon.relations:
            if language != self._language:
                continue
            folded = fold(form)
            found.setdefault(folded, relation)
            # "decides to amend decision …": the bare form of a verb listed in the third person.
            for bare in _bare_forms(folded, language) if relation != "implements" else ():
                found.setdefault(bare, relation)
        edge = "" if self._language == "zh" else r"\b"
        groups: dict[str, list[str]] = {}
        for form, relation in found.items():
            groups.setdefault(relation, []).append(re.escape(form))
        return [
            (
                re.compile(rf"{edge}(?:{'|'.join(sorted(forms, key=len, reverse=True))}){edge}"),
                relation,
            )
            for relation, forms in groups.items()
        ]

    def find(self, text: str, chapeau: str = "") -> tuple[Citation, ...]:
        """Citations in order; the same one is given once a provision.

        An item that begins with a symbol takes its relation from its chapeau: "repeals:".
        """
        text = narrow(text)
        found: dict[tuple[str, str], Citation] = {}
        for item in sorted(self._found(text), key=lambda item: item.start):
            citation = self._citation(text, item, chapeau)
            if citation is not None:
                found.setdefault((citation.path, citation.pinpoint), citation)
        return tuple(found.values())

    def _found(self, text: str) -> Iterator[Found]:
        taken: list[tuple[int, int]] = []
        pattern = self._chinese if self._language == "zh" else self._led
        for match in pattern.finditer(text):
            groups = match.groupdict()
            # Of the groups of a form, the last word that matched is its kind.
            name = next(n for n in ("list", "lists", "lists2") if groups.get(n))
            kind = self._kinds[fold(groups[name.replace("list", "kind")])]
            taken.append(match.span())
            yield from members(groups[name], match.start(name), kind, match.start())
        for match in _ALONE.finditer(text):
            inside = any(start <= match.start() < end for start, end in taken)
            if inside or _PART_BEFORE.search(text, 0, match.start()):
                continue
            start, end = match.start(), match.end()
            yield Found(match[0].rstrip("."), start, end, "", lead=start, close=end)

    def _citation(self, text: str, item: Found, chapeau: str) -> Citation | None:
        reading = self._reading(text, item)
        if reading is None or reading.slug == self._own or self._authors.draft(text, item):
            return None
        place = reading.provision or place_of(
            text, item.start, item.end, self._language, led=bool(item.kind), first=item.first
        )
        return Citation(
            symbol=item.symbol,
            instrument=reading.of,
            kind=reading.kind,
            path=reading.path,
            relation=self._relation(text, item.start, item.end, chapeau),
            pinpoint=place,
        )

    def _reading(self, text: str, item: Found) -> Reading | None:
        lead = f"{item.kind} " if item.kind else ""
        readings = [
            r for r in self._lexicon.symbols.read(f"{lead}{item.symbol}") if r.kind in _KINDS
        ]
        if not readings:
            return None
        named = self._authors.of(text, item)
        if not named and self._authors.other(text, item):
            return None
        best = min(readings, key=lambda r: (self._distance(r.of, named), r.rank))
        # Bodies of all sorts number recommendations; without a name it is one's own.
        far = best.kind == "recommendation" and self._distance(best.of, named) >= _FAR
        return None if far and item.kind else best

    def _distance(self, instrument: str, named: str) -> int:
        if named and instrument == named:
            return -1
        return self._family.index(instrument) if instrument in self._family else _FAR

    def _relation(self, text: str, start: int, end: int, chapeau: str) -> str:
        """Relation whose words stand nearest before a symbol, in the same sentence."""
        text = text.replace("CITES", "-----")  # A name here, not the verb.
        passive = _PASSIVE.match(fold(text[end:]))
        if passive is not None and (told := self._passives.get(passive["verb"])):
            return told
        behind = _BEHIND.match(fold(text[end:]))
        if behind is not None and (told := self._passives.get(f"{behind['verb'][:-2]}ed")):
            return told
        listed = _LISTED.fullmatch(text, 0, start) is not None
        before = fold(f"{chapeau} {text[:start]}" if listed else text[:start])
        before = re.split(r"[;；。]", _REVISED.sub("", before))[-1]
        best = (-1, "cites")
        for pattern, relation in self._relations:
            for match in pattern.finditer(before):
                if relation == "implements" and _ASKED.search(before, 0, match.end()):
                    continue
                best = max(best, (match.end(), relation))
        inside = _INSIDE.search(before) if best[1] in _ABOUT_WHAT_WAS_SAID else None
        if inside is not None and _SPOKEN.search(before[: inside.start()]) is None:
            return "cites"
        return best[1]


def _bare_forms(form: str, language: str) -> Iterator[str]:
    """Infinitives of a verb listed in the third person."""
    if not re.fullmatch(r"[^\W\d]+", form):
        return
    if language == "en" and form.endswith("s"):
        yield form[:-1]
    if language == "fr" and form.endswith("e"):
        yield f"{form}r"
    if language == "es" and form[-1] in "ae":
        yield from (f"{form}r", f"{form[:-1]}ir")


def _chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None
