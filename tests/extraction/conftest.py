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
