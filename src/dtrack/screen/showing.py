"""Matches of a draft as views: labels, wordings and taggings fetched together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.answer.lookup import labels, last_part, taggings, wordings
from dtrack.answer.views import (
    DimensionView,
    MappingView,
    Named,
    ProvisionView,
    SharedView,
    TaggingView,
)
from dtrack.screen.views import ConflictView, MatchView, RecognisedView, WordingView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dtrack.model import Store, TagCandidate
    from dtrack.overlap import DimensionEvidence, MappingRecord, SharedValue
    from dtrack.screen.drafts import DraftDirective
    from dtrack.screen.weighing import Conflict, Match

TAGGER = "lexical"


class Showing:
    """Gives what was found the words that people read, in one language."""

    def __init__(
        self, store: Store, language: str, iris: Iterable[str], provisions: Iterable[str]
    ) -> None:
        shown = list(dict.fromkeys(provisions))
        self._names = labels(store, iris, language)
        self._wordings = wordings(store, shown, language)
        self._taggings = taggings(store, shown)

    def named(self, iri: str) -> Named:
        """Thing with its label."""
        return Named(iri, last_part(iri), self._names.get(iri) or last_part(iri))

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
            provision=self._provision(match),
            dimensions=[self._dimension(d, match, directive) for d in match.dimensions],
            wording=wording,
            conflicts=[self._conflict(conflict) for conflict in match.conflicts],
            statuses=[last_part(status) for status in thing.statuses],
            same_text=bool(own) and thing.work == own,
        )

    def _provision(self, match: Match) -> ProvisionView:
        thing = match.provision.thing
        wording = self._wordings[thing.iri]
        return ProvisionView(
            iri=thing.iri,
            text=thing.work,
            symbol=wording.symbol,
            title=wording.title,
            number=wording.number,
            instrument=self.named(thing.instrument),
            summary=wording.summary,
            verbs=list(wording.verbs),
            addressees=list(wording.addressees),
        )

    def _dimension(
        self, dimension: DimensionEvidence, match: Match, directive: DraftDirective
    ) -> DimensionView:
        return DimensionView(
            name=dimension.name,
            weight=dimension.weight,
            similarity=dimension.similarity,
            present=dimension.present,
            shared=[self._shared(value, match, directive) for value in dimension.shared],
        )

    def _shared(self, value: SharedValue, match: Match, directive: DraftDirective) -> SharedView:
        link = value.link
        tag = (directive.tags or {}).get(link.source)
        ours = [TaggingView("", TAGGER, tag.confidence, "")] if tag else []
        return SharedView(
            first=self.named(link.source),
            second=self.named(link.target),
            relation=link.relation,
            weight=link.weight,
            ic=value.ic,
            mappings=[_mapping(mapping) for mapping in link.mappings],
            first_taggings=ours,
            second_taggings=list(self._taggings.get((match.provision.thing.iri, link.target), ())),
        )

    def _conflict(self, conflict: Conflict) -> ConflictView:
        if conflict.on != "verb":
            return ConflictView(conflict.on, conflict.draft, conflict.provision)
        sides = (self.named(conflict.draft).label, self.named(conflict.provision).label)
        return ConflictView(conflict.on, *sides)


def _mapping(mapping: MappingRecord) -> MappingView:
    return MappingView(
        iri=mapping.iri,
        subject=last_part(mapping.subject),
        predicate=mapping.relation,
        object=last_part(mapping.object),
        author=mapping.author,
        confidence=mapping.confidence,
        justification=mapping.justification,
        review_state=last_part(mapping.state) if mapping.state else "",
    )
