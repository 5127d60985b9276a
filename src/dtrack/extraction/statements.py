"""Statements as N-Triples lines, and where the IRIs of a text's parts are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dtrack import __version__
from dtrack.terms import BASE, DCTERMS, DT, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

READER = f"dtrack decision-text {__version__}"
"""Reader and version that stand on every record it makes."""

_READING = tuple(
    f"> <{term}> ".encode() for term in (f"{DCTERMS}modified", f"{DT}sourcePlace", f"{DT}readBy")
)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
# Control characters are in some published texts, and no RDF syntax takes them.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where texts come from: the source's IRI, the file's name, and the day of reading.

    ``base`` mints the IRIs of new texts; ``elsewhere`` gives those of texts
    that have a record under another IRI, by path (``decision/cbd-cop-12-19``).
    """

    source: str
    file: str
    read: str
    base: str = BASE
    reader: str = READER
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def text(self, path: str) -> str:
        """IRI of a text by its path."""
        return self.elsewhere.get(path) or f"{self.base}/id/{path}"

    def graph(self, path: str) -> str:
        """Graph of a record by its path."""
        return f"{self.base}/graph/{path}"


def literal(text: str, *, datatype: str = "", language: str = "") -> str:
    """A literal, plain, typed (by a name of XML Schema) or with a language."""
    clean = _CONTROLS.sub("", text).translate(_ESCAPES)
    if language:
        return f'"{clean}"@{language}'
    return f'"{clean}"^^<{XSD}{datatype}>' if datatype else f'"{clean}"'


def say(subject: str, term: str, value: str) -> str:
    """One statement; a term without an address is one of ours."""
    predicate = term if term.startswith("http") else f"{DT}{term}"
    is_iri = value.startswith(("http://", "https://"))
    return f"<{subject}> <{predicate}> {f'<{value}>' if is_iri else value}"


def code(scheme: str, key: str) -> str:
    """IRI of a code."""
    return f"{BASE}/codes/{scheme}/{key}"


def known(kind: str, key: str) -> str:
    """IRI of a meeting, body or target, which the bundled corpus describes."""
    return f"{BASE}/id/{kind}/{key}"


def tells_reading(line: bytes) -> bool:
    """Whether a statement is about when, where and by what something was read."""
    return any(term in line for term in _READING)
