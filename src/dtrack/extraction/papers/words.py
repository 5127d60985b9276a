"""The words that mark the parts of papers, from the cues and the document types."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from dtrack.extraction.codes import triples
from dtrack.extraction.lexicon import fold
from dtrack.extraction.words import bundled_lexicon
from dtrack.model import Literal
from dtrack.resources import root_folder
from dtrack.terms import BASE, CODES, DT, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dtrack.extraction.lexicon import Lexicon

_CUES = f"{CODES}/text-cue/"
_TYPES = f"{CODES}/document-type/"
_UNITS = f"{CODES}/unit/"
_LABELS = frozenset({f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}hiddenLabel"})
_NAMES = _LABELS | {f"{DT}shortName"}
_ID = f"{BASE}/id/"


class PaperWords:
    """Cues and names of kinds by language, over the lexicon of directives."""

    def __init__(
        self, lexicon: Lexicon, schemes: Iterable[bytes], instruments: Iterable[bytes] = ()
    ) -> None:
        """Words of some schemes, and names of instruments and groups of them, as N-Triples."""
        self.lexicon = lexicon
        self.instruments = tuple(name for record in instruments for name in _instruments(record))
        self._labels: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._symbols: dict[str, str] = {}
        for scheme in schemes:
            for subject, predicate, value in triples(scheme):
                if not isinstance(value, Literal):
                    continue
                if subject.startswith((_CUES, _TYPES, _UNITS)) and predicate in _LABELS:
                    self._labels[subject, value.language].append(fold(value.lexical))
                if predicate == f"{DT}unitSymbol":
                    self._symbols[subject] = value.lexical
        self._pattern = cache(self._compile)

    def cue(self, key: str, language: str) -> re.Pattern[str]:
        """Pattern of the words of a cue; it matches nothing where a language has none."""
        return self._pattern(f"{_CUES}{key}", language)

    def around(self, key: str, language: str) -> tuple[tuple[str, str], ...]:
        """What stands before and behind the dots in the words of a cue, longest first."""
        pairs = {tuple(word.split("…", 1)) for word in self._labels[f"{_CUES}{key}", language]}
        return tuple(sorted(((p[0], p[1]) for p in pairs if len(p) == 2), key=_by_length))

    def units(self, language: str) -> tuple[tuple[str, str], ...]:
        """Words of units with their symbols, longest first."""
        pairs = (
            (word, self._symbols[subject])
            for (subject, tag), words in self._labels.items()
            if tag == language and subject in self._symbols
            for word in words
        )
        return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))

    @property
    def symbols(self) -> frozenset[str]:
        """Symbols of all units."""
        return frozenset(self._symbols.values())

    def kind(self, key: str, language: str) -> re.Pattern[str]:
        """Pattern of the names of a kind of document."""
        return self._pattern(f"{_TYPES}{key}", language)

    def _compile(self, concept: str, language: str) -> re.Pattern[str]:
        words = sorted(self._labels[concept, language], key=lambda word: (-len(word), word))
        if not words:
            return re.compile(r"(?!)")
        choice = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
        edge = "" if language == "zh" else r"\b"
        return re.compile(rf"{edge}(?:{choice}){edge}", re.IGNORECASE)


def _instruments(record: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names in a record with the keys of the instruments that they stand for."""
    names: dict[str, list[str]] = defaultdict(list)
    members: dict[str, list[str]] = defaultdict(list)
    for subject, predicate, value in triples(record):
        kind, _, key = subject.removeprefix(_ID).partition("/")
        if kind not in {"instrument", "instrument-group"}:
            continue
        if kind == "instrument":
            members[subject] = [key]
        if predicate in _NAMES and isinstance(value, Literal):
            names[subject].append(value.lexical)
        elif predicate == f"{SKOS}member":
            members[subject].append(str(value).rsplit("/", 1)[-1])
    for subject, keys in members.items():
        yield from ((name, tuple(sorted(keys))) for name in names[subject])


def _by_length(pair: tuple[str, str]) -> tuple[int, tuple[str, str]]:
    return -len(pair[0]) - len(pair[1]), pair


@lru_cache(maxsize=1)
def bundled_paper_words(parse: Callable[[bytes], bytes]) -> PaperWords:
    """Words of this installation; ``parse`` makes N-Triples of Turtle."""
    folder = root_folder("ontology") / "codes"
    names = ("text-cue.ttl", "document-type.ttl", "unit.ttl")
    schemes = [parse((folder / name).read_bytes()) for name in names]
    records = sorted((root_folder("data") / "instruments").glob("*.ttl"))
    return PaperWords(bundled_lexicon(parse), schemes, [parse(r.read_bytes()) for r in records])
