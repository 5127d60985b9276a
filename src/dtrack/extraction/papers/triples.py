"""Triples as lines of N-Triples, in the ontology's terms."""

from __future__ import annotations

import re
from calendar import monthrange

from dtrack.extraction.tagging.as_triples import tag_iri
from dtrack.terms import BASE, DT, XSD

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def text_of(text: str, *, datatype: str = "", language: str = "") -> str:
    """A literal; control characters, which no RDF syntax takes, are left out."""
    clean = _CONTROLS.sub("", text).translate(_ESCAPES)
    if language:
        return f'"{clean}"@{language}'
    return f'"{clean}"^^<{XSD}{datatype}>' if datatype else f'"{clean}"'


def last_day(value: str) -> str:
    """Last day of a year, a month or a day: ``2016-02`` gives 2016-02-29."""
    if value.count("-") == 2:
        return value
    year, month = (int(part) for part in f"{value}-12".split("-")[:2])
    return f"{year:04d}-{month:02d}-{monthrange(year, month)[1]:02d}"


class Triples:
    """Maker of lines for one base."""

    def __init__(self, base: str) -> None:
        self.base = base

    def say(self, subject: str, term: str, value: str) -> str:
        """One triple; ``value`` is an IRI, or a literal of text_of()."""
        predicate = term if term.startswith("http") else f"{DT}{term}"
        is_iri = value.startswith(("http://", "https://"))
        return f"<{subject}> <{predicate}> {f'<{value}>' if is_iri else value}"

    def term(self, name: str) -> str:
        """IRI of a class of ours."""
        return f"{DT}{name}"

    def code(self, scheme: str, key: str) -> str:
        """IRI of a code."""
        return f"{BASE}/codes/{scheme}/{key}"

    def id(self, kind: str, slug: str) -> str:
        """IRI of a thing."""
        return f"{self.base}/id/{kind}/{slug}"

    def target(self, key: str) -> str:
        """IRI of a target or goal by its key."""
        return tag_iri(key, self.base)
