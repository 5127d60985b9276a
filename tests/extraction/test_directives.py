"""Rules of directives on sentences of our own."""

from __future__ import annotations

import pytest

HEAD = "Decision 9/CP.35\nA matter\n\nThe Conference of the Parties,\n"


def elements(text, number):
    return next(p for p in text.provisions if p.number == number).elements


@pytest.mark.parametrize(
    ("sentence", "verbs"),
    [
        (
            "1.\tTakes note of the map and requests the secretariat to print it;",
            ["takes note", "requests"],
        ),
        ("1.\tAlso decides, in accordance with its plan, to open an office;", ["decides"]),
        ("1.\tDecides that the fund shall be kept open and that Parties may join;", ["decides"]),
        ("1.\tParties are invited to send boats;", ["invites"]),
        ("1.\tThe secretariat shall keep a list;", ["shall"]),
        ("1.\tNotes that the group, which supports farmers, reports late;", ["notes"]),
        ("1.\tADOPTS the plan;", ["adopts"]),
        ("1.\tUrges and requests the Green Climate Fund to wait;", ["urges", "requests"]),
        ("1.\tRequests the secretariat to list requests from Parties;", ["requests"]),
    ],
)
def test_verbs_come_in_order_and_in_the_words_of_the_code_list(one, sentence, verbs):
    text = one(HEAD + sentence + "\n")

    assert [element.name for element in elements(text, "1")] == verbs


@pytest.mark.parametrize(
    ("sentence", "actors"),
    [
        (
            "1.\tRequests the secretariat, in collaboration with the World Bank, to wait;",
            ("unfccc-secretariat",),
        ),
        ("1.\tInvites the World Bank and the Green Climate Fund to pay;", ("world-bank", "gcf")),
        (
            "1.\tNotes the delay of developing country Parties and encourages them to act;",
            ("developing-country-parties",),
        ),
        ("1.\tDecides that Parties shall report;", ("parties",)),
        ("1.\tWelcomes the gift of the World Bank;", ()),
        ("1.\tRequests the Subsidiary Body for Implementation to meet;", ("unfccc-sbi",)),
    ],
)
def test_addressees_are_those_who_shall_act(one, sentence, actors):
    text = one(HEAD + sentence + "\n")

    assert elements(text, "1")[-1].addressees == actors


def test_items_inherit_both_directives_of_a_chapeau(one):
    words = (
        "1.\tUrges Parties, and invites the World Bank, to:\n(a)\tPlant trees;\n(b)\tCount them;\n"
    )

    text = one(HEAD + words)

    found = [(e.name, e.inherited_from) for e in elements(text, "1.b")]
    assert found == [("urges", "1"), ("invites", "1")]


def test_a_welcome_after_a_request_leaves_the_paragraph_operational(one):
    text = one(
        HEAD + "1.\tInvites Parties to act and, in this regard, welcomes the offer of Peru;\n"
    )

    provision = next(p for p in text.provisions if p.number == "1")
    assert [e.kind for e in provision.elements] == ["operational", "informational"]
    assert provision.kind == "operational"


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("1.\tRequests the secretariat to report by 15 February 2036;", ["2036-02-15"]),
        ("1.\tRequests the secretariat to report no later than March 2037;", ["2037-03"]),
        (
            "1.\tRequests the Subsidiary Body for Implementation to end at its ninetieth session;",
            ["unfccc-sbi-90"],
        ),
        ("1.\tRequests the secretariat to print the plan for 2020 to 2025;", []),
    ],
)
def test_deadlines_are_dates_and_meetings_to_come(one, sentence, values):
    text = one(HEAD + sentence + "\n")

    assert [d.value for d in elements(text, "1")[0].deadlines] == values


def test_what_comes_again_has_its_recurrence(one):
    text = one(HEAD + "1.\tRequests the secretariat to report annually;\n")

    assert elements(text, "1")[0].recurrence == "annual"


ZH = "17/12. 城市水体\n\n缔约方大会，\n\n"


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("1. 请执行秘书编制清单；", [("requests", ("executive-secretary",))]),
        (
            "1. 敦促各缔约方并邀请其他国家政府停止排污；",
            [("urges", ("parties",)), ("invites", ("other-governments",))],
        ),
        ("1. 对日本政府的捐款表示感谢；", [("expresses gratitude", ())]),
        ("1. 各缔约方应每年清点池塘；", [("should", ("parties",))]),
        (
            "1. 欢迎该报告，并呼吁各捐助方提供支持；",
            [("welcomes", ()), ("calls upon", ("donors",))],
        ),
    ],
)
def test_chinese_verbs_stand_first_later_or_last(one, sentence, found):
    text = one("生物多样性公约缔约方大会\n\n" + ZH + sentence + "\n")

    assert [(e.name, e.addressees) for e in elements(text, "1")] == found
