"""Many texts in two arrays: compact, mappable, cut and joined without touching each one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Strings:
    """Texts as UTF-8, end to end; ``ends[i]`` is where text ``i`` ends."""

    data: NDArray[np.uint8]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[bytes]) -> Strings:
        """Texts in the order given."""
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        return cls(np.frombuffer(b"".join(texts), dtype=np.uint8), np.cumsum(lengths))

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.ends)

    def raw(self, place: int) -> bytes:
        """UTF-8 of one text."""
        start = int(self.ends[place - 1]) if place else 0
        return self.data[start : int(self.ends[place])].tobytes()

    def __getitem__(self, place: int) -> str:
        """Give one text."""
        return self.raw(place).decode()

    def __iter__(self) -> Iterator[str]:
        """Give all texts."""
        return (self[place] for place in range(len(self)))


def joined(pieces: Sequence[tuple[Strings, int, int]]) -> Strings:
    """Texts of runs ``(strings, start, stop)``, one after the other."""
    data, ends, total = [], [], 0
    for strings, start, stop in pieces:
        if stop <= start:
            continue
        first = int(strings.ends[start - 1]) if start else 0
        last = int(strings.ends[stop - 1])
        data.append(strings.data[first:last])
        ends.append(strings.ends[start:stop] + (total - first))
        total += last - first
    if not data:
        return Strings.of([])
    return Strings(np.concatenate(data), np.concatenate(ends))
