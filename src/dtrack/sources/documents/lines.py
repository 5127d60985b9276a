"""A line of a document, with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST = 50_000_000
"""Bytes of the largest document that is read; a session's volume has two million."""

LARGEST_TEXT = 10_000_000
"""Characters of the longest text that is read, which takes minutes."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or one paragraph where the format knows paragraphs.

    ``number`` counts lines from 1, ``page`` is 0 where the format has no pages.
    ``whole`` says that the format itself marks this as a whole paragraph;
    ``style`` is its hint: ``heading``, ``table``, ``note`` or "".
    """

    text: str
    number: int
    page: int = 0
    whole: bool = False
    style: str = ""
