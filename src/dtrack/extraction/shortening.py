"""Texts cut to the width of an outline."""

from __future__ import annotations

_MARK = " …"


def shortened(text: str, width: int) -> str:
    """A text on one line of at most so many characters, cut behind a word where one ends near.

    Chinese has no spaces between words, so there is not always one.
    """
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    head = line[: width - len(_MARK) + 1]
    space = head.rfind(" ")
    return (head[:space] if space > width // 2 else head[:-1]).rstrip() + _MARK
