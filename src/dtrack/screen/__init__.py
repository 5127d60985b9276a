"""Screening: what a draft repeats, amends, would supersede or contradicts, with evidence."""

from dtrack.screen.drafts import Draft
from dtrack.screen.from_graphs import draft_of_graph
from dtrack.screen.from_texts import drafts_of
from dtrack.screen.screening import Screening
from dtrack.screen.views import ScreeningView, relations_of, told_below

__all__ = [
    "Draft",
    "Screening",
    "ScreeningView",
    "draft_of_graph",
    "drafts_of",
    "relations_of",
    "told_below",
]
