"""Headings of every convention in every language, as texts of our own write them."""

from __future__ import annotations

import pytest

from dtrack.extraction import extract
from dtrack.sources.documents import read_document

BODIES = {
    "en": """The Conference of the Parties,
Recalling its earlier work on wells,
1. Invites Parties to report on wells;
2. Requests the secretariat:
(a) To help;
(b) To report.
""",
    "zh": """缔约方大会，
回顾其以往关于水井的工作，
1. 请缔约方报告水井情况；
2. 请秘书处：
(a) 提供协助；
(b) 提出报告。
""",
    "fr": """La Conférence des Parties,
Rappelant ses travaux sur les puits,
1. Invite les Parties à rendre compte des puits ;
2. Prie le secrétariat :
a) D'aider ;
b) De faire rapport.
""",
    "es": """La Conferencia de las Partes,
Recordando su labor sobre los pozos,
1. Invita a las Partes a informar sobre los pozos;
2. Pide a la secretaría que:
a) Ayude;
b) Informe.
""",
}
NUMBERS = ["preamble-1", "1", "2", "2.a", "2.b"]
WORDS = {
    "en": {"decision": "Decision", "resolution": "Resolution", "title": "Wells and springs"},
    "zh": {"decision": "决定", "resolution": "决议", "title": "水井与泉"},
    "fr": {"decision": "Décision", "resolution": "Résolution", "title": "Puits et sources"},
    "es": {"decision": "Decisión", "resolution": "Resolución", "title": "Pozos y manantiales"},
}
SYMBOLS = [
    ("XII/19", "cbd", "decision"),
    ("15/4", "cbd", "decision"),
    ("CBD/COP/DEC/15/4", "cbd", "decision"),
    ("CP-9/2", "cartagena", "decision"),
    ("BS-VII/5", "cartagena", "decision"),
    ("NP-1/13", "nagoya", "decision"),
    ("16.44", "cites", "decision"),
    ("Conf. 16.4 (Rev. CoP18)", "cites", "resolution"),
    ("11.10 (Rev.COP13)", "cms", "resolution"),
    ("XIII.4", "ramsar", "resolution"),
    ("44 COM 7B.90", "whc", "decision"),
    ("7 EXT.COM 5A.2", "whc", "decision"),
    ("7/2011", "itpgrfa", "resolution"),
    ("1/CP.21", "unfccc", "decision"),
    ("1/CP.21", "unfccc", "resolution"),
    ("2/CMP.10", "kyoto", "decision"),
    ("3/CMA.1", "paris", "decision"),
    ("3/COP.14", "unccd", "decision"),
    ("BC-14/12", "basel", "decision"),
    ("RC-9/4", "rotterdam", "decision"),
    ("SC-9/4", "stockholm", "decision"),
    ("MC-4/1", "minamata", "decision"),
    ("CPM-16/2022/02", "ippc", "decision"),
    ("70/1", "unga", "resolution"),
    ("A/RES/70/1", "unga", "resolution"),
    ("5/2", "unea", "resolution"),
    ("SS.XII/3", "unep-gc", "decision"),
]
LATIN = (
    "{word} {symbol}\n{title}",
    "{word} {symbol}: {title}",
    "{word} {symbol} – {title}",
    "{word} {symbol} {title}",
    "{capitals} {symbol}\n{title}",
    "{spaced}  {symbol}\n{title}",
    "[{word} {symbol}]\n{title}",
    "3. {word} {symbol}\n{title}",
    "{opening}\n{word} {symbol}\n{title}",
    "**{word} {symbol}**\n{title}",
)
CHINESE = (
    "第{symbol}号{word}\n{title}",
    "第 {symbol} 号{word}：{title}",
    "第{symbol}号{word} {title}",
    "{word} {symbol}\n{title}",
    "{word}{symbol}：{title}",
    "{word} {symbol} {title}",
    "《{title}》\n第{symbol}号{word}",
    "【第{symbol}号{word}】\n{title}",
    "{opening}\n第{symbol}号{word}\n{title}",
    "一、第{symbol}号{word}\n{title}",
)


def forms(language):
    return CHINESE if language == "zh" else LATIN


def written(form, language, kind, symbol):
    word = WORDS[language][kind]
    return form.format(
        word=word,
        capitals=word.upper(),
        spaced=" ".join(word.upper()),
        symbol=symbol,
        title=WORDS[language]["title"],
        opening=BODIES[language].splitlines()[0],
    )


@pytest.mark.parametrize("language", BODIES)
@pytest.mark.parametrize(("symbol", "instrument", "kind"), SYMBOLS)
def test_a_heading_of_any_convention_opens_a_text(lexicon, language, symbol, instrument, kind):
    for form in forms(language):
        heading = written(form, language, kind, symbol)
        document = f"{heading}\n\n{BODIES[language]}".encode()
        extraction = extract(read_document(document, "text.txt"), lexicon)

        assert len(extraction.texts) == 1, heading
        text = extraction.texts[0]
        found = (text.instrument, text.kind, text.symbol, text.title)
        assert found == (instrument, kind, symbol, WORDS[language]["title"]), heading
        assert [p.number for p in text.provisions] == NUMBERS, heading
        assert not extraction.unclaimed, heading


@pytest.mark.parametrize(
    ("heading", "instrument", "symbol"),
    [
        ("CITES Resolution Conf. 16.4", "cites", "Conf. 16.4"),
        ("Convention on Wetlands Resolution XIII.4", "ramsar", "XIII.4"),
        ("联合国环境大会第5/2号决议", "unea", "5/2"),
        ("《生物多样性公约》缔约方大会第15/4号决定", "cbd", "15/4"),
        ("第１５／４号决定", "cbd", "15/4"),
        ("UNEP/EA.5/Res.2", "unea", "UNEP/EA.5/Res.2"),
        ("CBD/COP/DEC/15/4", "cbd", "CBD/COP/DEC/15/4"),
        ("Conf. 16.4 (Rev. CoP18)", "cites", "Conf. 16.4 (Rev. CoP18)"),
    ],
)
def test_names_wide_digits_and_document_symbols_lead_to_the_symbol(
    one, heading, instrument, symbol
):
    language = "zh" if "号" in heading else "en"
    text = one(f"{heading}\n{WORDS[language]['title']}\n\n{BODIES[language]}")

    assert (text.instrument, text.symbol) == (instrument, symbol)
    assert [p.number for p in text.provisions] == NUMBERS


@pytest.mark.parametrize("language", BODIES)
def test_a_text_that_only_opens_with_its_body_has_no_symbol(one, language):
    text = one(f"{WORDS[language]['title']}\n\n{BODIES[language]}")

    assert (text.symbol, text.title) == ("", WORDS[language]["title"])
    assert [p.number for p in text.provisions] == NUMBERS


def test_what_the_body_says_on_its_own_line_is_a_recital(one):
    text = one(
        "Decision 15/4. Wells\n\nThe Conference of the Parties, recalling decision XII/19,\n\n"
        "1. Decides to act.\n"
    )

    assert [p.number for p in text.provisions] == ["preamble-1", "1"]
    assert text.provisions[0].citations[0].symbol == "XII/19"


def test_a_sentence_about_a_decision_is_no_heading(lexicon):
    words = "Wells\n\nDecision 15/4 of the Parties was welcome;\n3. Decision 15/4 is recalled.\n"

    assert extract(read_document(words.encode(), "text.txt"), lexicon).texts == ()


@pytest.mark.parametrize(
    ("items", "numbers"),
    [
        ("１．请缔约方：\n（a）合作；\n（b）报告；\n２、请秘书处协助。", ["1", "1.a", "1.b", "2"]),
        (
            "一、请缔约方：\n（一）合作；\n（二）报告；\n二、请秘书处协助。",
            ["1", "1.1", "1.2", "2"],
        ),
        ("1、请缔约方：（a）合作；（b）报告；\n2. 请秘书处协助。", ["1", "1.a", "1.b", "2"]),
    ],
)
def test_chinese_numbers_are_read_in_every_form(one, items, numbers):
    text = one(f"第15/4号决定\n水井\n缔约方大会，\n{items}\n")

    assert [p.number for p in text.provisions] == numbers
    assert text.provisions[1].elements[0].addressees == ("parties",)
    assert text.provisions[-1].elements[0].addressees == ("cbd-secretariat",)


def test_a_chinese_list_of_addressees_is_read_to_its_end(one):
    text = one(
        "第15/4号决定\n水井\n缔约方大会，\n"
        "1. 邀请各国政府、土著人民和地方社区以及相关组织开展合作；\n2. 敦请发展中国家缔约方报告。\n"
    )

    first, second = (p.elements[0] for p in text.provisions)
    assert first.addressees == ("governments", "iplc", "organizations")
    assert (second.name, second.addressees) == ("urges", ("developing-country-parties",))


@pytest.mark.parametrize(
    ("words", "targets"),
    [
        ("铭记可持续发展目标14.2和目标6，", ("sdg-14.2", "sdg-6")),
        ("注意到爱知生物多样性目标11，", ("aichi-11",)),
        ("Recalling Target 2 and Target 8 of the Kunming-Montreal Framework,", ("gbf-2", "gbf-8")),
        ("Rappelant l'objectif 11 d'Aichi,", ("aichi-11",)),
        ("Recordando la meta 11 de Aichi,", ("aichi-11",)),
    ],
)
def test_targets_are_named_in_every_language(words, targets):
    from dtrack.extraction.targets import targets_in

    assert targets_in(words) == targets


def test_a_term_of_office_is_no_deadline(one):
    text = one(
        "Decision 9/CP.35\nWells\n\nThe Conference of the Parties,\n\n"
        "1. Decides that the terms of the Co-Chairs will end before 2037;\n"
        "2. Decides that the Adaptation Fund shall serve wells subject to decisions to be taken "
        "at its thirty-seventh session.\n"
    )

    assert [p.elements[0].deadlines for p in text.provisions] == [(), ()]
