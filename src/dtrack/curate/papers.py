"""The story of papers: options papers, consensus documents, statements, position papers.

Each becomes a record, unreviewed, with the targets and themes of its parts as
taggings in state proposed. A paper that has a record already keeps it.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from dtrack.errors import InputError
from dtrack.extraction.papers import Paper, bundled_paper_words, read_paper
from dtrack.extraction.papers.graph import Wanted, graph_of, paper_lines
from dtrack.extraction.tagging import LexicalTagger, bundled_themes
from dtrack.sources.documents import read_document
from dtrack.sources.harvest import Harvest, Remark
from dtrack.stores.parsing import parse_turtle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dtrack.curate.feeds import Held, Origin
    from dtrack.extraction.papers.values import Part
    from dtrack.extraction.texts import Extraction
    from dtrack.model import Tagger

VERSION: Final = "paper reader 1"
LEAST: Final = 0.4
"""Confidence from which on a theme becomes a candidate of an import."""


def harvest_papers(
    files: Iterable[tuple[str, bytes]],
    held: Held,
    origin: Origin,
    tagger: Tagger | None = None,
) -> Harvest:
    """Graphs of the papers in some files (name and content).

    Raises InputError for a file that holds no paper, or has actions whose actors
    no label names.
    """
    graphs: dict[str, tuple[str, ...]] = {}
    rows: Counter[str] = Counter()
    remarks: list[Remark] = []
    places: dict[str, str] = {}
    words = bundled_paper_words(parse_turtle)
    tagger = tagger or LexicalTagger(bundled_themes(parse_turtle), LEAST)
    known = _Known(held)
    for name, data in files:
        extraction = read_paper(read_document(data, name), words)
        paper = _paper(extraction, name)
        wanted = Wanted(name, paper.slug or _slug(paper, name), known=known.thing, base=origin.base)
        graph = graph_of(paper, wanted)
        if graph in graphs:
            raise InputError(
                f"'{name}' and '{places[graph]}' are the same paper.", remedy="Leave one of them."
            )
        thing = f"{origin.base}/id/{paper.kind}/{wanted.slug}"
        head = origin.head(graph, (thing,), f"{name}, whole document")
        graphs[graph] = (*head, *paper_lines(paper, wanted, words.lexicon, tagger))
        places[graph] = name
        rows.update(_counted(paper))
        remarks += _remarks(extraction, paper, name, known, origin.base)
    return Harvest(graphs, dict(rows), tuple(remarks), 0, places)


def _paper(extraction: Extraction | None, name: str) -> Paper:
    paper = extraction.texts[0] if extraction is not None else None
    if not isinstance(paper, Paper):
        raise InputError(
            f"'{name}' is no options paper, consensus, statement or position paper.",
            remedy="Its first lines have to say what it is; `dtrack extract` shows what is read.",
        )
    nobody = [part.number for part in paper.parts if part.level == "action" and not _lead(part)]
    if nobody:
        raise InputError(
            f"'{name}' has actions that name no known actor: {', '.join(nobody)}.",
            remedy="Add the words by which it names them to ontology/codes/actor.ttl.",
        )
    return paper


def _lead(part: Part) -> tuple[str, ...]:
    return part.elements[0].addressees if part.elements else ()


def _slug(paper: Paper, name: str) -> str:
    """End of the IRI of a paper without a symbol: who issued it, when, which one."""
    who = paper.issuers[0] if paper.issuers else re.sub(r"\W+", "-", name.lower()).strip("-")
    said = "\n".join(part.text for part in paper.parts)
    parts = (who, paper.adopted[:4], sha256(said.encode()).hexdigest()[:6])
    return "-".join(filter(None, parts))


class _Known:
    """What is described already, as far as papers point at it."""

    def __init__(self, held: Held) -> None:
        self._things = frozenset(row["thing"] for row in held.rows("things_held"))

    def thing(self, iri: str) -> bool:
        """Whether a text, instrument or framework has a record."""
        return iri in self._things


def _counted(paper: Paper) -> dict[str, int]:
    counts: dict[str, int] = {}
    for part in paper.provisions:
        name = f"{part.level.replace('option-theme', 'theme')}s"
        counts[name] = counts.get(name, 0) + 1
    for part in paper.parts:
        for assertion in part.assertions:
            name = f"{assertion.kind}s"
            counts[name] = counts.get(name, 0) + 1
        if part.figures:
            counts["figures"] = counts.get("figures", 0) + len(part.figures)
    return counts


def _remarks(
    extraction: Extraction | None, paper: Paper, name: str, known: _Known, base: str
) -> Iterator[Remark]:
    for item in extraction.unclaimed if extraction is not None else ():
        yield Remark(
            "unclaimed",
            f"{name}, line {item.line}",
            "",
            f"No rule understood '{item.text[:60]}'.",
            "An actor that is missing goes into ontology/codes/actor.ttl.",
        )
    for part in paper.parts:
        for citation in part.citations:
            if not known.thing(f"{base}/id/{citation.path}"):
                yield Remark(
                    "cited text not held",
                    f"{name}, line {part.spot.line}",
                    citation.symbol,
                    f"{part.number} cites a text that has no record, so it is left out.",
                    "Import that text first, then this paper again.",
                )
