"""The stories of what goes in: a change is checked, journalled, stored - or refused whole."""

from __future__ import annotations

from dtrack.curate.loading import Loading, bring, load
from dtrack.curate.looking_back import (
    GraphDifference,
    History,
    differences,
    graphs_that_told,
    history,
    tells_of,
)
from dtrack.curate.past import materialise
from dtrack.curate.projecting import fits
from dtrack.curate.returning import return_to, revert, withdraw_graphs, withdraw_source
from dtrack.curate.rules import Basis, Derived, Rules
from dtrack.curate.writing import Curator

__all__ = [
    "Basis",
    "Curator",
    "Derived",
    "GraphDifference",
    "History",
    "Loading",
    "Rules",
    "bring",
    "differences",
    "fits",
    "graphs_that_told",
    "history",
    "load",
    "materialise",
    "return_to",
    "revert",
    "tells_of",
    "withdraw_graphs",
    "withdraw_source",
]
