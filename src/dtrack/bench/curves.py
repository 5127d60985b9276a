"""Cost over size: the JSON of runs as lines, one a question, over the triples of the corpus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from dtrack.bench.questions import NAMES
from dtrack.errors import ParameterError
from dtrack.publish.figures import lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MEASURES: Final = ("p50", "p95", "max", "first")

Series = dict[str, list[tuple[float, float]]]
"""Name of a line → size and milliseconds of each of its points, smallest first."""


def read_runs(paths: Iterable[Path]) -> list[Mapping[str, Any]]:
    """Figures of all sizes in files that ``bench run --json`` wrote. Raises ParameterError."""
    found: list[Mapping[str, Any]] = []
    for path in paths:
        try:
            sizes = json.loads(path.read_text(encoding="utf-8"))["sizes"]
            found += [one for one in sizes if one["triples"] and one["answers"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ParameterError(
                f"{path} is not the report of a run.",
                remedy="Write it by `dtrack bench run --json`.",
            ) from error
    if not found:
        raise ParameterError("No run is given.", remedy="Name one or more files of JSON.")
    return found


def series(runs: Iterable[Mapping[str, Any]], who: str, measure: str) -> Series:
    """Milliseconds of each question over size, as one was asked; and of an edit where it is ours.

    A question that was not answered in time has no point. Raises ParameterError when
    nobody of the name was asked.
    """
    found: Series = {}
    for run in sorted(runs, key=lambda one: one["triples"]):
        times = run["answers"].get(who)
        if times is None:
            raise ParameterError(
                f"Nobody was asked as '{who}' at {run['size']}.",
                remedy=f"Use {', '.join(run['answers'])}.",
            )
        points = {name.replace("_", " "): times[name] for name in NAMES if name in times}
        if who in {"in process", "over HTTP"} and "right again" in run["edits"]:
            points["edit until right again"] = run["edits"]["right again"]
        for name, one in points.items():
            if not isinstance(one[measure], str):
                found.setdefault(name, []).append((run["triples"], max(0.01, one[measure])))
    return found


def plot(runs: Iterable[Mapping[str, Any]], who: str, measure: str, ending: str) -> bytes:
    """Picture (``svg`` or ``png``) of the cost over size. Raises ParameterError."""
    return lines(
        series(runs, who, measure),
        ("triples of the corpus", f"milliseconds, {measure}"),
        ending,
        title=f"Cost over size: {who}",
    )
