"""Overlap between conventions: what is computed, and how it explains itself."""

from dtrack.overlap.alignment import Link
from dtrack.overlap.carried_leaders import refreshed
from dtrack.overlap.comparing import Span, compare, similar_to
from dtrack.overlap.corpus import Corpus, Directive, FrameworkItem, MappingRecord, Tables
from dtrack.overlap.derive import (
    follow,
    follow_after,
    load_index,
    prepare,
    publish,
    publish_after,
    refresh,
)
from dtrack.overlap.effects import Effect, GapChange, effect
from dtrack.overlap.evidence import DimensionEvidence, Overlap, SharedValue
from dtrack.overlap.gaps import GapAnswer, Reach, count_serving, gaps, items_of, serving
from dtrack.overlap.groups import Conflict, Group, clusters, conflicts, duplicates
from dtrack.overlap.index import OverlapIndex
from dtrack.overlap.leads import Candidate, Lead, leads
from dtrack.overlap.matrix import Cell, MatrixAnswer, matrix, read_shared
from dtrack.overlap.questions import between, count, nearest
from dtrack.overlap.selection import Selection
from dtrack.overlap.value_counts import CommonValue, Facets, common, facets
from dtrack.overlap.warming import warm
from dtrack.overlap.weights import DIMENSIONS, SUBJECT_DIMENSIONS, Weights, default_weights

__all__ = [
    "DIMENSIONS",
    "SUBJECT_DIMENSIONS",
    "Candidate",
    "Cell",
    "CommonValue",
    "Conflict",
    "Corpus",
    "DimensionEvidence",
    "Directive",
    "Effect",
    "Facets",
    "FrameworkItem",
    "GapAnswer",
    "GapChange",
    "Group",
    "Lead",
    "Link",
    "MappingRecord",
    "MatrixAnswer",
    "Overlap",
    "OverlapIndex",
    "Reach",
    "Selection",
    "SharedValue",
    "Span",
    "Tables",
    "Weights",
    "between",
    "clusters",
    "common",
    "compare",
    "conflicts",
    "count",
    "count_serving",
    "default_weights",
    "duplicates",
    "effect",
    "facets",
    "follow",
    "follow_after",
    "gaps",
    "items_of",
    "leads",
    "load_index",
    "matrix",
    "nearest",
    "prepare",
    "publish",
    "publish_after",
    "read_shared",
    "refresh",
    "refreshed",
    "serving",
    "similar_to",
    "warm",
]
