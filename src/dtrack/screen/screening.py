"""The story of a screening: each directive of a draft meets what is recorded.

::

    draft       directives with verbs, addressees, deadlines, citations, targets, themes
    finding     provisions that share subjects (overlap) or rare words (text index)
    weighing    each pair: dimensions as in overlap, and the wording; do they clash?
    acts        what its citations amend, supersede or repeal
    views       per directive and per convention, with evidence and coverage
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from dtrack.answer.lookup import existing, last_part
from dtrack.answer.words import Words
from dtrack.overlap import Selection, count
from dtrack.overlap.weights import SUBJECT_DIMENSIONS
from dtrack.screen.finding import Finding
from dtrack.screen.showing import Showing
from dtrack.screen.views import (
    ActView,
    ConventionView,
    DirectiveView,
    ScreeningView,
)
from dtrack.screen.weighing import CONTRADICTS, REPEATS, Weighing, default_weights
from dtrack.searching import Alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from dtrack.answer.answers import Answers
    from dtrack.answer.views import Named
    from dtrack.model import Progress
    from dtrack.screen.drafts import Cited, Draft, DraftDirective
    from dtrack.screen.views import MatchView
    from dtrack.screen.weighing import Match
    from dtrack.searching.things import Thing

CHANGING: Final = ("amends", "supersedes", "repeals")
"""Relations of citations that do something to what they cite."""


class _Met(NamedTuple):
    """What a directive meets, and what it only comes close to."""

    matches: list[Match]
    close: list[Match]


class Screening:
    """Screens drafts against one state of the store."""

    def __init__(self, answers: Answers, queries: Path, language: str) -> None:
        self._answers = answers
        self._queries = queries
        self._language = language
        self._weights = default_weights()
        self._alike = Alike(answers.texts)

    def forces(self) -> dict[str, str]:
        """Force of each verb by IRI, which drafts that are graphs are read with."""
        return {row["verb"]: row["force"] for row in self._finding(Selection()).verbs()}

    def _finding(self, selection: Selection) -> Finding:
        answers = self._answers
        return Finding(
            answers.store, self._queries, answers.index, answers.texts, self._alike, selection
        )

    def screen(self, draft: Draft, instruments: Sequence[str], progress: Progress) -> ScreeningView:
        """The draft against the provisions of all instruments, or of some by key or name.

        Raises NotFoundError for an instrument that does not exist.
        """
        selection = self._answers.selection(instruments=instruments)
        finding = self._finding(selection)
        modalities = {row["verb"]: row["modality"] for row in finding.verbs()}
        weighing = Weighing(
            self._answers.index,
            self._alike,
            modalities,
            draft.adopted,
            self._weights,
        )
        found: list[_Met] = []
        for done, directive in enumerate(draft.directives):
            progress("Screening directives", done, len(draft.directives))
            found.append(self._met(directive, finding, weighing))
        return self._view(draft, found, selection)

    def _met(self, directive: DraftDirective, finding: Finding, weighing: Weighing) -> _Met:
        """What a directive meets: what says the same or clashes, then the closest others."""
        pairs = [
            weighing.match(directive, provision)
            for provision in finding.candidates(
                directive, self._weights.candidates, self._weights.worded
            )
        ]
        told = [pair for pair in pairs if pair.relations or self._touches(pair)]
        told.sort(key=lambda p: (not p.relations, -p.score, p.provision.thing.iri))
        # Of each instrument its best, so that the richest does not hide the others.
        seen: Counter[str] = Counter()
        kept = []
        for pair in told:
            seen[pair.provision.thing.instrument] += 1
            if seen[pair.provision.thing.instrument] <= self._weights.told:
                kept.append(pair)
        close = [pair for pair in pairs if pair.close]
        close.sort(key=lambda p: (max(miss.gap for miss in p.misses), p.provision.thing.iri))
        return _Met(kept, close[: self._weights.close])

    def _touches(self, pair: Match) -> bool:
        """Whether both are on one subject, closely enough or a telling one."""
        shared = [
            value.contribution
            for dimension in pair.dimensions
            if dimension.name in SUBJECT_DIMENSIONS
            for value in dimension.shared
        ]
        if not shared:
            return False
        return pair.score >= self._weights.shown or max(shared) >= self._weights.telling

    def _view(self, draft: Draft, found: Sequence[_Met], selection: Selection) -> ScreeningView:
        matches = [match for met in found for match in (*met.matches, *met.close)]
        words = Words(self._answers.store, self._answers.texts, self._language)
        showing = Showing(words, _iris(draft, matches), matches)
        directives = [
            self._directive(directive, met, draft, showing)
            for directive, met in zip(draft.directives, found, strict=True)
        ]
        work = self._answers.texts.thing(draft.own) if draft.own else None
        newer = work is not None and self._is_newer(draft, work)
        counted = count(self._answers.index, selection)
        return ScreeningView(
            title=draft.title,
            symbol=draft.symbol,
            instrument=showing.named(draft.instrument) if draft.instrument else None,
            language=draft.language,
            recitals=draft.recitals,
            work=showing.named(draft.own) if work else None,
            newer=newer,
            nothing_in_common=not any(view.matches or view.acts for view in directives),
            conventions=_conventions(
                directives, showing.named(work.instrument) if work and newer else None
            ),
            directives=directives,
            coverage=self._answers.overlaps(self._language).coverage(counted),
        )

    def _is_newer(self, draft: Draft, work: Thing) -> bool:
        """Whether the draft comes after the recorded text that has its symbol."""
        if draft.version and not existing(self._answers.store, [draft.version]):
            return True
        return draft.adopted[:4] > work.year

    def _directive(
        self, directive: DraftDirective, met: _Met, draft: Draft, showing: Showing
    ) -> DirectiveView:
        language, text = directive.texts[0]
        repeated = [match for match in met.matches if REPEATS in match.relations]
        held = {
            end
            for match in repeated
            for dimension in match.dimensions
            for value in dimension.shared
            for end in (value.link.source, value.link.target)
        }
        known = [t.text for match in repeated for t in match.provision.thing.texts]
        known += [last_part(verb).replace("-", " ") for verb in directive.verbs]
        values = (*directive.targets, *directive.themes, *directive.actors)
        fresh = self._alike.rarest(text, known, language) if repeated else ()
        return DirectiveView(
            number=directive.number,
            text=text,
            language=language,
            verbs=[showing.named(iri) for iri in directive.verbs],
            addressees=[showing.named(iri) for iri in directive.actors],
            deadlines=[value or words for value, words in directive.deadlines],
            targets=showing.recognised(directive.targets, directive.tags),
            themes=showing.recognised(directive.themes, directive.tags),
            acts=[self._act(cited, showing) for cited in _changing(directive)],
            matches=[showing.match(match, directive, draft.own) for match in met.matches],
            close=[showing.close(match) for match in met.close],
            is_new=not repeated,
            new=[showing.named(iri) for iri in values if iri not in held] if repeated else [],
            new_words=list(fresh),
            lacks=_lacks(directive),
        )

    def _act(self, cited: Cited, showing: Showing) -> ActView:
        exact = _pinpointed(cited)
        texts = self._answers.texts
        thing = (exact and texts.thing(exact)) or texts.thing(cited.iri)
        iri = thing.iri if thing else cited.iri
        return ActView(
            relation=cited.relation,
            cited=showing.named(iri),
            symbol=cited.symbol,
            pinpoint=cited.pinpoint,
            instrument=showing.named(thing.instrument) if thing and thing.instrument else None,
            recorded=thing is not None,
        )


def _changing(directive: DraftDirective) -> Iterable[Cited]:
    return (cited for cited in directive.citations if cited.relation in CHANGING)


def _pinpointed(cited: Cited) -> str:
    """IRI of the one place that a citation names, "" for none or several."""
    if not cited.pinpoint or ", " in cited.pinpoint:
        return ""
    home, _, rest = cited.iri.partition("/id/")
    return f"{home}/id/provision/{rest.rsplit('/', 1)[-1]}/{cited.pinpoint}"


def _lacks(directive: DraftDirective) -> list[str]:
    """What a directive leaves open."""
    found = []
    if directive.operational and directive.asks:
        found += [] if directive.deadlines else ["deadline"]
        found += [] if directive.actors else ["addressee"]
    standing = directive.operational and (directive.recurs or not directive.asks)
    return [*found, "sunset"] if standing and not directive.deadlines else found


def _conventions(
    directives: Sequence[DirectiveView], superseded: Named | None
) -> list[ConventionView]:
    """What the draft meets, instrument by instrument, the closest first.

    ``superseded`` is the instrument of the text that the draft takes the place of.
    """
    matches: dict[str, list[MatchView]] = {}
    acts: dict[str, list[ActView]] = {}
    named = {superseded.iri: superseded} if superseded else {}
    for view in directives:
        for match in view.matches:
            named[match.provision.instrument.iri] = match.provision.instrument
            matches.setdefault(match.provision.instrument.iri, []).append(match)
        for act in view.acts:
            if act.instrument:
                named[act.instrument.iri] = act.instrument
                acts.setdefault(act.instrument.iri, []).append(act)

    def met(iri: str, relation: str) -> int:
        return len({m.provision.iri for m in matches.get(iri, ()) if relation in m.relations})

    found = [
        ConventionView(
            instrument=instrument,
            repeats=met(iri, REPEATS),
            contradicts=met(iri, CONTRADICTS),
            touches=len({m.provision.iri for m in matches.get(iri, ())}),
            amends=sum(act.relation == "amends" for act in acts.get(iri, ())),
            supersedes=sum(act.relation != "amends" for act in acts.get(iri, ()))
            + (superseded is not None and superseded.iri == iri),
            best=max((m.score for m in matches.get(iri, ())), default=0.0),
        )
        for iri, instrument in named.items()
    ]
    return sorted(found, key=lambda view: (-view.best, view.instrument.key))


def _iris(draft: Draft, matches: Iterable[Match]) -> list[str]:
    """Everything whose name is shown."""
    found = [draft.instrument, draft.own]
    for directive in draft.directives:
        for values in directive.values.values():
            found += values
        for cited in _changing(directive):
            found += [cited.iri, _pinpointed(cited)]
    for match in matches:
        found += [match.provision.thing.instrument]
        found += [end for c in match.conflicts if c.on == "verb" for end in (c.draft, c.provision)]
        for dimension in match.dimensions:
            for value in dimension.shared:
                found += [value.link.source, value.link.target]
    return [iri for iri in found if iri]
