"""Where labels stand in a text: of those that share words, the longest."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from dtrack.extraction.tagging.words import BREAK, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Label(NamedTuple):
    """Words that name a theme; ``theme`` is "" for a name that only shields the words in it.

    ``rank``: 0 preferred, 1 alternative, 2 hidden, 3 half of one that names two
    things. ``clean`` is the share of its uses in which readers took it for the
    theme (``reliability.py``).
    """

    theme: str
    text: str
    rank: int
    clean: float


class Hit(NamedTuple):
    """A label and where it stands."""

    label: Label
    start: int
    end: int


class Patterns:
    """Labels of one language by their first unit, longest first."""

    def __init__(self, labels: Iterable[Label], language: str) -> None:
        self._language = language
        found: dict[str, dict[tuple[str, ...], Label]] = defaultdict(dict)
        for label in labels:
            forms = tuple(unit.form for unit in units(label.text, language) if unit.form != BREAK)
            if not forms:
                continue
            present = found[forms[0]].get(forms)
            # A theme before a shield of the same words, its preferred label before others.
            if present is None or _order(label) < _order(present):
                found[forms[0]][forms] = label
        self._by_first = {
            first: sorted(rest.items(), key=lambda item: -len(item[0]))
            for first, rest in found.items()
        }

    def hits(self, text: str) -> Iterator[Hit]:
        """Labels in a text, without those that stand inside a longer one."""
        given = units(text, self._language)
        forms = [unit.form for unit in given]
        reach = 0
        for place, form in enumerate(forms):
            for pattern, label in self._by_first.get(form, ()):
                end = place + len(pattern)
                if end > reach and tuple(forms[place:end]) == pattern:
                    reach = end
                    if label.theme:
                        yield Hit(label, given[place].start, given[end - 1].end)
                    break


def _order(label: Label) -> tuple[bool, int]:
    return not label.theme, label.rank
