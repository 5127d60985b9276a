"""Stems of words, whoever else asks for some at the same time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from dtrack.extraction.tagging import words
from dtrack.extraction.tagging.words import units

WORDS = [
    f"{start}{middle}{end}"
    for middle in ("restor", "conserv", "migrat", "ecolog", "general")
    for start in "abcdefghijklmnopqrstuvwxyz"
    for end in ("ations", "ing", "edness", "ically")
]


@pytest.fixture
def _impatient_threads() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_impatient_threads")
def test_texts_read_side_by_side_have_the_stems_that_they_have_alone() -> None:
    alone = stems(WORDS)
    for _ in range(5):
        words._stem.cache_clear()
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(stems, (WORDS[start::8] for start in range(8))))

        assert together == [alone[start::8] for start in range(8)]


def stems(some: list[str]) -> list[str]:
    return [unit.form for word in some for unit in units(word, "en")]
