"""Bodies of the conventions are asked by their names, in four languages."""

from __future__ import annotations

import pytest

HEADS = {
    "unfccc": "Decision 9/CP.35",
    "kyoto": "Decision 9/CMP.25",
    "cbd": "Decision 17/60",
    "cites": "Resolution Conf. 21.60",
    "itpgrfa": "Resolution 9/2031",
}
LANGUAGES = {
    "en": (
        "The Conference of the Parties,",
        "1. Requests the {name} to report on hedges.",
        "Hedges",
    ),
    "zh": ("缔约方大会，", "1. 请{name}报告树篱情况。", "树篱"),
    "fr": ("La Conférence des Parties,", "1. Prie le {name} de faire rapport.", "Haies"),
    "es": ("La Conferencia de las Partes,", "1. Pide al {name} que informe.", "Setos"),
}
KEYS = (
    "unfccc-scf",
    "unfccc-cge",
    "unfccc-kci",
    "unfccc-lcipp-fwg",
    "unfccc-apa",
    "unfccc-adp",
    "kyoto-jisc",
    "cbd-wg2020",
    "cbd-wg-dsi",
    "cites-fbsc",
    "itpgrfa-fc",
    "itpgrfa-wg-mls",
)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_body_is_asked_by_each_of_its_names(lexicon, one, key, language):
    actor = next(actor for actor in lexicon.actors if actor.key == key)
    names = [
        text
        for tag, text, _ in actor.labels
        if tag == language and (" " in text or language == "zh")
    ]
    opening, paragraph, title = LANGUAGES[language]

    asked = {
        name: one(
            f"{HEADS[key.partition('-')[0]]}\n{title}\n\n{opening}\n{paragraph.format(name=name)}\n"
        )
        .provisions[0]
        .elements[0]
        .addressees
        for name in names
    }

    assert asked
    assert asked == dict.fromkeys(names, (key,))


def test_an_organization_that_was_missing_and_a_board_that_counts_as_its_centre(said, one):
    assert said("Invites the World Meteorological Organization to report.") == [
        ("invites", ("wmo",))
    ]
    text = one(
        f"{HEADS['unfccc']}\nHedges\n\nThe Conference of the Parties,\n"
        "1. Requests the Advisory Board of the Climate Technology Centre and Network to report.\n"
    )

    assert text.provisions[0].elements[0].addressees == ("unfccc-ctcn",)
