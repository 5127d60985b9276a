"""From "all these contradict each other" to as few as can be found quickly."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


def smallest_contradiction(
    items: Sequence[T], contradicts: Callable[[Sequence[T]], bool]
) -> list[T]:
    """A small part of ``items`` that still contradicts itself; nothing can be left out of it.

    ``items`` together must contradict. Each half is dropped where the rest
    still contradicts, then each quarter, and so on (delta debugging), so one
    guilty item among n costs about 2 log n calls.
    """
    kept = list(items)
    size = max(1, len(kept) // 2)
    while len(kept) > 1:
        rest = _without_one_part(kept, size, contradicts)
        if rest is not None:
            kept = rest
            size = max(1, min(size, len(kept) // 2))
        elif size == 1:
            break
        else:
            size = max(1, size // 2)
    return kept


def _without_one_part(
    items: list[T], size: int, contradicts: Callable[[Sequence[T]], bool]
) -> list[T] | None:
    for start in range(0, len(items), size):
        rest = items[:start] + items[start + size :]
        if rest and contradicts(rest):
            return rest
    return None
