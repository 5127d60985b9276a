"""Whose text a symbol names: instruments and bodies right before or behind a list of symbols.

``General Assembly resolution 70/1``, ``resolution 5/14 of the Environment Assembly``; a
body that no code list knows makes a plain symbol nobody's of ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.lexicon import fold

if TYPE_CHECKING:
    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.symbol_lists import Found

_WINDOW = 90
_LED_TO = re.compile(
    r"(?:\s*[(（](?![^()（）]*\d)|[\s,]*(?:[(（][^()（）]{1,60}[)）]\s*,?\s*)?"
    r"(?:(?:of|adopted by|under|by|de|du|del|adoptée?s? par|aprobad[ao]s? por) |d'))"
    r"(?:the |la |le |l'|el |los |las |les )?"
    r"(?:(?:conference|meeting|conférence|conferencia|réunion|reunión) (?:of the|des|de las) "
    r"(?:contracting )?part(?:ies|es) (?:to|à|en|de|du|del)(?: the| la| le| el)? (?:l')?)?"
)
_OWN = re.compile(r"\b(?:its|their|sa|son|ses|leurs?|sus?)\s*$|其\s*$")
_HANDED = re.compile(
    r"\b(?:under|pursuant to|in accordance with|in line with|in response to|implementing|to"
    r"|as (?:called for|set out|requested|contained) in|implement|implementation of)\s*$"
    r"|(?:根据|按照|依照|执行|落实)\s*$"
)
"""What stands between a partner and a text of one's own: "with CMS under Decision 18.56"."""
_SYMBOL = re.compile(r"\w[./]\d")
_PLAIN = re.compile(r"(?:\d+|[IVXLC]+)[/.]\d+")
_DRAFT_BEHIND = re.compile(r"\s*号?\s*(?:决定|决议)?\s*")


class Authors:
    """Finder of the names beside symbols, in one language."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        self._names = [
            (name, key)
            for name, key in lexicon.author_names
            if len(name) > 2 and (not name.isascii() or language != "zh" or name.isalpha())
        ]
        self._language = language
        words = [w for tag, w in lexicon.cues.get("adopting-body", ()) if tag == language]
        body = "|".join(sorted(map(re.escape, words), key=len, reverse=True)) or "(?!)"
        self._body = re.compile(rf"(?:{body})(?! of the| des | de las )".lower())
        others = "|".join(map(re.escape, lexicon.other_names))
        self._others = re.compile(rf"(?:{others})(?:'s)?\s*(?:第\s*)?$")
        self._other_next = re.compile(rf"{_LED_TO.pattern}(?:{others})(?![\w/-])")
        self._drafts = tuple(fold(w) for tag, w in lexicon.cues.get("draft", ()) if tag == language)
        if language == "zh":
            self._before = re.compile(rf"(?:{body})的?\s*(?:\d{{4}}年[^，。]{{0,8}})?(?:第\s*)?$")
            self._after = re.compile(r"(?!)")
        else:
            # "The Conference" is the body that speaks.
            self._before = re.compile(rf"(?<!the )\b(?:{body})(?:['’]s)?\s+$")
            some = r"(?:[A-Z][\w-]*\s+)+?" if language == "en" else ""
            self._after = re.compile(
                r"\s*,?\s*(?:of|adopted by|by|du|de|del|adoptée?s? par|aprobad[ao]s? por)\s+"
                rf"(?:the\s+|la\s+|le\s+|l['’]|el\s+)?{some}(?:{body})\b"
                r"(?!\s+(?:of\s+the|des|de\s+las)\s+(?:Contracting\s+)?Part)"
            )

    def draft(self, text: str, item: Found) -> bool:
        """Whether the text that a symbol names is said to be a draft."""
        if self._language == "zh":
            end = _DRAFT_BEHIND.match(text, item.close)
            return end is not None and text.startswith(self._drafts, end.end())
        head = fold(text[max(0, item.lead - 20) : item.lead])
        return head.rstrip().endswith(self._drafts)

    def of(self, text: str, item: Found) -> str:
        """Key of the instrument whose name, or whose body's, stands beside a symbol, or ""."""
        for end in (item.end, item.close):
            behind = fold(text[end : end + _WINDOW])
            named = self._next(re.split(r"[;；，]", behind)[0])
            if named:
                return named
        before = fold(text[max(0, item.lead - _WINDOW) : item.lead])
        return self._last(re.split(r"[;；，。]|, ", before)[-1])

    def other(self, text: str, item: Found) -> bool:
        """Whether a body without a form of its own is named beside a plain symbol."""
        if _PLAIN.fullmatch(item.symbol) is None:
            return False
        before = text[max(0, item.lead - _WINDOW) : item.lead]
        if self._before.search(before) or self._others_before(fold(before)):
            return True
        return any(
            self._after.match(text, end) or self._other_next.match(fold(text[end : end + _WINDOW]))
            for end in (item.end, item.close)
        )

    def _others_before(self, before: str) -> bool:
        found = self._others.search(before)
        return found is not None and _bounded(before, found.start(), found.end())

    def _last(self, before: str) -> str:
        """Whose name stands last in some words."""
        best = (-1, 0, "")
        for name, key in self._names:
            start = before.rfind(name)
            if start < 0 or not _bounded(before, start, start + len(name)):
                continue
            best = max(best, (start + len(name), len(name), key))
        between = before[best[0] :] if best[2] else ""
        # A name before another symbol has said whose that one is.
        if self._body.search(between) or _SYMBOL.search(between):
            return ""
        if _HANDED.search(between) and not _OWN.search(between):
            return ""
        return best[2]

    def _next(self, behind: str) -> str:
        """Whose name stands next in some words, led by a word such as "of"."""
        lead = _LED_TO.match(behind)
        if lead is None:
            return ""
        for name, key in self._names:
            if behind.startswith(name, lead.end()):
                return key if _bounded(behind, lead.end(), lead.end() + len(name)) else ""
        return ""


def _bounded(text: str, start: int, end: int) -> bool:
    """Whether letters of the Latin alphabet go on neither before nor behind."""
    head, tail = text[start - 1 : start] if start else "", text[end : end + 1]
    first, last = text[start], text[end - 1]
    return not (
        (first.isascii() and head.isascii() and (head.isalnum() or head in {"/", "-"}) and head)
        or (last.isascii() and tail.isascii() and (tail.isalnum() or tail in {"/", "-"}) and tail)
    )
