"""Whom a pronoun stands for: "urges Parties and encourages them", 请各缔约方……并鼓励其……."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction import addressees_chinese as chinese

if TYPE_CHECKING:
    from dtrack.extraction.actors import Actors, Named

JOINT = re.compile(
    r"(?:\s|,|\band\b|\bor\b|\bthe\b|\bother\b|\ball\b|\brelevant\b|\bin particular\b"
    r"|\bincluding\b|\bespecially\b|\bas well as\b)*"
)
"""What joins the actors of one group."""
_POSSESSED = re.compile(
    r"\s*their (?:[a-z]+ ){0,3}"
    r"(?:collaboration|cooperation|engagement|efforts?|participation|work)\b"
)
_PRONOUN = re.compile(
    r"\s*(?:(?:(?:those|these)"
    r"(?! (?:[a-z-]+ ){0,3}(?i:parties|governments|states|countries|donors)\b)"
    r"|them|it|both|they|ceux|les y|estos)\b|其(?!他)|它们|他们|后者"
    r"|(?:这些|上述|该)(?:国家|组织|机构|伙伴|企业))"
)
_PLURAL = re.compile(r"\s*(?:them|they|those|these|both)\b")
_SAID_TO_BE = re.compile(r"\b(?:that|which|who) are (?:the )?$")
_OF_A_COUNTRY = re.compile(r"\s+of (?:the )?(?-i:[A-Z])")


def points_back(text: str, place: int, end: int | None = None) -> bool:
    """Whether a pronoun for those named before stands at a place, before an end."""
    return _PRONOUN.match(text, place, len(text) if end is None else end) is not None


def possesses(text: str, place: int, end: int) -> bool:
    """Whether what those named before do is asked for: "encourages their cooperation"."""
    return _POSSESSED.match(text, place, end) is not None


def group_before(text: str, start: int, end: int, actors: Actors, language: str) -> list[Named]:
    """Actors named last before a verb, as far as they are joined to one group.

    The verb reaches from ``start`` to ``end``, where its pronoun stands.
    """
    before = text[:start]
    before = chinese.without_company(before) if language == "zh" else before
    # Conventions named on the way, and what actors are said to be, are nobody who is asked.
    found = [
        named
        for named in actors.find(before)
        if not actors.is_instrument(named.key)
        and not _SAID_TO_BE.search(before[: named.start])
        and not unnamed(before, named)
    ]
    if _PLURAL.match(text, end):
        found = _without_single(before, found)
    group = found[-1:]
    for named in reversed(found[:-1]):
        gap = before[named.end : group[0].start]
        joint = chinese.GAP.fullmatch(gap) if language == "zh" else JOINT.fullmatch(gap)
        if joint is None:
            break
        group.insert(0, named)
    return group


def _without_single(before: str, found: list[Named]) -> list[Named]:
    """Actors up to the last that "them" can be: one body by name is none, alone."""
    if len(found) < 2 or JOINT.fullmatch(before, found[-2].end, found[-1].start):
        return found
    name = before[found[-1].start : found[-1].end]
    return found[:-1] if name[0].isupper() and not name.endswith("s") else found


def unnamed(head: str, named: Named) -> bool:
    """Whether a government has no key: ``the Government of Morocco`` is not all of them."""
    single = head[named.start : named.end].lower() == "government"
    return single and _OF_A_COUNTRY.match(head, named.end) is not None
