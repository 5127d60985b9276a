"""Which directives a question is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dtrack.overlap.alignment import Alignments
    from dtrack.overlap.corpus import Corpus, Directive


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters of a question; None or empty = no filter.

    ``framework``: provisions that address one of its items, directly or by a
    mapping. ``theme`` and ``actor``: provisions with it or a narrower one.
    ``since`` and ``until``: years of adoption, inclusive. ``ended`` also takes
    provisions whose force has ended or whose work is done; ``informational``
    also those that only note.
    """

    instruments: tuple[str, ...] = ()
    framework: str | None = None
    theme: str | None = None
    actor: str | None = None
    since: int | None = None
    until: int | None = None
    ended: bool = False
    informational: bool = False


def _has(directive: Directive, dimension: str, value: str, corpus: Corpus) -> bool:
    return any(
        held == value or value in corpus.ancestors.get(held, ())
        for held in directive.values.get(dimension, ())
    )


def _serves_framework(
    directive: Directive, framework: str, corpus: Corpus, alignments: Alignments
) -> bool:
    def inside(value: str) -> bool:
        item = corpus.items.get(value)
        return item is not None and item.framework == framework

    return any(
        inside(value)
        or any(link.mappings and inside(link.target) for link in alignments.of(value).values())
        for value in directive.values.get("target", ())
    )


def _wanted(
    directive: Directive, selection: Selection, corpus: Corpus, alignments: Alignments
) -> bool:
    s = selection
    return (
        (not s.instruments or directive.instrument in s.instruments)
        and (s.ended or directive.active)
        and (s.informational or directive.operational)
        and (s.since is None or directive.start >= s.since)
        and (s.until is None or directive.start <= s.until)
        and (s.theme is None or _has(directive, "theme", s.theme, corpus))
        and (s.actor is None or _has(directive, "actor", s.actor, corpus))
        and (s.framework is None or _serves_framework(directive, s.framework, corpus, alignments))
    )


def select(selection: Selection, corpus: Corpus, alignments: Alignments) -> NDArray[np.bool_]:
    """For each directive of the corpus, whether the question is about it."""
    return np.array(
        [_wanted(directive, selection, corpus, alignments) for directive in corpus.directives],
        dtype=np.bool_,
    )
