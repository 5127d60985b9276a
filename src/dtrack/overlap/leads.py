"""Which instrument might lead on a target: the one that is most active and most specific there.

Active: its share of all directives that serve the target. Specific: the share of
its own directives that do. Both together are Dice's coefficient (1945),
``2 n / (directives on the target + directives of the instrument)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.overlap.gaps import gaps
from dtrack.overlap.questions import count

if TYPE_CHECKING:
    from dtrack.overlap.corpus import FrameworkItem
    from dtrack.overlap.index import OverlapIndex
    from dtrack.overlap.selection import Selection


@dataclass(frozen=True, slots=True)
class Candidate:
    """An instrument that serves a target directly, with how active and specific it is there."""

    instrument: str
    directives: int
    active: float
    specific: float
    score: float


@dataclass(frozen=True, slots=True)
class Lead:
    """A target with those who might lead on it, best first; empty where nobody serves it."""

    target: FrameworkItem
    candidates: tuple[Candidate, ...]


def leads(index: OverlapIndex, framework: str, selection: Selection) -> tuple[Lead, ...]:
    """Candidates for each target of a framework, by directives that serve it without a mapping.

    Raises NotFoundError when the framework has no targets.
    """
    answer = gaps(index, framework, selection)
    sizes = count(index, selection)
    found = []
    for target in answer.targets:
        direct = {
            name: answer.cells.get((target.iri, name), (0, 0))[0] for name in answer.instruments
        }
        whole = sum(direct.values())
        candidates = [
            Candidate(name, n, n / whole, n / sizes[name], 2 * n / (whole + sizes[name]))
            for name, n in direct.items()
            if n
        ]
        candidates.sort(key=lambda c: (-c.score, c.instrument))
        found.append(Lead(target, tuple(candidates)))
    return tuple(found)
