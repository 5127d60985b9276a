"""Statuses as sources publish them, asserted only where they do not contradict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dtrack.curate.feeds.origin import UNREVIEWED, A
from dtrack.sources.ntriples import iri, literal
from dtrack.terms import DCTERMS, DT

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDED: Final = frozenset({"superseded", "repealed", "retired", "elapsed"})
_HOLDS: Final = frozenset({"in-force", "amended"})
_UNDONE: Final = frozenset({"not-started", "in-progress", "stagnant"})


def contradict(first: str, second: str) -> bool:
    """Whether two values of one axis, as IRIs, cannot hold at one time."""
    a, b = sorted((first.rsplit("/", 1)[-1], second.rsplit("/", 1)[-1]))
    for one, other in ((_ENDED, _HOLDS), (_UNDONE, frozenset({"implemented"}))):
        if (a in one and b in other) or (b in one and a in other):
            return True
    return False


def status_lines(
    node: str, thing: str, meaning: tuple[str, str, str], author: str, page: str
) -> Iterator[str]:
    """Lines of a published status; ``meaning`` is its word, axis and value."""
    about, (word, axis, value) = iri(node), meaning
    yield f"{about} {A} <{DT}StatusAssertion>"
    yield f"{about} {A} <{DT}PublishedStatus>"
    yield f"{about} <{DT}statusOf> {iri(thing)}"
    yield f"{about} <{DT}statusAxis> {iri(axis)}"
    yield f"{about} <{DT}statusValue> {iri(value)}"
    yield f"{about} <{DT}publishedStatus> {iri(word)}"
    yield f"{about} <{DT}assertedBy> {literal(author)}"
    yield f"{about} <{DT}reviewState> {UNREVIEWED}"
    if page:
        yield f"{about} <{DCTERMS}source> {iri(page)}"
