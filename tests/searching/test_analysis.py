"""Texts are parted into words more cheaply when they are indexed, and into the same words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtrack.searching.analysis import _PLAIN, CHINESE, FIELDS, analyzer, plain_analyzer, spaced

MIXED = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("aZé ñ1-'’土壤,。ﬁ²Ⅷⓐः\u0301\u0345"))
)


def test_each_character_alone_parts_words_as_before():
    characters = [chr(n) for n in range(0x32000) if not 0xD800 <= n < 0xE000]
    plain = [c for c in characters if _PLAIN.fullmatch(c)]
    assert len(plain) > 600
    usual, quick = plain_analyzer(), plain_analyzer(spaced=True)
    # Of those nothing is looked at more closely.
    for c in plain:
        assert usual.analyze(f"a{c}b") == quick.analyze(f"a{c}b"), hex(ord(c))
        assert spaced(f"a{c}b") == f"a{c}b"
    for start in range(0, len(characters), 1000):
        text = " ".join(f"a{c}b" for c in characters[start : start + 1000])
        assert usual.analyze(text) == quick.analyze(spaced(text))


@pytest.mark.parametrize("language", [*FIELDS, "plain"])
@given(text=MIXED)
def test_words_and_stems_are_the_same(language: str, text: str):
    if language == "plain":
        usual, quick = plain_analyzer(), plain_analyzer(spaced=True)
    else:
        usual, quick = analyzer(language), analyzer(language, spaced=True)
    # Pairs of signs of Chinese are those of the text as it is.
    assert usual.analyze(text) == quick.analyze(text if language == CHINESE else spaced(text))


@pytest.mark.parametrize("text", ["土壤 soil 水", "Ⓐb", "a\u0903b", "a²b", "ⓐ", "ﬁn"])
def test_what_they_would_part_otherwise_is_prepared(text: str):
    assert plain_analyzer().analyze(text) == plain_analyzer(spaced=True).analyze(spaced(text))
    if re.search("[土Ⓐ\u0903ⓐ]", text):
        assert plain_analyzer().analyze(text) != plain_analyzer(spaced=True).analyze(text)
