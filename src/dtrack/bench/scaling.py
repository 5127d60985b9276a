"""Arithmetic from measured sizes to larger ones: lines and powers through the two largest.

Nothing is guessed: a figure with one size, or none that was answered in time,
is not carried on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

TARGETS: Final = (100_000_000, 1_000_000_000)

GROUPS: Final = ("loading", "memory", "disk", "answers", "edits")

_RATIOS: Final = ("rebuild / bare",)
"""Figures that are no amount of anything."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One figure at its measured sizes, the rule it is carried on by, and what that gives.

    ``group`` is where it stands in the JSON: one of GROUPS.
    """

    group: str
    what: str
    unit: str
    measured: tuple[tuple[int, float], ...]
    rule: str
    there: tuple[float | None, ...]


def carried(sizes: Iterable[Mapping[str, Any]], targets: Sequence[int] = TARGETS) -> list[Carried]:
    """Figures of the JSON of ``dtrack bench run``, carried on to numbers of triples.

    Loading, memory and disk grow as a line; answers and edits as a power of the
    number of triples.
    """
    ordered = sorted(sizes, key=lambda one: int(one["triples"]))
    found = []
    for group, unit in (("loading", "s"), ("memory", "MiB"), ("disk", "MiB")):
        found += [
            _carry(group, what, unit, _points(ordered, group, what), targets, _line)
            for what in _names(ordered, group)
        ]
    for who in _names(ordered, "answers"):
        for what in _names(ordered, "answers", who):
            points = _points(ordered, "answers", who, what, "p50")
            told = f"{what.replace('_', ' ')}, {who}"
            found.append(_carry("answers", told, "ms", points, targets, _power))
    for what in _names(ordered, "edits"):
        points = _points(ordered, "edits", what, "p50")
        found.append(_carry("edits", f"an edit: {what}", "ms", points, targets, _power))
    return found


def table(found: Sequence[Carried], targets: Sequence[int] = TARGETS) -> str:
    """Markdown: a line a figure, with what was measured, the rule, and what it gives."""
    heads = " | ".join(f"at {_count(target)}" for target in targets)
    lines = [f"| figure | measured | rule | {heads} |", "| --- " * (3 + len(targets)) + "|"]
    for one in found:
        measured = ", ".join(f"{_amount(y, one.unit)} at {_count(n)}" for n, y in one.measured)
        there = " | ".join("" if y is None else _amount(y, one.unit) for y in one.there)
        lines.append(f"| {one.what} | {measured} | {one.rule} | {there} |")
    return "\n".join(lines) + "\n"


def _at(one: Mapping[str, Any], path: Sequence[str]) -> Any:
    place: Any = one
    for step in path:
        place = place.get(step, {})
    return place


def _names(sizes: Iterable[Mapping[str, Any]], *path: str) -> list[str]:
    names = dict.fromkeys(name for one in sizes for name in _at(one, path))
    return [name for name in names if name not in _RATIOS]


def _points(sizes: Iterable[Mapping[str, Any]], *path: str) -> list[tuple[int, float]]:
    pairs = ((int(one["triples"]), _at(one, path)) for one in sizes)
    # What was not answered in time is a text.
    return [(n, float(y)) for n, y in pairs if isinstance(y, int | float)]


def _carry(
    group: str,
    what: str,
    unit: str,
    points: list[tuple[int, float]],
    targets: Sequence[int],
    rule: Callable[..., tuple[str, Callable[[int], float]]],
) -> Carried:
    if len(points) < 2:
        return Carried(
            group, what, unit, tuple(points), "one size: not known", (None,) * len(targets)
        )
    told, at = rule(*points[-2:])
    return Carried(group, what, unit, tuple(points), told, tuple(at(target) for target in targets))


def _line(first: tuple[int, float], last: tuple[int, float]) -> tuple[str, Callable[[int], float]]:
    slope = (last[1] - first[1]) / (last[0] - first[0])
    start = last[1] - slope * last[0]
    return f"{_short(start)} + {_short(1e6 * slope)} a million", lambda n: start + slope * n


def _power(first: tuple[int, float], last: tuple[int, float]) -> tuple[str, Callable[[int], float]]:
    if min(first[1], last[1]) <= 0:
        return "too short to tell", lambda _: last[1]
    exponent = math.log(last[1] / first[1]) / math.log(last[0] / first[0])
    return f"triples ^ {exponent:.2f}", lambda n: last[1] * float((n / last[0]) ** exponent)


def _count(triples: int) -> str:
    for size, name in ((1_000_000_000, "G"), (1_000_000, "M")):
        if triples >= size:
            return f"{triples / size:.3g} {name}"
    return f"{triples:,}"


def _amount(value: float, unit: str) -> str:
    """Three digits, in the unit that people would say it in."""
    for limit, factor, larger in _LARGER.get(unit, ()):
        if abs(value) >= limit:
            return f"{value / factor:.3g} {larger}"
    return f"{_short(value)} {unit}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


_LARGER: Final[Mapping[str, tuple[tuple[float, float, str], ...]]] = {
    "s": ((7200, 3600, "h"), (300, 60, "min")),
    "ms": ((1000, 1000, "s"),),
    "MiB": ((1 << 20, 1 << 20, "TiB"), (4096, 1024, "GiB")),
}
