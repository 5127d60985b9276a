"""Matches of a draft as views: labels, wordings and taggings fetched together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.answer.lookup import last_part
from dtrack.answer.views import Named, TaggingView
from dtrack.answer.worded import Texts
from dtrack.overlap import SUBJECT_DIMENSIONS
from dtrack.screen.views import (
    CloseView,
    ConflictView,
    MatchView,
    MissView,
    RecognisedView,
    WordingView,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dtrack.answer.views import DimensionView
    from dtrack.answer.words import Words
    from dtrack.model import TagCandidate
    from dtrack.overlap import DimensionEvidence, Link
    from dtrack.screen.drafts import DraftDirective
    from dtrack.screen.weighing import Conflict, Match

TAGGER = "lexical"


class Showing:
    """Gives what was found the words that people read, in one language."""

    def __init__(self, words: Words, iris: Iterable[str], matches: Iterable[Match]) -> None:
        shown = list(matches)
        self._texts = Texts(
            words.labels(iris),
            words.wordings((match.provision.thing.iri for match in shown), words.labels),
            words.taggings(_tagged(shown)),
        )

    def named(self, iri: str) -> Named:
        """Thing with its label."""
        return self._texts.named(iri)

    def recognised(
        self, values: Iterable[str], tags: Mapping[str, TagCandidate] | None
    ) -> list[RecognisedView]:
        """Targets or themes of a directive, with the words that point at each."""
        found = []
        for iri in values:
            tag = (tags or {}).get(iri)
            words = [evidence.words for evidence in tag.evidence] if tag else []
            found.append(RecognisedView(self.named(iri), tag.confidence if tag else 1.0, words))
        return found

    def match(self, match: Match, directive: DraftDirective, own: str) -> MatchView:
        """A match with its evidence; ``own`` is the text that the draft is."""
        thing = match.provision.thing
        wording = None
        if match.language:
            words = list(match.likeness.words)
            wording = WordingView(match.language, match.likeness.score, words)
        return MatchView(
            relations=list(match.relations),
            score=match.score,
            provision=self._texts.worded(thing.iri, thing.work, thing.instrument),
            dimensions=[self._dimension(d, match, directive) for d in match.dimensions],
            wording=wording,
            conflicts=[self._conflict(conflict) for conflict in match.conflicts],
            statuses=[last_part(status) for status in thing.statuses],
            same_text=bool(own) and thing.work == own,
        )

    def close(self, match: Match) -> CloseView:
        """A match that falls short of something, with what it falls short of."""
        thing = match.provision.thing
        return CloseView(
            relations=list(match.close),
            misses=[MissView(miss.figure, miss.value, miss.threshold) for miss in match.misses],
            provision=self._texts.worded(thing.iri, thing.work, thing.instrument),
        )

    def _dimension(
        self, dimension: DimensionEvidence, match: Match, directive: DraftDirective
    ) -> DimensionView:
        def tagged(link: Link) -> tuple[list[TaggingView], list[TaggingView]]:
            tag = (directive.tags or {}).get(link.source)
            ours = [TaggingView("", TAGGER, tag.confidence, "")] if tag else []
            theirs = self._texts.taggings.get((match.provision.thing.iri, link.target), ())
            return ours, list(theirs)

        return self._texts.dimension(dimension, tagged)

    def _conflict(self, conflict: Conflict) -> ConflictView:
        if conflict.on != "verb":
            return ConflictView(conflict.on, conflict.draft, conflict.provision)
        sides = (self.named(conflict.draft).label, self.named(conflict.provision).label)
        return ConflictView(conflict.on, *sides)


def _tagged(matches: Iterable[Match]) -> Iterator[tuple[str, str]]:
    """Provisions that are matched, each with a target or theme that it shares."""
    for match in matches:
        for dimension in match.dimensions:
            if dimension.name in SUBJECT_DIMENSIONS:
                for value in dimension.shared:
                    yield match.provision.thing.iri, value.link.target
