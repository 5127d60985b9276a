"""A text that a curator has corrected, as a proposal: checked first, stored only if it conforms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dtrack.curate.assertions import source_lines
from dtrack.curate.candidates import decided
from dtrack.curate.checking import check
from dtrack.curate.texts.correcting import several
from dtrack.curate.texts.planning import Desk, plan_texts
from dtrack.curate.texts.reading import Document
from dtrack.errors import ConflictError, InputError, NotConformingError
from dtrack.extraction.provisions import tag_iri
from dtrack.extraction.statements import Origin, code, literal, say
from dtrack.extraction.tagging.as_triples import Tagged, tagging_lines
from dtrack.extraction.texts import Contents, Extraction
from dtrack.model import TagCandidate, no_progress
from dtrack.terms import CODES, DT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from dtrack.curate.acts import Agent
    from dtrack.curate.proposed import Draft
    from dtrack.curate.proposing import Proposing
    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.texts import ExtractedText
    from dtrack.model import Record, Tagger


@dataclass(frozen=True, slots=True)
class Beside:
    """What a text is set beside: words, records that there are, what can be tagged with."""

    lexicon: Lexicon
    graph_of: Callable[[str], str | None]
    tags: Collection[str]
    tagger: Tagger


@dataclass(frozen=True, slots=True)
class Guided:
    """A corrected text and what was typed beside it.

    ``verdicts`` says of a place and tag (``p0.restoration``) whether it is
    accepted; ``with_words`` whether the official words are held.
    """

    text: ExtractedText
    file: str
    day: str
    title: str = ""
    note: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    verdicts: Mapping[str, bool] = field(default_factory=dict)
    with_words: bool = True


@dataclass(frozen=True, slots=True)
class ByHand:
    """The curator as a tagger, who is sure."""

    author: str
    method: str = "manual"

    def tags(self, _text: str, _language: str, _title: str = "") -> list[TagCandidate]:
        """Nothing: people do not tag by reading a text to a program."""
        return []


def propose_text(proposing: Proposing, agent: Agent, guided: Guided, beside: Beside) -> Draft:
    """A draft of a text's record, and of stubs for what it cites.

    Raises InputError for a text that cannot become a record, ConflictError for
    one that is held already, NotConformingError with the report; then nothing
    is stored.
    """
    curator, text = proposing.curator, guided.text
    name = f"{text.kind.capitalize()} {text.symbol}"
    slug = f"desk-{text.slug}"
    source = f"{curator.base}/id/source/{slug}"

    def content(graph: str) -> bytes | None:
        head = curator.journal.heads([graph]).get(graph)
        return None if head is None else dict(curator.journal.contents({head.digest}))[head.digest]

    # Nothing is replaced: what has a record keeps it, and gains what that does not have.
    desk = Desk(beside.lexicon, beside.graph_of, content, frozenset(), beside.tagger, beside.tags)
    origin = Origin(source, guided.file, guided.day, curator.base)
    extraction = Extraction((text,), Contents(), (), 0)
    plan = plan_texts([Document(guided.file, extraction)], origin, desk, no_progress)
    outcome = plan.report.outcomes[0]
    if outcome.became == "skipped":
        raise InputError(
            f"{name} cannot become a record: {outcome.why}.",
            remedy="Fill in the fields above the text.",
        )
    if outcome.became == "kept":
        raise ConflictError(
            f"{name} has a record that holds all its provisions.",
            remedy="Change that record: `dtrack dump`, or a spreadsheet by template.",
        )
    graph = f"{curator.base}/graph/source/{slug}"
    told = sorted({f"{line} .\n" for line in source_lines(graph, source, name, guided.day)})
    first, *stubs = plan.records
    changes: dict[str, bytes | None] = {
        graph: "".join(told).encode(),
        first.graph: _finished(first, guided, agent),
        **{record.graph: record.ntriples for record in stubs},
    }
    report = check(curator, changes)
    if not report.conforms:
        raise NotConformingError(
            "The text would not conform to the shapes; nothing was stored.",
            report,
            remedy="Mend the fields that have a message.",
        )
    return proposing.propose(agent, guided.title or name, changes, text=guided.note)


def _finished(record: Record, guided: Guided, agent: Agent) -> bytes:
    """A record with the summaries, kinds and taggings of its curator."""
    lines = set(record.ntriples.decode().splitlines())
    subjects = {line[1:].split(">")[0] for line in lines}
    verdicts: dict[str, bool] = {}
    for index, provision in enumerate(guided.text.provisions):
        end = f"/id/provision/{guided.text.slug}/{provision.key}"
        own = next((subject for subject in subjects if subject.endswith(end)), "")
        if not own:
            continue
        place = f"p{index}"
        _described(lines, own, guided, place)
        base = own.removesuffix(end)
        key = f"{guided.text.slug}/{provision.key}"
        told = f"{guided.file}, line {provision.spot.line}"
        tagged = Tagged(own, key, told, guided.text.language)
        suggested = f"{base}/id/tagging/{key}"
        for tag, verdict in _decided_on(guided.verdicts, place):
            verdicts[f"{suggested}/{_last(tag)}"] = verdict
        for tag in several(guided.typed.get(f"{place}.tags", "")):
            if f"{suggested}/{_last(tag)}" in subjects:
                verdicts[f"{suggested}/{_last(tag)}"] = True
                continue
            made = tagging_lines(tagged, [TagCandidate(tag, 1.0)], ByHand(agent.name), base)
            lines |= {f"{line} ." for line in made}
            verdicts[f"{suggested}/{tag}"] = True
    content = "".join(f"{line}\n" for line in sorted(lines, key=str.encode)).encode()
    there = {iri: verdict for iri, verdict in verdicts.items() if f"<{iri}> ".encode() in content}
    return decided(content, there)


def _last(tag: str) -> str:
    """What ends the IRI of a suggested tagging."""
    return f"theme-{tag}" if tag_iri(tag).startswith(f"{CODES}/theme/") else tag


def _decided_on(verdicts: Mapping[str, bool], place: str) -> Iterator[tuple[str, bool]]:
    for name, verdict in verdicts.items():
        if name.startswith(f"{place}."):
            yield name.removeprefix(f"{place}."), verdict


def _described(lines: set[str], own: str, guided: Guided, place: str) -> None:
    """Add a summary, change the kind, take out the official words, as was typed."""
    summary = guided.typed.get(f"{place}.summary", "").strip()
    kind = guided.typed.get(f"{place}.kind", "")
    if summary:
        lines.add(f"{say(own, 'summary', literal(summary, language='en'))} .")
    if re.fullmatch(r"[a-z]+", kind):
        lines -= {line for line in lines if line.startswith(f"<{own}> <{DT}kind> ")}
        lines.add(f"{say(own, 'kind', code('kind', kind))} .")
    if not guided.with_words:
        lines -= {line for line in lines if line.startswith(f"<{own}> <{DT}text> ")}
