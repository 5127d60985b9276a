"""What readers are handed to parse with; the engine that does it is none of their business."""

from __future__ import annotations

from typing import Protocol


class Parser(Protocol):
    """Reads Turtle (or N-Triples)."""

    def __call__(self, data: bytes, base: str, place: str, /) -> bytes:
        """Canonical N-Triples. Raises SyntaxProblem that names ``place``, line and column."""
        ...
