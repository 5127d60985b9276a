"""Which reader takes what: the kinds that `dtrack import` knows, one line each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dtrack.curate import papers
from dtrack.curate.adding import place_of
from dtrack.curate.checking import check
from dtrack.curate.feeds import (
    Held,
    Import,
    Origin,
    bring_harvest,
    cbd,
    harvest_informea,
    mapping_files,
    memberships,
    skos,
    targets,
    treaty_terms,
)
from dtrack.curate.proposing import SOURCE
from dtrack.curate.sheets import code_lists, graphs_of_sheets
from dtrack.errors import InputError, NotConformingError
from dtrack.model import Edit, Receipt, no_progress
from dtrack.sources import cbd_tree, informea
from dtrack.sources.fetching import Fetcher
from dtrack.sources.informea.service import read_service
from dtrack.sources.spreadsheet import read_sheets
from dtrack.wiring.reading import open_answers
from dtrack.wiring.writing import open_curator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from dtrack.model import Progress
    from dtrack.settings import Settings
    from dtrack.sources.harvest import Harvest

_MOST_BYTES: Final = 256 << 20


@dataclass(frozen=True, slots=True)
class Given:
    """What an import is given: files and addresses, and how to fetch these."""

    names: tuple[str, ...]
    fetcher: Fetcher
    since: str = ""
    progress: Progress = no_progress

    @property
    def addresses(self) -> tuple[str, ...]:
        """Those that are fetched."""
        return tuple(n for n in self.names if n.startswith(("http://", "https://")))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each file; folders give all their files."""
        for name in self.names:
            if name in self.addresses:
                continue
            path = Path(name)
            found = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
            for one in found:
                yield one.name, _bytes(one)

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each file and address."""
        yield from self.files()
        for address in self.addresses:
            yield address.split("?", 1)[0], self.fetcher.get(self.fetcher.name(address)).body


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: what it is, who reads it."""

    help: str
    reader: str
    harvest: Callable[[Given, Held, Origin], Harvest]
    is_feed: bool = False
    """Whether it knows what is new since a day."""


def _informea(given: Given, held: Held, origin: Origin) -> Harvest:
    def pages() -> Iterator[tuple[informea.Page, str]]:
        for name, data in given.files():
            yield informea.read_page(data, name), name
        for address in given.addresses:
            yield from read_service(given.fetcher, address, given.since, given.progress)

    return harvest_informea(pages(), held, origin, since=given.since)


def _of_files(
    harvest: Callable[[Iterable[tuple[str, bytes]], Held, Origin], Harvest],
) -> Callable[[Given, Held, Origin], Harvest]:
    """Reader of whole files, from disk or fetched."""
    return lambda given, held, origin: harvest(given.contents(), held, origin)


KINDS: Final[Mapping[str, Kind]] = {
    "informea": Kind(
        "Rows of InforMEA feeds: OData 1 to 4, newer JSON.", informea.VERSION, _informea, True
    ),
    "cbd-tree": Kind(
        "Decision trees of the CBD decision-tracking tool: JSON.",
        cbd_tree.VERSION,
        _of_files(cbd.harvest_trees),
    ),
    "memberships": Kind(
        "Who is a Party to what, and since when: CSV.",
        memberships.VERSION,
        _of_files(memberships.harvest_memberships),
    ),
    "mappings": Kind(
        "Mapping sets: SSSOM TSV, ours and anybody's.",
        mapping_files.VERSION,
        _of_files(mapping_files.harvest_mappings),
    ),
    "skos": Kind(
        "Vocabularies in SKOS (Turtle, RDF/XML, JSON-LD), with their matches.",
        skos.VERSION,
        _of_files(skos.harvest_skos),
    ),
    "targets": Kind(
        "Official wordings: SDG vocabularies (Turtle), Aichi and GBF targets (JSON of the CBD).",
        targets.VERSION,
        _of_files(targets.harvest_targets),
    ),
    "treaty-terms": Kind(
        "Terms of treaties by ECOLEX number: CSV without a header.",
        treaty_terms.VERSION,
        _of_files(treaty_terms.harvest_terms),
    ),
    "target-pairs": Kind(
        "Pairs of targets that public pages show: lines of JSON.",
        mapping_files.VERSION,
        _of_files(mapping_files.harvest_pairs),
    ),
    "paper": Kind(
        "Options papers, consensus documents, statements, position papers.",
        papers.VERSION,
        _of_files(papers.harvest_papers),
    ),
}


@dataclass(frozen=True, slots=True)
class Options:
    """How an import is done."""

    agent: str
    source: str = ""
    reason: str = ""
    since: str = ""
    complete: bool = False
    overwrite: bool = False
    dry_run: bool = False
    allow_private: bool = False
    fetcher: Fetcher | None = field(default=None, repr=False)


def import_source(
    settings: Settings,
    kind: str,
    names: Sequence[str],
    options: Options,
    progress: Progress = no_progress,
) -> Import:
    """Import files and addresses of a kind as one source, in one revision.

    Raises InputError, SyntaxProblem, FetchError, RefusedError for what cannot be
    read, NotConformingError with the report; then nothing is changed.
    """
    reader = KINDS[kind]
    source = options.source or _source(kind, names)
    fetcher = options.fetcher or Fetcher(
        settings.home / "fetched", allow_private=options.allow_private
    )
    given = Given(tuple(names), fetcher, options.since, progress)
    try:
        with open_curator(settings, begun=True) as curator:
            curator.recover()
            origin = Origin(source, curator.base, reader.reader)
            with open_answers(settings) as answers:
                harvest = reader.harvest(given, Held(answers.names, answers.store), origin)
            reason = options.reason or f"Import {kind}: {source}"
            return bring_harvest(
                curator,
                harvest,
                origin,
                Edit({}, options.agent, reason, source, "import"),
                complete=options.complete,
                overwrite=options.overwrite,
                dry_run=options.dry_run,
                day=datetime.now(UTC).date().isoformat(),
                progress=progress,
            )
    finally:
        fetcher.close()


def import_sheets(settings: Settings, names: Sequence[str], options: Options) -> Receipt:
    """Make the rows of spreadsheets after our templates a revision at once.

    What rows say joins the records that they are about, so it belongs to the
    desk and not to a source of its own. Raises SheetProblem with the cell of
    each fault, NotConformingError with the report.
    """
    with open_curator(settings, begun=True) as curator, open_answers(settings) as answers:
        fetcher = options.fetcher or Fetcher(allow_private=options.allow_private)
        try:
            codes = code_lists()
            given = Given(tuple(names), fetcher)
            read = [s for name, data in given.contents() for s in read_sheets(data, name, codes)]
        finally:
            fetcher.close()
        place = place_of(curator, answers.names, answers.store)
        graphs: dict[str, bytes | None] = {**graphs_of_sheets(read, place, again=True)}
        if not graphs:
            return Receipt(None, (), None)
        if options.dry_run:
            report = check(curator, graphs)
            if not report.conforms:
                raise NotConformingError("The rows do not conform to the shapes.", report)
            return Receipt(None, tuple(sorted(graphs)), report)
        reason = options.reason or f"Import {', '.join(Path(name).name for name in names)}"
        return curator.write(Edit(graphs, options.agent, reason, SOURCE, "import"))


def _source(kind: str, names: Sequence[str]) -> str:
    """Name of a source that has been given none."""
    first = names[0].split("?", 1)[0].rstrip("/")
    if "://" in first:
        return f"{kind} {first.split('://', 1)[1]}"
    return f"{kind} {Path(first).name}"


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(
                f"'{path.name}' is larger than {_MOST_BYTES >> 20} MB.",
                remedy="Split it into several files.",
            )
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"'{path}' cannot be read: {error.strerror}.", remedy="Check its name and owner."
        ) from error
