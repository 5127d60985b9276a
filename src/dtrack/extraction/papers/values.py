"""What papers hold beside provisions: figures, measures, commitments, claims, who took part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.extraction.texts import ExtractedText, Provision

if TYPE_CHECKING:
    from dtrack.extraction.texts import Spot

_PERMITS = frozenset({"may"})
COLLECTIVE = ("option-theme", "option", "section")
"""Levels of parts that gather others; their words are a heading and what explains it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as a text gives it.

    ``value`` is it in digits, ``words`` as printed; ``unit`` is the text's own
    word for what is counted; ``year`` and ``place`` are "" where none is said.
    """

    value: str
    words: str
    unit: str
    year: str = ""
    place: str = ""
    about: bool = False


@dataclass(frozen=True, slots=True)
class Assertion:
    """A sentence of an author about its own doing.

    ``kind`` is measure, commitment or claim; ``targets`` are those that a claim
    names; ``year`` is when a commitment is due or a measure was taken.
    """

    kind: str
    text: str
    year: str = ""
    targets: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Part(Provision):
    """A theme, option, action, chapter or point.

    ``title`` is its heading; ``supporters`` are those with whom, or under whom,
    the addressees act; ``instruments`` and ``frameworks`` are those it names.
    """

    title: str = ""
    supporters: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    assertions: tuple[Assertion, ...] = ()

    @property
    def beside(self) -> tuple[str, ...]:
        """Who is named beside the doer: those who accompany it, and those who may act too."""
        doers = {key for e in self.elements if e.verb not in _PERMITS for key in e.addressees}
        may = [key for e in self.elements if e.verb in _PERMITS for key in e.addressees]
        return tuple(key for key in dict.fromkeys((*self.supporters, *may)) if key not in doers)


@dataclass(frozen=True, slots=True)
class Paper(ExtractedText):
    """A text that binds nobody. ``preface`` holds what stands outside of its numbered parts."""

    issuers: tuple[str, ...] = ()
    supporters: tuple[str, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    """Countries, organizations and participants, where the text counts them."""
    preface: Part | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts, the preface first."""
        parts = tuple(part for part in self.provisions if isinstance(part, Part))
        return (self.preface, *parts) if self.preface is not None else parts

    @property
    def instruments(self) -> tuple[str, ...]:
        """Keys of all instruments named."""
        return tuple(dict.fromkeys(key for part in self.parts for key in part.instruments))

    @property
    def frameworks(self) -> tuple[str, ...]:
        """Keys of all frameworks named."""
        return tuple(dict.fromkeys(key for part in self.parts for key in part.frameworks))


@dataclass(slots=True)
class Draft:
    """A part while its words are gathered, before what they say is read."""

    level: str
    number: str
    parent: str
    spot: Spot
    title: str = ""
    text: str = ""
    notes: tuple[str, ...] = ()
    lettered: bool = True
    kind: str = "operative"
    explained: str = ""
    """Words that explain a theme or option, apart from its title."""
