"""The built-in tagger: targets that a text names by number, themes that its words point at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack import __version__
from dtrack.extraction.tagging.themes import themes_in
from dtrack.extraction.targets import targets_in
from dtrack.model import TagCandidate

if TYPE_CHECKING:
    from dtrack.extraction.tagging.lexicon import ThemeLexicon

NAMED = 0.95
"""Confidence of a target that the text names by its number."""


@dataclass(frozen=True, slots=True)
class LexicalTagger:
    """Candidates from words alone; ``least`` is the confidence below which a theme is left out."""

    lexicon: ThemeLexicon
    least: float = 0.0

    @property
    def method(self) -> str:
        """Key among the tagging methods."""
        return "lexical"

    @property
    def author(self) -> str:
        """What stands beside each candidate."""
        return f"dtrack tagging {__version__}"

    def tags(self, text: str, language: str, title: str = "") -> list[TagCandidate]:
        """Targets in the order of the text, then themes, surest first."""
        targets = [TagCandidate(key, NAMED) for key in targets_in(text)]
        themes = themes_in(text, language, self.lexicon, title)
        return [*targets, *(theme for theme in themes if theme.confidence >= self.least)]
