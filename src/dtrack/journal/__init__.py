"""The journal: revisions, contents, proposals, keys and the audit log, in SQL."""

from __future__ import annotations

from dtrack.journal.audit import Entry, start_of
from dtrack.journal.backup import back_up, restore
from dtrack.journal.feeding import Wanted
from dtrack.journal.journal import Journal
from dtrack.journal.keys import SCOPES, Examined, Key, expiry
from dtrack.journal.provenance import (
    agent_iri,
    history_graph,
    provenance,
    revision_iri,
    version_iri,
)
from dtrack.journal.values import Change, Facts, Head, Plan, Version, timestamp

__all__ = [
    "SCOPES",
    "Change",
    "Entry",
    "Examined",
    "Facts",
    "Head",
    "Journal",
    "Key",
    "Plan",
    "Version",
    "Wanted",
    "agent_iri",
    "back_up",
    "expiry",
    "history_graph",
    "provenance",
    "restore",
    "revision_iri",
    "start_of",
    "timestamp",
    "version_iri",
]
