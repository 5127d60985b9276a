"""The story of an answer: from a question as people put it to rows with their evidence."""

from dtrack.answer.answers import Answers, QueryAnswer
from dtrack.answer.names import Names, Resolution
from dtrack.answer.overlaps import OverlapAnswers

__all__ = ["Answers", "Names", "OverlapAnswers", "QueryAnswer", "Resolution"]
