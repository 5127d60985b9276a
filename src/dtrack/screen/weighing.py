"""A directive of a draft against one provision: how close, in what, and whether they clash."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from dtrack.overlap import Span, compare
from dtrack.overlap.weights import SUBJECT_DIMENSIONS
from dtrack.searching import Likeness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.overlap import DimensionEvidence, OverlapIndex
    from dtrack.screen.drafts import DraftDirective
    from dtrack.searching import Alike
    from dtrack.searching.things import Thing

REPEATS: Final = "repeats"
CONTRADICTS: Final = "contradicts"
_DOING: Final = frozenset({"requiring", "permissive"})
_BARRING: Final = "restrictive"


class Weights(NamedTuple):
    """The figures of ``weights.toml``."""

    text: float
    repeats: float
    alike: float
    shown: float
    telling: float
    object: float
    near: float
    candidates: int
    worded: int
    told: int
    close: int


@lru_cache(maxsize=1)
def default_weights() -> Weights:
    """The weights of ``weights.toml``."""
    table = tomllib.loads((files(__package__) / "weights.toml").read_text(encoding="utf-8"))
    return Weights(**table["score"], **table["thresholds"], **table["limits"])


@dataclass(frozen=True, slots=True)
class Provision:
    """A recorded provision as it is compared: values by dimension, verbs among them."""

    thing: Thing
    values: Mapping[str, tuple[str, ...]]
    deadlines: tuple[tuple[str, str], ...]

    @property
    def span(self) -> Span | None:
        """Years from adoption to the last deadline."""
        if not self.thing.year:
            return None
        return _span(int(self.thing.year), [day for day, _ in self.deadlines])


@dataclass(frozen=True, slots=True)
class Conflict:
    """What cannot both hold: two verbs by IRI, or two days."""

    on: str
    draft: str
    provision: str


@dataclass(frozen=True, slots=True)
class Miss:
    """A ``score`` or likeness of ``wording`` that stays below its threshold."""

    figure: str
    value: float
    threshold: float

    @property
    def gap(self) -> float:
        """Share of the threshold that is missing."""
        return 1 - self.value / self.threshold


@dataclass(frozen=True, slots=True)
class Match:
    """A directive and a provision with what they share; ``language`` is that of the likeness.

    ``close`` are relations that it has not, for the sake of the ``misses`` only.
    """

    provision: Provision
    score: float
    dimensions: tuple[DimensionEvidence, ...]
    likeness: Likeness
    language: str
    relations: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    close: tuple[str, ...]
    misses: tuple[Miss, ...]


class _Figures(NamedTuple):
    """What relations are judged by."""

    score: float
    likeness: float
    compared: bool
    """Whether both sides are worded in one language."""
    subject: bool
    """Whether they have a subject in common."""


class Weighing:
    """Compares directives of one draft with provisions."""

    def __init__(
        self,
        index: OverlapIndex,
        alike: Alike,
        modalities: Mapping[str, str],
        adopted: str,
        weights: Weights,
    ) -> None:
        self._index = index
        self._alike = alike
        self._modalities = modalities
        self._adopted = int(adopted[:4]) if re.match(r"\d{4}", adopted) else 0
        self._weights = weights

    def match(self, directive: DraftDirective, provision: Provision) -> Match:
        """The two, compared."""
        ours = None
        if self._adopted:
            ours = _span(self._adopted, [value for value, _ in directive.deadlines])
        dimensions = compare(
            self._index,
            directive.values,
            provision.values,
            (ours, provision.span),
            self._index.weights.dimensions,
        )
        likeness, language = self._likeness(directive, provision)
        score = self._score(dimensions, likeness if language else None)
        subject = any(d.similarity > 0 for d in dimensions if d.name in SUBJECT_DIMENSIONS)
        figures = _Figures(score, likeness.score, bool(language), subject)
        relations, conflicts = self._relations(directive, provision, figures)
        nearly, clashes = self._relations(directive, provision, figures, self._weights.near)
        close = tuple(relation for relation in nearly if relation not in relations)
        return Match(
            provision,
            score,
            dimensions,
            likeness,
            language,
            relations,
            tuple(conflicts),
            close,
            self._misses(figures, clashes) if close else (),
        )

    def _relations(
        self,
        directive: DraftDirective,
        provision: Provision,
        figures: _Figures,
        share: float = 1.0,
    ) -> tuple[tuple[str, ...], list[Conflict]]:
        """What the two are to each other where a ``share`` of each threshold is enough."""
        repeats = self._is_close(figures, share)
        repeats = repeats or figures.likeness >= share * self._weights.alike
        conflicts = self._conflicts(
            directive,
            provision,
            same_object=figures.subject and figures.likeness >= share * self._weights.object,
            same=repeats,
        )
        # What bars an act does not repeat what asks for it.
        opposed = any(conflict.on == "verb" for conflict in conflicts)
        relations = [REPEATS] if repeats and not opposed else []
        relations += [CONTRADICTS] if conflicts else []
        return tuple(relations), conflicts

    def _is_close(self, figures: _Figures, share: float) -> bool:
        """Whether they say the same of a subject that they have in common."""
        # Where wordings can be compared they must be akin: a subject is not yet what is said of it.
        akin = not figures.compared or figures.likeness >= share * self._weights.object
        return figures.subject and akin and figures.score >= share * self._weights.repeats

    def _misses(self, figures: _Figures, clashes: Sequence[Conflict]) -> tuple[Miss, ...]:
        """What two that are nearly something to each other fall short of."""
        weights = self._weights
        score = Miss("score", figures.score, weights.repeats)
        akin = Miss("wording", figures.likeness, weights.object)
        if any(clash.on == "verb" for clash in clashes):
            asked = [akin]
        elif self._is_close(figures, weights.near):
            asked = [score, akin] if figures.compared else [score]
        else:
            asked = [Miss("wording", figures.likeness, weights.alike)]
        return tuple(miss for miss in asked if miss.value < miss.threshold)

    def _likeness(self, directive: DraftDirective, provision: Provision) -> tuple[Likeness, str]:
        """Likeness in the language where both are likest; "" where they share none."""
        best, language = Likeness(0.0), ""
        for tag, text in directive.texts:
            others = [t.text for t in provision.thing.texts if t.language == tag]
            if others:
                found = self._alike.likeness(text, others, tag)
                if not language or found.score > best.score:
                    best, language = found, tag
        return best, language

    def _score(self, dimensions: Sequence[DimensionEvidence], likeness: Likeness | None) -> float:
        """Weighted mean over the dimensions both state, and over the wording."""
        total = sum(d.weight for d in dimensions if d.present)
        shared = sum(d.weight * d.similarity for d in dimensions if d.present)
        values = shared / total if total else 0.0
        if likeness is None:
            return values
        return (1 - self._weights.text) * values + self._weights.text * likeness.score

    def _conflicts(
        self,
        directive: DraftDirective,
        provision: Provision,
        *,
        same_object: bool,
        same: bool,
    ) -> list[Conflict]:
        found = []
        if same_object and (verbs := self._clash(directive, provision)):
            found.append(Conflict("verb", *verbs))
        if same and (days := _apart(directive.deadlines, provision.deadlines)):
            found.append(Conflict("deadline", *days))
        return found

    def _clash(self, directive: DraftDirective, provision: Provision) -> tuple[str, str] | None:
        """Verbs of which one bars what the other asks for or allows."""
        for ours in directive.verbs:
            for theirs in provision.values.get("verb", ()):
                pair = {self._modalities.get(ours, ""), self._modalities.get(theirs, "")}
                if _BARRING in pair and pair & _DOING:
                    return ours, theirs
        return None


def _span(adopted: int, days: Sequence[str]) -> Span:
    years = [int(day[:4]) for day in days if re.match(r"\d{4}", day)]
    return Span(adopted, max([adopted, *years]))


def _apart(
    ours: Sequence[tuple[str, str]], theirs: Sequence[tuple[str, str]]
) -> tuple[str, str] | None:
    """Deadlines by day that no day of the other side has in common, as far as each is exact."""
    first = {value for value, _ in ours if re.match(r"\d{4}", value)}
    second = {value for value, _ in theirs if re.match(r"\d{4}", value)}
    if not first or not second:
        return None
    if any(a.startswith(b) or b.startswith(a) for a in first for b in second):
        return None
    return min(first), min(second)
