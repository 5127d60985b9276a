"""RDF of strangers as plain triples of text, for readers that take only what they know."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from dtrack.errors import SyntaxProblem
from dtrack.stores.uploads import upload_plain
from dtrack.terms import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA: Final[Mapping[str, str]] = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".xml": "application/rdf+xml",
    ".owl": "application/rdf+xml",
    ".jsonld": "application/ld+json",
}
"""Media types by the ending of a file."""
_LINE: Final = re.compile(
    r"(?:<([^>]*)>|_:\S+) <([^>]*)> "
    r'(?:<([^>]*)>|_:\S+|"((?:[^"\\]|\\.)*)"(?:@(\S+)|\^\^<[^>]*>)?) \.'
)
_ESCAPE: Final = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tbnrf"\'\\]))')
_NAMED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

Value = tuple[str, str]
"""IRI or lexical form, and language: "" for none, "@" for an IRI."""
Things = dict[str, dict[str, list[Value]]]


def read_things(data: bytes, name: str) -> Things:
    """Values by subject and property of a file; what is said with blank nodes is left out.

    Raises SyntaxProblem, also for a document type, and for an ending that is not known.
    """
    ending = next((e for e in MEDIA if name.lower().endswith(e)), None)
    if ending is None:
        raise SyntaxProblem(
            f"'{name}' is of no kind that is read.",
            remedy=f"Its name ends with {', '.join(MEDIA)}.",
        )
    text, _ = upload_plain(data, MEDIA[ending], f"{BASE}/")
    found: Things = defaultdict(lambda: defaultdict(list))
    for line in text.decode().splitlines():
        match = _LINE.fullmatch(line)
        if match is None or match[1] is None:
            continue
        subject, property_, iri, lexical, language = match.groups()
        if iri is not None:
            found[subject][property_].append((iri, "@"))
        elif lexical is not None:
            found[subject][property_].append((_unescaped(lexical), (language or "").lower()))
    return found


def _unescaped(text: str) -> str:
    def said(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _NAMED.get(match[3], match[3])

    return _ESCAPE.sub(said, text)
