"""Labels of themes, how far each can be trusted, and the names that shield words from them.

The labels are those of the theme scheme. A shield is the name of an instrument,
body or organization: "Convention on Biological Diversity" says nothing about
what a provision is about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from dtrack.extraction.codes import triples
from dtrack.extraction.tagging.patterns import Label, Patterns
from dtrack.extraction.tagging.words import is_wide, units
from dtrack.model import Literal
from dtrack.terms import CODES, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dtrack.extraction.lexicon import Lexicon
    from dtrack.extraction.tagging.reliability import Reliability

LANGUAGES = ("en", "zh", "fr", "es")
_THEMES = f"{CODES}/theme/"
_RANKS = {f"{SKOS}prefLabel": 0, f"{SKOS}altLabel": 1, f"{SKOS}hiddenLabel": 2}
_AND = re.compile(r"\s+(?:and|et|y|e)\s+|,\s+|[和与及、]")
_ADJECTIVE = re.compile(r"(?:ed|al|ic|ive|ary|able|ous)$")
_RANK_OF_HALF = 3
_SHORTEST_SHIELD = {True: 4, False: 2}
"""Characters of a Chinese name, words of another: shorter ones name things as well."""


class ThemeLexicon:
    """Themes by their labels in four languages."""

    def __init__(
        self, scheme: bytes, names: Iterable[tuple[str, str]], reliability: Reliability
    ) -> None:
        """Themes of a scheme (N-Triples); ``names`` are pairs of language and shielding name."""
        labels: dict[str, list[Label]] = {language: [] for language in LANGUAGES}
        broader: dict[str, str] = {}
        words: list[_Word] = []
        for subject, predicate, value in triples(scheme):
            if not subject.startswith(_THEMES):
                continue
            key = subject.removeprefix(_THEMES)
            if predicate == f"{SKOS}broader":
                broader[key] = str(value).removeprefix(_THEMES)
            elif predicate in _RANKS and isinstance(value, Literal) and value.language in labels:
                words.append((value.language, key, value.lexical, _RANKS[predicate]))
        for language, key, text, rank in (*words, *_parts(words)):
            clean = reliability.of(language, key, text, rank)
            labels[language].append(Label(key, text, rank, clean))
        for language, name in names:
            if language in labels and _shields(name, language):
                labels[language].append(Label("", name, 0, 0.0))
        self._labels = labels
        self.broader = broader

    @cached_property
    def themes(self) -> frozenset[str]:
        """Keys of all themes."""
        return frozenset(label.theme for some in self._labels.values() for label in some) - {""}

    def patterns(self, language: str) -> Patterns:
        """Labels of a language; one without labels of its own is read as English."""
        tag = language.lower().split("-")[0]
        return self._patterns[tag if tag in self._patterns else "en"]

    @cached_property
    def _patterns(self) -> dict[str, Patterns]:
        return {language: Patterns(some, language) for language, some in self._labels.items()}

    def labels(self, language: str) -> tuple[Label, ...]:
        """Labels of themes in a language."""
        return tuple(label for label in self._labels[language] if label.theme)


_Word = tuple[str, str, str, int]
"""Language, theme, words and rank of a label."""


def _parts(words: Iterable[_Word]) -> Iterator[_Word]:
    """Halves of labels that name two things: "land degradation", of "… and desertification".

    A half that two themes share, or that is a label already, says nothing of its own.
    """
    given = list(words)
    taken = {(language, text.lower()) for language, _, text, _ in given}
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for language, key, text, rank in given:
        halves = _AND.split(text) if rank < _RANK_OF_HALF else []
        for half in halves if len(halves) > 1 else []:
            if _stands_alone(half.strip(), language):
                owners[language, half.strip().lower()].add(key)
    for (language, half), keys in sorted(owners.items()):
        if len(keys) == 1 and (language, half) not in taken:
            yield language, min(keys), half, _RANK_OF_HALF


def _stands_alone(half: str, language: str) -> bool:
    """Whether a half names something: not "protected", of "protected and conserved areas"."""
    if is_wide(language):
        return len(units(half, language)) >= 2
    # Where adjectives follow their noun, a single word may be one: "… technique et scientifique".
    single = " " not in half
    return bool(half) and not (single and (language != "en" or _ADJECTIVE.search(half)))


def _shields(name: str, language: str) -> bool:
    return len(units(name, language)) >= _SHORTEST_SHIELD[is_wide(language)]


def shielding_names(lexicon: Lexicon) -> Iterable[tuple[str, str]]:
    """Names of instruments, their bodies, and named organizations, with their languages."""
    for item in lexicon.instruments:
        for name in (*item.names, *item.body_names):
            yield ("zh" if any("\u4e00" <= c <= "\u9fff" for c in name) else "en"), name
    for actor in lexicon.actors:
        # Classes of actors (farmers, local communities) are what provisions are about.
        if actor.broader:
            yield from ((language, text) for language, text, _ in actor.labels)
