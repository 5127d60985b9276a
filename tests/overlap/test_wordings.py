"""A provision is said in the language asked for, else in English, else in any there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from dtrack.answer.lookup import wordings
from dtrack.model import Revision
from dtrack.terms import DT
from serving import small_service

ROOT = Path(__file__).resolve().parents[2]
TEXT, NODES = "urn:text", {"en": "urn:a", "fr": "urn:b", "none": "urn:c"}
LINES = f"""<{TEXT}> <{DT}symbol> "X/1" .
<urn:a> <{DT}ofText> <{TEXT}> .
<urn:a> <{DT}number> "1" .
<urn:a> <{DT}summary> "in English"@en .
<urn:a> <{DT}summary> "en français"@fr .
<urn:b> <{DT}ofText> <{TEXT}> .
<urn:b> <{DT}number> "2" .
<urn:b> <{DT}summary> "en français"@fr .
<urn:c> <{DT}ofText> <{TEXT}> .
<urn:c> <{DT}number> "3" .
<urn:c> <{DT}text> "its own words"@es .
"""


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["in English", "en français", "its own words"]),
        ("fr", ["en français", "en français", "its own words"]),
        ("zh-Hans", ["in English", "en français", "its own words"]),
        ('x") } #', ["in English", "en français", "its own words"]),
    ],
)
def test_words_are_in_the_best_language_there_is(language, expected):
    store = small_service(ROOT).store
    store.apply(Revision(2, {"urn:graph": LINES.encode()}))

    found = wordings(store, NODES.values(), language)

    assert [found[iri].summary for iri in NODES.values()] == expected
