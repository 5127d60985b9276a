"""A screening as callers see it: over HTTP, with ``--json``, in tables and on a page.

Scores, likeness and similarity lie between 0 and 1. Labels are in the language
asked for, else in English; dates are ISO 8601.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor

from dtrack.answer.views import CoverageView, DimensionView, Named, ProvisionView


@dataclass(frozen=True, slots=True)
class WordingView:
    """How alike two wordings are, in which language, and the words of the provision they share."""

    language: str
    likeness: float
    words: list[str]


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Two things that cannot both hold.

    ``on`` is ``verb`` (one bars what the other asks for or allows) or ``deadline``
    (the same, by different days); ``draft`` and ``provision`` are the two sides.
    """

    on: str
    draft: str
    provision: str


@dataclass(frozen=True, slots=True)
class MatchView:
    """A provision that a directive of the draft meets, with the whole evidence.

    ``relations`` are ``repeats`` and ``contradicts``, or empty where both only
    touch the same subject. ``same_text``: it belongs to the text that the draft
    itself is. ``statuses`` are keys of its current statuses.
    """

    relations: list[str]
    score: float
    provision: ProvisionView
    dimensions: list[DimensionView]
    wording: WordingView | None
    conflicts: list[ConflictView]
    statuses: list[str]
    same_text: bool


@dataclass(frozen=True, slots=True)
class MissView:
    """A ``score`` or a likeness of ``wording``, and the threshold that it does not reach."""

    figure: str
    value: float
    threshold: float


@dataclass(frozen=True, slots=True)
class CloseView:
    """A provision that has ``relations`` to a directive but for what it narrowly ``misses``.

    It counts nowhere; among the matches it stands only where it is one all the same.
    """

    relations: list[str]
    misses: list[MissView]
    provision: ProvisionView


@dataclass(frozen=True, slots=True)
class ActView:
    """What a directive does to an earlier text: ``amends``, ``supersedes`` or ``repeals``.

    ``cited`` is the provision where one is named and recorded, else the text; it
    is ``recorded`` or only named.
    """

    relation: str
    cited: Named
    symbol: str
    pinpoint: str
    instrument: Named | None
    recorded: bool


@dataclass(frozen=True, slots=True)
class RecognisedView:
    """A target or theme of a directive, and the words that point at it ("" = stated)."""

    value: Named
    confidence: float
    words: list[str]


@dataclass(frozen=True, slots=True)
class DirectiveView:
    """One directive of the draft and what it meets.

    ``close`` are the few provisions that are next to be met: a little below a threshold.
    ``lacks`` may hold ``deadline`` (it asks somebody and says not by when),
    ``addressee`` (it asks and says not whom) and ``sunset`` (it stands or recurs
    without an end). ``new`` are values, ``new_words`` words, that nothing it
    repeats has; ``is_new`` says that it repeats nothing.
    """

    number: str
    text: str
    language: str
    verbs: list[Named]
    addressees: list[Named]
    deadlines: list[str]
    targets: list[RecognisedView]
    themes: list[RecognisedView]
    acts: list[ActView]
    matches: list[MatchView]
    close: list[CloseView]
    is_new: bool
    new: list[Named]
    new_words: list[str]
    lacks: list[str]


@dataclass(frozen=True, slots=True)
class ConventionView:
    """How many provisions of one instrument the draft repeats, contradicts, amends and so on."""

    instrument: Named
    repeats: int
    contradicts: int
    touches: int
    amends: int
    supersedes: int
    best: float


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """A draft against everything recorded.

    ``work`` is the recorded text that has the draft's symbol; the draft would
    supersede it where it is ``newer``, else it is that text. ``nothing_in_common``
    says that no directive meets anything; then ``coverage`` tells how much that
    means.
    """

    title: str
    symbol: str
    instrument: Named | None
    language: str
    recitals: int
    work: Named | None
    newer: bool
    nothing_in_common: bool
    conventions: list[ConventionView]
    directives: list[DirectiveView]
    coverage: list[CoverageView]


def told_below(value: float) -> str:
    """A figure with three decimals, cut rather than rounded, so that it looks as low as it is."""
    return f"{floor(value * 1000) / 1000:.3f}"


def relations_of(directives: Iterable[DirectiveView]) -> dict[str, int]:
    """How many directives of a draft have each relation to anything, for a summary line."""
    counts = {"repeats": 0, "contradicts": 0, "amends": 0, "supersedes": 0, "new": 0}
    for directive in directives:
        found = {relation for match in directive.matches for relation in match.relations}
        found |= {"supersedes" if a.relation == "repeals" else a.relation for a in directive.acts}
        found |= {"new"} if directive.is_new else set()
        for relation in found & counts.keys():
            counts[relation] += 1
    return counts
