"""What is known of the actions of an options paper since: stated, cited, or merely near it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dtrack.terms import CODES
from dtrack.web.asking import parts, rows
from dtrack.web.remembering import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dtrack.web.asking import Row
    from dtrack.wiring.serving import Service

LEVELS: Final = ("stated", "cited", "near", "unknown")
"""How much is known of an action, most first."""
LEAST_SHARED: Final = 2


@dataclass(frozen=True, slots=True)
class Near:
    """A later provision that shares themes with an action."""

    row: Row
    shared: int


@dataclass(slots=True)
class Known:
    """What is known of one action: statuses of it or its option, citations, provisions near it."""

    statuses: list[Row] = field(default_factory=list)
    citations: list[Row] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)

    @property
    def level(self) -> str:
        """The most telling of what is known."""
        if self.statuses:
            return "stated"
        if self.citations:
            return "cited"
        return "near" if self.near else "unknown"


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known of each action, by its IRI, and which texts cite the paper as a whole."""

    actions: dict[str, Known]
    citing: list[Row]

    def counts(self, actions: Iterable[Row]) -> dict[str, int]:
        """How many of some actions are at each level."""
        found = Counter(self.actions[row["action"]].level for row in actions)
        return {level: found[level] for level in LEVELS}


def progress_of(service: Service, paper: str, actions: list[Row]) -> Progress:
    """What is known of the actions of a paper, rows of ``options_and_actions``."""

    def read() -> Progress:
        return _progress(service, paper, actions)

    return remembered(service, ("progress", paper), read)


def _progress(service: Service, paper: str, actions: list[Row]) -> Progress:
    uptake = rows(service, "paper_uptake", paper=paper)
    statuses = rows(service, "paper_statuses", paper=paper)
    by_theme: dict[str, list[Row]] = {}
    for row in rows(service, "provisions_after_paper", paper=paper):
        by_theme.setdefault(row["theme"], []).append(row)
    known = {
        row["action"]: Known(
            [each for each in statuses if each["item"] in {row["action"], row["option"]}],
            [each for each in uptake if each["item"] in {row["action"], row["option"]}],
            _near(row, by_theme),
        )
        for row in actions
    }
    return Progress(known, [each for each in uptake if each["item"] == paper])


def _near(action: Row, by_theme: dict[str, list[Row]]) -> list[Near]:
    """Later provisions with two of an action's themes or more; most shared first, then newest."""
    shared: Counter[str] = Counter()
    by_provision: dict[str, Row] = {}
    for theme in parts(action["themes"]):
        for row in by_theme.get(f"{CODES}/theme/{theme}", ()):
            shared[row["provision"]] += 1
            by_provision[row["provision"]] = row
    found = [
        Near(by_provision[iri], number) for iri, number in shared.items() if number >= LEAST_SHARED
    ]
    found.sort(key=lambda near: near.row["provision"])
    found.sort(key=lambda near: (near.shared, near.row["adopted"]), reverse=True)
    return found
