"""Candidates as taggings that somebody has yet to accept: method, author, words and place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.terms import BASE, CODES, DT, RDF, SDG_FRAMEWORK, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dtrack.model import TagCandidate, Tagger

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": " ", "\r": " "})
_FRAMEWORK_ITEM = re.compile(r"(aichi|gbf|sdg)-([\d.]+[a-d]?|[a-d])")


@dataclass(frozen=True, slots=True)
class Tagged:
    """The thing that is tagged, where its words stand, and their language.

    ``key`` is what follows its kind in its IRI: ``cbd-cop-12-19/4.c``.
    """

    iri: str
    key: str
    place: str
    language: str


def tag_iri(key: str, base: str = BASE) -> str:
    """IRI of a target, goal or theme by its key."""
    item = _FRAMEWORK_ITEM.fullmatch(key)
    if item is None:
        return f"{CODES}/theme/{key}"
    framework, number = item.groups()
    if framework == "sdg":
        return f"{SDG_FRAMEWORK}/{number}"
    return f"{base}/id/{'goal' if number.isalpha() else 'target'}/{key}"


def tagging_lines(
    tagged: Tagged, candidates: Iterable[TagCandidate], tagger: Tagger, base: str = BASE
) -> Iterator[str]:
    """Lines of N-Triples, without the final full stop."""
    for candidate in candidates:
        own = f"{base}/id/tagging/{tagged.key}/{candidate.tag}"
        yield f"<{own}> <{RDF}type> <{DT}Tagging>"
        yield f"<{own}> <{DT}tagged> <{tagged.iri}>"
        yield f"<{own}> <{DT}tag> <{tag_iri(candidate.tag, base)}>"
        yield f"<{own}> <{DT}taggingMethod> <{CODES}/tagging-method/{tagger.method}>"
        yield f"<{own}> <{DT}taggingState> <{CODES}/tagging-state/proposed>"
        yield f'<{own}> <{DT}confidence> "{candidate.confidence:g}"^^<{XSD}decimal>'
        yield f'<{own}> <{DT}author> "{tagger.author}"'
        yield f"<{own}> <{DT}reviewState> <{CODES}/review-state/unreviewed>"
        for evidence in candidate.evidence:
            words = evidence.words.translate(_ESCAPES)
            yield f'<{own}> <{DT}matchedWords> "{words}"@{tagged.language}'
            span = f"{evidence.where} {evidence.start}-{evidence.end}"
            place = f"{tagged.place}, {span}".translate(_ESCAPES)
            yield f'<{own}> <{DT}sourcePlace> "{place}"'
