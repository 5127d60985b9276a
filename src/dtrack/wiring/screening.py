"""Drafts from bytes of any kind, to be screened."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dtrack.errors import InputError, Place
from dtrack.extraction import extract
from dtrack.extraction.codes import triples
from dtrack.extraction.language import language_of, name_for
from dtrack.extraction.tagging import LexicalTagger, bundled_themes
from dtrack.extraction.words import bundled_lexicon
from dtrack.resources import root_folder
from dtrack.screen import Screening, draft_of_graph, drafts_of
from dtrack.sources.documents import read_document
from dtrack.sources.documents.lines import Line
from dtrack.stores.parsing import parse_turtle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dtrack.answer.answers import Answers
    from dtrack.model import Progress
    from dtrack.screen import Draft, ScreeningView

TURTLE: Final = (".ttl", ".nt")
JSON: Final = (".json",)
_KEYS: Final = {"text", "instrument", "title"}
OPENINGS: Final = {
    "en": "The Conference of the Parties,",
    "zh": "缔约方大会，",
    "fr": "La Conférence des Parties,",
    "es": "La Conferencia de las Partes,",
}
MOST_DIRECTIVES: Final = 1000


def learn_words() -> None:
    """Read the words by which texts are understood, once, so that the first draft need not wait."""
    bundled_lexicon(parse_turtle)
    bundled_themes(parse_turtle)


def screen_draft(
    answers: Answers,
    data: bytes,
    place: str,
    progress: Progress,
    *,
    language: str | None = None,
    instrument: str | None = None,
    against: Sequence[str] = (),
    only: str | None = None,
) -> ScreeningView:
    """A draft against what is recorded, by the ending of its name.

    ``.ttl`` and ``.nt`` are records, ``.json`` has the keys ``text``, and
    perhaps ``instrument`` and ``title``; all else is a document. ``instrument``
    (key or name) is who will adopt it, where it does not say so itself;
    ``against`` narrows what it is screened against; ``only`` picks one text of
    several by its symbol. Raises InputError, SyntaxProblem, NotFoundError.
    """
    screening = Screening(answers, root_folder("queries"), language or answers.language)
    adopting = answers.key("instrument", instrument) if instrument else ""
    if place.lower().endswith(TURTLE):
        graph = parse_turtle(data, place=place)
        drafts = [draft_of_graph(triples(graph), screening.forces())]
    else:
        if place.lower().endswith(JSON):
            data, named = _from_json(data, place)
            adopting = adopting or (answers.key("instrument", named) if named else "")
            place = "draft.txt"
        drafts = _read(data, place, adopting, progress)
    return screening.screen(_one(drafts, only, place), against, progress)


def _from_json(data: bytes, place: str) -> tuple[bytes, str]:
    """Text of a draft as JSON, and the instrument that will adopt it."""
    try:
        found = json.loads(data)
    except ValueError as error:
        raise InputError(
            "This is no JSON.", remedy='Send {"text": "…"}.', place=Place(place)
        ) from error
    if (
        not isinstance(found, dict)
        or not isinstance(found.get("text"), str)
        or found.keys() - _KEYS
    ):
        raise InputError(
            "A draft as JSON is an object with the key 'text', and no others than 'instrument' "
            "and 'title'.",
            remedy='Send {"text": "…", "instrument": "cbd"}.',
            place=Place(place),
        )
    title = f"{found['title']}\n\n" if found.get("title") else ""
    return f"{title}{found['text']}".encode(errors="replace"), str(found.get("instrument") or "")


def _read(data: bytes, place: str, adopting: str, progress: Progress) -> list[Draft]:
    lexicon = bundled_lexicon(parse_turtle)
    lines = read_document(data, place)
    if adopting:
        # Extraction takes the instrument from what stands first, as readers do.
        names = {item.iri: item.names for item in lexicon.instruments}
        name = name_for(names.get(adopting, ()), " ".join(line.text for line in lines))
        lines = [Line(name, 0, whole=True), *lines]
    extraction = extract(lines, lexicon, progress)
    if not extraction.texts:
        # Paragraphs alone, without the words by which a body begins to speak.
        language = language_of(" ".join(line.text for line in lines))
        opening = Line(OPENINGS.get(language, OPENINGS["en"]), 0, whole=True)
        extraction = extract([opening, *lines], lexicon, progress)
    tagger = LexicalTagger(bundled_themes(parse_turtle))
    # The name put in front is no title.
    return [
        replace(draft, title="") if adopting and draft.title == lines[0].text else draft
        for draft in drafts_of(extraction, lexicon, tagger)
    ]


def _one(drafts: Sequence[Draft], only: str | None, place: str) -> Draft:
    found = [draft for draft in drafts if only in (None, draft.symbol)]
    if len(found) == 1:
        if 0 < len(found[0].directives) <= MOST_DIRECTIVES:
            return found[0]
        if found[0].directives:
            raise InputError(
                f"This draft has more than {MOST_DIRECTIVES} directives.",
                remedy="Screen its parts one by one.",
                place=Place(place),
            )
        raise InputError(
            "This draft directs nobody: no operative paragraph with a verb was found.",
            remedy="`dtrack extract` shows how it is read.",
            place=Place(place),
        )
    if found:
        symbols = ", ".join(draft.symbol or "one without a symbol" for draft in found[:8])
        raise InputError(
            f"This document holds {len(found)} texts: {symbols}.",
            remedy="Name one of them by its symbol (--only), or hand in one text.",
            place=Place(place),
        )
    raise InputError(
        f"No text with the symbol '{only}' was found." if only else "No draft was found.",
        remedy="A draft begins with its symbol and title, or with the body that speaks, such as "
        "'The Conference of the Parties,'.",
        place=Place(place),
    )
