"""Triples of an entry: a row as published, whatever else is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dtrack.curate.feeds.origin import A
from dtrack.sources.informea.values import scalar
from dtrack.sources.ntriples import iri, is_iri, literal
from dtrack.terms import DCTERMS, DT, FOAF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.sources.informea import File, Item, Text

_TEXTS: Final = {
    "title": "title",
    "name": "title",
    "longTitle": "alternative",
    "summary": "abstract",
    "description": "description",
}
_MOMENTS: Final = {"published": "issued", "updated": "modified", "submission": "dateSubmitted"}


def entry_lines(item: Item, entry: str, thing: str | None) -> Iterator[str]:
    """Lines of the entry of a row, about a thing where it was found."""
    about = iri(entry)
    yield f"{about} {A} <{DT}Entry>"
    yield f"{about} <{DCTERMS}identifier> {literal(item.id)}"
    yield f"{about} <{DCTERMS}type> {literal(item.set.name)}"
    if thing:
        yield f"{about} <{DT}entryOf> {iri(thing)}"
    if item.page and is_iri(item.page):
        yield f"{about} <{FOAF}page> {iri(item.page)}"
    for name, texts in item.texts.items():
        for text in texts:
            yield _text(about, name, text)
    yield from (_moment(about, name, moment) for name, moment in item.moments.items())
    for name, values in item.fields.items():
        for value in values:
            yield _field(about, name, value)
    for keyword in item.keywords:
        yield _field(about, "keyword", scalar([keyword.term, keyword.namespace]))
    for number, file in enumerate(item.files, 1):
        yield from _file(about, f"{entry.replace('/id/entry/', '/id/file/', 1)}/{number}", file)


def _text(about: str, name: str, text: Text) -> str:
    property_ = _TEXTS.get(name)
    if property_ is None:
        return _field(about, f"{name}@{text.language}", text.value)
    return f"{about} <{DCTERMS}{property_}> {literal(text.value, language=text.language)}"


def _moment(about: str, name: str, moment: str) -> str:
    if name not in _MOMENTS:
        return _field(about, name, moment)
    at = literal(moment, datatype=f"{XSD}dateTime")
    return f"{about} <{DCTERMS}{_MOMENTS[name]}> {at}"


def _field(about: str, name: str, value: str) -> str:
    return f"{about} <{DT}publishedField> {literal(f'{name}={value}')}"


def _file(about: str, node: str, file: File) -> Iterator[str]:
    if not is_iri(file.url):
        return
    yield f"{about} <{DT}hasFile> {iri(node)}"
    yield f"{iri(node)} {A} <{DT}File>"
    yield f"{iri(node)} <{FOAF}page> {iri(file.url)}"
    for property_, value in (
        ("language", file.language),
        ("format", file.mime),
        ("title", file.name),
        ("identifier", file.id),
    ):
        if value:
            yield f"{iri(node)} <{DCTERMS}{property_}> {literal(value)}"
