"""The gate: what a change may have made wrong is asked before it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.validation.affected import affected, change_of
from dtrack.validation.compiled import validate_store
from dtrack.validation.readings import readings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dtrack.model import Report, Store
    from dtrack.validation.shapes import Shapes


def gate(
    store: Store,
    shapes: Shapes,
    changed: Mapping[str, tuple[bytes, bytes]],
    passed: Collection[str] = (),
) -> Report:
    """Report on what a change concerns; the store holds the change already.

    ``changed`` maps each graph to its N-Triples before and after. Asked are the
    nodes that the graphs describe or did, and all others whose rules read a
    changed triple; the time depends on the change, not on the store. Findings
    are placed by graph.

    ``passed`` names the graphs that passed these shapes as they were before. What
    they say of a node as before, and no rule that leads to it reads anew, still
    breaks nothing: only rules that warn, or look at the calendar, are asked of it.
    """
    change = change_of(changed, passed)
    concerned = affected(store, change, readings(shapes))
    return validate_store(
        store,
        shapes,
        concerned | change.subjects,
        sound=change.settled - concerned,
        places={graph: graph for graph in changed},
    )
