"""From documents to a revision or a proposal: what says the same as before stays as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.curate.assertions import source_lines
from dtrack.curate.checking import check
from dtrack.curate.loading import Loading, bring
from dtrack.curate.proposing import Proposing
from dtrack.curate.texts.planning import Desk, plan_texts
from dtrack.errors import InputError, NotConformingError
from dtrack.extraction.statements import Origin, tells_reading
from dtrack.model import Edit, Record, no_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dtrack.curate.acts import Agent
    from dtrack.curate.texts.reading import Document
    from dtrack.curate.texts.report import Report
    from dtrack.curate.writing import Curator
    from dtrack.extraction.lexicon import Lexicon
    from dtrack.model import Progress, Tagger

_TAGGED: Final = re.compile(
    rb"^<[^>]*/id/tagging/|^<[^>]*> <[^>]*#(?:addressesTheme|addressesTarget)> "
)


@dataclass(frozen=True, slots=True)
class TextImport:
    """What an import found and did; ``proposal`` is its number where it made one."""

    report: Report
    new: int
    changed: int
    same: int
    loading: Loading | None = None
    proposal: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """How documents are to enter.

    ``as_proposal`` makes a proposal of them instead of a revision; ``day`` is
    the day of reading.
    """

    source: str
    agent: Agent
    day: str
    reason: str = ""
    as_proposal: bool = False
    complete: bool = False
    overwrite: bool = False
    dry_run: bool = False


def bring_texts(
    curator: Curator,
    documents: Sequence[Document],
    wish: Wish,
    lexicon: Lexicon,
    graph_of: Callable[[str], str | None],
    tagger: Tagger | None,
    tags: frozenset[str],
    progress: Progress = no_progress,
) -> TextImport:
    """Bring the texts of documents in, as records or as a proposal, or say what would come.

    Raises NotConformingError with the report; then nothing is stored.
    """
    journal = curator.journal
    slug = re.sub(r"[^a-z0-9]+", "-", wish.source.lower()).strip("-")
    if not slug:
        raise InputError(
            f"'{wish.source}' cannot name a source.", remedy="Use letters of the Latin alphabet."
        )
    source = f"{curator.base}/id/source/{slug}"
    ours = frozenset({*journal.brought(wish.source), *journal.heads_of_source(wish.source)})
    held = _Held(curator)
    desk = Desk(lexicon, graph_of, held.content, ours, tagger, tags)
    origin = Origin(source, "", wish.day, curator.base)
    plan = plan_texts(documents, origin, desk, progress)
    graph = f"{curator.base}/graph/source/{slug}"
    told = "".join(f"{line} .\n" for line in sorted(set(
        source_lines(graph, source, wish.source, wish.day)
    )))  # fmt: skip
    records = [Record(graph, told.encode(), wish.source), *plan.records] if plan.records else []
    contents = held.all([each.graph for each in records])
    records = [_as_held(each, contents.get(each.graph)) for each in records]
    changed = {e.graph: e.ntriples for e in records if e.ntriples != contents.get(e.graph)}
    new = sum(name not in contents for name in changed)
    result = TextImport(plan.report, new, len(changed) - new, len(records) - len(changed))
    if wish.dry_run:
        _check(curator, changed)
        return result
    return _enter(curator, records, changed, wish, result, progress)


def _enter(
    curator: Curator,
    records: list[Record],
    changed: Mapping[str, bytes],
    wish: Wish,
    result: TextImport,
    progress: Progress,
) -> TextImport:
    counts = (result.report, result.new, result.changed, result.same)
    reason = wish.reason or f"Import decision texts of {wish.source}"
    if wish.as_proposal:
        if not changed:
            return result
        draft = Proposing(curator).propose(wish.agent, reason, changed, source=wish.source)
        return TextImport(*counts, proposal=draft.proposal.number)
    edit = Edit({}, wish.agent.name, reason, wish.source, "import")
    loading = bring(
        curator,
        records,
        edit,
        complete=wish.complete,
        overwrite=wish.overwrite,
        progress=progress,
    )
    return TextImport(*counts, loading=loading)


class _Held:
    """What graphs hold now."""

    def __init__(self, curator: Curator) -> None:
        self._journal = curator.journal

    def all(self, graphs: Sequence[str]) -> dict[str, bytes]:
        heads = self._journal.heads(graphs)
        found = dict(self._journal.contents({head.digest for head in heads.values()}))
        return {graph: found[head.digest] for graph, head in heads.items()}

    def content(self, graph: str) -> bytes | None:
        return self.all([graph]).get(graph)


def _as_held(record: Record, held: bytes | None) -> Record:
    """A record as it is held, where it says the same.

    Day, place and version of reading are those of the reading that first said
    so; what became of candidates, and which came since, is no concern of the source.
    """
    if held is None or _said(record.ntriples) != _said(held):
        return record
    return Record(record.graph, held, record.place)


def _said(content: bytes) -> list[bytes]:
    return [
        line for line in content.splitlines() if not tells_reading(line) and not _TAGGED.match(line)
    ]


def _check(curator: Curator, changes: Mapping[str, bytes]) -> None:
    if not changes:
        return
    report = check(curator, dict(changes))
    if not report.conforms:
        raise NotConformingError(
            "The import would not conform to the shapes; nothing was stored.",
            report,
            remedy="Mend what the report names.",
        )
