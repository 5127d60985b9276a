"""Directives and whom they address, in English, on sentences made up for them."""

from __future__ import annotations

import pytest


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
        # "Them" are several; a government without a key is not all of them.
        (
            "Notes the gifts of Parties to the World Bank and urges them to give more.",
            [("notes", ()), ("urges", ("parties",))],
        ),
        (
            "Thanks the Government of Freedonia and invites it to plant hedges.",
            [("thanks", ()), ("invites", ())],
        ),
        # Bodies of others by a common word, offices of a whole, conventions told by their title.
        ("Requests the Bureau to plant hedges.", [("requests", ())]),
        (
            "Invites the United Nations Office on Hedges and the United Nations to plant.",
            [("invites", ("un",))],
        ),
        (
            "Invites regional centres of the Basel and Stockholm Conventions to plant.",
            [("invites", ("regional-centres",))],
        ),
        (
            "Invites the governing bodies of other multilateral environmental agreements to act.",
            [("invites", ("governing-bodies",))],
        ),
        (
            "Requests the Working Group on Article 8(j) to plant hedges.",
            [("requests", ("cbd-wg8j",))],
        ),
        (
            "The Secretariat should keep a list. It may share the list.",
            [("should", ("cbd-secretariat",)), ("may", ("cbd-secretariat",))],
        ),
        # A secretariat by its convention's name, Parties that are interested, acts that are nouns.
        (
            "Invites the secretariat of the Convention on Migratory Species to plant hedges.",
            [("invites", ("cms-secretariat",))],
        ),
        ("Invites interested Parties to plant hedges.", [("invites", ("parties",))]),
        ("Invites interested parties to plant hedges.", [("invites", ("stakeholders",))]),
        ("Calls for action by Governments and donors.", [("calls for", ("governments", "donors"))]),
        (
            "Encourages Parties, with the full participation of donors, women and youth, to plant.",
            [("encourages", ("parties",))],
        ),
        # "And" parts two acts where nobody is named before it.
        (
            "Urges Parties to name experts and the Secretariat to list them.",
            [("urges", ("parties", "cbd-secretariat"))],
        ),
        (
            "Urges Parties to consult with donors and the World Bank to find hedges.",
            [("urges", ("parties",))],
        ),
        (
            "Calls upon businesses to trim hedges, and upon Parties that have none to plant some.",
            [("calls upon", ("businesses", "parties"))],
        ),
        # The secretariats of several conventions, and those of others.
        (
            "Invites the secretariats of the Ramsar Convention and of CITES to plant hedges.",
            [("invites", ("ramsar-secretariat", "cites-secretariat"))],
        ),
        (
            "Invites the secretariats of funds and banks to act.",
            [("invites", ("mea-secretariats",))],
        ),
        (
            "Encourages schools and employers to use hedges, and Parties to support them.",
            [("encourages", ("parties",))],
        ),
        ("Invites UN Women, UNEP and youth to plant.", [("invites", ("unep", "youth"))]),
        # The public is no registry; what depends on a condition is about its own subject.
        ("The public registry should be free.", [("should", ())]),
        ("Encourages the public to plant hedges.", [("encourages", ("public",))]),
        (
            "Decides that, if a Party plants, the fee of that Party shall be that of others.",
            [("decides", ())],
        ),
        (
            "Requests the Subsidiary Body on Article 8(j) to plant hedges.",
            [("requests", ("cbd-sb8j",))],
        ),
        ("Requests the secretariat of the World Bank to plant.", [("requests", ("world-bank",))]),
        ("Requests that Parties be told of hedges.", [("requests", ())]),
        (
            "Invites nominations of experts from Parties and donors.",
            [("invites", ("parties", "donors"))],
        ),
        (
            "Notes that Parties, in particular range States, plant, and encourages them to go on.",
            [("notes", ()), ("encourages", ("parties", "range-states"))],
        ),
        ("The governing body shall plant hedges.", [("shall", ())]),
    ],
)
def test_english_directives(said, words: str, expected: list) -> None:
    assert said(words) == expected
