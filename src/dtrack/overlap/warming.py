"""What most questions need of an index, made before the first one asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.overlap.matrix import matrix
from dtrack.overlap.questions import nearest
from dtrack.overlap.selection import DEFAULT
from dtrack.overlap.value_counts import common, facets

if TYPE_CHECKING:
    from dtrack.overlap.index import OverlapIndex


def warm(index: OverlapIndex) -> None:
    """Make the measures, the finished matrix and the counts of an index; it keeps them."""
    matrix(index, DEFAULT)
    facets(index, DEFAULT)
    common(index, DEFAULT)
    if len(index):
        nearest(index, index.directive(0).provision, DEFAULT, limit=1)
