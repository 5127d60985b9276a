"""Conflicts of a proposal in words: what was there, what it says now, what the proposal says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.web.differing import Change, read_lines, words_about

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dtrack.curate.merging import Choice, Conflict
    from dtrack.web.differing import Words
    from dtrack.wiring.serving import Service

PREFIX: Final = "choice-"
"""Start of the names of the fields that choose; the name of the conflict follows."""
_SIDES: Final[Mapping[str, Choice]] = {"ours": "ours", "theirs": "theirs"}
_MOST: Final = 12
"""Properties of a side that are shown; the number of all is told."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says: its properties, and how many triples that are; 0 = nothing is left."""

    changes: list[Change]
    size: int


@dataclass(frozen=True, slots=True)
class Disputed:
    """A conflict: about which thing and property, in which language, and who says what.

    ``property`` is "" where all about the thing is disputed, ``thing`` is the
    record where that is whole; ``chosen`` is what somebody has chosen already.
    """

    name: str
    thing: str
    property: str
    language: str
    base: Side
    ours: Side
    theirs: Side
    chosen: str


def disputed(
    service: Service,
    conflicts: Sequence[Conflict],
    language: str,
    chosen: Mapping[str, Choice] | None = None,
) -> list[Disputed]:
    """Conflicts in the words of a language, in their order."""
    said = [text for one in conflicts for side in (one.base, one.ours, one.theirs) for text in side]
    words = words_about(service, read_lines(said, comes=True), language)
    return [
        Disputed(
            one.name,
            words.name((one.subject or one.graph).strip("<>")),
            words.codes.of(one.predicate.strip("<>")) if one.predicate else "",
            one.language,
            _side(words, one.base),
            _side(words, one.ours),
            _side(words, one.theirs),
            (chosen or {}).get(one.name, ""),
        )
        for one in conflicts
    ]


def choices_in(fields: Iterable[tuple[str, str]]) -> dict[str, Choice]:
    """What the fields of a form choose, by the name of the conflict."""
    found: dict[str, Choice] = {}
    for name, value in fields:
        if name.startswith(PREFIX) and value in _SIDES:
            found[name.removeprefix(PREFIX)] = _SIDES[value]
    return found


def _side(words: Words, said: Sequence[str]) -> Side:
    lines = read_lines(said, comes=True)
    changes: dict[tuple[str, str, str], Change] = {}
    for line in sorted(lines, key=words.order):
        key = (line.subject, line.predicate, line.language)
        label = words.codes.of(line.predicate)
        change = changes.setdefault(key, Change(label, line.language))
        change.added.append(words.value(line))
    return Side(list(changes.values())[:_MOST], len(lines))
