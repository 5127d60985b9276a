"""Which level a number before a paragraph opens or continues.

Levels are found by sequence, not by look alone: ``(i)`` after ``(h)`` is a
letter, ``(i)`` after ``(c)`` opens subitems; a number that starts again at 1
opens a new run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dtrack.extraction.marks import Mark


@dataclass(slots=True)
class Level:
    """One open level: its style, how its marks count, the last of them, and how many there were."""

    style: str
    count_by: str
    last: int
    value: str
    ordinal: int = 1


@dataclass(slots=True)
class Levels:
    """Open levels from the paragraph down. ``restarted`` says that numbering began again."""

    open: list[Level] = field(default_factory=list)
    restarted: bool = False

    def place(self, mark: Mark) -> list[Level]:
        """Levels after a mark, the mark's own last."""
        self.restarted = False
        if mark.style in {"number", "chinese-section"}:
            return self._top(mark)
        for depth in range(len(self.open) - 1, -1, -1):
            level = self.open[depth]
            index = _index(mark, level.count_by)
            if level.style == mark.style and index == level.last + 1:
                return self._continue(depth, index, mark)
        opening = _opening(mark)
        if opening is not None:
            return self._open(mark, *opening)
        for depth in range(len(self.open) - 1, -1, -1):
            level = self.open[depth]
            index = _index(mark, level.count_by)
            if level.style == mark.style and index is not None and index > level.last:
                return self._continue(depth, index, mark)
        how, index = _likeliest(mark)
        return self._open(mark, how, index)

    def clear(self) -> None:
        """Begin a part or section: nothing is open."""
        self.open = []

    def unnumbered(self, value: str, ordinal: int) -> list[Level]:
        """Levels of a paragraph that has no number."""
        self.open = [Level("unnumbered", "number", 0, value, ordinal)]
        return list(self.open)

    def _top(self, mark: Mark) -> list[Level]:
        index = mark.number or 0
        former = self.open[0] if self.open else None
        self.restarted = former is not None and former.style == mark.style and index <= former.last
        same = former is not None and former.style == mark.style
        ordinal = former.ordinal + 1 if former is not None and same else 1
        self.open = [Level(mark.style, "number", index, mark.value, ordinal)]
        return list(self.open)

    def _continue(self, depth: int, index: int, mark: Mark) -> list[Level]:
        level = self.open[depth]
        del self.open[depth + 1 :]
        value = mark.value
        if mark.style == "chinese" and depth > 1:
            value = _small_roman(index)
        self.open[depth] = Level(level.style, level.count_by, index, value, level.ordinal + 1)
        return list(self.open)

    def _open(self, mark: Mark, how: str, index: int) -> list[Level]:
        # A run that starts again under the same parent takes the place of the former run.
        if self.open and self.open[-1].style == mark.style and self.open[-1].count_by == how:
            self.open.pop()
        value = f"b{index}" if mark.style == "bullet" else mark.value
        if mark.style == "chinese" and len(self.open) > 1:
            value = _small_roman(index)  # ㈠ stands where other languages have (i)
        self.open.append(Level(mark.style, how, index, value))
        return list(self.open)


def _small_roman(number: int) -> str:
    tens, ones = divmod(number, 10)
    return "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]


def _index(mark: Mark, how: str) -> int | None:
    if mark.style == "bullet":
        return None
    return {"letter": mark.letter, "roman": mark.roman, "number": mark.number}[how]


def _opening(mark: Mark) -> tuple[str, int] | None:
    """How a mark counts that can be the first of its run."""
    for how, index in (("letter", mark.letter), ("roman", mark.roman), ("number", mark.number)):
        if index == 1:
            return how, 1
    return None


def _likeliest(mark: Mark) -> tuple[str, int]:
    if mark.number is not None:
        return "number", mark.number
    if mark.letter is not None:
        return "letter", mark.letter
    return "roman", mark.roman or 0
