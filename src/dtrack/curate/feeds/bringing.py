"""From a harvest to a revision: what is the same stays, the rest goes through the gate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from dtrack.curate.checking import check
from dtrack.curate.loading import Loading, bring
from dtrack.errors import NotConformingError, SyntaxProblem
from dtrack.model import Edit, Record, no_progress
from dtrack.sources.ntriples import iri, literal
from dtrack.stores.parsing import parse_turtle
from dtrack.terms import DCTERMS, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dtrack.curate.feeds.origin import Origin
    from dtrack.curate.writing import Curator
    from dtrack.model import Progress
    from dtrack.sources.harvest import Harvest

_CHANGED: Final = f" <{DCTERMS}modified> ".encode()
"""Days and moments of change say nothing about what is said; sources set them at will."""


@dataclass(frozen=True, slots=True)
class Import:
    """What an import found and did.

    ``new``, ``changed`` and ``same`` count graphs of the source; ``gone`` are
    those that it has no more, withdrawn only where the import was complete.
    """

    harvest: Harvest
    new: int
    changed: int
    same: int
    gone: tuple[str, ...]
    loading: Loading | None = None


def bring_harvest(
    curator: Curator,
    harvest: Harvest,
    origin: Origin,
    edit: Edit,
    *,
    complete: bool = False,
    overwrite: bool = False,
    dry_run: bool = False,
    day: str = "",
    progress: Progress = no_progress,
) -> Import:
    """Make a harvest a revision, or with ``dry_run`` say what would become of it.

    Raises NotConformingError with the report, SyntaxProblem when nothing was read.
    """
    if not harvest.graphs and not harvest.records:
        raise SyntaxProblem(
            "Nothing in it can be imported.",
            remedy="The remarks say why; `--json` or `--report` shows all of them.",
        )
    graphs = stamped(curator, harvest, origin, edit.source, day)
    brought = curator.journal.brought(edit.source)
    held = _contents(curator, graphs)
    new = sum(name not in held for name in graphs)
    same = sum(content == held.get(name) for name, content in graphs.items())
    gone = [name for name, digest in brought.items() if digest]
    result = Import(
        harvest,
        new,
        len(graphs) - new - same,
        same,
        tuple(sorted(set(gone) - set(graphs))),
    )
    if dry_run:
        _check(curator, {n: c for n, c in graphs.items() if c != held.get(n)})
        return result
    records = [Record(n, c, harvest.places.get(n, edit.source)) for n, c in graphs.items()]
    loading = bring(
        curator, records, edit, complete=complete, overwrite=overwrite, progress=progress
    )
    return replace(result, loading=loading)


def stamped(
    curator: Curator, harvest: Harvest, origin: Origin, source: str, day: str
) -> dict[str, bytes]:
    """Graphs of a harvest as canonical N-Triples, the source's own among them.

    What says the same as here, or as the source last said, keeps its day of change.
    Raises SyntaxProblem for a graph that cannot be stored.
    """
    wanted = _described(harvest, origin)
    known = _known(curator, wanted, source)
    made = {name: _stamped(name, lines, known[name], day) for name, lines in wanted.items()}
    return made | dict(harvest.records)


def stamped_singly(
    curator: Curator, harvest: Harvest, origin: Origin, source: str, day: str
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Graphs as stamped() gives them, each to be made on its own: one may raise SyntaxProblem."""
    wanted = _described(harvest, origin)
    known = _known(curator, wanted, source)
    for name, lines in wanted.items():
        yield name, partial(_stamped, name, lines, known[name], day)
    for name, content in harvest.records.items():
        yield name, partial(bytes, content)


def _described(harvest: Harvest, origin: Origin) -> dict[str, tuple[str, ...]]:
    """Graphs of a harvest with that of its source; none where there are none."""
    graph, lines = origin.described()
    return {graph: lines, **harvest.graphs} if harvest.graphs else {}


def _known(
    curator: Curator, wanted: Mapping[str, object], source: str
) -> dict[str, tuple[bytes | None, ...]]:
    """Of each graph, what it holds and what the source said of it last."""
    held = _contents(curator, wanted)
    former = _brought(curator, curator.journal.brought(source), wanted)
    return {name: (held.get(name), former.get(name)) for name in wanted}


def _contents(curator: Curator, graphs: Mapping[str, object]) -> dict[str, bytes]:
    """What graphs hold now."""
    heads = curator.journal.heads(list(graphs))
    held = dict(curator.journal.contents({head.digest for head in heads.values()}))
    return {graph: held[head.digest] for graph, head in heads.items()}


def _brought(
    curator: Curator, digests: Mapping[str, str | None], graphs: Mapping[str, object]
) -> dict[str, bytes]:
    """What the source brought last for graphs, edited here since or not."""
    wanted = {graph: digest for graph, digest in digests.items() if digest and graph in graphs}
    contents = dict(curator.journal.contents(set(wanted.values())))
    return {graph: contents[digest] for graph, digest in wanted.items()}


def _stamped(
    graph: str, lines: tuple[str, ...], known: tuple[bytes | None, ...], day: str
) -> bytes:
    """Content of a graph: as it is known where that says the same, else with the day of change."""
    text = "".join(f"{line} .\n" for line in lines)
    made = parse_turtle(text.encode(), place=graph)
    for content in known:
        if content is not None and _said(made) == _said(content):
            return content
    date = literal(day, datatype=f"{XSD}date")
    return parse_turtle(f"{text}{iri(graph)} <{DCTERMS}modified> {date} .\n".encode(), place=graph)


def _said(content: bytes) -> list[bytes]:
    return [line for line in content.splitlines() if _CHANGED not in line]


def _check(curator: Curator, changes: Mapping[str, bytes]) -> None:
    if changes:
        report = check(curator, dict(changes))
        if not report.conforms:
            raise NotConformingError(
                "The import would not conform to the shapes; nothing was stored.",
                report,
                remedy="Mend what the report names.",
            )
