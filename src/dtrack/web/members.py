"""Instruments that lists give by their short names, by their names in the language of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.web.asking import catalogue, parts
from dtrack.web.remembering import remembered
from dtrack.web.texts import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.wiring.serving import Service


def in_words(service: Service, language: str, text: str) -> str:
    """Short names, separated by "; ", as a reader of the language knows them.

    In English these are the short names themselves; one that is unknown stays.
    """
    if language == "en":
        return text
    names = remembered(service, ("members", language), lambda: _names(service, language))
    return words()[language]["semicolon"].join(names.get(name, name) for name in parts(text))


def _names(service: Service, language: str) -> Mapping[str, str]:
    known = catalogue(service, "instruments_overview", lang=language)
    return {row["short_name"]: row["name"] for row in known if row["short_name"]}
