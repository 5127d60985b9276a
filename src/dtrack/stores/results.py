"""Answers in media types: which one a caller gets, and how large it may be."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

import pyoxigraph as engine

from dtrack.errors import NotAcceptableError, ResultTooLargeError
from dtrack.model import ResultKind, Serialised
from dtrack.stores.counting import counter
from dtrack.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Limits:
    """Most rows or triples, and most bytes, of one answer; None = any number.

    An answer is kept in memory, for the status line is sent after the last row.
    """

    rows: int | None = None
    megabytes: int = 256


NO_LIMITS: Final = Limits()
MOST_PARTS: Final = 100
"""Parts of an Accept header that are read."""

_Results = engine.QueryResultsFormat
SOLUTION_FORMATS: Final[Mapping[str, engine.QueryResultsFormat]] = {
    "application/sparql-results+json": _Results.JSON,
    "application/sparql-results+xml": _Results.XML,
    "text/csv": _Results.CSV,
    "text/tab-separated-values": _Results.TSV,
    "application/json": _Results.JSON,
    "application/xml": _Results.XML,
}
_Rdf = engine.RdfFormat
GRAPH_FORMATS: Final[Mapping[str, engine.RdfFormat]] = {
    "text/turtle": _Rdf.TURTLE,
    "application/n-triples": _Rdf.N_TRIPLES,
    "application/ld+json": _Rdf.JSON_LD,
    "application/rdf+xml": _Rdf.RDF_XML,
    "application/n-quads": _Rdf.N_QUADS,
    "application/trig": _Rdf.TRIG,
    "application/json": _Rdf.JSON_LD,
    "application/xml": _Rdf.RDF_XML,
}
"""Media types of both tables, best first."""


def negotiate(accept: str, offers: Iterable[str]) -> str:
    """Media type of ``offers`` (best first) that an Accept header asks for.

    Raises NotAcceptableError when it asks for none of them.
    """
    offers = tuple(offers)
    ranges = [_range(part) for part in accept.split(",")[:MOST_PARTS] if part.strip()]
    if not ranges:
        return offers[0]
    qualities = {offer: _quality(offer, ranges) for offer in offers}
    best = max(offers, key=lambda offer: qualities[offer])
    if not qualities[best]:
        raise NotAcceptableError(
            "The answer exists in none of the formats asked for.",
            remedy=f"Ask for one of {', '.join(offers)}.",
        )
    return best


def _range(part: str) -> tuple[str, float]:
    """Media range and its quality."""
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        if re.fullmatch(r"q=(0(\.\d{0,3})?|1(\.0{0,3})?)", parameter):
            quality = float(parameter[2:])
    return name, quality


def _quality(offer: str, ranges: Iterable[tuple[str, float]]) -> float:
    """Quality of a media type: the most exact range that holds it says (RFC 9110, 12.5.1)."""
    kind = offer.partition("/")[0]
    exactness = {offer: 2, f"{kind}/*": 1, "*/*": 0}
    fitting = [(exactness[name], quality) for name, quality in ranges if name in exactness]
    return max(fitting)[1] if fitting else 0.0


def boolean(answer: engine.QueryBoolean, accept: str) -> Serialised:
    """Answer of an ASK query."""
    media = negotiate(accept, SOLUTION_FORMATS)
    form = SOLUTION_FORMATS[media]
    body = answer.serialize(format=form) or b""
    return Serialised(ResultKind.BOOLEAN, content_type(media), body, 1)


def solutions(answer: engine.QuerySolutions, accept: str, limits: Limits = NO_LIMITS) -> Serialised:
    """Answer of a SELECT query. Raises ResultTooLargeError past the limits."""
    media = negotiate(accept, SOLUTION_FORMATS)
    form = SOLUTION_FORMATS[media]
    if limits.rows is None:
        # In one piece: for each that is handed over, the engine waits for the interpreter.
        body = answer.serialize(format=form) or b""
        if len(body) > limits.megabytes << 20:
            raise _too_big(limits)
        return Serialised(ResultKind.SOLUTIONS, content_type(media), body, counter(form)(body))
    sink = _Sink(counter(form), limits)
    answer.serialize(sink, form)
    return Serialised(ResultKind.SOLUTIONS, content_type(media), sink.getvalue(), sink.rows)


def graph(answer: Iterable[engine.Triple], accept: str, limits: Limits = NO_LIMITS) -> Serialised:
    """Answer of a CONSTRUCT or DESCRIBE query, sorted, each triple once."""
    media = negotiate(accept, GRAPH_FORMATS)
    # Doubles count too: a cap is about work, and they are only seen when all are there.
    found = list(islice(answer, None if limits.rows is None else limits.rows + 1))
    if limits.rows is not None and len(found) > limits.rows:
        raise too_many(limits.rows, "triples")
    triples = sorted(set(found), key=str)
    body = graph_in(media, triples, limits)
    return Serialised(ResultKind.GRAPH, content_type(media), body, len(triples))


def graph_in(media: str, triples: list[engine.Triple], limits: Limits = NO_LIMITS) -> bytes:
    """Triples in a media type. Raises ResultTooLargeError past the limits."""
    form = GRAPH_FORMATS[media]
    body = engine.serialize(triples, format=form, prefixes=_prefixes(triples)) or b""
    if len(body) > limits.megabytes << 20:
        raise _too_big(limits)
    return body


def _prefixes(triples: Iterable[engine.Triple]) -> dict[str, str]:
    """Prefixes that abbreviate something in triples."""
    text = "\n".join(map(str, triples))
    return {name: iri for name, iri in PREFIXES.items() if f"<{iri}" in text}


def content_type(media: str) -> str:
    """Media type as it is sent."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


def too_many(cap: int, what: str) -> ResultTooLargeError:
    """Error for an answer past a cap; ``what`` are rows or triples."""
    return ResultTooLargeError(
        f"The answer has more than {cap} {what}.",
        remedy="Add a LIMIT, or narrow the pattern; nothing was sent.",
    )


def _too_big(limits: Limits) -> ResultTooLargeError:
    return ResultTooLargeError(
        f"The answer is larger than {limits.megabytes} MiB.",
        remedy="Add a LIMIT, or ask for fewer columns; nothing was sent.",
    )


class _Sink(io.BytesIO):
    """Memory that counts the rows written to it, and stops the engine past a cap."""

    def __init__(self, count: Callable[[bytes], int], limits: Limits) -> None:
        super().__init__()
        self.rows = 0
        self._count = count
        self._limits = limits

    def write(self, chunk: bytes, /) -> int:  # type: ignore[override]
        """Take a piece of the answer."""
        self.rows += self._count(chunk)
        if self._limits.rows is not None and self.rows > self._limits.rows:
            raise too_many(self._limits.rows, "rows")
        if self.tell() + len(chunk) > self._limits.megabytes << 20:
            raise _too_big(self._limits)
        return super().write(chunk)
