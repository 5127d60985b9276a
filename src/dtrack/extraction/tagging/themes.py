"""Themes that a text's words point at, each with confidence and the words as evidence."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from dtrack.model import Evidence, TagCandidate

if TYPE_CHECKING:
    from dtrack.extraction.tagging.lexicon import ThemeLexicon
    from dtrack.extraction.tagging.patterns import Hit

_MOST = 0.95
_SECOND = 0.3
"""What another label of the same theme takes off the doubt, times its own share."""
_IN_TITLE = 0.3
"""Share of the doubt that a title takes away: it says what a text is about."""


def themes_in(
    text: str, language: str, lexicon: ThemeLexicon, title: str = ""
) -> list[TagCandidate]:
    """Candidates, surest first; ``tag`` is the key of a theme.

    Confidence is the share of clean uses of the surest label, raised by other
    labels of the same theme and by a place in the title.
    """
    patterns = lexicon.patterns(language)
    found: dict[str, list[tuple[Hit, Evidence]]] = defaultdict(list)
    for where, words in (("title", title), ("text", text)):
        for hit in patterns.hits(words) if words else ():
            evidence = Evidence(words[hit.start : hit.end], hit.start, hit.end, where)
            found[hit.label.theme].append((hit, evidence))
    candidates = [
        TagCandidate(theme, round(_confidence(hits), 2), tuple(item for _, item in hits))
        for theme, hits in found.items()
    ]
    return sorted(candidates, key=lambda candidate: (-candidate.confidence, candidate.tag))


def _confidence(hits: list[tuple[Hit, Evidence]]) -> float:
    shares: dict[str, float] = {}
    for hit, _ in hits:
        shares.setdefault(hit.label.text, hit.label.clean)
    best, *others = sorted(shares.values(), reverse=True)
    doubt = 1 - best
    for share in others:
        doubt *= 1 - _SECOND * share
    if any(evidence.where == "title" for _, evidence in hits):
        doubt *= 1 - _IN_TITLE
    return min(1 - doubt, _MOST)
