"""Goals and targets by the framework and number that readers know them by, before their labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dtrack.answer.lookup import last_part
from dtrack.web.asking import rows
from dtrack.web.remembering import remembered
from dtrack.web.texts import wordings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.wiring.serving import Service

_NUMBER: Final = re.compile(r"(?:.*\s)?([0-9][\w.()-]*|[A-Z])")


class Aims:
    """Gives goals and targets the names that tell them from those of other frameworks."""

    def __init__(self, names: Mapping[str, tuple[str, str]], colon: str) -> None:
        self._names = names
        self._colon = colon

    def __call__(self, iri: str, label: str) -> str:
        """Label after framework and number, such as "Aichi Target 14: Ecosystems …".

        A label that ends in the number, and what is no goal or target, stays as it is.
        """
        name, number = self._names.get(iri, ("", ""))
        if not name or re.search(rf"(?<![\w.]){re.escape(number)}$", label, re.ASCII):
            return label
        return f"{name}{self._colon}{label}"


def aims_in(service: Service, language: str) -> Aims:
    """Names of all goals and targets in a language."""
    return remembered(service, ("aims", language), lambda: _read(service, language))


def _read(service: Service, language: str) -> Aims:
    own = wordings()[language]
    called = _framework_names(service, language)
    names: dict[str, tuple[str, str]] = {}
    for row in rows(service, "aims"):
        # A notation without a number, such as "Red List Index", is a name already.
        if found := _NUMBER.fullmatch(row["number"]):
            framework = row["framework"]
            known = called.get(framework) or row["short_name"] or last_part(framework)
            name = own.aim(last_part(framework), known, row["number"])
            names.setdefault(row["thing"], (name, found[1]))
    return Aims(names, own.words["colon"])


def _framework_names(service: Service, language: str) -> dict[str, str]:
    """The shortest name of each framework in a language; in English short names serve."""
    found: dict[str, str] = {}
    if language != "en":
        for row in rows(service, "framework_names", lang=language):
            known = found.get(row["framework"])
            if known is None or len(row["name"]) < len(known):
                found[row["framework"]] = row["name"]
    return found
