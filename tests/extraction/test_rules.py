"""Rules of extraction, one by one, on sentences made up for them."""

from __future__ import annotations

import pytest

from dtrack.extraction.actors import Actors
from extraction.conftest import HEAD


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
        ("to report six months before its nineteenth meeting", []),
        ("to meet at the second part of its nineteenth meeting", ["cbd-cop-19-2"]),
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
        ("Recalls the hedges referred to in decision 14/30", "en", ("cites", "")),
        ("Recalls the invitation contained in decision 14/30", "en", ("recalls", "")),
        ("Decides that decision 14/30 is no longer in force and this one supersedes it", "en",
         ("supersedes", "")),
        ("Recalls decision 14/30, in particular paragraph 3", "en", ("recalls", "3")),
        ("决定不再执行第14/30号决定第6段", "zh", ("repeals", "6")),
        ("回顾第14/30号决定第3至第5段", "zh", ("recalls", "3-5")),
        ("回顾第14/30号决定的附件", "zh", ("recalls", "annex")),
    ],
)  # fmt: skip
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


def test_an_item_that_explains_its_label_speaks_for_itself(one) -> None:
    text = one(
        f"{HEAD['en']}1. Decides that there are two hedges:\n\n(a) Height: the Secretariat should "
        "measure it;\n\n(b) The Secretariat should trim it.\n"
    )

    found = [[e.name for e in p.elements] for p in text.provisions]
    assert found == [["decides"], ["decides", "should"], ["decides"]]


def test_items_that_are_texts_take_their_relation_from_the_chapeau(one) -> None:
    text = one(
        f"{HEAD['zh']}1. 废止下列决定：\n\n(a) 第14/30号决定；\n\n(b) 关于第14/31号决定的说明。\n"
    )

    assert [c.relation for p in text.provisions for c in p.citations] == ["repeals", "cites"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("自2040年1月1日起种植树篱", []),
        ("自2040年起每年种植树篱", ["2040"]),
        ("在2040年之前种植树篱", ["2040"]),
        ("到2040年种植树篱", ["2040"]),
        ("将期限延长到2040年", []),
        ("在缔约方大会第十九届会议召开前六个月报告", []),
        ("在第十九届缔约方大会上报告", ["cbd-cop-19"]),
        ("在第十九届缔约方大会之后报告", []),
    ],
)
def test_chinese_times_to_come(one, words: str, expected) -> None:
    text = one(f"{HEAD['zh']}1. 请执行秘书{words}；\n")

    assert [d.value for e in text.provisions[0].elements for d in e.deadlines] == expected


def test_both_subsidiary_bodies_meet_together(one) -> None:
    text = one(
        "第9/CP.35号决定\n\n树篱\n\n缔约方会议，\n\n1. 请秘书处在附属机构第九十届会议期间报告；\n"
    )

    assert [d.value for d in text.provisions[0].elements[0].deadlines] == ["unfccc-sb-90"]


@pytest.mark.parametrize("key", ["basel", "rotterdam", "stockholm"])
def test_a_convention_speaks_through_its_own_body_not_a_joint_one(lexicon, key: str) -> None:
    assert lexicon.instrument[key].body_actor == f"{key}-cop"


def test_spanish_ordinals_number_meetings(one) -> None:
    text = one(
        "17/60. Setos\n\nLa Conferencia de las Partes,\n\n"
        "1. Pide a la Secretaría que informe en su decimoctava reunión.\n"
    )

    assert [d.value for d in text.provisions[0].elements[0].deadlines] == ["cbd-cop-18"]


def test_a_revision_in_a_symbol_amends_nothing(one) -> None:
    head = "UNEP/CMS/第15.40号决议\n\n树篱\n\n缔约方大会"

    text = one(f"{head}\n\n1. 忆及第7.5号决议（COP12修订）和第11.27号决议；\n")

    assert [c.relation for p in text.provisions for c in p.citations] == ["recalls", "recalls"]


def test_a_body_alone_on_its_line_speaks_without_a_comma(one) -> None:
    text = one("BC-18/24: Hedges\n\nThe Conference of the Parties\n\n1. Adopts the hedges.\n")

    assert (text.title, [p.key for p in text.provisions]) == ("Hedges", ["1"])


@pytest.mark.parametrize("resolution", ["12.6", "Conf. 16.6 (Rev. CoP18)"])
def test_a_short_name_broken_off_goes_on_and_its_clause_speaks_for_itself(one, resolution) -> None:
    text = one(
        "UNEP/CMS/Resolution 15.90\n\nWELLS\n\n"
        "Acknowledging that the Convention on the Trade of Water\n"
        f"(CTW), by its Resolution {resolution}, asks its Parties to keep wells clean,\n\n"
        "The Conference of the Parties to the Convention on Migratory Species\n\n"
        "1. Decides to act.\n"
    )

    assert [p.number for p in text.provisions] == ["preamble-1", "1"]
    assert [e.verb for e in text.provisions[0].elements] == ["acknowledges"]
