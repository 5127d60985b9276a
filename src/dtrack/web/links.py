"""Where a thing's page is. Only IRIs that a browser may safely follow become links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from dtrack.terms import BASE, SDG_FRAMEWORK

if TYPE_CHECKING:
    from collections.abc import Sequence

_SAFE: Final = re.compile(r"(?:https?://|mailto:|urn:)[^\s<>\"']+", re.IGNORECASE)
_DOI: Final = re.compile(r"doi:(10\.\d{4,9}/[^\s<>\"']+)", re.IGNORECASE)
_SERVED: Final = re.compile(
    r"(?:codes|graph|alignments)/.+|ontology(?:[#/].+)?|shapes(?:#.+)?|codes"
)


def href(iri: str, bases: Sequence[str] = (BASE,)) -> str:
    """Address to link an IRI to: our own page, the IRI itself, or "" when it must be no link.

    ``bases`` are the starts of the IRIs that this node answers for.
    """
    for base in bases:
        if iri.startswith(f"{base}/id/"):
            return "/doc/" + quote(iri[len(f"{base}/id/") :])
        if iri.startswith(f"{base}/") and _SERVED.fullmatch(iri[len(base) + 1 :]):
            return "/" + quote(iri[len(base) + 1 :], safe="/#")
    if iri == SDG_FRAMEWORK or iri.startswith(f"{SDG_FRAMEWORK}/"):
        # Others publish them; what is recorded about them here is ours to show.
        return "/doc?iri=" + quote(iri, safe="")
    if doi := _DOI.fullmatch(iri):
        return f"https://doi.org/{quote(doi.group(1))}"
    return iri if _SAFE.fullmatch(iri) else ""
