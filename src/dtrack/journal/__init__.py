"""The journal: revisions, contents, proposals, keys and the audit log, in SQL."""

from __future__ import annotations

from dtrack.journal.journal import Journal
from dtrack.journal.provenance import history_graph, provenance, revision_iri
from dtrack.journal.values import Change, Facts, Head, Plan, Version, timestamp

__all__ = [
    "Change",
    "Facts",
    "Head",
    "Journal",
    "Plan",
    "Version",
    "history_graph",
    "provenance",
    "revision_iri",
    "timestamp",
]
