"""Whom a directive addresses: the actors right after its verb, or the subject of its sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction import addressees_chinese as chinese
from dtrack.extraction.pronouns import JOINT, group_before, points_back, possesses, unnamed
from dtrack.extraction.secretariats import with_secretariats

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    r"line|close|partnership)|together with|with|through|under|subject to|taking|"
    r"drawing|"
    r"building|as(?! well as)|where|when|upon|on the basis|based on|"
    r"en (?:collaboration|consultation|coopération|colaboración|consulta|cooperación)|"
    r"avec|con|par|por)\b[^,:;]*(?=[,:;]|$)",
)
_HELPED = (
    r"(?:in (?:close |full )?(?:collaboration|consultation|cooperation|coordination|partnership|"
    r"conjunction) with|(?:together|along|working) with|through|via|"
    r"with (?:(?:the|technical|financial|full|effective|active|meaningful|and|close) )*"
    r"(?:support|help|assistance|guidance|involvement|participation|advice"
    r"|cooperation|agreement) (?:of|from))\b"
)
_ACT = r"\s*to\b(?! (?:the|its|their|a)\b)"
_COMPANY = re.compile(
    rf",\s*(?:and )?{_HELPED}[^;:]*?(?=,{_ACT})|,\s*{_HELPED}[^,;:]*(?=,)"
    rf"|\s{_HELPED}[^;:]*?(?=,?{_ACT})"
)
"""Those with whom something is done: to the comma before the act, to the next one, to the act."""
_BESIDE = (
    r"(?:together|along|working) with|with|in (?:\w+ )?\w+ with|through|under|subject to|where"
)
_WITH_WHOM = rf",\s*(?:{_BESIDE})\b"
_COMPANY_OF_SUBJECT = re.compile(rf"{_WITH_WHOM}.*,\s*$|{_WITH_WHOM}[^,]*(?:,|$)")
"""``Parties, together with their cities, should``: to the comma before the verb, or the next."""
_ABLE = re.compile(
    r"\s+(?:(?:that|which|who) (?:are|is) )?(?:in a position|able|willing|wishing|ready)"
    r" to (?:do so|assist|contribute|help|(?:provide|offer) [a-z]+)\b"
)
_WHETHER = re.compile(r",?\s+whether\b[^,;:]{0,60}?(?:\bor not\b|(?=,))")
_RELATIVE = re.compile(r"\s+(?:that|which|who|where)\b(?! (?:the|all|each|every) )[^,;:.]*")
"""``Parties that have not yet done so, …``: which of them is meant, up to a comma."""
_ON_AND_ON = re.compile(r"(?<=,) (?:and|or) (?:on|upon|to|for) (?=the |all |other |[A-Z])")
"""The preposition of a verb said again in a list: "calls on A, and on B"."""
_ACT_OF = re.compile(
    r"\s*(?:\w+ )?(?:nominations?|submissions?|provision)\s+of\s+[a-z]+\s+(?:from|by)\s+|"
    r"\s*(?:(?:the|their|further|additional|written|new|continued|active|voluntary|full|enhanced|"
    r"closer|greater|increased|stronger|effective|meaningful|wide|broad|equal|early|timely|and)\s+)*"
    r"(?:submissions?|views|comments|contributions?|inputs?|proposals?|engagement|participation|"
    r"involvement|nominations?|pledges|efforts|cooperation|collaboration)"
    r"\s+(?:from|by|of|between|among)\s+"
    r"|\s*(?:\w+ )?(?:actions?|support|assistance|financing|measures|commitments?)\s+(?:from|by)\s+"
)
"""An act in place of a clause: "invites submissions from Parties"."""
_HEADING_OF = re.compile(
    r"\b(?:members?|chairs?|co-chairs?|board|bureau|heads?|presidents?) of (?:the )?$"
    r"|\b(?:conseil|bureau|présidente?|membres|junta|mesa|president[ea]|miembros)"
    r" (?:du|des|de la|de l'|del|de los) ?$"
)
_AND_THE = re.compile(
    r"\bto (?!the\b)[a-z][^;:.]*, and (?:(?:up)?on )?(?:the )?$"
    r"|\bto (?!the\b|support|help|assist|enable|allow|invite|request|encourage|urge|ask)[a-z]+\b"
    r"(?:(?!\bto\b)[^,;:.])* and the $"
)
_TO_DO = re.compile(
    r"(?: (?:that|which|who) (?:have|has|are|is)\b[^,;:.]*?)? to (?!(?:the|its|their|a)\b)[a-z]"
)
_TO_ACT = re.compile(r"[\s,]*\s(?:to|à|a) [a-z]")
_ATTRIBUTIVE = re.compile(
    r"\s+(?!(?:to|and|or|in|at|on|for|as|by|with|under|is|are|of|that|which|within|from)\b)[a-z]"
)
"""``Basel Convention regional centres`` are not the convention."""
_OF_MONEY = re.compile(
    r"\b(?:financial|financing|lending|funding|credit|bilateral|multilateral|public|private|political"
    r"|governmental|cultural|religious|national|regional|subregional|local)\s+$"
)
"""``financial institutions`` do no research."""
_POSSESSIVE = re.compile(r"['’]s?\s+[a-z]")
_TOGETHER = re.compile(r"\s+(?:and|or|et|y)\s+(?:the |la |le |les |el |los |las )?")
_GIVEN = re.compile(
    r"\s*(?:(?:the|all|each|other|relevant|[a-z]+ing|affected|concerned|interested"
    r"|les?|la|los|las|el|al|aux?|toutes|todas) )*"
    r"(?:(?:any |all )?(?:future|subsequent|next|coming) (?:meetings?|sessions?) of (?:the )?)?"
)
_PASSIVE = re.compile(
    r"\s+(?:(?:also|further|not|[a-z]+ly)\s+)*be\s+(?:[a-z]+ly\s+)?"
    r"(?:[a-z]+ed|told|made|held|given|taken|drawn|shown|kept|set|put|led|chosen|undertaken|open"
    r"|free of|available|accessible|equal|subject|public|applicable|valid|consistent|effective)\b"
)
_INSIDE = re.compile(
    r"\b(?:of|for|under|from|by|with|on behalf of|within|between|among|on|in|outside|"
    r"de|du|des|del|con|avec)"
    r"(?: the convention and)?"
    r"(?: the| that| this| these| those| each| any| all| its| their| la| le| les| los| las| el)?"
    r"(?: (?:other|relevant|related|respective|[a-z]+ and))*\s*$"
)
_HEADED = re.compile(
    r"^\s*(?:the )?(?:actions|activities|work|provision|submissions?|"
    r"\w*\s*(?:board|chairs?|co-chairs?|head|bureau|president|presidency|chair\w*|secretariat|"
    r"executive director|government|members?|engagement|support)"
    r"|(?:[\w-]+ ){0,4}[\w-]+) (?:of|from|by) (?:the )?$"
)
_TO_NOUN = re.compile(r"\bto (?:the|its|their|a)\b")
_LEADING = re.compile(r"\A\s*(?:upon|on|to|for)\s")
_THAT = re.compile(r"(?:\s*,[^;:.]{0,200}?,)?\s*,?\s*(?:that|que)\s*,?\s+")
_AND_THAT = re.compile(r"\b(?:and|or|et|y)\s+(?:also\s+|further\s+)?(?:that|que)\s+")
_ARE_ASKED = re.compile(
    r"\b(?:is|are)\s+(?:(?:also|further|[a-z]+ly)\s+)?"
    r"(?:encouraged|invited|requested|urged|asked|called upon)\s+to\b"
)
_ITS_ACTIONS = re.compile(r"(?:the )?(?:actions|activities) of\b")
_FAR_SUBJECT = 300
_ASIDE_FIRST = re.compile(r"\s*,?\s*(?:in accordance|pursuant|in line|as referred|as set out)\b")
_IF = re.compile(r"\s*,?\s*(?:if|where|when|unless)\b[^,]*,")
_TO_IT = re.compile(r"\b(?:to|by) (?:the )?$")
_SUBJECT_NEXT = re.compile(r",\s*(?:(?:the|all|each|other|relevant|both)\s+)*$")
_FOR = re.compile(r"\bfor (?:the |all |other )*$")
_MODIFIES = re.compile(
    r"\s+(?:(?!in\b|of\b|to\b|on\b|for\b|and\b|with\b|at\b|[a-z]+ing\b)[a-z]+\s+){0,2}"
    r"(?:authorities|focal points?|programmes?|process(?:es)?|projects?|resources|funding"
    r"|websites?|reports?)\b"
)
_NORM = re.compile(
    r"\b(?:shall|should|will|may|must|is to|are to|would|can|be"
    r"|deben?|deberán?|deberían?|doi(?:t|vent)|devr\w+)\b"
)


def addressees(
    text: str, hit: Hit, following: int, actors: Actors, language: str
) -> tuple[str, ...]:
    """Keys of the actors that a verb addresses, in order, each once.

    ``following`` is where the next verb of the paragraph begins.
    """
    if hit.subject >= 0:
        end = hit.until if hit.until >= 0 else hit.start
        clause = text[hit.subject : end]
        first = (
            chinese.by(text[hit.end : following], actors) or chinese.subject(clause, actors)
            if language == "zh"
            else None
        )
        if first is None:
            first = _subject(clause, actors)
            first = chinese.heads(first, clause) if language == "zh" else first
        return _unique(first)
    if hit.verb.kind == "operational" and (
        points_back(text, hit.end, following)
        or (hit.verb.force in ADDRESSING and possesses(text, hit.end, following))
    ):
        return _unique(group_before(text, hit.start, hit.end, actors, language))
    if language == "zh":
        return _unique(_chinese(text[hit.end : following], hit, actors))
    zone = text[hit.end : following]
    if hit.verb.force in ADDRESSING:
        found = _zone(zone, actors, language)
        if language == "en":
            found = [*found, *_for_their_part(zone, found[-1].end if found else 0, actors)]
        return _unique(found or _clause_subject(zone, actors) or _that_actor(zone, actors))
    if hit.verb.force == "binding-decision":
        return _unique(_clause_subject(zone, actors) or _empowered(zone, actors))
    return ()


def shares_object(zone: str) -> bool:
    """Whether nothing but addressees stands between a verb and the next one of a chapeau."""
    latin = not re.search(r"\b(?:to|that|à|que)\b|[.;]", _TO_NOUN.sub("", zone))
    return latin and len(zone) < 90 and not re.search(r"[；。]", zone)


def _unique(named: Iterable[Named]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.key for item in named))


def _zone(zone: str, actors: Actors, language: str) -> list[Named]:
    """Actors between the verb and what they shall do."""
    act = _ACT_OF.match(zone)
    if act is not None:
        zone = " " * act.end() + zone[act.end() :]
    blank = _without_asides(zone[:900], actors)
    blank = _LEADING.sub(lambda m: " " * len(m[0]), blank)
    end = _ZONE_END[language].search(blank if language == "en" else blank.lower())
    head = blank[: end.start()] if end else blank[:240]
    found = actors.find(head)
    found = [
        named
        for named in found
        if not _MODIFIES.match(head, named.end)
        and not unnamed(head, named)
        and not _POSSESSIVE.match(head, named.end)
        and not _of_money(head, named)
        and not (actors.is_instrument(named.key) and _ATTRIBUTIVE.match(head, named.end))
    ]
    direct = _outside(head, with_secretariats(head, found, actors))
    if direct:
        return direct
    # "its encouragement made in decision 2/CP.17 for Parties to nominate …"
    asked = [named for named in found if _FOR.search(head[: named.start])]
    if asked and end is not None and end[0].startswith("to "):
        return asked[-1:]
    # "the Chair of the Subsidiary Body" counts as the body that it heads.
    return [named for named in found[:1] if _HEADED.search(head[: named.start].lower())]


def _for_their_part(zone: str, start: int, actors: Actors) -> Iterator[Named]:
    """The second of "requests A to advise, and B to decide"."""
    for named in actors.find(zone[:900]):
        before = zone[start : named.start]
        if named.start <= start or not _AND_THE.search(before):
            continue
        # "To consult with A and B to find …" is one act; a comma, or no A, parts two.
        parted = ", and" in before[-len(", and upon the ") :] or not actors.find(before)
        if parted and _TO_DO.match(zone, named.end):
            yield named


def _without_asides(text: str, actors: Actors) -> str:
    """Text of the same length without those who help, conditions, and which ones are meant."""

    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0])

    text = _WHETHER.sub(blank, _ABLE.sub(blank, text))
    text = _ON_AND_ON.sub(lambda m: f" {m[0].split()[0]}".ljust(len(m[0])), text)
    text = _COMPANY.sub(blank, text)
    ends = {named.end for named in actors.find(text)}
    text = _RELATIVE.sub(lambda m: blank(m) if m.start() in ends else m[0], text)
    return _ASIDE.sub(lambda m: "," + " " * (len(m[0]) - 1), text)


def _of_money(head: str, named: Named) -> bool:
    """Whether institutions are a sort that does no research."""
    word = head[named.start : named.end].lower()
    return word == "institutions" and _OF_MONEY.search(head[: named.start].lower()) is not None


def _outside(head: str, found: list[Named]) -> list[Named]:
    """Actors that are no part of another noun, nor joined to one that is."""
    direct: list[Named] = []
    inside: Named | None = None
    last = 0
    for named in found:
        # A preposition inside the name before, as in "bodies under the Convention", says nothing.
        before = f"{'§' if last else ''}{head[last : named.start].lower()}"
        last = named.end
        joined = inside is not None and _TOGETHER.fullmatch(head, inside.end, named.start)
        if joined or (_INSIDE.search(before) and not _HEADING_OF.search(before)):
            inside = named
        else:
            inside = None
            direct.append(named)
    return direct


def _empowered(zone: str, actors: Actors) -> list[Named]:
    """``authorizes the Executive Secretary to …``: those who stand between verb and act."""
    bare = _without_asides(zone[:900], actors)
    group = _leading_group(bare, 0, actors)
    return group if group and _TO_ACT.match(bare, group[-1].end) else []


def _that_actor(zone: str, actors: Actors) -> list[Named]:
    """Those right after "recommends that", where the verb has no modal: "that Parties record"."""
    that = _THAT.match(zone)
    group = [] if that is None else _leading_group(zone, that.end(), actors)
    return [] if group and _PASSIVE.match(zone, group[-1].end) else group


def _leading_group(zone: str, start: int, actors: Actors) -> list[Named]:
    """Actors from a place on, joined by nothing but commas and "and"."""
    found = [_shifted(named, start) for named in actors.find(zone[start : start + 200])]
    if not found or _GIVEN.fullmatch(zone, start, found[0].start) is None:
        return []
    group = found[:1]
    for named in found[1:]:
        if JOINT.fullmatch(zone, group[-1].end, named.start) is None:
            break
        group.append(named)
    return group


def _shifted(named: Named, by: int) -> Named:
    return named._replace(start=named.start + by, end=named.end + by)


def _clause_subject(zone: str, actors: Actors) -> list[Named]:
    """Subject of ``decides that Parties shall …``."""
    that = _THAT.match(zone)
    if that is None:
        return []
    begins = [that.end(), *(m.end() for m in _AND_THAT.finditer(zone, that.end()))]
    ends = [*begins[1:], len(zone)]
    return [each for span in zip(begins, ends, strict=True) for each in _acts(zone, *span, actors)]


def _acts(zone: str, start: int, end: int, actors: Actors) -> list[Named]:
    """Subject of one clause, where it acts or is asked to: "that Parties are encouraged to"."""
    norm = _NORM.search(zone, start, min(end, start + _FAR_SUBJECT))
    asked = _ARE_ASKED.search(zone, start, min(end, start + _FAR_SUBJECT))
    if asked is not None and (norm is None or asked.start() < norm.start()):
        return _subject(zone[start : asked.start()], actors)
    if norm is None:
        return []
    # "That the actions of the secretariat be undertaken" asks it, "that Parties be told" does not.
    told = norm[0] == "be" and not _ITS_ACTIONS.match(zone, start)
    if _PASSIVE.match(zone, norm.start() - 1 if told else norm.end()):
        return []
    return _subject(zone[start : norm.start()], actors)


def _subject(clause: str, actors: Actors) -> list[Named]:
    """Actors that a clause before its verb is about, not those inside a longer noun."""
    clause = _behind_aside(clause, actors)
    begin = max(clause.rfind("; "), clause.rfind(". ")) + 1
    head = _COMPANY_OF_SUBJECT.sub(lambda m: " " * (len(m[0]) - 1) + ",", clause[begin:])
    found = [each for each in actors.find(head) if not _POSSESSIVE.match(head, each.end)]
    direct = [named for named in found if not _INSIDE.search(head[: named.start].lower())]
    if not direct:
        direct = [named for named in found[:1] if _HEADED.search(head[: named.start].lower())]
    first = next(iter(direct), None)
    if first is None or re.search(r"[a-z]{3,}.*\b[a-z]{3,}", _plain(head[: first.start])):
        return []
    return [
        named
        for named in direct
        if not re.search(r"\b(?:that|which|who)\b", head[: named.start].rsplit(",", 1)[-1])
        and not (actors.is_instrument(named.key) and _TO_IT.search(head[: named.start]))
    ]


def _behind_aside(clause: str, actors: Actors) -> str:
    """Clause from its subject on, where circumstances with commas of their own come first."""
    conditional = _IF.match(clause) is not None
    if _ASIDE_FIRST.match(clause) is None and not conditional:
        return clause
    subjects = (each for each in actors.find(clause) if _SUBJECT_NEXT.search(clause[: each.start]))
    first = next(subjects, None)
    if first is not None:
        return clause[first.start :]
    return clause.rsplit(",", 1)[-1] if conditional else clause


def _plain(text: str) -> str:
    """Words before a subject without an introduction that a comma ends."""
    return re.sub(
        r"\b(?:the|all|each|other|relevant|any|both)\b", "", text.rsplit(",", 1)[-1].lower()
    )


def _chinese(zone: str, hit: Hit, actors: Actors) -> list[Named]:
    """Those whom a verb asks, gives a power, or settles an act of."""
    if hit.verb.force in ADDRESSING or hit.verb.key in actors.empowering:
        return chinese.asked(zone, actors)
    return chinese.settled(zone, actors) if hit.verb.force == "binding-decision" else []
