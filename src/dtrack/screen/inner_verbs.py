"""The second verb of a decision: "decides to suspend", 决定暂停, which says what is decided."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dtrack.extraction.lexicon import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dtrack.extraction.lexicon import Form, Lexicon, Verb

DECIDING: Final = "binding-decision"
_LINK: Final = re.compile(r"\s*(?:(?:also|further)\s+)?(?:to|not to)?\s*|\s*(?:de |d'|que )?")
_LONGEST: Final = 40


def inner_verbs(text: str, verbs: Iterable[Verb], language: str, lexicon: Lexicon) -> list[Verb]:
    """Verbs that stand right behind a verb of deciding."""
    folded = fold(text)
    forms = lexicon.forms(language)
    found = []
    for verb in verbs:
        if verb.force != DECIDING:
            continue
        for tag, form in verb.forms:
            place = folded.find(fold(form)) if tag == language else -1
            if place >= 0 and (inner := _behind(folded[place + len(form) :], forms)):
                found.append(inner)
    return [verb for verb in dict.fromkeys(found) if verb not in verbs]


def _behind(rest: str, forms: dict[str, Form]) -> Verb | None:
    """Verb that some text begins with, the longest form first."""
    link = _LINK.match(rest)
    start = link.end() if link else 0
    for end in range(min(len(rest), start + _LONGEST), start, -1):
        form = forms.get(rest[start:end])
        whole = end == len(rest) or not (rest[end - 1].isascii() and rest[end].isalnum())
        if form is not None and whole:
            return form.verb
    return None
