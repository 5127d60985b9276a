"""Instruments, groups of them and frameworks that a text names, by their keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.lexicon import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SHORTEST = 3
_MARKS = re.compile(r"[《》“”\"\s]")


class Names:
    """Finder of names in one kind of language: words, or Chinese characters."""

    def __init__(self, names: Iterable[tuple[str, tuple[str, ...]]], *, wide: bool) -> None:
        """Finder of pairs of a name and the keys that it stands for."""
        self._wide = wide
        known: dict[str, tuple[str, ...]] = {}
        for name, keys in names:
            if _is_wide(name) == wide or (name.isascii() and name.isupper()):
                known.setdefault(self._plain(name), keys)
        self._known: Mapping[str, tuple[str, ...]] = {
            name: keys for name, keys in known.items() if len(name) >= _SHORTEST
        }
        longest = sorted(self._known, key=lambda name: (-len(name), name))
        # Between Chinese characters stands no edge of a word.
        choice = "|".join(
            re.escape(name) if _is_wide(name) else rf"(?<![a-z\d]){re.escape(name)}(?![a-z\d])"
            for name in longest
        )
        self._pattern = re.compile(choice or r"(?!)")

    def _plain(self, text: str) -> str:
        return _MARKS.sub("", text.lower()) if self._wide else fold(text)

    def find(self, text: str) -> tuple[str, ...]:
        """Keys in the order of the text, each once."""
        found = (self._known[match[0]] for match in self._pattern.finditer(self._plain(text)))
        return tuple(dict.fromkeys(key for keys in found for key in keys))


def _is_wide(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None
