"""Overlap between conventions: what is computed, and how it explains itself."""

from dtrack.overlap.comparing import Span, compare, similar_to
from dtrack.overlap.corpus import Corpus, Directive, FrameworkItem, MappingRecord, Tables
from dtrack.overlap.derive import follow, follow_after, load_index, publish, refresh
from dtrack.overlap.evidence import DimensionEvidence, Overlap, SharedValue
from dtrack.overlap.gaps import GapAnswer, Reach, count_serving, gaps, serving
from dtrack.overlap.index import OverlapIndex
from dtrack.overlap.matrix import Cell, MatrixAnswer, matrix
from dtrack.overlap.questions import between, count, nearest
from dtrack.overlap.selection import Selection
from dtrack.overlap.weights import DIMENSIONS, Weights, default_weights

__all__ = [
    "DIMENSIONS",
    "Cell",
    "Corpus",
    "DimensionEvidence",
    "Directive",
    "FrameworkItem",
    "GapAnswer",
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
    "compare",
    "count",
    "count_serving",
    "default_weights",
    "follow",
    "follow_after",
    "gaps",
    "load_index",
    "matrix",
    "nearest",
    "publish",
    "refresh",
    "serving",
    "similar_to",
]
