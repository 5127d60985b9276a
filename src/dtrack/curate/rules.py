"""What a curator works with: functions that check and derive, handed in by the wiring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from dtrack.hearing import Hearing
from dtrack.model import no_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from dtrack.model import Changed, Progress, Report, Store


LARGE: Final = 30_000
"""Triples of a change from which on the audit of everything is faster.

The gate looks at each thing that a change touches, the audit once at each rule.
"""


class Basis(NamedTuple):
    """What deriving starts from.

    ``store`` holds the records as they are now, ``folder`` is its own. ``changed``
    says how they differ from those of the store in the folder ``former``; without
    one of the two everything is derived anew.
    """

    store: Store
    folder: Path
    former: Path | None = None
    changed: Changed | None = None


class Derived(NamedTuple):
    """Lines of N-Triples that left the derived graph, and lines that came."""

    left: Collection[bytes]
    came: Collection[bytes]


@dataclass(frozen=True, slots=True)
class Rules:
    """How changes are checked, and what follows from them.

    ``audit`` checks a whole store (with the file of each graph, for messages),
    ``gate`` what a change touches, told also which graphs passed as they were before;
    ``derive`` puts what follows into the derived graph and beside the store, and says
    what of the graph differs from the former one, or None where it was derived anew;
    ``version`` tells that of the shapes, and ``heard`` what is to be kept of so many
    triples while they are loaded, for ``derive``, which then need not ask for it.
    """

    audit: Callable[[Store, Mapping[str, str], Progress], Report]
    gate: Callable[[Store, Changed, Collection[str]], Report]
    derive: Callable[[Basis, Progress], Derived | None]
    version: Callable[[], str]
    heard: Callable[[int], Hearing] = lambda _triples: Hearing()

    @property
    def shapes(self) -> str:
        """Version of the shapes."""
        return self.version()

    def check(self, store: Store, changed: Changed, passed: Collection[str] = ()) -> Report:
        """Report on a change that a store holds already, by the gate or, of a large one, the audit.

        A store conforms before a change, so what the audit finds the change has brought.
        ``passed`` names the graphs that passed the shapes of this version as they were
        before: of these the gate asks anew only what the change can have made wrong.
        """
        if is_large(changed):
            return self.audit(store, {}, no_progress)
        return self.gate(store, changed, passed)


def is_large(changed: Changed) -> bool:
    """Whether a change is one of those that the audit looks at sooner than the gate."""
    sizes = (max(before.count(b"\n"), after.count(b"\n")) for before, after in changed.values())
    return sum(sizes) > LARGE
