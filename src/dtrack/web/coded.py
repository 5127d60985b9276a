"""Codes and terms in words: labels of the code lists and the ontology, and of what others name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dtrack.terms import CODES, DT
from dtrack.web.asking import rows
from dtrack.web.remembering import remembered
from dtrack.web.texts import wordings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.wiring.serving import Service

_AXES: Final = ("legal-force", "implementation", "review", "published-status")


class Codes:
    """Gives a code its label in one language; a code without one keeps its key."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def __call__(self, scheme: str, key: str) -> str:
        """Label of a code by its scheme and key, such as ``verb`` and ``invites``."""
        return self._names.get(f"{CODES}/{scheme}/{key}") or key

    def of(self, iri: str) -> str:
        """Label of a code or term by its IRI, else the end of that."""
        return self._names.get(iri) or re.split(r"[/#]", iri)[-1]

    def known(self, iri: str) -> str:
        """Label of a code or term by its IRI, "" for what is none."""
        return self._names.get(iri, "")

    def term(self, name: str) -> str:
        """Label of a class or property of the ontology by its name, such as ``Convention``."""
        return self._names.get(f"{DT}{name}") or name

    def status(self, key: str) -> str:
        """Label of a status by its key alone, on whichever axis it is."""
        for axis in _AXES:
            if name := self._names.get(f"{CODES}/{axis}/{key}"):
                return name
        return key

    def facet(self, facet: str, value: str, label: str = "") -> str:
        """Label of a value that narrows a list; things other than codes bring their own."""
        if facet == "status":
            return self.status(value)
        if facet == "kind":
            return self.term(value) if value[:1].isupper() else self("document-type", value)
        return label or (self("theme", value) if facet == "theme" else value)

    def iri(self, scheme: str, key: str) -> str:
        """IRI of a code."""
        return f"{CODES}/{scheme}/{key}"


def codes_in(service: Service, language: str) -> Codes:
    """Labels of all codes in a language."""

    def read() -> Codes:
        own: dict[str, str] = {}
        for row in rows(service, "code_names", lang=language):
            if row["tag"] == language or row["concept"] not in own:
                own[row["concept"]] = row["name"]
        return Codes({**wordings()[language].terms, **own})

    return remembered(service, ("codes", language), read)
