"""Directives and whom they address, in Chinese, on sentences made up for them."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("应鼓励私营部门种植树篱。", [("encourages", ("private-sector",))]),
        (
            "请各缔约方种植树篱，并鼓励其修剪树篱；",
            [("requests", ("parties",)), ("encourages", ("parties",))],
        ),
        (
            "缔约方不得砍伐树篱，并应保存记录。",
            [("shall not", ("parties",)), ("should", ("parties",))],
        ),
        ("授权秘书处租用会场；", [("authorizes", ("cbd-secretariat",))]),
        # Those with whom something is done are not asked; those of a list are.
        (
            "请执行秘书与各缔约方和有关组织协商，种植树篱；",
            [("requests", ("executive-secretary",))],
        ),
        ("请执行秘书在世界银行的支持下种植树篱；", [("requests", ("executive-secretary",))]),
        (
            "请各缔约方与秘书处共同审查树篱；",
            [("requests", ("parties", "cbd-secretariat"))],
        ),
        # Which of them are meant, under what circumstances, and who leads them.
        ("敦促尚未种植树篱的缔约方立即种植；", [("urges", ("parties",))]),
        (
            "邀请有能力这样做的发达国家缔约方、捐助方和私营部门种植树篱；",
            [("invites", ("developed-country-parties", "donors", "private-sector"))],
        ),
        ("促请原产国和过境国缔约方保护树篱；", [("urges", ("parties",))]),
        ("请，视资源情况，执行秘书种植树篱；", [("requests", ("executive-secretary",))]),
        (
            "邀请绿色气候基金董事会和全球环境基金种植树篱；",
            [("invites", ("gcf", "gef"))],
        ),
        ("请缔约方的国家联络点保护树篱；", [("requests", ("nfp",))]),
        # Who acts by a decision; the body that speaks asks nobody else.
        ("决定由秘书处保存树篱清单；", [("decides", ("cbd-secretariat",))]),
        ("决定各缔约方应种植树篱；", [("decides", ("parties",))]),
        ("决定缔约方大会第十八届会议将审查树篱；", [("decides", ())]),
        ("鼓励缔约方通过国家联络点交流经验；", [("encourages", ("parties",))]),
        # Further verbs: with a subject of their own, behind an adverb, last in their clause.
        (
            "各缔约方应种植树篱，秘书处应保存清单。",
            [("should", ("parties",)), ("should", ("cbd-secretariat",))],
        ),
        ("现紧急敦促各缔约方种植树篱；", [("urges", ("parties",))]),
        (
            "敦促各缔约方种植树篱，并对种植者表示赞赏；",
            [("urges", ("parties",)), ("expresses appreciation", ())],
        ),
        ("邀请捐助方向发展中国家缔约方提供支持；", [("invites", ("donors",))]),
        ("应由各缔约方种植树篱。", [("should", ("parties",))]),
        (
            "敦促并鼓励各缔约方种植树篱；",
            [("urges", ("parties",)), ("encourages", ("parties",))],
        ),
        ("请保有树篱的缔约方保护树篱；", [("requests", ("parties",))]),
        ("请世界银行在明年，支持发展中国家缔约方种植；", [("requests", ("world-bank",))]),
        ("请各缔约方审议清单，并酌情提出建议；", [("requests", ("parties",))]),
        ("重申对全球环境基金提出的请求，种植树篱；", [("reaffirms", ("gef",))]),
        # Actors inside what tells which ones are meant are not those who are asked.
        ("敦促尚未加入《名古屋议定书》的缔约方种植树篱；", [("urges", ("parties",))]),
        ("鼓励尚未指定主管部门的缔约方种植树篱；", [("encourages", ("parties",))]),
        ("请作为公约行政主管机关的主管部门种植；", [("requests", ("nat-authorities",))]),
        # Members of a list without a key, adjectives, and those whose they are.
        (
            "邀请各国、区域经济一体化组织和国际组织种植树篱；",
            [("invites", ("organizations", "int-organizations"))],
        ),
        (
            "呼吁国际金融机构、开发银行和捐助方种植树篱；",
            [("calls upon", ("int-organizations", "dev-banks", "donors"))],
        ),
        ("请秘书处向专家组织和缔约方报告；", [("requests", ("cbd-secretariat",))]),
        ("呼吁多边和双边捐助者种植树篱；", [("calls upon", ("donors",))]),
        ("邀请企业以及树篱的其他利益攸关方种植；", [("invites", ("businesses", "stakeholders"))]),
        ("邀请各方，特别是发展中国家缔约方种植；", [("invites", ("developing-country-parties",))]),
        # Those who only help are no addressees, nor whom a pronoun stands for.
        (
            "请秘书处在各伙伴组织的支持下种植树篱，并请其报告；",
            [("requests", ("cbd-secretariat",)), ("requests", ("cbd-secretariat",))],
        ),
        ("请全环基金主席与秘书处协商种植树篱；", [("requests", ("gef",))]),
        ("又请全球环境基金，通过其执行机构，种植树篱；", [("requests", ("gef",))]),
        ("最后要求缔约方种植树篱；", [("requests", ("parties",))]),
        # Parties pointed back to, those of an annex, and 各方, who are the Parties when alone.
        (
            "注意到一些缔约方没有树篱，敦促这些缔约方种植；",
            [("notes", ()), ("urges", ("parties",))],
        ),
        ("敦促非附件一所列缔约方种植树篱；", [("urges", ("parties",))]),
        ("各方可种植树篱。", [("may", ("parties",))]),
        ("敦促捐助方和有能力这样做的各方捐款；", [("urges", ("donors",))]),
        # Another body in full, whatever joins its name; a name without a key ends no list.
        ("邀请《湿地公约》缔约方大会考虑树篱；", [("invites", ("ramsar-cop",))]),
        ("鼓励土著人民与地方社区、妇女及青年参与；", [("encourages", ("iplc", "women", "youth"))]),
        ("邀请国际劳工组织和世界卫生组织种植；", [("invites", ("who",))]),
        ("邀请植物园、动物园和非政府组织种植；", [("invites", ("ngos",))]),
        ("呼吁私营部门的投资者和企业捐款；", [("calls upon", ("businesses",))]),
        ("邀请联合国人权事务办公室和世界银行种植；", [("invites", ("world-bank",))]),
        ("建议犀牛分布国种植树篱；", [("recommends", ("range-states",))]),
        ("邀请全球环境基金继续向符合条件的缔约方提供支持；", [("invites", ("gef",))]),
        # Two verbs without a comma, a verb behind the number of a footnote, one said again.
        (
            "敦促发达国家缔约方并鼓励有能力的其他缔约方捐款；",
            [("urges", ("developed-country-parties",)), ("encourages", ("parties",))],
        ),
        ("欢迎该报告，1 并感谢德国政府提供资金；", [("welcomes", ()), ("thanks", ())]),
        ("重申请各缔约方种植树篱；", [("reaffirms", ("parties",))]),
        # Those with whom something is done, behind circumstances between commas.
        (
            "请执行秘书，在资金到位的前提下，酌情与各缔约方协商，种植树篱；",
            [("requests", ("executive-secretary",))],
        ),
        (
            "邀请各缔约方，酌情在城市参与下，以及业界种植树篱；",
            [("invites", ("parties", "businesses"))],
        ),
        # Something of one's own, words inside a member without a key, and whatever trade.
        (
            "邀请教科文组织及其人与树篱计划、国际自然保护联盟种植；",
            [("invites", ("unesco", "iucn"))],
        ),
        ("邀请树篱城市网络、地方政府种植；", [("invites", ("subnational-governments",))]),
        ("鼓励缔约方和园艺行业种植；", [("encourages", ("parties", "businesses"))]),
        # Who shall act by what is settled, or said again.
        (
            "决定缔约方，特别是发达国家缔约方，应种植树篱；",
            [("decides", ("parties", "developed-country-parties"))],
        ),
        ("决定应由秘书处种植树篱；", [("decides", ("cbd-secretariat",))]),
        ("重申各缔约方应种植树篱；", [("reaffirms", ("parties",))]),
        ("重申各缔约方的树篱十分重要；", [("reaffirms", ())]),
        ("为了便利种植，请秘书处租用场地；", [("requests", ("cbd-secretariat",))]),
        ("注意到秘书处的报告，赞扬其工作；", [("notes", ()), ("commends", ())]),
        ("呼请各缔约方种植树篱；", [("calls upon", ("parties",))]),
        ("邀请国际树篱机构、国际鸟盟和其他相关组织种植；", [("invites", ("organizations",))]),
        (
            "邀请《移栖物种公约》和《联合国气候变化框架公约》的秘书处种植；",
            [("invites", ("cms-secretariat", "unfccc-secretariat"))],
        ),
        ("邀请联合国妇女署、粮农组织种植；", [("invites", ("fao",))]),
        ("感谢印度尼西亚政府，并邀请其种植；", [("thanks", ()), ("invites", ())]),
        # A sentence of its own speaks again.
        (
            "请秘书处编制清单。各缔约方应提供资料。",
            [("requests", ("cbd-secretariat",)), ("should", ("parties",))],
        ),
        (
            "各缔约方应种植树篱。邀请大学参与。",
            [("should", ("parties",)), ("invites", ("research-institutions",))],
        ),
        ("请主席团和执行秘书种植；", [("requests", ("executive-secretary",))]),
        ("请主席团与执行秘书协商种植事宜；", [("requests", ())]),
        ("吁请更多缔约方与东道国政府谈判；", [("calls upon", ("parties",))]),
        # One body's secretariat, and thanks without a comma.
        ("请全球环境基金秘书处种植；", [("requests", ("gef-secretariat",))]),
        ("请绿色气候基金秘书处种植；", [("requests", ("gcf",))]),
        ("欢迎缔约方的捐款并感谢世界银行；", [("welcomes", ()), ("thanks", ())]),
    ],
)
def test_chinese_directives(said, words: str, expected: list) -> None:
    assert said(words, "zh") == expected
