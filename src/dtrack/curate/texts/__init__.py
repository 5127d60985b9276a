"""The story of decision texts: extracted, set beside what is held, imported or proposed."""

from dtrack.curate.texts.bringing import TextImport, bring_texts
from dtrack.curate.texts.reading import Document, read_documents
from dtrack.curate.texts.report import Difference, FileReport, Outcome, Report

__all__ = [
    "Difference",
    "Document",
    "FileReport",
    "Outcome",
    "Report",
    "TextImport",
    "bring_texts",
    "read_documents",
]
