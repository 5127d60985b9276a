"""Options papers, consensus documents, statements and position papers to what they say."""

from dtrack.extraction.papers.reading import read_options_paper, read_other_paper, read_paper
from dtrack.extraction.papers.values import Paper
from dtrack.extraction.papers.words import PaperWords, bundled_paper_words

__all__ = [
    "Paper",
    "PaperWords",
    "bundled_paper_words",
    "read_options_paper",
    "read_other_paper",
    "read_paper",
]
