"""Targets and themes that provisions are about, from their words: candidates, never facts."""

from dtrack.extraction.tagging.bundled import bundled_themes
from dtrack.extraction.tagging.lexical import LexicalTagger
from dtrack.extraction.tagging.lexicon import ThemeLexicon
from dtrack.extraction.tagging.themes import themes_in

__all__ = ["LexicalTagger", "ThemeLexicon", "bundled_themes", "themes_in"]
