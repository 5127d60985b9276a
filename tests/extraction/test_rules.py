"""Rules of extraction, one by one, on sentences made up for them."""

from __future__ import annotations

import pytest

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
