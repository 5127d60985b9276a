from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from dtrack.extraction.tagging import LexicalTagger, bundled_themes, themes_in
from dtrack.extraction.tagging.reliability import Count, Reliability
from dtrack.model import Tagger
from dtrack.stores.parsing import parse_turtle

if TYPE_CHECKING:
    from dtrack.extraction.tagging import ThemeLexicon


@pytest.fixture(scope="module")
def lexicon() -> ThemeLexicon:
    return bundled_themes(parse_turtle)


def keys(text: str, language: str, lexicon: ThemeLexicon, title: str = "") -> list[str]:
    return [candidate.tag for candidate in themes_in(text, language, lexicon, title)]


@pytest.mark.parametrize(
    ("language", "text", "theme"),
    [
        ("en", "Asks Parties to drain no more peatlands.", "peatlands"),
        ("en", "Plans for resource mobilisation are drawn up.", "resource-mobilization"),
        ("zh", "请缔约方停止排干泥炭地。", "peatlands"),
        ("fr", "Demande aux Parties de ne plus drainer les tourbières.", "peatlands"),
        ("es", "Pide a las Partes que no drenen más turberas.", "peatlands"),
    ],
)
def test_themes_are_found_in_four_languages(
    language: str, text: str, theme: str, lexicon: ThemeLexicon
) -> None:
    assert theme in keys(text, language, lexicon)


def test_evidence_is_the_text_s_own_words_and_their_place(lexicon: ThemeLexicon) -> None:
    text = "Parties restore degraded peatland before 2040."

    found = {candidate.tag: candidate for candidate in themes_in(text, "en", lexicon)}

    evidence = found["peatlands"].evidence[0]
    assert (evidence.words, evidence.where) == ("peatland", "text")
    assert text[evidence.start : evidence.end] == evidence.words


def test_chinese_words_broken_by_a_line_are_found(lexicon: ThemeLexicon) -> None:
    assert "peatlands" in keys("保护泥炭\n地。", "zh", lexicon)


def test_the_longest_label_wins(lexicon: ThemeLexicon) -> None:
    found = keys("Guards transboundary protected areas.", "en", lexicon)

    assert "transboundary-protected-areas" in found
    assert "protected-areas" not in found


def test_names_of_bodies_and_instruments_shield_their_words(lexicon: ThemeLexicon) -> None:
    assert "biodiversity" not in keys(
        "Thanks the Secretariat of the Convention on Biological Diversity.", "en", lexicon
    )
    assert "biodiversity" not in keys("感谢《生物多样性公约》秘书处。", "zh", lexicon)
    assert "biodiversity" in keys("Biological diversity shrinks.", "en", lexicon)


def test_no_label_goes_across_the_end_of_a_clause(lexicon: ThemeLexicon) -> None:
    assert "protected-areas" not in keys("The site is protected. Areas differ.", "en", lexicon)


def test_a_title_counts_more(lexicon: ThemeLexicon) -> None:
    def confidence(text: str, title: str) -> float:
        found = {c.tag: c.confidence for c in themes_in(text, "en", lexicon, title)}
        return found["waterbirds"]

    assert confidence("On waterbirds.", "Waterbirds") > confidence("On waterbirds.", "")


def test_two_labels_of_a_theme_count_more_than_one_said_twice(lexicon: ThemeLexicon) -> None:
    def confidence(text: str) -> float:
        return next(c.confidence for c in themes_in(text, "en", lexicon) if c.tag == "waterbirds")

    once = confidence("Counts waterbirds.")

    assert confidence("Counts waterbirds; waterbirds thrive.") == once
    assert confidence("Counts waterbirds; waterfowl thrive.") > once


def test_a_language_without_labels_is_read_as_english(lexicon: ThemeLexicon) -> None:
    assert "peatlands" in keys("Peatlands.", "de", lexicon)
    assert "peatlands" in keys("泥炭地。", "zh-Hans", lexicon)


def test_every_theme_is_found_by_its_own_preferred_labels(lexicon: ThemeLexicon) -> None:
    lost = [
        (language, label.text)
        for language in ("en", "zh", "fr", "es")
        for label in lexicon.labels(language)
        if label.rank == 0 and label.theme not in keys(label.text, language, lexicon)
    ]

    assert len(lexicon.themes) > 300
    assert len(lost) <= 12, lost  # Labels that two themes share in one language.


def test_reliability_leans_on_the_class_until_a_label_was_seen_often() -> None:
    counts = [Count("en", "a", "red fish", 0, 100, 90), Count("en", "b", "blue fish", 0, 1, 0)]
    reliability = Reliability(counts)

    assert reliability.of("en", "a", "red fish", 0) == pytest.approx(0.9, abs=0.02)
    assert 0.6 < reliability.of("en", "b", "blue fish", 0) < 0.85
    assert reliability.of("en", "c", "green fish", 0) > 0.8
    assert reliability.of("en", "d", "never seen in this class", 2) == 0.4


def test_the_tagger_gives_targets_named_and_themes(lexicon: ThemeLexicon) -> None:
    tagger: Tagger = LexicalTagger(lexicon, least=0.3)

    found = tagger.tags("Restores peatlands for Aichi target 15.", "en")

    assert found[0].tag == "aichi-15"
    assert found[0].confidence == 0.95
    assert "peatlands" in [candidate.tag for candidate in found]
    assert all(candidate.confidence >= 0.3 for candidate in found)
    assert tagger.method == "lexical"


def test_thousands_of_provisions_a_second(lexicon: ThemeLexicon) -> None:
    text = "Requests the Executive Secretary to help Parties restore wetlands and peatlands. " * 3
    themes_in(text, "en", lexicon)
    started = time.process_time()

    for number in range(2000):
        themes_in(f"{number} {text}", "en", lexicon)

    assert time.process_time() - started < 2
