"""Which of the four languages a text is in, by its characters and commonest words."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_COMMON = {
    "en": frozenset({"the", "of", "and", "to", "in", "on", "by", "for"}),
    "fr": frozenset({"les", "des", "et", "du", "la", "le", "dans", "au", "aux", "une", "par"}),
    "es": frozenset({"los", "las", "la", "del", "al", "y", "el", "por", "una", "con", "para"}),
}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def name_for(names: Iterable[str], text: str) -> str:
    """Name that a text would use: the longest in its language, else the longest; "" for none."""
    language = language_of(text)
    return max(
        names,
        key=lambda name: (language_of(name) == language, name.isascii(), len(name)),
        default="",
    )


def language_of(text: str) -> str:
    """Language tag: ``zh``, ``en``, ``fr`` or ``es``."""
    sample = text[:20_000]
    letters = sum(char.isalpha() for char in sample)
    if len(_CHINESE.findall(sample)) > 0.2 * max(1, letters):
        return "zh"
    words = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    scores = {tag: sum(words[word] for word in common) for tag, common in _COMMON.items()}
    return max(scores, key=lambda tag: scores[tag])
