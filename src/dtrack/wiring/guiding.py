"""A text that somebody hands in at the desk: read, extracted, and proposed as corrected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dtrack.curate.texts.correcting import Fault, corrected, is_day, several
from dtrack.curate.texts.guiding import Beside, Guided, propose_text
from dtrack.errors import InputError, Place
from dtrack.extraction import extract
from dtrack.extraction.language import language_of, name_for
from dtrack.extraction.provisions import tag_iri
from dtrack.extraction.tagging import LexicalTagger, bundled_themes
from dtrack.extraction.words import bundled_lexicon
from dtrack.sources.documents import read_document
from dtrack.sources.documents.lines import Line
from dtrack.stores.markers import now
from dtrack.stores.parsing import parse_turtle
from dtrack.wiring.screening import OPENINGS
from dtrack.wiring.texts import texts_beside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.answer.answers import Answers
    from dtrack.curate.acts import Agent
    from dtrack.curate.proposed import Draft
    from dtrack.curate.proposing import Proposing
    from dtrack.curate.texts.correcting import Corrected
    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.texts import ExtractedText, Extraction
    from dtrack.model import TagCandidate

MOST_PROVISIONS: Final = 300
"""Provisions of a text that one page can hold."""
LEAST: Final = 0.5


@dataclass(frozen=True, slots=True)
class About:
    """What somebody says of a text that its heading may not say; "" for what it says."""

    instrument: str = ""
    kind: str = ""
    symbol: str = ""
    meeting: str = ""
    adopted: str = ""


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text with the lines it was read from, and those that no rule understood."""

    text: ExtractedText
    lines: tuple[Line, ...]
    unclaimed: tuple[str, ...]


def lines_of(data: bytes, name: str) -> list[Line]:
    """Lines of a text, Word, PDF or HTML document. Raises InputError."""
    return read_document(data, name)


def words_of_texts() -> Lexicon:
    """Verbs, actors, relations, meetings that can be chosen."""
    return bundled_lexicon(parse_turtle)


def read_text(lines: Sequence[Line], about: About, place: str) -> ReadText:
    """The one text that lines hold. Raises InputError for none, several, or too long a one."""
    lexicon = words_of_texts()
    if about.meeting and about.meeting not in lexicon.meetings:
        raise InputError(
            f"There is no meeting '{about.meeting[:60]}'.",
            remedy="Give its key, such as cbd-cop-12; /meetings lists them.",
        )
    if about.adopted and not (len(about.adopted) == 10 and is_day(about.adopted)):
        raise InputError(f"'{about.adopted[:20]}' is no day.", remedy="Write it as 2014-10-17.")
    extraction = _extracted(lines, replace(about, symbol=""), lexicon)
    if about.symbol and not any(text.slug for text in extraction.texts):
        extraction = _extracted(lines, about, lexicon)
    if len(extraction.texts) != 1:
        found = ", ".join(text.symbol or "?" for text in extraction.texts[:8])
        raise InputError(
            f"This document holds {len(extraction.texts)} texts: {found}."
            if found
            else "No text of a decision was found in it.",
            remedy="Hand in one text; `dtrack import decision-text` takes whole volumes."
            if found
            else "A text begins with its symbol, such as 'Decision 15/4', or give it in the form.",
            place=Place(place),
        )
    text = extraction.texts[0]
    if not 0 < len(text.provisions) <= MOST_PROVISIONS:
        raise InputError(
            f"This text has {len(text.provisions)} provisions.",
            remedy=f"From 1 to {MOST_PROVISIONS} fit; `dtrack import decision-text` takes more.",
            place=Place(place),
        )
    # What was put in front to help the reader is no title.
    helped = {line.text for line in _in_front(about, lexicon, lines)}
    text = replace(
        _renamed(text, about, lexicon),
        title="" if text.title in helped else text.title,
        meeting=about.meeting or text.meeting,
        adopted=about.adopted or text.adopted,
    )
    return ReadText(text, tuple(lines), tuple(item.text for item in extraction.unclaimed))


def _renamed(text: ExtractedText, about: About, lexicon: Lexicon) -> ExtractedText:
    """A text by the symbol that somebody gives it, where that is one."""
    readings = [
        reading
        for reading in lexicon.symbols.read(f"{about.kind or text.kind} {about.symbol}")
        if about.symbol and reading.kind in {"decision", "resolution"}
    ]
    wanted = about.instrument or text.instrument
    best = next((one for one in readings if one.of == wanted), next(iter(readings), None))
    if best is None:
        return text
    slug = best.path.rsplit("/", 1)[-1]
    return replace(text, kind=best.kind, symbol=about.symbol, slug=slug, instrument=best.of)


def _in_front(about: About, lexicon: Lexicon, lines: Sequence[Line]) -> list[Line]:
    """Lines that say what the text does not: extraction reads headings, as readers do."""
    item = lexicon.instrument.get(about.instrument)
    names = item.names if item else ()
    name = name_for(names, " ".join(line.text for line in lines))
    heading = f"{(about.kind or 'decision').capitalize()} {about.symbol}" if about.symbol else ""
    return [Line(words, 0, whole=True) for words in (name, heading) if words]


def _extracted(lines: Sequence[Line], about: About, lexicon: Lexicon) -> Extraction:
    front = _in_front(about, lexicon, lines)
    extraction = extract([*front, *lines], lexicon)
    if extraction.texts and any(text.provisions for text in extraction.texts):
        return extraction
    # Paragraphs alone, without the words by which a body begins to speak.
    language = language_of(" ".join(line.text for line in lines))
    opening = Line(OPENINGS.get(language, OPENINGS["en"]), 0, whole=True)
    return extract([*front, opening, *lines], lexicon)


class TextDesk:
    """Suggestions for a text, its correction, and the proposal made of it."""

    def __init__(self, answers: Answers) -> None:
        themes = bundled_themes(parse_turtle)
        beside = texts_beside(answers, themes.themes)
        self.lexicon = words_of_texts()
        self._beside = Beside(
            self.lexicon, beside.graph_of, beside.tags, LexicalTagger(themes, LEAST)
        )

    def suggestions(self, text: ExtractedText) -> list[list[TagCandidate]]:
        """Targets and themes that each provision may be about, surest first."""
        tagger, tags = self._beside.tagger, self._beside.tags
        return [
            [
                one
                for one in tagger.tags(provision.text, text.language, text.title)
                if tag_iri(one.tag) in tags
            ]
            for provision in text.provisions
        ]

    def tags(self) -> list[str]:
        """Keys of all that a provision can be tagged with."""
        return sorted(tag.rsplit("/", 1)[-1] for tag in self._beside.tags if "/sdg" not in tag)

    def corrected(self, text: ExtractedText, typed: Mapping[str, str]) -> Corrected:
        """A text with what was typed, and the fields that cannot be read."""
        done = corrected(text, typed, self.lexicon)
        for index in range(len(text.provisions)):
            for tag in several(typed.get(f"p{index}.tags", "")):
                if tag_iri(tag) not in self._beside.tags:
                    done.faults.append(Fault(f"p{index}.tags", "tag", tag))
        return done

    def propose(self, proposing: Proposing, agent: Agent, guided: Guided) -> Draft:
        """A draft of the text's record. Raises as propose_text does."""
        return propose_text(proposing, agent, guided, self._beside)


def today() -> str:
    """Day of reading."""
    return now()[:10]
