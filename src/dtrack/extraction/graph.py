"""Extracted texts as record graphs: whole ones, additions to a record that there is, stubs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dtrack.extraction.provisions import ProvisionWriter
from dtrack.extraction.statements import Origin, code, known, literal, say
from dtrack.model import Record
from dtrack.terms import DCTERMS, DT, RDF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.texts import Citation, ExtractedText, Provision

__all__ = ["Origin", "addition", "day_of", "record", "stub"]

_CLASSES = {"decision": "Decision", "resolution": "Resolution", "recommendation": "Recommendation"}
_STUBS = frozenset({"decision", "resolution"})
"""Kinds of texts that are recorded where they are only cited."""
_MOST_NAMED = 5
_NUMBER = re.compile(r"\d+[./]|[IVXLC]+\.")
"""How a symbol begins that is but a number."""


def record(
    text: ExtractedText, origin: Origin, lexicon: Lexicon, writer: ProvisionWriter | None = None
) -> Record:
    """The record of a text. Its symbol has to be known: ``text.slug`` is not empty."""
    path = f"{text.kind}/{text.slug}"
    writer = writer or ProvisionWriter(text, origin, lexicon)
    lines = [
        *_head(origin.graph(path), (origin.text(path),), _place(text, origin), origin),
        *_described(text, origin, lexicon),
        *writer.statements(text.provisions),
    ]
    return _record(origin.graph(path), lines, origin.file)


def addition(
    text: ExtractedText, provisions: Sequence[Provision], origin: Origin, writer: ProvisionWriter
) -> Record:
    """Record of the provisions of a text that has a record of its own without them."""
    graph = origin.graph(f"{text.kind}-text/{text.slug}")
    keys = {provision.key for provision in provisions}
    tops = [writer.iri(each.key) for each in provisions if each.parent not in keys]
    lines = [*_head(graph, tops, _place(text, origin), origin), *writer.statements(provisions)]
    return _record(graph, lines, origin.file)


def stub(
    cited: Citation, cited_by: Sequence[str], origin: Origin, lexicon: Lexicon
) -> Record | None:
    """Record of a text that is only cited; None where its day cannot be known."""
    day = day_of(cited.path.rsplit("/", 1)[-1], cited.instrument, lexicon)
    meeting, adopted = day
    if not adopted or cited.kind not in _STUBS:
        return None
    own = origin.text(cited.path)
    more = "" if len(cited_by) <= _MOST_NAMED else f" and {len(cited_by) - _MOST_NAMED} more"
    place = f"cited by {', '.join(cited_by[:_MOST_NAMED])}{more}"
    lines = [
        *_head(origin.graph(cited.path), (own,), place, origin),
        *_named(own, cited.kind, _symbol(cited), cited.instrument, lexicon),
        say(own, f"{DCTERMS}title", literal(_name(cited.kind, _symbol(cited)), language="en")),
        say(own, "adoptedAt", known("meeting", meeting)),
        say(own, "adopted", literal(adopted, datatype="date")),
        say(own, "datePrecision", literal("meeting")),
        say(
            own,
            "note",
            literal(
                "Recorded because other texts cite it; the text itself was not read.",
                language="en",
            ),
        ),
        say(own, "note", literal("因被其他文本引用而记录，未读原文。", language="zh")),
    ]
    return _record(origin.graph(cited.path), lines, origin.file)


def day_of(slug: str, instrument: str, lexicon: Lexicon) -> tuple[str, str]:
    """Meeting that a slug tells of, and the day it ended; "" for what is not known."""
    item = lexicon.instrument.get(instrument)
    numbers = re.findall(r"\d+", slug)
    if item is None or not item.body or not numbers:
        return "", ""
    key = f"{item.body}-{numbers[0]}"
    return (key, lexicon.meetings[key]) if lexicon.meetings.get(key) else ("", "")


def _record(graph: str, lines: Iterable[str], file: str) -> Record:
    return Record(graph, "".join(sorted({f"{line} .\n" for line in lines})).encode(), file)


def _place(text: ExtractedText, origin: Origin) -> str:
    page = f", page {text.spot.page}" if text.spot.page else ""
    return f"{origin.file}{page}, lines {text.spot.line}-{text.spot.last_line}"


def _symbol(cited: Citation) -> str:
    """Symbol without what stands around it."""
    return " ".join(cited.symbol.split())


def _name(kind: str, symbol: str) -> str:
    return f"{kind.capitalize()} {symbol}"


def _recorded(kind: str, symbol: str, instrument: str, lexicon: Lexicon) -> str:
    """Symbol as records have it: a number that several kinds of texts may have, behind its word."""
    if _NUMBER.match(symbol) is None:
        return symbol
    forms = (f for f in lexicon.symbol_forms if (f.of, f.kind) == (instrument, kind))
    word = next((form.word for form in forms if form.word), "")
    return f"{word} {symbol}".lstrip()


def _head(graph: str, about: Collection[str], place: str, origin: Origin) -> Iterator[str]:
    yield say(graph, f"{RDF}type", f"{DT}Record")
    for thing in about:
        yield say(graph, "recordOf", thing)
    yield say(graph, "belongsToSource", origin.source)
    yield say(graph, "reviewState", code("review-state", "unreviewed"))
    yield say(graph, "sourcePlace", literal(place))
    yield say(graph, "readBy", literal(origin.reader))
    yield say(graph, f"{DCTERMS}modified", literal(origin.read, datatype="date"))


def _named(own: str, kind: str, symbol: str, instrument: str, lexicon: Lexicon) -> Iterator[str]:
    yield say(own, f"{RDF}type", f"{DT}{_CLASSES[kind]}")
    yield say(own, "symbol", literal(_recorded(kind, symbol, instrument, lexicon)))
    yield say(own, "documentType", code("document-type", kind))
    item = lexicon.instrument.get(instrument)
    if item is not None:
        yield say(own, "instrument", item.iri)
        if item.body:
            yield say(own, "adoptedBy", known("body", item.body))


def _described(text: ExtractedText, origin: Origin, lexicon: Lexicon) -> Iterator[str]:
    own = origin.text(f"{text.kind}/{text.slug}")
    yield from _named(own, text.kind, text.symbol, text.instrument, lexicon)
    if text.title:
        yield say(own, f"{DCTERMS}title", literal(text.title, language=text.language))
    if text.language != "en" or not text.title:
        name = _name(text.kind, text.symbol)
        yield say(own, f"{DCTERMS}title", literal(name, language="en"))
    if text.meeting in lexicon.meetings:
        yield say(own, "adoptedAt", known("meeting", text.meeting))
    elif text.meeting:
        # A meeting without a record is named by its key: its body and number.
        yield say(own, "meetingTitle", literal(text.meeting))
    day = text.adopted or lexicon.meetings.get(text.meeting, "")
    if day:
        yield say(own, "adopted", literal(day, datatype="date"))
        yield say(own, "datePrecision", literal("day" if text.adopted else "meeting"))
