"""Weights of dimensions and alignments: read from one file, overridable per request."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from dtrack.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

DIMENSIONS = ("target", "theme", "actor", "verb", "period")
SUBJECT_DIMENSIONS = ("target", "theme")
"""Two provisions overlap only where they share something on one of these."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weight per dimension (any non-negative scale) and per kind of alignment (0 to 1)."""

    dimensions: Mapping[str, float]
    alignments: Mapping[str, float]

    def override(self, dimensions: Mapping[str, float]) -> Weights:
        """These weights with some dimensions changed for one request.

        Raises ParameterError for an unknown dimension, a negative weight, or
        when neither target nor theme keeps a weight.
        """
        for name, weight in dimensions.items():
            if name not in DIMENSIONS:
                raise ParameterError(
                    f"There is no dimension '{name}'.", remedy=f"Use {', '.join(DIMENSIONS)}."
                )
            if not 0 <= weight < float("inf"):
                raise ParameterError(f"The weight of '{name}' must be 0 or more, not {weight}.")
        merged = {**self.dimensions, **dimensions}
        if not any(merged[name] for name in SUBJECT_DIMENSIONS):
            raise ParameterError(
                "Overlap needs a subject.", remedy="Give target or theme a weight above 0."
            )
        return replace(self, dimensions=merged)


@lru_cache(maxsize=1)
def default_weights() -> Weights:
    """The weights of ``weights.toml``."""
    table = tomllib.loads((files(__package__) / "weights.toml").read_text(encoding="utf-8"))
    return Weights(dimensions=table["dimensions"], alignments=table["alignments"])
