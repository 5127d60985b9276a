"""Earlier texts that a provision names: symbol, instrument, relation, pinpoint.

A symbol counts when a word such as "decision" leads it, in any list of
symbols, or when it is unmistakable by itself (``1/CP.21``, ``A/RES/70/1``).
Document symbols, article numbers and recommendations fit neither.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dtrack.extraction.lexicon import fold
from dtrack.extraction.marks import chinese_number
from dtrack.extraction.texts import Citation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.lexicon import Lexicon
    from dtrack.symbols import Reading

_SYMBOL = (
    r"(?:Conf\.\s?\d+\.\d+|SS\.[IVX]+/\d+|\d+\s(?:EXT\.?)?COM\s[A-Za-z\d]+(?:\.[A-Za-z\d]+)*"
    r"|(?:[A-Za-z][\w.]*[/-])*[A-Za-z]*\.?(?:\d+|[IVXLC]+)(?:\([^)]*\))?"
    r"(?:[/.-](?:[A-Z]+\.?)?(?:\d+|[IVXLC]+)?[A-Za-z]*(?:\.\d+)*)+)"
    r"(?:\s?\(Rev\.?\s?Co?P\s?\d+\))?"
)
_TIE = r"\s*(?:,\s*(?:and|et|y)\s+|,|、|，|;|\band\b|\bet\b|\by\b|\bas well as\b|和|及|与|以及)\s*"
_RANGE = r"\s*(?:\bto\b|–|—|号?\s*至\s*第?|\bà\b|\ba\b)\s*"
_PARA = r"(?:paragraphs?|paras?\.?|paragraphes?|p[áa]rrafos?|§)"
_NUMBER = r"\d+(?![\d/])(?:\s?\(\s?[a-z]{1,4}\s?\))*"
_NUMBERS = rf"{_NUMBER}(?:(?:{_TIE}|{_RANGE}){_NUMBER})*"
_NUMBER_ZH = r"\d+(?:\s?[(（]\s?[a-z]{1,4}\s?[)）])*"
_AFTER = re.compile(
    rf"\s*,?\s*(?:(?:in particular|especially|notably|en particulier|en particular)\s+)?"
    rf"(?:(?P<annex>annex(?:e|o)?(?:\s+[IVX]+)?)\s*,\s*)?(?:section\s+(?P<section>[IVX]+(?:\.[A-Z])?)|"
    rf"{_PARA}\s*(?P<numbers>{_NUMBERS}))"
    r"|\s*,\s*(?P<whole>annex(?:e|o)?(?:\s+[IVX]+)?)\b(?!\s+to\b)",
    re.IGNORECASE,
)
_AFTER_ZH = re.compile(
    r"\s*号?\s*(?:决定|决议)?\s*(?:的?附件(?P<annex>[一二三四五六七八九十]*))?"
    rf"(?:第?\s*(?P<numbers>{_NUMBER_ZH}(?:\s*(?:、|，|和|及|与|以及|至|到|-)\s*第?\s*{_NUMBER_ZH})*)\s*段)?"
)
_BEFORE = re.compile(
    rf"(?:{_PARA}\s*(?P<numbers>{_NUMBERS})|section\s+(?P<section>[IVX]+(?:\.[A-Z])?))?"
    r"\s*(?:,?\s*(?:of|in|to|contained in|de|del|du)\s+(?:the\s+|its\s+|l'|la\s+|el\s+)?)?"
    r"(?:(?P<annex>(?:annex|appendix|annexe|anexo)(?:\s+[IVX]+)?)\s+(?:to|of|de|à)\s+(?:la\s+)?)?"
    r"(?:of\s+|in\s+|de\s+(?:la\s+)?)?$",
    re.IGNORECASE,
)
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
_TEXTS = frozenset({"decision", "resolution"})


class _Found(NamedTuple):
    symbol: str
    start: int
    end: int
    kind: str
    first: bool = True


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
        place = rf"(?:\s*,?\s*{_PARA}\s*{_NUMBERS})?"
        symbols = rf"{_SYMBOL}(?:{place}\s*号?(?:{_TIE}|{_RANGE})第?\s*{_SYMBOL})*"
        self._led = re.compile(
            rf"\b(?P<kind>{latin})(?:s|es)?\s+(?P<list>{symbols})", re.IGNORECASE
        )
        self._chinese = re.compile(
            rf"第?\s*(?P<list>{symbols})\s*号?\s*(?P<kind>{chinese})"
            rf"|(?P<kind2>{chinese})\s*第?\s*(?P<list2>{symbols})(?:\s*号)?"
        )
        self._alone = re.compile(r"(?<![\w/.-])(?:[A-Z]+/)*[A-Z0-9]+(?:[/.-][A-Z0-9]+)+(?![\w/])")
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
            for bare in _bare_forms(folded, language):
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
        found: dict[tuple[str, str], Citation] = {}
        for item in sorted(self._found(text), key=lambda item: item.start):
            citation = self._citation(text, item, chapeau)
            if citation is not None:
                found.setdefault((citation.path, citation.pinpoint), citation)
        return tuple(found.values())

    def _found(self, text: str) -> Iterator[_Found]:
        taken: list[tuple[int, int]] = []
        pattern = self._chinese if self._language == "zh" else self._led
        for match in pattern.finditer(text):
            groups = match.groupdict()
            name = "list" if groups.get("list") else "list2"
            kind = self._kinds[fold(groups.get("kind") or groups["kind2"])]
            taken.append(match.span())
            if kind in _TEXTS:
                yield from _members(groups[name], match.start(name), kind)
        for match in self._alone.finditer(text):
            inside = any(start <= match.start() < end for start, end in taken)
            if not inside and re.search(r"[A-Z]{2}", match[0]):
                yield _Found(match[0].rstrip("."), match.start(), match.end(), "")

    def _citation(self, text: str, item: _Found, chapeau: str) -> Citation | None:
        reading = self._reading(text, item)
        if reading is None or reading.slug == self._own:
            return None
        return Citation(
            symbol=item.symbol,
            instrument=reading.of,
            kind=reading.kind,
            path=reading.path,
            relation=self._relation(text, item.start, item.end, chapeau),
            pinpoint=reading.provision or self._pinpoint(text, item),
        )

    def _reading(self, text: str, item: _Found) -> Reading | None:
        lead = f"{item.kind} " if item.kind else ""
        readings = [
            r for r in self._lexicon.symbols.read(f"{lead}{item.symbol}") if r.kind in _TEXTS
        ]
        if not readings:
            return None
        named = self._named_near(text, item)
        if not named and _of_another_body(text, item):
            return None
        return min(readings, key=lambda r: (self._distance(r.of, named), r.rank))

    def _distance(self, instrument: str, named: str) -> int:
        if named and instrument == named:
            return -1
        return self._family.index(instrument) if instrument in self._family else 50

    def _named_near(self, text: str, item: _Found) -> str:
        """Instrument whose name stands right before or after a symbol."""
        before = fold(text[max(0, item.start - _WINDOW) : item.start])
        after = fold(text[item.end : item.end + _WINDOW])
        before = re.split(r"[;；，]|, ", before)[-1]
        after = re.split(r"[;；，]", after)[0]
        for name, key in self._lexicon.instrument_names:
            if len(name) > 2 and (name in before or re.match(_OF_BODY + re.escape(name), after)):
                return key
        return ""

    def _relation(self, text: str, start: int, end: int, chapeau: str) -> str:
        """Relation whose words stand nearest before a symbol, in the same sentence."""
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
                best = max(best, (match.end(), relation))
        inside = _INSIDE.search(before) if best[1] in _ABOUT_WHAT_WAS_SAID else None
        if inside is not None and _SPOKEN.search(before[: inside.start()]) is None:
            return "cites"
        return best[1]

    def _pinpoint(self, text: str, item: _Found) -> str:
        after = (_AFTER_ZH if self._language == "zh" else _AFTER).match(text, item.end)
        if after is not None:
            groups = after.groupdict()
            annex = groups.get("annex")
            if annex is None:
                annex = groups.get("whole")
            if annex is not None and self._language == "zh":
                annex = f"annex {chinese_number(annex)}" if annex else "annex"
            place = _pinpoint(annex, groups.get("section"), groups.get("numbers"))
            if place:
                return place
        if not item.first:
            return ""
        lead = re.search(r"(?:\b[^\W\d]+\s+|[、，,]\s*|\b(?:and|to)\s+)$", text[: item.start])
        head = text[: lead.start()] if lead and item.kind else text[: item.start]
        before = _BEFORE.search(head[-200:])
        if before is None or not any(before.groupdict().values()):
            return ""
        return _pinpoint(before["annex"], before["section"], before["numbers"])


_OF_BODY = (
    r"[\s,]*(?:of|adopted by|under|by|de|du|del)?\s*(?:the |la |le |l'|el )?"
    r"(?:(?:conference|meeting) of the (?:contracting )?parties to the )?"
)


_PLAIN = re.compile(r"\d+/\d+")
_BODY = (
    r"(?<!General )(?<!Environment )(?<!Governing )"
    r"(?:Conference|Council|Assembly|Board|Commission)(?! of the (?:Contracting )?Parties)"
)
"""Bodies of others; those three have forms of their own."""
_BODY_BEFORE = re.compile(
    rf"(?<!the )\b{_BODY}(?:'s)?\s+(?:resolutions?|decisions?)\s+$|(?:组织大会|理事会)第?\s*$"
)
_BODY_AFTER = re.compile(rf"\s*,?\s*(?:of|adopted by)\s+the\s+(?:[A-Z][\w-]*\s+)+?{_BODY}\b")


def _of_another_body(text: str, item: _Found) -> bool:
    """Whether a body that has no form of its own is named as the author of a plain symbol.

    ``7/93`` could be anybody's: "FAO Conference resolution 7/93" is not UNEA's.
    """
    if _PLAIN.fullmatch(item.symbol) is None:
        return False
    before, after = text[max(0, item.start - _WINDOW) : item.start], text[item.end :]
    return bool(_BODY_BEFORE.search(before) or _BODY_AFTER.match(after))


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


def _pinpoint(annex: str | None, section: str | None, numbers: str | None) -> str:
    """Place as provision numbers have it; several are separated by a comma and a blank."""
    head = re.sub(r"\s+", "-", annex.lower()).replace("annexe", "annex") if annex else ""
    if section:
        return "-".join(part for part in (head, section) if part)
    if not numbers:
        return head
    found = [
        part if "-" in part else ".".join(re.findall(r"\d+|[a-z]+", part))
        for part in _numbers(numbers)
    ]
    return ", ".join(f"{head}-{number}" if head else number for number in found)


def _numbers(text: str) -> Iterator[str]:
    for part in re.split(_TIE, text.replace("第", "").replace("（", "(").replace("）", ")")):
        ends = re.split(_RANGE, part.strip())
        if len(ends) == 2 and ends[0].isdigit() and ends[1].isdigit():
            first, last = int(ends[0]), int(ends[1])
            yield f"{first}-{last}" if first < last else f"{first}"
        elif part.strip():
            yield part.strip()


def _members(text: str, offset: int, kind: str) -> Iterator[_Found]:
    """Each symbol of a list; a range between two symbols of one run is filled."""
    former: re.Match[str] | None = None
    for match in re.finditer(_SYMBOL, text):
        if former is not None and re.fullmatch(_RANGE + "第?", text[former.end() : match.start()]):
            for symbol in _between(former[0], match[0]):
                yield _Found(symbol, offset + former.start(), offset + former.end(), kind)
        # A full stop that ends the sentence is no part of the symbol.
        place = (offset + match.start(), offset + match.end())
        yield _Found(match[0].rstrip("."), *place, kind, former is None)
        former = match


def _between(first: str, last: str) -> Iterator[str]:
    """Symbols between two that differ in one number: 1/CP.16 to 4/CP.16."""
    parts, others = re.split(r"(\d+)", first), re.split(r"(\d+)", last)
    differing = [i for i, (a, b) in enumerate(zip(parts, others, strict=False)) if a != b]
    if len(parts) != len(others) or len(differing) != 1 or not parts[differing[0]].isdigit():
        return
    place = differing[0]
    low, high = int(parts[place]), int(others[place])
    for number in range(low + 1, min(high, low + 60)):
        yield "".join([*parts[:place], str(number), *parts[place + 1 :]])
