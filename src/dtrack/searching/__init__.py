"""Full-text search over what records say, ranked, with facets, beside the store."""

from dtrack.searching.index import TextIndex
from dtrack.searching.likeness import Alike, Likeness
from dtrack.searching.questions import Filters, Question
from dtrack.searching.results import Found, Hit, Span

__all__ = ["Alike", "Filters", "Found", "Hit", "Likeness", "Question", "Span", "TextIndex"]
