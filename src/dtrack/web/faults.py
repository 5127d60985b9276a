"""What is said to a form that came back: to all of it, and to fields by their place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dtrack.web.texts import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dtrack.curate.texts.correcting import Fault


@dataclass(slots=True)
class Said:
    """What is said to a form; ``english`` when it is in no other language."""

    general: list[str] = field(default_factory=list)
    beside: dict[str, list[str]] = field(default_factory=dict)
    status: int = 200
    english: bool = False

    def by_message(self) -> dict[str, list[str]]:
        """Places by what is said to them."""
        found: dict[str, list[str]] = {}
        for place, messages in self.beside.items():
            for message in messages:
                found.setdefault(message, []).append(place)
        return found


def told(faults: Iterable[Fault], language: str) -> Said:
    """Fields that cannot be read, in words beside them."""
    t = words()[language]
    said = Said([t["curate_faults"]], status=400)
    for fault in faults:
        message = t[f"fault_{fault.what}"].format(value=fault.value[:80])
        said.beside.setdefault(fault.place, []).append(message)
    return said
