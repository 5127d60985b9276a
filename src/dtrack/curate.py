"""The story of what goes in: read, check, store, derive, switch over - or refuse whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack import overlap
from dtrack.errors import NotConformingError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dtrack.model import Progress, Record, Report, Source, Store


@dataclass(frozen=True, slots=True)
class Loading:
    """What a load brought in: records, triples as read, and the validation report."""

    records: int
    triples: int
    report: Report


def load(
    source: Source,
    queries: Path,
    *,
    validate: Callable[[Store, Sequence[Record]], Report],
    publish: Callable[[Callable[[Store], None]], object],
    progress: Progress,
) -> Loading:
    """Read a source, check it, and make it the current store with all that is derived.

    Nothing is switched over before everything is in place. Raises SyntaxProblem
    for a file that cannot be read and NotConformingError with the report when
    the shapes find a violation; the former store then stays as it was.
    """
    records = list(source.read(progress))
    triples = 0
    reports: list[Report] = []

    def build(store: Store) -> None:
        nonlocal triples
        triples = store.load(records, progress)
        progress("Checking against the shapes", 0, 1)
        report = validate(store, records)
        reports.append(report)
        if not report.conforms:
            raise NotConformingError(
                "The data does not conform to the shapes; nothing was loaded.",
                report,
                remedy="`dtrack validate` shows every finding with its file.",
            )
        overlap.refresh(store, queries, progress)

    publish(build)
    return Loading(len(records), triples, reports[0])
