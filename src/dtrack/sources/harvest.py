"""What a reader makes of a feed or file: graphs, how many rows it saw, and what it noticed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something noticed in a source: a defect, a difference, what no rule understood.

    ``rule`` names it in one word, ``place`` says where (file or address, with row
    or line), ``about`` is the identifier that the source uses.
    """

    rule: str
    place: str
    about: str
    message: str
    remedy: str

    def __post_init__(self) -> None:
        """Keep what a terminal would obey, or UTF-8 cannot hold, out of what is told."""
        for name in ("place", "about", "message"):
            told = _UNPRINTABLE.sub("\ufffd", getattr(self, name))
            object.__setattr__(self, name, told)

    def __str__(self) -> str:
        """Give it in one line."""
        about = f" ({self.about})" if self.about else ""
        return f"{self.place}{about}: {self.message} {self.remedy}".rstrip()


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a reader made of its input.

    ``graphs`` are N-Triples lines without dot and without the day of change,
    which is found out when they are compared with what is held; ``rows`` counts
    by list (an entity set, a file) what was read, ``matched`` what is held already.
    """

    graphs: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, int]
    remarks: tuple[Remark, ...] = ()
    matched: int = 0
    places: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, bytes] = field(default_factory=dict)
    """Graphs that a file says whole, their day of change included, as canonical N-Triples."""
