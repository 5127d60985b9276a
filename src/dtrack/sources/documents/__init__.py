"""Documents to lines with their places: text, Word, PDF and HTML."""

from dtrack.sources.documents.lines import LARGEST, Line
from dtrack.sources.documents.reading import data_format, read_document, read_file

__all__ = ["LARGEST", "Line", "data_format", "read_document", "read_file"]
