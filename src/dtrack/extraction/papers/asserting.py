"""What the author of a paper says of its own doing: measures, commitments, claims of progress.

A sentence with a word of progress is a claim, one with a word of intent a
commitment; any other that has the author as its subject, or none, a measure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.papers.values import Assertion
from dtrack.extraction.targets import targets_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.extraction.papers.figures import Figures
    from dtrack.extraction.papers.words import PaperWords

_SENTENCE = re.compile(r"(?<=[。；！？])|(?<=[.;!?])\s+(?=[A-Z])")
_DUE = re.compile(r"(?:到|至|\bby\b)\s*(?:the end of\s*)?(?P<year>20\d\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\s?年|[\s,.;)]|$)")
_OBJECT = re.compile(
    r"将[^，。；]{1,40}?(?:纳入|写入|作为|列为|列入|转化|融入|划入|用于|引入|培训)|愿景|将其"
)
"""What "will" is in Chinese where it only puts the object first."""
_DONE = re.compile(
    r"建立|实施|出台|发布|开展|推动|完善|制定|执行|承办|举办|编制|颁布|设立|查处|打击"
)
"""Verbs of doing with which a Chinese sentence without a subject opens."""
_SHORTEST = {True: 10, False: 30}
"""Characters of a sentence below which it is the heading that opens a paragraph."""
_TITLE = re.compile(r"《[^》]*》|“[^”]*”")


class Asserting:
    """Finder of assertions in one language; ``author`` are words for whoever speaks."""

    def __init__(
        self, words: PaperWords, language: str, figures: Figures, author: tuple[str, ...]
    ) -> None:
        self._progress = words.cue("progress", language)
        self._commitment = words.cue("commitment", language)
        self._figures = figures
        self._chinese = language == "zh"
        names = "|".join(re.escape(name) for name in sorted(author, key=len, reverse=True))
        self._author = re.compile(names or r"(?!)", re.IGNORECASE)
        self._others = re.compile(
            r"^(?:各方|各国|国际社会|其他|联合国|the\s+(?:world|un)\b)", re.IGNORECASE
        )

    def find(self, text: str) -> tuple[Assertion, ...]:
        """Assertions of a point, in order."""
        return tuple(self._all(text))

    def _all(self, text: str) -> Iterator[Assertion]:
        for index, sentence in enumerate(filter(None, _SENTENCE.split(text))):
            bare = sentence.strip()
            if len(bare) < _SHORTEST[self._chinese] or self._opens(index, bare):
                continue
            kind = self._kind(_TITLE.sub("", bare))
            if kind:
                yield Assertion(
                    kind=kind,
                    text=bare,
                    year=self._year(bare, kind),
                    targets=targets_in(bare) if kind == "claim" else (),
                    figures=self._figures.find(bare) if kind == "claim" else (),
                )

    def _opens(self, index: int, sentence: str) -> bool:
        """Whether a sentence without subject, comma or number heads its paragraph."""
        return index == 0 and not re.search(r"[，,\d]", sentence) and len(sentence) < 40

    def _kind(self, sentence: str) -> str:
        if self._others.match(sentence):
            return ""
        if targets_in(sentence) or self._progress.search(sentence):
            return "claim"
        if self._commitment.search(_OBJECT.sub("", sentence)):
            return "commitment"
        return "measure" if self._acts(sentence) else ""

    def _acts(self, sentence: str) -> bool:
        """Whether the author acts: it is the subject, or a Chinese sentence has none."""
        if self._author.search(sentence[:40]):
            return True
        return self._chinese and _DONE.search(sentence[:24]) is not None

    def _year(self, sentence: str, kind: str) -> str:
        if kind == "commitment":
            due = _DUE.search(sentence)
            return due["year"] if due else ""
        found = _YEAR.search(_TITLE.sub("", sentence))
        return found[1] if found else ""
