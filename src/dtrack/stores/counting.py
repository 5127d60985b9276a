"""Rows in an answer, counted while the engine writes it.

The engine serialises without saying how many rows it wrote, and cannot be told
to stop; so the text is counted as it arrives in pieces, and a cap can act.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as engine

if TYPE_CHECKING:
    from collections.abc import Callable

_JSON_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_CSV_STRING = rb'"[^"]*+"'
# With strings gone, the last value of a row and the row close together: an even run of
# braces, however deep a triple term in it is; a row without values is "{}".
_JSON_ROW = re.compile(rb"(?:(?<!\})(?:\}\})+|\{\})(?=[,\]])")
_BRACES_AT_END = re.compile(rb"[{}]+\Z")


def counter(form: engine.QueryResultsFormat) -> Callable[[bytes], int]:
    """Function that takes the pieces of one answer in turn, and gives the rows new in each."""
    if form == engine.QueryResultsFormat.JSON:
        return _JsonRows().take
    if form == engine.QueryResultsFormat.XML:
        return _XmlRows().take
    return _Lines(quoted=form == engine.QueryResultsFormat.CSV).take


class _Unquoted:
    """Text without its quoted strings, in pieces; an open string waits for its end."""

    def __init__(self, string: bytes) -> None:
        self._string = re.compile(string, re.DOTALL)
        self._whole = re.compile(rb'(?:[^"]++|' + string + rb")*+", re.DOTALL)
        self._open = b""

    def take(self, chunk: bytes) -> bytes:
        text = self._open + chunk
        match = self._whole.match(text)
        end = match.end() if match else 0
        self._open = text[end:]
        return self._string.sub(b"", text[:end])


class _JsonRows:
    """Rows of SPARQL results in JSON, as the engine writes it: without spaces."""

    def __init__(self) -> None:
        self._unquoted = _Unquoted(_JSON_STRING)
        self._held = b""

    def take(self, chunk: bytes) -> int:
        text = self._held + self._unquoted.take(chunk)
        match = _BRACES_AT_END.search(text)
        self._held = text[match.start() :] if match else b""
        # What is held is counted when the character after it is known.
        return len(_JSON_ROW.findall(text))


class _XmlRows:
    """Rows of SPARQL results in XML; in values the bracket is escaped."""

    def __init__(self) -> None:
        self._held = b""

    def take(self, chunk: bytes) -> int:
        text = self._held + chunk
        self._held = text[-len(b"<result") :]
        return text.count(b"<result>")


class _Lines:
    """Lines after the head; in TSV line feeds are escaped, in CSV they are quoted."""

    def __init__(self, *, quoted: bool) -> None:
        self._unquoted = _Unquoted(_CSV_STRING) if quoted else None
        self._head = 1

    def take(self, chunk: bytes) -> int:
        text = self._unquoted.take(chunk) if self._unquoted else chunk
        lines = text.count(b"\n")
        head = min(self._head, lines)
        self._head -= head
        return lines - head
