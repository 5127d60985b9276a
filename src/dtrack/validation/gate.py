"""The gate: what a change may have made wrong is asked before it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.validation.affected import affected, change_of
from dtrack.validation.compiled import validate_store
from dtrack.validation.readings import readings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.model import Report, Store
    from dtrack.validation.shapes import Shapes


def gate(store: Store, shapes: Shapes, changed: Mapping[str, tuple[bytes, bytes]]) -> Report:
    """Report on what a change concerns; the store holds the change already.

    ``changed`` maps each graph to its N-Triples before and after. Asked are the
    nodes that the graphs describe or did, and all others whose rules read a
    changed triple; the time depends on the change, not on the store. Findings
    are placed by graph.
    """
    focus = affected(store, change_of(changed), readings(shapes))
    return validate_store(store, shapes, focus, places={graph: graph for graph in changed})
