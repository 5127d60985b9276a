"""A thing as a document of the text index: its fields, and what comes back from one."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Final

from tantivy import Document, Schema, SchemaBuilder

from dtrack.searching.analysis import (
    CHINESE,
    FIELDS,
    analyzer,
    field_of,
    plain_analyzer,
    runs,
    spaced,
    words,
)
from dtrack.searching.things import BODY, LONG, NAME, SYMBOL, Tagged, Text, Thing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tantivy import Index

FORMAT: Final = 3
"""Number of this layout; an index of another one is built again."""

FACETS: Final[Mapping[str, str]] = {
    "kind": "kind",
    "instrument": "instrument",
    "year": "year",
    "status": "status",
    "theme": "theme",
    "language": "language",
}
"""Facets by name, each with its field."""

PLAIN: Final = "words"
# What is written has no circles, and to look for them takes a fourth of the time.
_encode: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode
_RAW: Final = "raw"
_SIGNS: Final = frozenset(f"{role}_{CHINESE}" for role in (NAME, BODY))
"""Fields of pairs of signs, which are those of a text as it is."""


@cache
def schema() -> Schema:
    """Fields of a document.

    ``symbol_words`` and ``name_LANGUAGE``, ``body_LANGUAGE`` hold stems,
    ``words_LANGUAGE`` words as they are, ``exact`` whole names and symbols.
    """
    builder = SchemaBuilder()
    builder.add_text_field("iri", tokenizer_name=_RAW, index_option="basic")
    builder.add_text_field("exact", tokenizer_name=_RAW, index_option="basic")
    builder.add_text_field("symbol_words", tokenizer_name=PLAIN)
    for language in FIELDS:
        for role in (NAME, BODY):
            option = "freq" if language == CHINESE else "position"
            builder.add_text_field(
                f"{role}_{language}", tokenizer_name=_tokenizer(language), index_option=option
            )
        builder.add_text_field(f"words_{language}", tokenizer_name=PLAIN, index_option="basic")
    for field in FACETS.values():
        builder.add_text_field(field, tokenizer_name=_RAW, index_option="basic", fast=True)
    builder.add_bytes_field("stored", stored=True)
    return builder.build()


def register(index: Index, *, writing: bool = False) -> None:
    """Give an index the analyzers that its fields name, or those for writing a document()."""
    index.register_tokenizer(PLAIN, plain_analyzer(spaced=writing))
    for language in FIELDS:
        index.register_tokenizer(_tokenizer(language), analyzer(language, spaced=writing))


def _tokenizer(language: str) -> str:
    return f"stems_{language}"


def document(thing: Thing) -> Document:
    """A thing as it is put into the index, by ``spaced`` analyzers."""
    held: dict[str, list[object]] = {
        "iri": [thing.iri],
        "stored": [_stored(thing)],
        "kind": [*thing.kinds],
        "status": [*thing.statuses],
        "theme": [*thing.themes],
        "instrument": [thing.instrument] if thing.instrument else [],
        "year": [thing.year] if thing.year else [],
        "language": [*{text.language for text in thing.texts if text.language}],
    }
    for role, tag, text in thing.texts:
        if role not in LONG:
            held.setdefault("exact", []).append(folded(text))
        parted = spaced(text)
        if role == SYMBOL:
            held.setdefault("symbol_words", []).append(parted)
        else:
            stems, plain = _fields(role, tag)
            held.setdefault(stems, []).append(text if stems in _SIGNS else parted)
            held.setdefault(plain, []).append(parted)
    return Document.from_dict(held, schema())


@cache
def _fields(role: str, tag: str) -> tuple[str, str]:
    """Fields of stems and of words that texts of a role and a language go into."""
    language = field_of(tag)
    return f"{BODY if role in LONG else NAME}_{language}", f"words_{language}"


def folded(text: str) -> str:
    """A whole name as it is compared: words in lower case, without accents and signs between."""
    return " ".join([*words(text), *dict.fromkeys(runs(text))])


def _stored(thing: Thing) -> bytes:
    return _encode(
        [
            thing.iri,
            thing.kinds,
            thing.work,
            thing.number,
            thing.symbol,
            thing.instrument,
            thing.year,
            thing.statuses,
            thing.themes,
            thing.texts,
            thing.verbs,
            thing.addressees,
            thing.taggings,
        ]
    ).encode()


def thing_of(found: Document) -> Thing:
    """The thing that was put in as this document."""
    (*plain, texts, verbs, addressees, taggings) = json.loads(
        (found.get_first("stored") or b"").decode()
    )
    iri, kinds, work, number, symbol, instrument, year, statuses, themes = plain
    return Thing(
        iri,
        tuple(kinds),
        work,
        number,
        symbol,
        instrument,
        year,
        tuple(statuses),
        tuple(themes),
        tuple(map(Text._make, texts)),
        tuple(verbs),
        tuple(addressees),
        tuple(map(Tagged._make, taggings)),
    )
