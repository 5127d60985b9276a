"""Where a thing's page is. Only IRIs that a browser may safely follow become links."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from dtrack.terms import BASE

_SAFE: Final = re.compile(r"(?:https?://|mailto:|urn:)[^\s<>\"']+", re.IGNORECASE)
_DOI: Final = re.compile(r"doi:(10\.\d{4,9}/[^\s<>\"']+)", re.IGNORECASE)


def href(iri: str) -> str:
    """Address to link an IRI to: our own page, the IRI itself, or "" when it must be no link."""
    if iri.startswith(f"{BASE}/id/"):
        return "/doc/" + quote(iri[len(f"{BASE}/id/") :])
    if iri.startswith(f"{BASE}/codes/"):
        return "/codes/" + quote(iri[len(f"{BASE}/codes/") :])
    if doi := _DOI.fullmatch(iri):
        return f"https://doi.org/{quote(doi.group(1))}"
    return iri if _SAFE.fullmatch(iri) else ""
