"""What becomes of each text: a record of its own, an addition to the one there is, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dtrack.curate.texts.held import differences, held_provisions, set_beside
from dtrack.curate.texts.report import Outcome, Report, Unresolved
from dtrack.extraction.graph import addition, day_of, record, stub
from dtrack.extraction.provisions import ProvisionWriter
from dtrack.terms import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from dtrack.curate.texts.reading import Document
    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.statements import Origin
    from dtrack.extraction.texts import Citation, ExtractedText
    from dtrack.model import Progress, Record, Tagger


@dataclass(frozen=True, slots=True)
class Desk:
    """What texts are set beside.

    ``graph_of`` gives the graph that describes an IRI, ``content`` what a graph
    holds; ``ours`` are the graphs of the source, which an import may replace;
    ``tags`` are IRIs of the targets and themes that there are.
    """

    lexicon: Lexicon
    graph_of: Callable[[str], str | None]
    content: Callable[[str], bytes | None]
    ours: Collection[str]
    tagger: Tagger | None
    tags: Collection[str]


@dataclass(slots=True)
class Plan:
    """Records to bring, and the report."""

    records: list[Record] = field(default_factory=list)
    report: Report = field(default_factory=Report)


def plan_texts(
    documents: Sequence[Document], origin: Origin, desk: Desk, progress: Progress
) -> Plan:
    """Records of all that documents say that is not held already."""
    planner = _Planner(origin, desk)
    for document in documents:
        planner.plan.report.read(document)
        if document.extraction is not None:
            for text in document.extraction.texts:
                planner.admit(text, document.name)
    planner.resolve()
    for done, (path, (text, file)) in enumerate(planner.admitted.items()):
        progress("Writing records", done, len(planner.admitted))
        planner.write(path, text, file)
    planner.write_stubs()
    return planner.plan


class _Planner:
    def __init__(self, origin: Origin, desk: Desk) -> None:
        self.plan = Plan()
        self.admitted: dict[str, tuple[ExtractedText, str]] = {}
        self._origin = origin
        self._desk = desk
        self._held: dict[str, str] = {}
        self._elsewhere: dict[str, str] = {}
        self._stubs: dict[str, Citation] = {}
        self._cited_by: dict[str, list[str]] = {}
        self._cited: set[str] = set()

    def admit(self, text: ExtractedText, file: str) -> None:
        """Take a text in, or say why not."""
        path = f"{text.kind}/{text.slug}"
        name = f"{text.kind} {text.symbol}" if text.symbol else f"a {text.kind} without symbol"
        why = self._why_not(text, path)
        if why:
            outcome = Outcome(name, file, text.spot.line, "skipped", why=why)
            self.plan.report.outcomes.append(outcome)
            return
        self.admitted[path] = (text, file)
        self._look_up(path)

    def _why_not(self, text: ExtractedText, path: str) -> str:
        if not text.slug:
            return (
                "its symbol is not known to any convention; how symbols are written is in "
                "ontology/codes/symbol-form.ttl"
            )
        if path in self.admitted:
            _, file = self.admitted[path]
            return f"it is in {file} already"
        if not (text.adopted or self._desk.lexicon.meetings.get(text.meeting)):
            return (
                "neither the text nor a record of its meeting says on which day it was adopted; "
                "add the meeting to data/meetings"
            )
        return ""

    def _look_up(self, path: str) -> bool:
        """Whether a text has a record that is not ours."""
        for base in dict.fromkeys((self._origin.base, BASE)):
            iri = f"{base}/id/{path}"
            graph = self._desk.graph_of(iri)
            if graph is not None and graph not in self._desk.ours:
                self._held[path] = graph
                self._elsewhere[path] = iri
                return True
        return False

    def resolve(self) -> None:
        """Find, or make, a record for each text that is cited."""
        report = self.plan.report
        for text, file in self.admitted.values():
            for provision in text.provisions:
                for path, citation in {c.path: c for c in provision.citations}.items():
                    place = f"{text.symbol}, {provision.key}"
                    where = f"{file}, line {provision.spot.line}"
                    if path in self.admitted:
                        report.inside += 1
                    elif path in self._held or self._look_up(path):
                        report.held += 1
                    elif self._can_be_stub(citation):
                        self._stubs.setdefault(path, citation)
                        self._cited_by.setdefault(path, []).append(f"{place} ({where})")
                        report.to_stubs += 1
                    else:
                        report.unresolved.append(Unresolved(citation.symbol, place, where))
                        continue
                    self._cited.add(path)
        self._origin = replace(self._origin, elsewhere=dict(self._elsewhere))

    def _can_be_stub(self, citation: Citation) -> bool:
        slug = citation.path.rsplit("/", 1)[-1]
        _, day = day_of(slug, citation.instrument, self._desk.lexicon)
        return bool(day) and citation.kind in {"decision", "resolution"}

    def write(self, path: str, text: ExtractedText, file: str) -> None:
        """Records of a text, and what became of it."""
        desk = self._desk
        origin = replace(self._origin, file=file)
        writer = ProvisionWriter(
            text, origin, desk.lexicon, cited=self._cited, tagger=desk.tagger, tags=desk.tags
        )
        name = f"{text.kind} {text.symbol}"
        graph = self._held.get(path)
        if graph is None:
            self._bring(record(text, origin, desk.lexicon, writer))
            outcome = Outcome(name, file, text.spot.line, "record", len(text.provisions))
        else:
            held = held_provisions(desk.content(graph) or b"")
            missing = set_beside((p for p in text.provisions if p.key not in held), held)
            if missing:
                self._bring(addition(text, missing, origin, writer))
            # Of a record without any provision, that it has none says all there is to say.
            told = tuple(differences(text, held, origin, _last)) if held else ()
            became = "added" if missing else "kept"
            outcome = Outcome(
                name, file, text.spot.line, became, len(missing), record=graph, differences=told
            )
        self.plan.report.outcomes.append(outcome)

    def _bring(self, made: Record) -> None:
        self.plan.records.append(made)
        self.plan.report.candidates += len(re.findall(rb"#taggingState> ", made.ntriples))

    def write_stubs(self) -> None:
        """Records of texts that are only cited."""
        for path, citation in self._stubs.items():
            made = stub(citation, self._cited_by[path], self._origin, self._desk.lexicon)
            if made is not None:
                self.plan.records.append(made)
                self.plan.report.stubs += 1


def _last(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]
