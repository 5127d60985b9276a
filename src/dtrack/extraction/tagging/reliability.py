"""How often readers took the words of a label for its theme.

``reliability.tsv`` counts, over one half of the curated corpus, how often the
words of a label stand in a summary (seen) and how often the thing summed up
bears the theme (agreed). A label that was seen seldom leans on its class: how
preferred it is, and of how many words. The other half tests it (``make eval-tags``).
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from dtrack.extraction.tagging.words import is_wide, units

if TYPE_CHECKING:
    from collections.abc import Iterable

_WEIGHT_OF_CLASS = 4.0
"""Sightings that the figure of the class counts for."""
_UNSEEN = 0.4
_MOST, _LEAST = 0.95, 0.02


class Count(NamedTuple):
    """One line of the table."""

    language: str
    theme: str
    label: str
    rank: int
    seen: int
    agreed: int


class Reliability:
    """Share of clean uses of each label."""

    def __init__(self, counts: Iterable[Count]) -> None:
        self._counts: dict[tuple[str, str, str], tuple[int, int]] = {}
        self._classes: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
        for count in counts:
            key = (count.language, count.theme, count.label)
            self._counts[key] = (count.seen, count.agreed)
            kind = _class(count.label, count.language, count.rank)
            seen, agreed = self._classes[kind]
            self._classes[kind] = (seen + count.seen, agreed + count.agreed)

    def of(self, language: str, theme: str, label: str, rank: int) -> float:
        """Share of clean uses, between 0 and 1; short counts lean on the label's class."""
        all_seen, all_agreed = self._classes.get(_class(label, language, rank), (0, 0))
        usual = (all_agreed + _UNSEEN) / (all_seen + 1)
        seen, agreed = self._counts.get((language, theme, label), (0, 0))
        share = (agreed + _WEIGHT_OF_CLASS * usual) / (seen + _WEIGHT_OF_CLASS)
        return min(max(share, _LEAST), _MOST)


def _class(label: str, language: str, rank: int) -> tuple[int, int]:
    length = len(units(label, language))
    # Two Chinese characters make about one word.
    words = (length + 1) // 2 if is_wide(language) else length
    return rank, min(words, 3)


@lru_cache(maxsize=1)
def bundled_reliability() -> Reliability:
    """The table of ``reliability.tsv``."""
    table = (files(__package__) / "reliability.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines()[1:])
    return Reliability(
        Count(language, theme, label, int(rank), int(seen), int(agreed))
        for language, theme, label, rank, seen, agreed in rows
    )
