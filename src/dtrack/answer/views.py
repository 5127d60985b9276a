"""Answers as callers see them: over HTTP, with ``--json``, and in tables.

All numbers called score, similarity, jaccard, weight, ic or confidence lie
between 0 and 1. Labels are in the language asked for, else in English.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with its IRI, its key (the IRI's last part) and its label."""

    iri: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class MappingView:
    """A mapping used as evidence, as it was asserted: subject, predicate, object, and by whom."""

    iri: str
    subject: str
    predicate: str
    object: str
    author: str
    confidence: float
    justification: str
    review_state: str


@dataclass(frozen=True, slots=True)
class TaggingView:
    """Who says that a provision addresses a target or theme, by which method and how surely."""

    author: str
    method: str
    confidence: float
    review_state: str


@dataclass(frozen=True, slots=True)
class SharedView:
    """A value of the first side and its counterpart on the second.

    ``relation`` is ``same``, ``broader``, ``narrower`` or a mapping predicate's
    name; ``weight`` how much it counts; ``ic`` how telling the value is. The
    taggings say who put each provision to its value; actors and verbs have none.
    """

    first: Named
    second: Named
    relation: str
    weight: float
    ic: float
    mappings: list[MappingView]
    first_taggings: list[TaggingView]
    second_taggings: list[TaggingView]


@dataclass(frozen=True, slots=True)
class DimensionView:
    """One part of a score; ``present`` is false when a side says nothing of it."""

    name: str
    weight: float
    similarity: float
    present: bool
    shared: list[SharedView]


@dataclass(frozen=True, slots=True)
class ProvisionView:
    """A provision: where it stands, what it says in our words, whom it asks what."""

    iri: str
    text: str
    symbol: str
    title: str
    number: str
    instrument: Named
    summary: str
    verbs: list[str]
    addressees: list[str]


@dataclass(frozen=True, slots=True)
class OverlapView:
    """Two provisions that overlap, with the whole evidence."""

    score: float
    first: ProvisionView
    second: ProvisionView
    dimensions: list[DimensionView]


@dataclass(frozen=True, slots=True)
class CoverageView:
    """What has been read of an instrument, so that an empty answer is not taken for "none".

    ``directives`` counts the provisions in the question's selection; the others
    count texts: recorded, read down to directives, tagged, reviewed by a second person.
    """

    instrument: Named
    directives: int
    texts_recorded: int
    texts_with_directives: int
    texts_tagged: int
    texts_reviewed: int


@dataclass(frozen=True, slots=True)
class AlignedTargets:
    """A target of the row and one of the column, and the mappings that connect them."""

    row: Named
    column: Named
    mappings: list[MappingView]


@dataclass(frozen=True, slots=True)
class CellView:
    """Two instruments: see docs/reference/overlap.md for every figure.

    In a matrix the lists of what is shared hold the most telling values only;
    the counts are of all.
    """

    row: str
    column: str
    directives_row: int
    directives_column: int
    overlapping_row: int
    overlapping_column: int
    pairs: int
    jaccard: float
    mean: float
    top: float
    shared_target_count: int
    aligned_target_count: int
    shared_theme_count: int
    shared_actor_count: int
    shared_targets: list[Named]
    aligned_targets: list[AlignedTargets]
    shared_themes: list[Named]
    shared_actors: list[Named]


@dataclass(frozen=True, slots=True)
class MatrixView:
    """Instruments against instruments: one cell for each unordered pair."""

    instruments: list[Named]
    cells: list[CellView]
    coverage: list[CoverageView]


@dataclass(frozen=True, slots=True)
class PairsView:
    """A page of the overlapping provisions of two instruments, best first."""

    cell: CellView
    total: int
    offset: int
    pairs: list[OverlapView]
    coverage: list[CoverageView]


@dataclass(frozen=True, slots=True)
class NearestView:
    """Provisions anywhere that overlap with one, best first."""

    provision: ProvisionView
    pairs: list[OverlapView]
    coverage: list[CoverageView]


@dataclass(slots=True)  # Thousands to an answer, and to freeze one takes longer than to make it.
class GapCell:
    """Directives of one instrument that serve one target: directly, or only by a mapping."""

    instrument: str
    direct: int
    aligned: int


@dataclass(frozen=True, slots=True)
class GapRow:
    """A target, who serves it, and which instruments do not."""

    target: Named
    notation: str
    served_by: list[GapCell]
    missing: list[str]


@dataclass(frozen=True, slots=True)
class GapsView:
    """Targets of a framework against instruments; ``empty`` are those nobody serves."""

    framework: Named
    instruments: list[Named]
    rows: list[GapRow]
    empty: list[Named]
    coverage: list[CoverageView]


@dataclass(frozen=True, slots=True)
class ServingView:
    """A provision that serves a target or theme, and how."""

    provision: ProvisionView
    relation: str
    weight: float
    via: Named
    mappings: list[MappingView]
    taggings: list[TaggingView]


@dataclass(frozen=True, slots=True)
class AtView:
    """A page of the provisions that serve one target or theme, best link first.

    ``total`` and ``counts``, by key of instrument, are of all of them.
    """

    subject: Named
    total: int
    offset: int
    counts: dict[str, int]
    provisions: list[ServingView]
    coverage: list[CoverageView]
