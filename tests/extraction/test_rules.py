"""Rules of extraction, one by one, on sentences made up for them."""

from __future__ import annotations

import pytest

from dtrack.extraction.actors import Actors

HEAD = {
    "en": "Decision 17/60. Hedges\n\nThe Conference of the Parties,\n\n",
    "zh": "17/60. 树篱\n\n缔约方大会，\n\n",
}


@pytest.fixture(scope="session")
def said(one):
    """Directives of a paragraph of a decision under the Convention on Biological Diversity."""

    def read(words: str, language: str = "en") -> list[tuple[str, tuple[str, ...]]]:
        text = one(f"{HEAD[language]}1. {words}\n")
        return [(e.name, e.addressees) for e in text.provisions[0].elements]

    return read


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "Authorizes the Executive Secretary to rent a hall.",
            [("authorizes", ("executive-secretary",))],
        ),
        ("Recommends that Parties record all hedges.", [("recommends", ("parties",))]),
        (
            "Recommends that exporting Parties, in consultation with donors, plant hedges.",
            [("recommends", ("parties",))],
        ),
        ("It is recommended that hedges be left alone.", [("recommends", ())]),
        ("Decides that the list shall be kept by the secretariat.", [("decides", ())]),
        (
            "Decides that, where a hedge dies, Parties shall plant another.",
            [("decides", ("parties",))],
        ),
        (
            "Invites intergovernmental and non-governmental organizations to help.",
            [("invites", ("igos", "ngos"))],
        ),
        (
            "Invites submissions from Parties and other stakeholders on hedges.",
            [("invites", ("parties", "stakeholders"))],
        ),
        (
            (
                "Requests the Executive Secretary, in collaboration with the Global Environment "
                "Facility, the World Bank and the private sector, to plant hedges."
            ),
            [("requests", ("executive-secretary",))],
        ),
        (
            "Invites the private sector, as well as donors, to plant hedges.",
            [("invites", ("private-sector", "donors"))],
        ),
        ("Requests the Government of Freedonia to convey its thanks.", [("requests", ())]),
        (
            (
                "Congratulates Parties that have planted hedges and invites those that have not to "
                "do so."
            ),
            [("congratulates", ()), ("invites", ("parties",))],
        ),
        ("Each Party shall plant a hedge.", [("shall", ("parties",))]),
        (
            "Parties should plant hedges and may trim them.",
            [("should", ("parties",)), ("may", ("parties",))],
        ),
        ("Paragraph 4 of decision 15/6 is amended.", [("amends", ())]),
        # Those who help, wherever they stand, and to the last of their list.
        (
            "Requests the Executive Secretary, with the support of Parties and donors, to plant.",
            [("requests", ("executive-secretary",))],
        ),
        (
            (
                "Requests the Executive Secretary, subject to resources, and in collaboration with "
                "Parties, partners and women, to plant hedges."
            ),
            [("requests", ("executive-secretary",))],
        ),
        (
            "Invites the World Bank, in coordination with others, and donors to pay.",
            [("invites", ("world-bank", "donors"))],
        ),
        (
            "Authorizes the Executive Secretary, with the agreement of the Bureau, to postpone.",
            [("authorizes", ("executive-secretary",))],
        ),
        (
            "Each Party, together with its cities and its research institutions, should plant.",
            [("should", ("parties",))],
        ),
        # Which of them are meant ends no list.
        (
            "Invites developed country Parties in a position to do so, and donors, to pay.",
            [("invites", ("developed-country-parties", "donors"))],
        ),
        (
            "Invites Parties that have no hedges, as well as women, to plant some.",
            [("invites", ("parties", "women"))],
        ),
        ("Urges those Parties that have no hedges to plant some.", [("urges", ("parties",))]),
        ("Urges developed-country parties to pay.", [("urges", ("developed-country-parties",))]),
        # A preposition said again, and one inside a name, put nobody aside.
        (
            "Calls on Governments, and on the World Bank, to pay.",
            [("calls upon", ("governments", "world-bank"))],
        ),
        (
            "Invites the Convention on Migratory Species and donors to pay.",
            [("invites", ("cms", "donors"))],
        ),
        ("Encourages Parties' national focal points to talk.", [("encourages", ("nfp",))]),
        (
            "Invites international financial institutions to pay.",
            [("invites", ("int-organizations",))],
        ),
        ("Invites other financial institutions to pay.", [("invites", ())]),
        ("Encourages other Parties providing resources to report.", [("encourages", ("parties",))]),
        (
            "Calls upon the international community, in particular donors, to pay.",
            [("calls upon", ("donors",))],
        ),
        (
            "Encourages the full and effective participation of youth in the process.",
            [("encourages", ("youth",))],
        ),
        # Two verbs with one object, one verb with two acts, and a subject for each modal.
        (
            "Urges and requests the World Bank to pay.",
            [("urges", ("world-bank",)), ("requests", ("world-bank",))],
        ),
        (
            "Requests the World Bank to pay, and the Global Environment Facility to report.",
            [("requests", ("world-bank", "gef"))],
        ),
        (
            "The Secretariat shall keep a list and Parties should read it.",
            [("shall", ("cbd-secretariat",)), ("should", ("parties",))],
        ),
        # Passives with an adverb inside, or a condition before their act.
        ("Parties are kindly invited to plant hedges.", [("invites", ("parties",))]),
        (
            "Parties are strongly encouraged, subject to national law, to plant hedges.",
            [("strongly encourages", ("parties",))],
        ),
        # One that the text thanks is asked nothing; a body without a key is no class of bodies.
        (
            "Welcomes the gift of the World Bank and thanks it for its patience.",
            [("welcomes", ()), ("thanks", ())],
        ),
        (
            "Invites the International Hedge Organization and the World Bank to plant hedges.",
            [("invites", ("world-bank",))],
        ),
        ("Requests constituted bodies to plant hedges.", [("requests", ())]),
        # What is said again, or settled in a second clause, asks those who are its subject.
        ("Reiterates that Parties shall plant hedges.", [("reiterates", ("parties",))]),
        ("Reiterates that hedges are green.", [("reiterates", ())]),
        (
            "Reiterates that, in line with decision 15/6, paragraph 3, Parties should plant.",
            [("reiterates", ("parties",))],
        ),
        (
            "Decides that Parties shall plant hedges and that donors are encouraged to pay.",
            [("decides", ("parties", "donors"))],
        ),
        (
            "Decides that meetings of the Bureau and of Parties shall be open to the public.",
            [("decides", ())],
        ),
        (
            "Recommends that future meetings of the Subsidiary Body on Implementation trim.",
            [("recommends", ("cbd-sbi",))],
        ),
        # Those who help, up to the end of the clause; whoever they are.
        (
            "Requests the Executive Secretary, subject to funds, in collaboration with partners:",
            [("requests", ("executive-secretary",))],
        ),
        (
            "Urges range States, whether Parties or not, to plant hedges.",
            [("urges", ("range-states",))],
        ),
        # Passives under a modal, and a pronoun for the subject before.
        ("Civil society should be invited to help.", [("invites", ("civil-society",))]),
        ("The following hedges are suggested.", [("suggests", ())]),
        (
            "The Secretariat should keep a list. It may share the list.",
            [("should", ("cbd-secretariat",)), ("may", ("cbd-secretariat",))],
        ),
    ],
)
def test_english_directives(said, words: str, expected: list) -> None:
    assert said(words) == expected


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
    ],
)
def test_chinese_directives(said, words: str, expected: list) -> None:
    assert said(words, "zh") == expected


def test_numbered_recitals_are_the_preamble(one) -> None:
    text = one(
        "Resolution XVI.40\n\nHedges\n\n1. RECALLING Resolution XI.11 on hedges;\n\n"
        "2. AWARE that hedges die; and\n\nTHE CONFERENCE OF THE CONTRACTING PARTIES\n\n"
        "3. URGES Contracting Parties to plant some.\n"
    )

    assert [p.key for p in text.provisions] == ["preamble-1", "preamble-2", "3"]


def test_what_stands_before_the_body_that_speaks_is_its_preamble(one) -> None:
    text = one(
        "第 Conf. 21.40 号决议\n\n树篱\n\n忆及第 Conf. 10.19 号决议；\n\n公约缔约方大会\n\n"
        "敦促各缔约方种植树篱；\n"
    )

    assert [p.key for p in text.provisions] == ["preamble-1", "n-1"]


@pytest.mark.parametrize(
    "heading",
    [
        "Annex to decision 17/60",
        "Annex I to decision 17/60",
        "17/60号决定附件",
        "第17/60号决定附件一",
    ],
)
def test_an_annex_may_name_its_text(one, heading: str) -> None:
    text = one(f"{HEAD['en']}1. Adopts rules.\n\n{heading}\n\nRules\n\n1. Hedges shall grow.\n")

    assert [p.part for p in text.provisions] == ["operative", "annex"]


@pytest.mark.parametrize("heading", ["UNEP/CMS/第15.40号决议", "UNEP/CMS/Resolución 15.40"])
def test_a_series_may_stand_before_the_heading(one, heading: str) -> None:
    assert one(f"{heading}\n\n\n缔约方大会，\n\n1. 决定种树。\n").symbol == "15.40"


def test_a_name_in_brackets_is_no_item(one) -> None:
    text = one(f"{HEAD['en']}1. Notes the convention\n(CITES) and its rules.\n")

    assert [p.key for p in text.provisions if p.key.endswith("cites")] == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("to report at its nineteenth and twentieth meetings", ["cbd-cop-19", "cbd-cop-20"]),
        ("to meet in conjunction with the nineteenth meeting of the Conference of the Parties",
         ["cbd-cop-19"]),
        ("to use what was presented at its nineteenth meeting", []),
        ("to meet at its seventeenth meeting", []),
    ],
)  # fmt: skip
def test_times_to_come(one, words: str, expected: list[str]) -> None:
    text = one(f"{HEAD['en']}1. Decides {words}.\n")

    assert [d.value for e in text.provisions[0].elements for d in e.deadlines] == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("prepare an annual report", "annual"),
        ("mention it in its annual report", ""),
        ("collect the annual fees", ""),
        ("meet once a year", "annual"),
        ("prepare biennial reports", "biennial"),
    ],
)
def test_how_often(one, words: str, expected: str) -> None:
    text = one(f"{HEAD['en']}1. Requests the Executive Secretary to {words}.\n")

    assert text.provisions[0].elements[0].recurrence == expected


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("Recalls decision 14/30, annex", "en", ("recalls", "annex")),
        ("Decides that decision 14/30 is superseded", "en", ("supersedes", "")),
        ("回顾第14/30号决定第3至第5段", "zh", ("recalls", "3-5")),
        ("回顾第14/30号决定的附件", "zh", ("recalls", "annex")),
    ],
)
def test_places_and_relations(one, words: str, language: str, expected: tuple[str, str]) -> None:
    text = one(f"{HEAD[language]}1. {words}。\n")

    assert [(c.relation, c.pinpoint) for c in text.provisions[0].citations] == [expected]


@pytest.mark.parametrize(
    "words",
    ["实现行动目标2和3", "实现《昆蒙框架》行动目标2和3", "meets Targets 2 and 3 of the Framework"],
)
def test_targets_of_the_framework_in_force(one, words: str) -> None:
    text = one(f"{HEAD['zh']}1. 决定{words}。\n")

    assert text.provisions[0].targets == ("gbf-2", "gbf-3")


def test_parts_of_a_text_have_places_of_their_own(one) -> None:
    text = one(
        f"{HEAD['en']}1. Adopts rules.\n\nAnnex I\n\n1. Hedges shall grow:\n\n(a) Up;\n\n"
        "(b) Aside.\n\nAnnex II\n\n1. Trees shall grow.\n\n- well\n\n- soon\n"
    )

    keys = [p.sort_key for p in text.provisions]
    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("head", "language"),
    [
        ("Decision: 51 COM 7B.77\n\nThe World Heritage Committee,", "en"),
        ("决定：51 COM 7B.77\n\n世界遗产委员会，", "zh"),
    ],
)
def test_a_colon_may_stand_between_the_kind_and_the_symbol(one, head: str, language: str) -> None:
    words = "Requests the State Party to rest." if language == "en" else "请范例国缔约国停工；"

    text = one(f"{head}\n\n1. {words}\n")

    assert (text.instrument, text.symbol) == ("whc", "51 COM 7B.77")
    assert [e.addressees for e in text.provisions[0].elements] == [("parties",)]


def test_a_verb_with_a_colon_opens_a_list(one) -> None:
    text = one(f"{HEAD['en']}1. Welcomes:\n\n(a) The report;\n\n(b) The hedges.\n")

    assert [[e.name for e in p.elements] for p in text.provisions] == [["welcomes"]] * 3


def test_a_body_named_with_title_marks_opens_the_operative_part(one) -> None:
    text = one(
        "第 Conf. 21.40 号决议\n\n树篱\n\n认识到树篱会死；\n\n《公约》缔约方大会\n\n"
        "敦促各缔约方种植树篱；\n"
    )

    assert [p.key for p in text.provisions] == ["preamble-1", "n-1"]


def test_a_symbol_of_the_committee_ends_before_the_word_for_number(one) -> None:
    text = one("决定：51 COM 7B.77\n\n世界遗产委员会，\n\n1. 回顾第49 COM 7B.31号决定，\n")

    assert [c.symbol for c in text.provisions[0].citations] == ["49 COM 7B.31"]


def test_a_board_is_that_of_the_fund_that_the_text_speaks_of(one) -> None:
    text = one(
        f"{HEAD['en']}1. Welcomes the report of the Board of the Green Climate Fund;\n\n"
        "2. Requests the Board to plant hedges;\n\n3. Invites a board to plant hedges.\n"
    )

    assert [[e.addressees for e in p.elements] for p in text.provisions] == [
        [()],
        [("gcf",)],
        [()],
    ]


def test_a_board_that_two_funds_have_is_nobody(one) -> None:
    text = one(
        f"{HEAD['en']}1. Welcomes the reports of the Board of the Green Climate Fund and of the "
        "Adaptation Fund Board;\n\n2. Requests the Board to plant hedges.\n"
    )

    assert [e.addressees for e in text.provisions[1].elements] == [()]


def test_a_group_that_the_text_founds_is_none_with_a_key(one) -> None:
    text = one(
        "SC-13/6：树篱\n\n缔约方大会，\n\n1. 决定设立一个闭会期间工作组；\n\n"
        "2. 请工作组种植树篱；\n\n3. 建议《巴塞尔公约》不限成员名额工作组审议树篱；\n"
    )

    assert [e.addressees for p in text.provisions[1:] for e in p.elements] == [
        (),
        ("basel-oewg",),
    ]


def test_a_conference_that_nobody_here_holds_is_not_its_parties(lexicon) -> None:
    actors = Actors(lexicon, "zh", "")

    assert "parties" not in {each.key for each in actors.find("缔约方大会应考虑此事。")}
    assert "parties" in {each.key for each in actors.find("各缔约方应考虑此事。")}


@pytest.mark.parametrize(
    ("head", "words", "expected"),
    [
        ("17/60. Haies\n\nLa Conférence des Parties,", "Invite l'Organisation mondiale de la Santé",
         ("who",)),
        ("17/60. Setos\n\nLa Conferencia de las Partes,", "Pide a la Secretaría que plante setos",
         ("cbd-secretariat",)),
        ("17/60. Setos\n\nLa Conferencia de las Partes,", "Alienta a las ciudades a plantar setos",
         ("subnational-governments",)),
    ],
)  # fmt: skip
def test_french_and_spanish_addressees(one, head: str, words: str, expected) -> None:
    text = one(f"{head}\n\n1. {words}.\n")

    assert [e.addressees for e in text.provisions[0].elements] == [expected]


def test_an_item_that_explains_its_label_speaks_for_itself(one) -> None:
    text = one(
        f"{HEAD['en']}1. Decides that there are two hedges:\n\n(a) Height: the Secretariat should "
        "measure it;\n\n(b) The Secretariat should trim it.\n"
    )

    found = [[e.name for e in p.elements] for p in text.provisions]
    assert found == [["decides"], ["decides", "should"], ["decides"]]
