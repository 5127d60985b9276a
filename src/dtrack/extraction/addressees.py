"""Whom a directive addresses: the actors right after its verb, or the subject of its sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dtrack.extraction.actors import Actors, Named
    from dtrack.extraction.verbs import Hit

ADDRESSING = frozenset({"request", "instruction", "encouragement", "invitation", "recommendation"})
"""Forces of verbs that want somebody else to act."""
_DETERMINERS = r"the|a|an|its|their|this|that|these|those|each|all|any|other|such|annex|article"
_ZONE_END = {
    "en": re.compile(
        rf"\bto (?!(?:{_DETERMINERS})\b)(?=[a-z])|\bthat\b|\bwhich\b|\bwhose\b|\bwhen\b|[:;]|\. "
    ),
    "fr": re.compile(
        r"\bà (?!la\b|l'|cette\b)(?=[a-zé]+(?:er|ir|re)\b)|\bde (?=[a-zé]+(?:er|ir|re)\b)"
        r"|\bd'(?=[a-zé]+(?:er|ir|re)\b)|\bque\b|\bqui\b|[:;]|\. "
    ),
    "es": re.compile(
        r"\ba que\b|\ba (?=[a-z]+(?:ar|er|ir|arse|erse|irse)\b)|\bque\b(?! son países)|[:;]|\. "
    ),
}
_ASIDE = re.compile(
    r",\s*(?:in (?:collaboration|consultation|cooperation|coordination|conjunction|accordance|"
    r"line|close|partnership|particular)|together with|with|through|under|subject to|taking|"
    r"drawing|"
    r"building|as|where|when|upon|on the basis|based on|en (?:collaboration|consultation|"
    r"coopération|colaboración|consulta|cooperación)|avec|con|par|por)\b[^,]*(?:,|$)",
)
_INSIDE = re.compile(
    r"\b(?:of|for|under|from|by|with|on behalf of|within|between|among|on|in|"
    r"de|du|des|del|con|avec)"
    r"(?: the| la| le| les| los| las| el)?\s*$"
)
_HEADED = re.compile(
    r"^\s*(?:the )?(?:actions|activities|work|provision|submissions?|"
    r"\w*\s*(?:board|chairs?|co-chairs?|head|bureau|president|presidency|chair\w*|secretariat|"
    r"executive director|government|members?|engagement|support)"
    r"|(?:[\w-]+ ){0,4}[\w-]+) (?:of|from|by) (?:the )?$"
)
_PRONOUN = re.compile(
    r"\s*(?:(?:those|them|it|both|these|they|ceux|les y|estos)\b|其(?!他)|它们|他们)"
)
_JOINT = re.compile(r"(?:\s|,|\band\b|\bor\b|\bthe\b|\bother\b|\ball\b|\brelevant\b)*")
_TO_NOUN = re.compile(r"\bto (?:the|its|their|a)\b")
_LEADING = re.compile(r"\A\s*(?:upon|on|to|for)\s")
_THAT = re.compile(r"(?:\s*,[^;:.]{0,200}?,)?\s*,?\s*(?:that|que)\s+")
_FOR = re.compile(r"\bfor (?:the |all |other )*$")
_MODIFIES = re.compile(
    r"\s+(?:[a-z]+\s+){0,2}(?:authorities|focal points?|programmes?|process(?:es)?|projects?"
    r"|resources|funding|websites?|reports?)\b"
)
_NORM = re.compile(
    r"\b(?:shall|should|will|may|must|is to|are to|would|can|be|deben?|doi(?:t|vent))\b"
)
_ZH_GAP = re.compile(
    r"(?:[各其他它有关相关所有的、和及与以或，\s《》（）]|国家|包括|尤其是|特别是|酌情|以及|愿意|处于|能够|有能力)*"
)
_ZH_END = re.compile(r"[：:；。]")


def addressees(
    text: str, hit: Hit, following: int, actors: Actors, language: str
) -> tuple[str, ...]:
    """Keys of the actors that a verb addresses, in order, each once.

    ``following`` is where the next verb of the paragraph begins.
    """
    if _PRONOUN.match(text, hit.end, following):
        return _unique(_group_before(text[: hit.start], actors, language))
    if hit.subject >= 0:
        return _unique(_subject(text[hit.subject : hit.start], actors))
    if language == "zh":
        return _unique(_chinese(text[hit.end : following], hit, actors))
    zone = text[hit.end : following]
    if hit.verb.force in ADDRESSING:
        found = _zone(zone, actors, language)
        return _unique(found or _clause_subject(zone, actors))
    if hit.verb.force == "binding-decision":
        return _unique(_clause_subject(zone, actors))
    return ()


def shares_object(zone: str) -> bool:
    """Whether nothing but addressees stands between a verb and the next one of a chapeau."""
    latin = not re.search(r"\b(?:to|that|à|que)\b|[.;]", _TO_NOUN.sub("", zone))
    return latin and len(zone) < 90 and not re.search(r"[；。]", zone)


def _group_before(before: str, actors: Actors, language: str) -> list[Named]:
    """Actors named last before a pronoun, as far as they are joined to one group."""
    found = actors.find(before)
    group = found[-1:]
    for named in reversed(found[:-1]):
        gap = before[named.end : group[0].start]
        joint = _ZH_GAP.fullmatch(gap) if language == "zh" else _JOINT.fullmatch(gap)
        if joint is None:
            break
        group.insert(0, named)
    return group


def _unique(named: Iterable[Named]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.key for item in named))


def _zone(zone: str, actors: Actors, language: str) -> list[Named]:
    """Actors between the verb and what they shall do."""
    blank = _ASIDE.sub(lambda m: "," + " " * (len(m[0]) - 2) + ",", zone[:900])
    blank = _LEADING.sub(lambda m: " " * len(m[0]), blank)
    end = _ZONE_END[language].search(blank if language == "en" else blank.lower())
    head = blank[: end.start()] if end else blank[:240]
    found = actors.find(head)
    found = [named for named in found if not _MODIFIES.match(head, named.end)]
    direct = [named for named in found if not _INSIDE.search(head[: named.start].lower())]
    if direct:
        return direct
    # "its encouragement made in decision 2/CP.17 for Parties to nominate …"
    asked = [named for named in found if _FOR.search(head[: named.start])]
    if asked and end is not None and end[0].startswith("to "):
        return asked[-1:]
    # "the Chair of the Subsidiary Body" counts as the body that it heads.
    return [named for named in found[:1] if _HEADED.search(head[: named.start].lower())]


def _clause_subject(zone: str, actors: Actors) -> list[Named]:
    """Subject of ``decides that Parties shall …``."""
    that = _THAT.match(zone)
    if that is None:
        return []
    norm = _NORM.search(zone, that.end(), that.end() + 300)
    if norm is None:
        return []
    return _subject(zone[that.end() : norm.start()], actors)


def _subject(clause: str, actors: Actors) -> list[Named]:
    """Actors that a clause before its verb is about, not those inside a longer noun."""
    begin = max(clause.rfind("; "), clause.rfind(". ")) + 1
    found = actors.find(clause[begin:])
    head = clause[begin:]
    direct = [named for named in found if not _INSIDE.search(head[: named.start].lower())]
    if not direct:
        direct = [named for named in found[:1] if _HEADED.search(head[: named.start].lower())]
    first = next(iter(direct), None)
    if first is None or re.search(r"[a-z]{3,}.*\b[a-z]{3,}", _plain(head[: first.start])):
        return []
    return [
        named for named in direct if not re.search(r"\b(?:that|which|who)\b", head[: named.start])
    ]


def _plain(text: str) -> str:
    """Words before a subject without an introduction that a comma ends."""
    return re.sub(
        r"\b(?:the|all|each|other|relevant|any|both)\b", "", text.rsplit(",", 1)[-1].lower()
    )


def _chinese(zone: str, hit: Hit, actors: Actors) -> list[Named]:
    """Actors that follow the verb at once, joined by nothing but commas and "and"."""
    if hit.verb.force not in ADDRESSING:
        return []
    end = _ZH_END.search(zone)
    zone = zone[: end.start()] if end else zone
    found: list[Named] = []
    position = 0
    for named in actors.find(zone):
        if _ZH_GAP.fullmatch(zone[position : named.start]) is None:
            break
        found.append(named)
        position = named.end
    return found
