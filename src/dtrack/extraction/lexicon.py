"""The words that extraction looks for, made ready to be looked up.

All words come from the code lists and records (``codes.py``); here they are
only indexed. Nothing in this room is a list of verbs or actors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from dtrack.symbols import SymbolForm, Symbols

if TYPE_CHECKING:
    from collections.abc import Mapping

GOVERNING = "governing-bodies"
_KINDS_OF_BODY = frozenset(
    {"governing-bodies", "mea-gov-bodies", "subsidiary-bodies", "scientific-advisory-bodies"}
)


_ADOPTING = frozenset({"treaty-bodies", "un-system", "int-organizations", "igos", "science-bodies"})
"""Kinds of those that adopt texts of their own, above those without a form."""


@dataclass(frozen=True, slots=True)
class Verb:
    """An operative or preambular verb; forms and bare forms are pairs of language and text."""

    key: str
    name: str
    kind: str
    force: str
    forms: tuple[tuple[str, str], ...]
    bare: tuple[tuple[str, str], ...] = ()

    @property
    def modal(self) -> bool:
        """Whether it is an auxiliary such as "shall", which has no participle."""
        return not any(tag == "en" and "ing" in form for tag, form in self.forms)


@dataclass(frozen=True, slots=True)
class Actor:
    """A class of actors or a named one; labels are language, text, and rank from 0."""

    key: str
    labels: tuple[tuple[str, str, int], ...]
    broader: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument or forum that adopts texts, with its governing body."""

    key: str
    iri: str
    names: tuple[str, ...]
    parent: str
    body: str
    body_names: tuple[str, ...] = ()
    body_actor: str = ""


class Form(NamedTuple):
    """One form of a verb. ``family``: finite, participle, passive, modal, bare."""

    verb: Verb
    family: str


_SPACES = re.compile(r"\s+")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u00a0": " ", "\u202f": " "})


def fold(text: str) -> str:
    """Text for comparing: lower case, straight apostrophes, single spaces."""
    return _SPACES.sub(" ", text.translate(_APOSTROPHES)).lower()


@dataclass(frozen=True)
class Lexicon:
    """All words, and the indexes over them."""

    verbs: tuple[Verb, ...]
    actors: tuple[Actor, ...]
    relations: tuple[tuple[str, str, str], ...]
    text_kinds: tuple[tuple[str, str, str], ...]
    symbol_forms: tuple[SymbolForm, ...]
    instruments: tuple[Instrument, ...]
    frameworks: tuple[tuple[str, str], ...] = ()
    cues: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Words of the cues by key, as pairs of language and text."""
    meetings: Mapping[str, str] = field(default_factory=dict)
    """Keys of known meetings, with the day each ended, or ""."""

    @cached_property
    def instrument(self) -> dict[str, Instrument]:
        """Instruments by key."""
        return {item.key: item for item in self.instruments}

    @cached_property
    def symbols(self) -> Symbols:
        """Reader of symbols, narrowed down by the names of instruments."""
        return Symbols(
            self.symbol_forms,
            [(name, item.key) for item in self.instruments for name in item.names],
        )

    @cached_property
    def instrument_names(self) -> tuple[tuple[str, str], ...]:
        """Names of instruments with their keys, longest first."""
        pairs = {(fold(name), item.key) for item in self.instruments for name in item.names}
        return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))

    @cached_property
    def author_names(self) -> tuple[tuple[str, str], ...]:
        """Names of instruments and of the bodies that adopt their texts, with their keys.

        A name that several have, and a body's bare abbreviation, is left out; the first
        words of a body's name stand for it where no other is called so: "Governing Council".
        """
        bodies = {item.body_actor: item.key for item in self.instruments if item.body_actor}
        found: dict[str, set[str]] = {}
        for actor in self.actors:
            own = actor.key if actor.key in self.instrument else ""
            key = own or bodies.get(actor.key, "")
            for _, text, _ in actor.labels if key else ():
                for name in {fold(text)} if own and actor.key not in bodies else _body_names(text):
                    found.setdefault(name, set()).add(key)
        unique = {(name, next(iter(keys))) for name, keys in found.items() if len(keys) == 1}
        return tuple(sorted({*unique, *self.instrument_names}, key=lambda p: (-len(p[0]), p)))

    @cached_property
    def other_names(self) -> tuple[str, ...]:
        """Names of bodies and organizations whose texts have no form here, longest first."""
        broader = {actor.key: actor.broader for actor in self.actors}
        ours = {item.key for item in self.instruments} | {i.body_actor for i in self.instruments}
        above = {key for own in ours for key in _above(own, broader)}
        known = {name for name, _ in self.author_names}
        found = {
            fold(text)
            for actor in self.actors
            if actor.key not in ours | above and _above(actor.key, broader) & _ADOPTING
            for _, text, _ in actor.labels
        }
        return tuple(sorted(found - known, key=lambda name: (-len(name), name)))

    @cached_property
    def indexes(self) -> dict[tuple[str, str], dict[str, str]]:
        """Labels of actors with their keys, by language and speaking instrument, once made."""
        return {}

    @cached_property
    def reaches(self) -> dict[tuple[str, str], dict[str, int]]:
        """First words of those labels, with the words of the longest label of each."""
        return {}

    @cached_property
    def says_again(self) -> frozenset[str]:
        """Verbs that say again what was said: those whose citations reaffirm."""
        forms = {fold(form) for _, form, relation in self.relations if relation == "reaffirms"}
        return frozenset(
            verb.key for verb in self.verbs if any(fold(form) in forms for _, form in verb.forms)
        )

    @cached_property
    def empowering(self) -> frozenset[str]:
        """Verbs of decision with a passive that takes an act: "is authorized to"."""
        return frozenset(
            verb.key
            for verb in self.verbs
            if verb.force == "binding-decision"
            and any(
                re.fullmatch(r"are \w+ to", form)
                for language, form in verb.forms
                if language == "en"
            )
        )

    @cached_property
    def secretariats(self) -> dict[str, str]:
        """Secretariat of each instrument that has one, by its key."""
        return {
            key: actor.key
            for actor in reversed(self.actors)
            if any(kind.endswith("secretariats") for kind in actor.broader)
            for key in actor.broader
            if key in self.instrument
        }

    @cached_property
    def actor_names(self) -> dict[str, str]:
        """English names of actors by key."""
        return {
            actor.key: text
            for actor in self.actors
            for language, text, rank in actor.labels
            if language == "en" and rank == 0
        }

    @cached_property
    def bodies(self) -> frozenset[str]:
        """Actors that hold sessions: governing, subsidiary and advisory bodies."""
        return frozenset(actor.key for actor in self.actors if _KINDS_OF_BODY & {*actor.broader})

    @cached_property
    def governing_names(self) -> frozenset[str]:
        """What bodies that adopt texts are called where their convention need not be named."""
        found: set[str] = set()
        for actor in self.actors:
            own = actor.key == GOVERNING
            for _, text, rank in actor.labels:
                if (own and rank == 2) or GOVERNING in actor.broader:
                    name = fold(text)
                    found |= {name, name.removeprefix("united nations ").removeprefix("联合国")}
        return frozenset(found)

    @cached_property
    def _forms(self) -> dict[str, dict[str, Form]]:
        found: dict[str, dict[str, Form]] = {}
        for verb in self.verbs:
            for language, text in verb.forms:
                form = Form(verb, _family(verb, language, fold(text)))
                found.setdefault(language, {}).setdefault(fold(text), form)
        for verb in self.verbs:
            for language, text in verb.bare:
                found.setdefault(language, {}).setdefault(fold(text), Form(verb, "bare"))
        return found

    def forms(self, language: str) -> dict[str, Form]:
        """Forms of verbs in a language, by folded text."""
        return self._forms.get(language, {})

    @cached_property
    def _modifiers(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for language, forms in self._forms.items():
            heads = {form.split()[0] for form in forms if " " in form}
            found[language] = frozenset(head for head in heads if head not in forms)
        return found

    def modifiers(self, language: str) -> frozenset[str]:
        """Words that begin longer forms but are no form themselves: also, further, strongly."""
        return self._modifiers.get(language, frozenset())

    def family_of(self, key: str) -> tuple[str, ...]:
        """An instrument, and those it belongs to, nearest first."""
        chain = []
        while key and key not in chain:
            chain.append(key)
            item = self.instrument.get(key)
            key = item.parent if item else ""
        return tuple(chain)


def _above(key: str, broader: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Keys of all that an actor belongs to."""
    found: set[str] = set()
    waiting = [*broader.get(key, ())]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += broader.get(each, ())
    return frozenset(found)


def _body_names(text: str) -> set[str]:
    """Names of a body in full and without whose it is; nothing for an abbreviation."""
    name = fold(text)
    if " " not in name and name.isascii():
        return set()
    bare = re.sub(r"^(?:united nations|un) |^联合国(?=环境)", "", name)
    return {name, bare, re.split(r" (?:of|to) ", bare)[0]}


def _family(verb: Verb, language: str, form: str) -> str:
    """Which grammatical family a form belongs to; only English tells more than finite."""
    if verb.modal:
        return "modal"
    words = form.split()
    if language == "en":
        return _english_family(words, verb.name)
    if language == "fr":
        first = next((w for w in words if w.endswith("ant")), "")
        return "participle" if first or _is_adjective(words[-1]) else "finite"
    if language == "es":
        gerund = re.search(r"(?:ando|iendo|yendo)$", words[0])
        return "participle" if gerund or _is_adjective(words[-1]) else "finite"
    return "finite"


def _is_adjective(word: str) -> bool:
    """Whether a recital opens with a state of mind: consciente, convaincu, preocupada."""
    return re.search(r"(?:cient|vaincu|ccupé|cupad[oa]|vencid[oa])e?s?$", word) is not None


def _english_family(words: list[str], name: str) -> str:
    if words[0] in {"is", "are", "it"}:
        return "passive"
    head = next((w for w in words if w not in {"also", "further"}), words[0])
    if any(w.endswith("ing") for w in words[:2]) or head == "having":
        return "participle"
    if head.endswith("s") or any(w.endswith("s") for w in words[:2]):
        return "finite"
    # "decided" is the past of decides, but "convinced" opens a recital as an adjective.
    return "past" if head.endswith("ed") and head[:4] == name[:4] else "participle"
