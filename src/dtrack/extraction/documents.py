"""A document of any kind that is understood: which reader takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.extraction.extracting import extract
from dtrack.extraction.papers import read_options_paper, read_other_paper
from dtrack.model import no_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.extraction.papers import PaperWords
    from dtrack.extraction.texts import Extraction, SourceLine
    from dtrack.model import Progress


def read_document(
    lines: Sequence[SourceLine], words: PaperWords, progress: Progress = no_progress
) -> Extraction:
    """What a document says: an options paper, decisions, or another paper.

    Options papers cite decisions at the head of lines, so they are asked first;
    a volume of decisions may hold statements, so those are asked last.
    """
    paper = read_options_paper(lines, words)
    if paper is not None:
        return paper
    extraction = extract(lines, words.lexicon, progress)
    if extraction.texts:
        return extraction
    return read_other_paper(lines, words) or extraction
