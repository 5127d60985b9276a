"""Answers about patterns as callers see them: facets, groups, conflicts, effects, leads."""

from dataclasses import dataclass

from dtrack.answer.views import CoverageView, MappingView, Named, ProvisionView


@dataclass(frozen=True, slots=True)
class CountView:
    """A value with how many directives have it."""

    value: Named
    directives: int


@dataclass(frozen=True, slots=True)
class FacetsView:
    """A selection counted by each thing it can be narrowed by; narrower values included."""

    directives: int
    active: int
    ended: int
    instruments: list[CountView]
    targets: list[CountView]
    themes: list[CountView]
    actors: list[CountView]
    forces: list[CountView]
    years: dict[str, int]
    coverage: list[CoverageView]


@dataclass(frozen=True, slots=True)
class CommonView:
    """An actor, target or theme with how many directives of each instrument have it."""

    dimension: str
    value: Named
    counts: list[CountView]


@dataclass(frozen=True, slots=True)
class CommonsView:
    """What instruments have in common in a selection, shared by most first."""

    total: int
    offset: int
    values: list[CommonView]
    coverage: list[CoverageView]


@dataclass(frozen=True, slots=True)
class GroupView:
    """Directives that have the same values; ``provisions`` are the first of them, as asked."""

    instruments: list[Named]
    directives: int
    targets: list[Named]
    themes: list[Named]
    actors: list[Named]
    forces: list[Named]
    provisions: list[ProvisionView]


@dataclass(frozen=True, slots=True)
class GroupsView:
    """A page of groups: of most instruments first, then the most telling."""

    total: int
    offset: int
    groups: list[GroupView]
    coverage: list[CoverageView]


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A target or theme on which instruments permit and restrict at one time."""

    dimension: str
    value: Named
    permitting: list[ProvisionView]
    restricting: list[ProvisionView]


@dataclass(frozen=True, slots=True)
class ConflictsView:
    """A page of conflicts for a person to judge, the most telling objects first."""

    total: int
    offset: int
    conflicts: list[ConflictView]
    coverage: list[CoverageView]


@dataclass(frozen=True, slots=True)
class FiguresView:
    """Figures of a cell of the matrix."""

    overlapping_row: int
    overlapping_column: int
    pairs: int
    aligned_targets: int
    mean: float
    top: float


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell as it is with a mapping, and as it would be without."""

    row: Named
    column: Named
    before: FiguresView
    after: FiguresView


@dataclass(frozen=True, slots=True)
class GapChangeView:
    """Directives of an instrument that serve a target, with a mapping and without."""

    target: Named
    instrument: Named
    direct_before: int
    aligned_before: int
    direct_after: int
    aligned_after: int


@dataclass(frozen=True, slots=True)
class EffectView:
    """What hangs on one mapping."""

    mapping: MappingView
    cells: list[CellChange]
    gaps: list[GapChangeView]
    coverage: list[CoverageView]


@dataclass(frozen=True, slots=True)
class CandidateView:
    """An instrument that may lead on a target; see docs/reference/overlap.md for the figures."""

    instrument: Named
    directives: int
    active: float
    specific: float
    score: float


@dataclass(frozen=True, slots=True)
class LeadView:
    """A target with its candidates, best first."""

    target: Named
    notation: str
    candidates: list[CandidateView]


@dataclass(frozen=True, slots=True)
class LeadsView:
    """Suggestions of who might lead on each target of a framework."""

    framework: Named
    targets: list[LeadView]
    coverage: list[CoverageView]
