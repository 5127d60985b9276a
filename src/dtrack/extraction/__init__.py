"""Texts of decisions to directives: structure, verbs, addressees, citations, deadlines."""

from dtrack.extraction.codes import read_lexicon
from dtrack.extraction.extracting import extract
from dtrack.extraction.texts import Extraction

__all__ = ["Extraction", "extract", "read_lexicon"]
