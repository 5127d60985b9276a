"""Full-text search over what records say, ranked, with facets, beside the store."""

from dtrack.searching.index import TextIndex
from dtrack.searching.questions import Filters, Question
from dtrack.searching.results import Found, Hit, Span

__all__ = ["Filters", "Found", "Hit", "Question", "Span", "TextIndex"]
