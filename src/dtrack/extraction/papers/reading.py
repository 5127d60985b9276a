"""A document's lines to a paper: what kind it is, its parts, and what each of them says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.extraction.healing import Block, heal
from dtrack.extraction.language import language_of
from dtrack.extraction.papers.citing import short_titles
from dtrack.extraction.papers.clearing import attach, clear_sheet
from dtrack.extraction.papers.heading import Heading
from dtrack.extraction.papers.options import OptionWords, is_options_paper, read_options
from dtrack.extraction.papers.points import Points, join_breaks
from dtrack.extraction.papers.saying import Saying
from dtrack.extraction.papers.statements import Cues, read_statement, unbroken
from dtrack.extraction.papers.values import Paper
from dtrack.extraction.texts import Contents, Extraction, Spot, Unclaimed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.extraction.papers.clearing import Sheet
    from dtrack.extraction.papers.values import Draft
    from dtrack.extraction.papers.words import PaperWords
    from dtrack.extraction.texts import SourceLine

_HEAD = 14
"""Lines in which a paper says what it is."""
_MARKED = 2


@dataclass(slots=True)
class _Parted:
    """A paper cut into its parts."""

    front: list[Block]
    drafts: list[Draft]
    annex: list[Block]
    titles: Mapping[str, str]


def read_options_paper(lines: Sequence[SourceLine], words: PaperWords) -> Extraction | None:
    """The options paper that some lines are; None where they hold no numbered options."""
    language = language_of(" ".join(line.text for line in lines))
    heads = OptionWords(words, language)
    if not is_options_paper((line.text for line in lines), heads):
        return None
    sheet = clear_sheet(lines)
    blocks = heal(sheet.lines, heads.opens)
    titles = short_titles((block.text for block in blocks), sheet.notes)
    attach(blocks, sheet.notes)
    front, drafts = read_options(blocks, heads)
    return _told(_Parted(front, drafts, [], titles), "options-paper", language, sheet, words)


def read_other_paper(lines: Sequence[SourceLine], words: PaperWords) -> Extraction | None:
    """The consensus, position paper or statement that some lines are, or None."""
    language = language_of(" ".join(line.text for line in lines))
    kind = _kind(lines, language, words)
    if kind == "":
        return None
    sheet = clear_sheet(lines)
    if kind == "statement":
        parted = _statement(sheet, language, words)
    else:
        parted = _numbered(sheet, language, words)
    return _told(parted, kind, language, sheet, words) if parted.drafts else None


def read_paper(lines: Sequence[SourceLine], words: PaperWords) -> Extraction | None:
    """The paper of any kind that some lines are, or None."""
    return read_options_paper(lines, words) or read_other_paper(lines, words)


def _kind(lines: Sequence[SourceLine], language: str, words: PaperWords) -> str:
    """Kind that the head of a document names, with what such a document has to hold."""
    filled = [line.text.strip() for line in lines if line.text.strip()]
    head = "\n".join(filled[:_HEAD])
    cues = Cues(words, language)
    marked = sum(bool(cues.role(text)) for text in filled)
    held = {
        "consensus": words.cue("agreement", language).search("\n".join(filled)) is not None,
        "position-paper": True,
        "statement": marked >= _MARKED,
    }
    places = {
        kind: found.start()
        for kind in held
        if held[kind] and (found := words.kind(kind, language).search(head))
    }
    return min(places, key=lambda kind: places[kind], default="")


def _numbered(sheet: Sheet, language: str, words: PaperWords) -> _Parted:
    blocks = heal(sheet.lines)
    attach(blocks, sheet.notes)
    front, drafts, annex = Points(words, language).read(join_breaks(blocks))
    return _Parted(front, drafts, annex, {})


def _statement(sheet: Sheet, language: str, words: PaperWords) -> _Parted:
    cues = Cues(words, language)
    blocks = [
        Block(text, line.number, line.number, line.page)
        for text, line in unbroken(sheet.lines, cues)
    ]
    attach(blocks, sheet.notes)
    front, drafts = read_statement(blocks, cues)
    return _Parted(front, drafts, [], {})


def _told(parted: _Parted, kind: str, language: str, sheet: Sheet, words: PaperWords) -> Extraction:
    whole = "\n".join(
        [
            *(block.text for block in parted.front),
            *(f"{draft.title}\n{draft.text}\n{draft.explained}" for draft in parted.drafts),
        ]
    )
    heading = Heading(words, language, kind).read(parted.front, parted.annex, sheet.symbols, whole)
    saying = Saying(words, language, kind, whole, heading, parted.titles)
    last = sheet.lines[-1].number if sheet.lines else 1
    paper = Paper(
        instrument="",
        kind=kind,
        symbol=heading.symbol,
        slug=heading.slug,
        title=heading.title,
        adopted=heading.adopted,
        meeting="",
        language=language,
        spot=Spot(sheet.lines[0].number if sheet.lines else 1, last),
        provisions=(*saying.preamble(parted.front), *saying.parts(parted.drafts)),
        issuers=heading.issuers,
        supporters=heading.supporters,
        counts=heading.counts,
        preface=saying.preface(parted.front),
    )
    claims = dict.fromkeys(sheet.claims.values(), 0)
    for claim in sheet.claims.values():
        claims[claim] += 1
    return Extraction(
        texts=(paper,),
        contents=Contents(),
        unclaimed=tuple(Unclaimed(line, text) for line, text in heading.unclaimed),
        lines=sum(bool(line.text.strip()) for line in sheet.lines) + len(sheet.claims),
        claims=claims,
    )
