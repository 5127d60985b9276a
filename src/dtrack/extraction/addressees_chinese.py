"""Whom a directive in Chinese addresses: the actors right behind its verb, or its subject.

Between the verb and an actor stand words that only qualify it (有能力的, 尚未
这样做的), circumstances between commas (视资源情况), and, behind an actor, those
with whom it is to act (与……合作); none of them is asked for anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dtrack.extraction.actors import Actors, Named

_LINKS = (
    r"各其他它有关相关所有每一个等的、和及与以或并，\s《》（）()",
    r"受影响的?|《?公约》?|《?议定书》?|《?协定》?|各国|本国|国家|地区|包括|尤其是|特别是|特别|尤其|酌情|以及|还有|连同|愿意|处于|能够|有能力|有条件|国际社会|所有|全体|本公约|本国|适当情况下|同时",
)
GAP = re.compile(rf"(?:[{_LINKS[0]}]|{_LINKS[1]})*")
"""What may stand between a verb and an actor, or between two actors of a list."""
_QUALIFIED = re.compile(
    r"(?:那些|凡|尚未|仍|还|已经?|有|没有|未|愿|受|拥有|作为|能够?|可|正在?|提出|处于|具备|存在|在|不|"
    r"本身|符合|进口|出口|参与|参加|负责|从事|管理|开展|使用|生产|加入|批准|最|与本|根据|按照|凡是)"
    r"[^，；。：]{0,36}?的"
)
"""Words that tell which of them is meant, up to their 的."""
_CIRCUMSTANCE = re.compile(
    r"(?:酌情|适当时|在|视|根据|按照|依照|依据|经|应|为|考虑到|铭记|本着|通过|利用|如有可能|如有必要|必要时|"
    r"与|同|会同|以)[^，；。：]{0,60}"
)
_WITH = re.compile(
    r"(?:与|同|和|会同|协同|连同)[^，；。：]{1,80}?"
    r"(?:合作|协作|协商|磋商|协调|沟通|联络|联系|分享|共享|交流|交换|接触|对话|联合|一道|一起|配合|会商|"
    r"共同努力|建立伙伴关系|结成)"
)
_WITH_HEAD = re.compile(r"(?:与|同|会同|协同|连同)")
_SUPPORTED = re.compile(r"在[^，；。：]{0,60}?(?:支持|协助|帮助|参与|协调|指导|配合|支助|合作|领导)下")
_ACTS = re.compile(
    r"[^，；。：]{0,40}?(?:应当?|须|必须|务必|不得|不应|可以?|将|需)(?!用|对|由|被|予以|受到|得到)"
)
_HEAD = re.compile(r"的?(?:董事会|理事会|执行局|主席团|联合主席|共同主席|主席|秘书长|负责人|各?成员(?!国)|代表)")
"""Who leads or makes up a body counts as the body."""
_BY = re.compile(r"(?:，[^，；。：]{0,30}，)?\s*由")
_COUNTRY = {
    "缔约国": re.compile(r"\A[\u4e00-\u9fff、]{1,14}\Z"),
    "缔约方": re.compile(r"\A(?:[\u4e00-\u9fff、]{1,20}国|进口|出口|过境|捐助|受影响|东道|主办|提案|沿海|所在)\Z"),
}
"""What stands before such a title: a country by name (范例国缔约国), or which ones (进口国缔约方)."""
_END = re.compile(r"[：:；。]")
_LONGEST_GAP = 60


def asked(zone: str, actors: Actors) -> list[Named]:
    """Actors that follow a verb at once, joined by nothing but commas and "and"."""
    zone = _to_its_end(zone)
    return _group(zone, _circumstances(zone, 0), actors)


def settled(zone: str, actors: Actors) -> list[Named]:
    """Those who shall act by a decision: 决定各缔约方应……, 决定由秘书处……."""
    zone = _to_its_end(zone)
    by = _BY.match(zone)
    if by is not None:
        return _group(zone, by.end(), actors)
    group = _group(zone, _circumstances(zone, 0), actors)
    if any(each.key == actors.body for each in group):
        return []
    return group if group and _ACTS.match(zone, group[-1].end) else []


def subject(clause: str, actors: Actors) -> list[Named] | None:
    """Actors that a clause before its modal verb begins with; None where it begins otherwise."""
    start = _circumstances(clause, 0)
    return _group(clause, start, actors) or None


def _to_its_end(zone: str) -> str:
    end = _END.search(zone)
    return zone[: end.start()] if end else zone


def _circumstances(zone: str, start: int) -> int:
    """Where circumstances between commas, right behind a verb, end."""
    place = start
    while True:
        match = re.compile(r"\s*，?\s*").match(zone, place)
        begin = match.end() if match else place
        aside = _CIRCUMSTANCE.match(zone, begin)
        if aside is None or zone[aside.end() : aside.end() + 1] != "，":
            return place
        place = aside.end() + 1


def _group(zone: str, start: int, actors: Actors) -> list[Named]:
    """Actors from a place on that one list holds."""
    named = [
        each._replace(start=each.start + start, end=each.end + start)
        for each in actors.find(zone[start:])
    ]
    found: list[Named] = []
    position = start
    for each in named:
        if each.start < position:
            continue
        if found and _with(zone, position):
            break
        gap = _bare(zone[position : each.start], each, zone, first=not found)
        if len(gap) > _LONGEST_GAP or GAP.fullmatch(gap) is None:
            break
        # Two names with nothing between: the first tells whose the second is.
        if found and gap.strip() in {"", "的"}:
            found.pop()
        found.append(each)
        head = _HEAD.match(zone, each.end)
        position = head.end() if head else each.end
    return found


def _with(zone: str, position: int) -> bool:
    """Whether those with whom something is done come next."""
    if _SUPPORTED.match(zone, position):
        return True
    lead = re.compile(r"\s*[，,]?\s*(?:并|酌情)?\s*").match(zone, position)
    at = lead.end() if lead else position
    if _WITH.match(zone, at) is None:
        return False
    # "A 和 B 合作" is a list that works together; "A 与 B 合作" is A that is asked.
    return _WITH_HEAD.match(zone, at) is not None


def _bare(gap: str, named: Named, zone: str, *, first: bool) -> str:
    """A gap without qualifying words and circumstances."""
    gap = re.sub(r"，(?:酌情|在|视|根据|按照|依照)[^，；。：]{0,40}，", "，", gap)
    lead = GAP.match(gap)
    rest = gap[lead.end() :] if lead else gap
    kept = gap[: len(gap) - len(rest)]
    qualified = _QUALIFIED.match(rest)
    while qualified is not None:
        rest = rest[qualified.end() :]
        qualified = _QUALIFIED.match(rest)
    country = _COUNTRY.get(zone[named.start : named.start + 3])
    if first and country is not None:
        rest = country.sub("", rest)
    return kept + rest
