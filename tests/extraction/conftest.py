"""The words of extraction, read once, and a short way to extract a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dtrack.extraction import extract
from dtrack.extraction.words import bundled_lexicon
from dtrack.sources.documents import read_document
from dtrack.stores.parsing import parse_turtle

if TYPE_CHECKING:
    from collections.abc import Callable

    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.texts import ExtractedText


HEAD = {
    "en": "Decision 17/60. Hedges\n\nThe Conference of the Parties,\n\n",
    "zh": "17/60. 树篱\n\n缔约方大会，\n\n",
}
"""How a decision under the Convention on Biological Diversity begins."""


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return bundled_lexicon(parse_turtle)


@pytest.fixture(scope="session")
def one(lexicon: Lexicon) -> Callable[[str], ExtractedText]:
    """The only text that some words hold."""

    def read(words: str) -> ExtractedText:
        extraction = extract(read_document(words.encode(), "text.txt"), lexicon)
        assert len(extraction.texts) == 1
        return extraction.texts[0]

    return read


@pytest.fixture(scope="session")
def said(one: Callable[[str], ExtractedText]) -> Callable[..., list[tuple[str, tuple[str, ...]]]]:
    """Directives of a paragraph of a decision under the Convention on Biological Diversity."""

    def read(words: str, language: str = "en") -> list[tuple[str, tuple[str, ...]]]:
        text = one(f"{HEAD[language]}1. {words}\n")
        return [(e.name, e.addressees) for e in text.provisions[0].elements]

    return read
