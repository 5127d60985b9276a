"""What a curator works with: functions that check and derive, handed in by the wiring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dtrack.model import Progress, Report, Store

    Changed = Mapping[str, tuple[bytes, bytes]]
    """Graph IRI → its N-Triples before and after; empty where there was or is none."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How changes are checked, and what follows from them.

    ``audit`` checks a whole store (with the file of each graph, for messages),
    ``gate`` what a change touches; ``derive`` puts what follows into the derived
    graph; ``shapes`` is the version of the shapes.
    """

    audit: Callable[[Store, Mapping[str, str], Progress], Report]
    gate: Callable[[Store, Changed], Report]
    derive: Callable[[Store, Progress], object]
    shapes: str
