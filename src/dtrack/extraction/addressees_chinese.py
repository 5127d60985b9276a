"""Whom a directive in Chinese addresses: the actors right behind its verb, or its subject.

Between the verb and an actor stand words that only qualify it (有能力的, 尚未
这样做的), circumstances between commas (视资源情况), and, behind an actor, those
with whom it is to act (与……合作); none of them is asked for anything.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.extraction.actors import Actors, Named

_LINKING = (
    r"受影响的?|《?公约》?|《?议定书》?|《?协定》?|各国|本国|国家|地区|国际社会|全体|本公约|之?下的?|包括|连同"
    r"|各方|还有|以及|尤其是?|特别是?|酌情|适当情况下|同时|愿意|处于|能够|有能力|有条件"
    r"|多边|双边|次?区域|国际|全球|各级|各类|所有其余|其余|主要|传统|潜在|当地|邻近|相邻|毗邻|相应"
    r"|这些|上述|前述|更多|许多|一些|部分|大多数|非?附件[一二三四五六]+(?:中?所列)?"
)
GAP = re.compile(
    rf"(?:[—各其他它该有关相关所有每一个等的、和及与以或并，\s《》（）()]|{_LINKING})*"
)
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
_WITH = re.compile(r"\s*[，,]?\s*(?:并|酌情)?\s*(?:与|同|会同|协同|连同)")
_BESIDE = re.compile(r"[与同](?:[各其他有关相关的]|所有)*$")
_TOGETHER = re.compile(
    r"(?!在)[^，；。：]{0,8}?(?:合作|协作|协商|磋商|协调|沟通|联络|联系|分享|共享|交流|交换|接触|对话|谈判|讨论|联合|一道|一起"
    r"|配合|会商|建立伙伴关系)"
    r"|(?:在|就|为)[^，；。：]{0,30}?(?:合作|协作|协商|磋商|对话|交流)"
)
_BETWEEN = re.compile(r"，?(?:在|根据|按照|依照|通过|经|对|向|并?酌情与|与|会同|同|为)")
"""What opens words between a subject and its verb."""
_UNNAMED = re.compile(r"[^，；。：]{1,16}?(?:合作|协作|协商|磋商|协调|沟通|会商|共享)")
_SUPPORTED = re.compile(
    r"在[^，；。：]{0,60}?(?:支持|协助|帮助|参与|协调|指导|配合|支助|合作|领导)下"
)
_ACTS = re.compile(
    r"，?[^，；。：]{0,40}?(?:应当?|须|必须|务必|不得|不应|可以?|将|需)(?!用|对|由|被|予以|受到|得到)"
)
_HEAD = re.compile(
    r"的?(?:董事会|理事会|执行局|主席团|联合主席|共同主席|主席|秘书长|负责人|各?成员(?!国)|代表|机构|团体)"
)
"""Who leads or makes up a body counts as the body."""
_BY = re.compile(r"(?:，[^，；。：]{0,30}，)?\s*[应须将]?由")
_AGAIN = re.compile(
    r"(?:其|此前|先前|之前|曾)*(?:在[^，；。]{0,40}?[中内])?(?:对|向|要求|请)(?P<whom>[^，；。]{1,60}?)"
    r"(?:所?(?:提出|发出|作出)的?|的)(?P<verb>邀请|请求|要求|呼吁|敦促|鼓励|建议|指示)"
)
_COMPANY = re.compile(
    rf"{_SUPPORTED.pattern}|(?:与|会同|协同)[^，；。：]{{1,40}}?"
    r"(?:合作|协作|协商|磋商|协调|沟通|会商|配合|一道|一起)"
)
_TOLD = re.compile(r"[^，；。：向给]{2,24}的(?:各|所有|每一|其[他它]|有关|相关)*")
_UNKEYED = re.compile(
    r"(?!支持|促进|加强|开展|建立|协助|提供|审议|推动|参加|利用|发展(?!中|伙伴)|设立|制定|扩大|帮助)"
    r"[^，；。：、的向对为就在将由从把给按以与并请其和及或]{0,14}?"
    r"(?:国|方|组织|机构|机制|委员会|基金|基金会|中心|部门|团体|小组|实体|专家|网络|人士|银行|协会|学会|联盟|联合会"
    r"|园|馆|室|议会|主席团|局|署|院|所|社|界|者|员|商|户|群体|论坛|方案|平台|公约|倡议|伙伴关系|专家组|工作组|工作队|当局|企业|行业"
    r"|居民|社区|家庭|渔民|牧民|农民|工人|教师|学生)"
    r"(?=[、和及与或]|以及|，(?:特别|尤其|包括))"
)
"""A member of a list that is nobody with a key, up to what joins the next one."""
_SORT = re.compile(r"(?:经济|政治|一体化|渔业|管理|科学|专业|研究|技术|专门|社会|保护|环境){1,3}")
"""What sort of organizations: 区域经济一体化组织."""
_MEMBER = re.compile(
    r"(?!支持|促进|加强|开展|建立|协助|提供|审议|推动|参加|利用|发展(?!中|伙伴)|设立|制定|扩大|帮助)"
    r"[^，；。：、的向对为就在将由从把给按以与并请其和及或]{1,10}(?=、|和|及|与|以及)"
)
"""A member of a list that has begun, whatever it is."""
_TRADES = frozenset({"行业", "企业", "产业", "公司"})
"""Businesses, of whatever trade: 能源行业, 采矿企业."""
_ITS_OWN = re.compile(r"及其[^，；。：、]{1,14}?(?=、|以及)")
"""Something of an actor's own that has no key: 及其人与生物圈计划."""
_NAME_TAIL = frozenset({"组织", "基金会", "区域中心", "开发银行", "发展银行"})
"""How the names of bodies end that have no key: 国际劳工组织, 亚洲开发银行."""
_IN_A_NAME = re.compile(r"[^，；。：、的向对为就在将由从把给按以用应与供并请其和及或]{1,14}")
_OF_SOMEBODY = re.compile(r"的[^，；。：、和及]{0,6}?(?:者|专家|人员|商)")
"""Who tells only whose somebody is that has no key: 私营部门的投资者."""
_PARTIES = "parties"
_ANYBODY = "各方"
_ASIDE = re.compile(
    r"，(?:酌情|适当时)?(?:在|视|根据|按照|依照|依据|通过|经|利用|本着|考虑到)[^，；。：]{0,40}(?=，)"
)
"""Circumstances between commas behind an actor."""
_JOINED = re.compile(r"[、和及与或]|以及|(?:包括|特别是|尤其是)")
_COUNTRY = {
    "分布国": re.compile(r"\A[\u4e00-\u9fff、]{1,12}\Z"),
    "缔约国": re.compile(r"\A[\u4e00-\u9fff、]{1,14}\Z"),
    "缔约方": re.compile(
        r"\A(?:[\u4e00-\u9fff、]{1,20}国|进口|出口|过境|捐助|受影响|东道|主办|提案|沿海|所在)\Z"
    ),
}
"""What stands before such a title: a country by name, or which ones (进口国)."""
_END = re.compile(r"[：:；。]")
_LONGEST_GAP = 60


def asked(zone: str, actors: Actors) -> list[Named]:
    """Actors that follow a verb at once, joined by nothing but commas and "and"."""
    zone = _to_its_end(zone)
    group = _group(zone, _circumstances(zone, 0), actors)
    # 各方 are the Parties where nobody else is asked, and anybody beside others.
    beside = [each for each in group if zone[each.start : each.end] != _ANYBODY]
    return beside or group


def settled(zone: str, actors: Actors) -> list[Named]:
    """Those who shall act by a decision: 决定各缔约方应……, 决定由秘书处……."""
    zone = _to_its_end(zone)
    if _BY.match(zone) is not None:
        return by(zone, actors)
    group = _group(zone, _circumstances(zone, 0), actors)
    if any(each.key == actors.body for each in group):
        return []
    return group if group and _ACTS.match(zone, group[-1].end) else []


def by(zone: str, actors: Actors) -> list[Named]:
    """Those who act, named behind the verb: 由秘书处……."""
    lead = _BY.match(zone)
    return [] if lead is None else _group(_to_its_end(zone), lead.end(), actors)


def again(text: str, start: int) -> re.Match[str] | None:
    """What is said again, behind 重申: 其对各缔约方的邀请; the groups are whom, and the verb."""
    return _AGAIN.match(text, start)


def subject(clause: str, actors: Actors) -> list[Named] | None:
    """Actors that a clause before its modal verb begins with, where something goes between.

    None where the clause is but a subject: then all whom it names are meant.
    """
    group = _group(clause, _circumstances(clause, 0), actors)
    if not group:
        return None
    return group if _BETWEEN.match(clause, group[-1].end) else None


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
    """Actors from a place on that one list holds, without those who only help."""
    found: list[Named] = []
    position = start
    for each in _list(zone, start, actors):
        if found and _helped(zone, position, actors):
            break
        if (
            not found
            and _BESIDE.search(zone[start : each.start])
            and _TOGETHER.match(zone, each.end)
        ):
            # 授权主席团与执行秘书协商: the first has no key, and the second only helps.
            break
        found.append(each)
        head = _HEAD.match(zone, each.end)
        position = head.end() if head else each.end
    found = _their_secretariats(found, zone, actors)
    return [each for each in heads(found, zone) if not _OF_SOMEBODY.match(zone, each.end)]


def _their_secretariats(found: list[Named], zone: str, actors: Actors) -> list[Named]:
    """Actors, with their secretariats for 《……公约》和《……公约》的秘书处."""
    for place, named in enumerate(found):
        if zone[named.start : named.end] != "秘书处":
            continue
        before = found[place - 1] if place else named
        if place and before.end == named.start and before.key != _PARTIES:
            # 绿色气候基金秘书处: one without a key counts as its body.
            key = actors.secretariat(before.key) or before.key
            return [
                *found[: place - 1],
                before._replace(key=key, end=named.end),
                *found[place + 1 :],
            ]
        whose = found[:place]
        while whose and not actors.secretariat(whose[0].key):
            whose = whose[1:]
        if len(whose) > 1 and all(actors.secretariat(each.key) for each in whose):
            own = [each._replace(key=actors.secretariat(each.key)) for each in whose]
            return [*found[: place - len(whose)], *own, *found[place + 1 :]]
    return found


def _helped(zone: str, position: int, actors: Actors) -> bool:
    """Whether those with whom something is done come next, or behind circumstances."""
    while not _with(zone, position, actors):
        aside = _ASIDE.match(zone, position)
        if aside is None:
            return False
        position = aside.end()
    return True


def without_company(text: str) -> str:
    """Text of the same length without those who only help: 在……支持下, 与……协商."""
    return _COMPANY.sub(lambda match: " " * len(match[0]), text)


def heads(named: Sequence[Named], text: str) -> list[Named]:
    """Actors without those that tell whose the next one is: 缔约方 in 缔约方的国家联络点."""
    kept = [
        each
        for each, following in pairwise(named)
        if text[each.end : following.start].strip() not in {"", "的"}
    ]
    return [*kept, *named[-1:]]


def _list(zone: str, start: int, actors: Actors) -> list[Named]:
    """Actors from a place on with nothing but links between them."""
    found: list[Named] = []
    position = start
    for each in actors.find(zone[start:]):
        named = each._replace(start=each.start + start, end=each.end + start)
        aside = _ASIDE.match(zone, position) if found else None
        if named.start < (aside.end() if aside else position):
            continue
        if _inside(zone, position, named, actors):
            continue
        gap = _bare(zone[position : named.start], named, zone, first=not found)
        if len(gap) > _LONGEST_GAP or GAP.fullmatch(gap) is None:
            if _ends_a_name(gap, zone[named.start : named.end]):
                continue
            if _in_a_member(zone, position, named):
                continue
            break
        found.append(named)
        head = _HEAD.match(zone, named.end) or _OF_SOMEBODY.match(zone, named.end)
        position = head.end() if head else named.end
    return found


def _ends_a_name(gap: str, word: str) -> bool:
    """Whether a word is the end of one body's name: 组织 in 国际劳工组织."""
    lead = GAP.match(gap)
    rest = gap[lead.end() :] if lead else gap
    return word in _NAME_TAIL and _IN_A_NAME.fullmatch(rest) is not None


def _in_a_member(zone: str, position: int, named: Named) -> bool:
    """Whether a member without a key only holds the word: 城市 in 湿地城市网络、……."""
    lead = GAP.match(zone, position)
    start = lead.end() if lead else position
    joined = position == 0 or _JOINED.search(zone[position:start]) is not None
    member = _UNKEYED.match(zone, start) if joined else None
    return member is not None and member.end() >= named.end


def _inside(zone: str, position: int, named: Named, actors: Actors) -> bool:
    """Whether an actor only tells which of those behind it is meant: 尚未加入议定书的缔约方."""
    lead = GAP.match(zone, position)
    qualified = _QUALIFIED.match(zone, lead.end() if lead else position)
    if qualified is None or named.end >= qualified.end() or named.start < qualified.start():
        return False
    behind = zone[qualified.end() : qualified.end() + _LONGEST_GAP]
    return any(GAP.fullmatch(behind[: each.start]) for each in actors.find(behind)[:1])


def _with(zone: str, position: int, actors: Actors) -> bool:
    """Whether those with whom something is done come next.

    "A 与 B 合作" asks A alone; "A 与 B 审查……" asks both.
    """
    if _SUPPORTED.match(zone, position):
        return True
    lead = _WITH.match(zone, position)
    if lead is None:
        return False
    others = _list(zone, lead.end(), actors)
    if not others:
        return _UNNAMED.match(zone, lead.end()) is not None
    return _TOGETHER.match(zone, others[-1].end) is not None


def _bare(gap: str, named: Named, zone: str, *, first: bool) -> str:
    """A gap without qualifying words and circumstances."""
    gap = _ASIDE.sub("", gap)
    gap = re.sub(r"，酌情[^，；。：]{0,40}，", "，", gap)
    lead = GAP.match(gap)
    rest = gap[lead.end() :] if lead else gap
    kept = gap[: len(gap) - len(rest)]
    qualified = _QUALIFIED.match(rest)
    while qualified is not None:
        rest = rest[qualified.end() :]
        qualified = _QUALIFIED.match(rest)
    joined = first or _JOINED.search(kept) is not None
    programme = _ITS_OWN.match(gap)
    if programme is not None:
        lead = GAP.match(gap, programme.end())
        rest = gap[lead.end() if lead else programme.end() :]
    unkeyed = _UNKEYED.match(rest) if joined or programme else None
    if unkeyed is None and joined and not first:
        unkeyed = _MEMBER.match(rest)
    while unkeyed is not None:
        lead = GAP.match(rest, unkeyed.end())
        rest = rest[lead.end() if lead else unkeyed.end() :]
        unkeyed = _UNKEYED.match(rest) or _MEMBER.match(rest)
    if joined and zone[named.start : named.end] == "组织" and _SORT.fullmatch(rest):
        rest = ""
    if joined and zone[named.start : named.end] in _TRADES and _IN_A_NAME.fullmatch(rest):
        rest = ""
    told = _TOLD.fullmatch(rest)
    if told is not None and zone[named.end : named.end + 1] not in {"", *"，；。"}:
        rest = ""
    country = _COUNTRY.get(zone[named.start : named.start + 3])
    if first and country is not None:
        rest = country.sub("", rest)
    return kept + rest
