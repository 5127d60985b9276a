"""What somebody looks for, and the query of the library that it becomes.

All words are needed, each at least as the beginning of a word; words that every
text has are not. A match in a symbol weighs more than one in a name, and that
more than one in a body; a name that is just the words asked for goes first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from tantivy import Occur, Query

from dtrack.searching.analysis import (
    CHINESE,
    FIELDS,
    field_of,
    is_stopword,
    pieces,
    signs,
    stems,
    words,
)
from dtrack.searching.schema import FACETS, folded, schema
from dtrack.searching.things import BODY, NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dtrack.searching.analysis import Piece

_WEIGHTS: Final = {NAME: 3.0, BODY: 1.0}
_SYMBOL_WEIGHT: Final = 6.0
_BEGINNING_WEIGHT: Final = 0.5
_EXACT_WEIGHT: Final = 50.0
_NAMED_WEIGHT: Final = 10_000.0
_TIE: Final = 0.1
_MOST_PIECES: Final = 24
"""Words that count; nobody reads a question with more."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits must be; None = anything.

    ``kind`` is the name of a class, ``instrument`` and ``theme`` are IRIs,
    ``status`` is the last part of one, ``language`` a tag: then only texts in
    it are looked at.
    """

    kind: str | None = None
    instrument: str | None = None
    year: str | None = None
    status: str | None = None
    theme: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Words to look for, things that they name anyway (these go first), and filters."""

    text: str
    named: tuple[str, ...] = ()
    filters: Filters = Filters()

    @property
    def pieces(self) -> list[Piece]:
        """Its words and runs of Chinese signs."""
        return pieces(self.text)[:_MOST_PIECES]


def query_of(question: Question) -> Query:
    """Query for what matches a question."""
    languages = _languages(question.filters)
    found = _of_words(question, languages)
    if question.named:
        named = _scored(Query.term_set_query(schema(), "iri", question.named), _NAMED_WEIGHT)
        found = _any([found, named])
    return Query.boolean_query([(Occur.Must, found), *_filtering(question.filters)])


def _languages(filters: Filters) -> tuple[str, ...]:
    return (field_of(filters.language),) if filters.language else FIELDS


def _of_words(question: Question, languages: Sequence[str]) -> Query:
    asked = question.pieces
    needed = [p for p in asked if p.chinese or not is_stopword(p.text)] or asked
    if not needed:
        return Query.empty_query()
    clauses = [
        (Occur.Must if p in needed else Occur.Should, _of_piece(p, languages)) for p in asked
    ]
    exact = Query.term_query(schema(), "exact", folded(question.text))
    return Query.boolean_query([*clauses, (Occur.Should, _scored(exact, _EXACT_WEIGHT))])


def _of_piece(piece: Piece, languages: Sequence[str]) -> Query:
    if piece.chinese:
        return _best(_chinese(piece.text))
    parts = words(piece.text)
    ways = [Query.boost_query(_phrase("symbol_words", parts), _SYMBOL_WEIGHT)]
    for language in languages:
        ways += _worded(piece.text, parts, language)
    return _best(ways)


def _chinese(text: str) -> list[Query]:
    """Every pair of signs in one field: what holds them all holds the text, as good as always."""
    return [
        Query.boost_query(_all([_term(f"{role}_{CHINESE}", sign) for sign in signs(text)]), weight)
        for role, weight in _WEIGHTS.items()
    ]


def _worded(text: str, parts: Sequence[str], language: str) -> Iterable[Query]:
    if language != CHINESE:
        for role, weight in _WEIGHTS.items():
            stemmed = stems(text, language)
            yield Query.boost_query(_phrase(f"{role}_{language}", stemmed), weight)
    # The last of "post-2020" may be a beginning; the others are whole words.
    field = f"words_{language}"
    whole = [_term(field, part) for part in parts[:-1]]
    beginning = Query.fuzzy_term_query(schema(), field, parts[-1], distance=0, prefix=True)
    yield _scored(_all([*whole, beginning]), _BEGINNING_WEIGHT)


def _filtering(filters: Filters) -> list[tuple[Occur, Query]]:
    found = []
    for field in fields(filters):
        value = getattr(filters, field.name)
        if value is None:
            continue
        name = FACETS[field.name]
        if name == "status":
            query = Query.regex_query(schema(), name, f".*/{re.escape(value)}")
        else:
            query = _term(name, value)
        found.append((Occur.Must, _scored(query, 0.0)))
    return found


def _term(field: str, word: str) -> Query:
    return Query.term_query(schema(), field, word)


def _phrase(field: str, parts: Sequence[str]) -> Query:
    if len(parts) < 2:
        return _term(field, parts[0]) if parts else Query.empty_query()
    return Query.phrase_query(schema(), field, list(parts))


def _all(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _any(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _best(queries: Sequence[Query]) -> Query:
    return Query.disjunction_max_query(list(queries), _TIE)


def _scored(query: Query, score: float) -> Query:
    return Query.const_score_query(query, score)
