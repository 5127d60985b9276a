"""The way in: journal, gate, derivation, and the home they write to."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dtrack.curate.loading import load
from dtrack.curate.past import materialise
from dtrack.curate.rules import Rules
from dtrack.curate.writing import Curator
from dtrack.journal import Journal
from dtrack.model import Edit
from dtrack.sources import read_folder
from dtrack.stores.parsing import parse_turtle
from dtrack.wiring.corpus import BUNDLED, bundled_corpus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from dtrack.curate.loading import Loading
    from dtrack.curate.rules import Basis, Derived
    from dtrack.hearing import Hearing
    from dtrack.model import Changed, Progress, Record, Report, Store
    from dtrack.settings import Settings


def journal_url(settings: Settings) -> str:
    """URL of the journal's database: as it is set, else a file in the home."""
    return settings.journal_url or f"sqlite:///{settings.home.absolute() / 'journal.sqlite'}"


def open_journal(settings: Settings, *, begun: bool = False) -> Journal:
    """Journal of a home; with ``begun`` none is made where there is none.

    Raises JournalError, SettingError, MissingExtraError, NoStoreError.
    """
    return Journal.open(journal_url(settings), begun=begun)


def read_records(paths: Sequence[Path], progress: Progress) -> list[Record]:
    """Records of files and folders: Turtle, and mappings as SSSOM. Raises SyntaxProblem."""
    return [record for path in paths for record in read_folder(path, parse_turtle, progress)]


def _audit(store: Store, places: Mapping[str, str], progress: Progress) -> Report:
    from dtrack.validation.compiled import validate_store
    from dtrack.validation.shapes import bundled_shapes

    return validate_store(store, bundled_shapes(), places=places, progress=progress)


def _gate(store: Store, changed: Changed, passed: Collection[str]) -> Report:
    from dtrack.validation.gate import gate
    from dtrack.validation.shapes import bundled_shapes

    return gate(store, bundled_shapes(), changed, passed)


def _derive(basis: Basis, progress: Progress) -> Derived | None:
    from dtrack.wiring.deriving import derive

    return derive(basis, progress)


def _shapes_version() -> str:
    from dtrack.validation.shapes import bundled_shapes, shapes_version

    return shapes_version(bundled_shapes())


def _heard(triples: int) -> Hearing:
    from dtrack.wiring.deriving import heard

    return heard(triples)


_RULES: Final = Rules(_audit, _gate, _derive, _shapes_version, _heard)
"""Checks and derivation, each imported when a change comes: who tells of changes needs neither."""


@contextmanager
def open_curator(settings: Settings, *, begun: bool = False) -> Iterator[Curator]:
    """Curator of a home and its journal; with ``begun`` as open_journal() has it."""
    with open_journal(settings, begun=begun) as journal:
        curator = Curator(settings.home, journal, _RULES, settings.base_iri)
        try:
            yield curator
        finally:
            curator.ahead.close()


def past_settings(settings: Settings, text: str, progress: Progress) -> Settings:
    """Settings whose home is the store as it was after a revision, or on a day.

    ``text`` is a revision's number, ``-1`` for the one before the last, or a day.
    Raises NotFoundError, and NoStoreError before the first load.
    """
    with open_curator(settings, begun=True) as curator:
        number = curator.journal.resolve(text)
        return replace(settings, home=materialise(curator, number, progress))


def load_corpus(
    settings: Settings,
    data: Path | None,
    progress: Progress,
    *,
    agent: str = "dtrack init",
    overwrite: bool = False,
) -> Loading:
    """Load a data folder, by default the bundled one, as a source, and build the store anew.

    Raises SyntaxProblem, NotConformingError, StoreLockedError; then store and
    journal stay as they were.
    """
    edit = Edit(
        {},
        agent=agent,
        reason=f"Load {'the bundled corpus' if data is None else data.name}",
        source=BUNDLED if data is None else f"folder {data.name}",
        door="import",
    )
    with open_curator(settings) as curator:
        return load(
            curator,
            bundled_corpus(data).read(progress),
            edit,
            complete=True,
            overwrite=overwrite,
            progress=progress,
        )
