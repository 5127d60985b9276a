"""Directives and whom they address, in French and Spanish, on sentences made up for them."""

from __future__ import annotations

import pytest

FRENCH = "17/60. Haies\n\nLa Conférence des Parties,"
SPANISH = "17/60. Setos\n\nLa Conferencia de las Partes,"


@pytest.mark.parametrize(
    ("head", "words", "actor"),
    [
        (FRENCH, "Invite l'Organisation mondiale de la Santé à planter", "who"),
        (FRENCH, "Recommande que les Parties plantent des haies", "parties"),
        (FRENCH, "Autorise le Secrétaire exécutif à planter", "executive-secretary"),
        (FRENCH, "Invite le Conseil du Fonds vert pour le climat à planter des haies", "gcf"),
        (SPANISH, "Pide a la Secretaría que plante setos", "cbd-secretariat"),
        (SPANISH, "Alienta a las ciudades a plantar setos", "subnational-governments"),
        (SPANISH, "Decide que las Partes deberán plantar", "parties"),
    ],
)
def test_french_and_spanish_addressees(one, head: str, words: str, actor: str) -> None:
    text = one(f"{head}\n\n1. {words}.\n")

    assert [e.addressees for e in text.provisions[0].elements] == [(actor,)]
