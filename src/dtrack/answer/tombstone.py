"""What is left of a thing that was published and has been withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Who withdrew a thing, when and why; ``revision`` is the last one that still had it."""

    iri: str
    withdrawn: str
    agent: str
    reason: str
    revision: int


@runtime_checkable
class Tombstones(Protocol):
    """What remembers the withdrawn; a service whose journal does is one."""

    def tombstone(self, iri: str) -> Tombstone | None:
        """Tombstone of a thing; None when it was never published, or is there."""
        ...
