"""A draft as it is screened: its directives with their values, wherever they were read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.terms import BASE, CODES, SDG_FRAMEWORK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dtrack.model import TagCandidate

ASKING: Final = frozenset(
    {"request", "instruction", "encouragement", "invitation", "recommendation"}
)
"""Forces of verbs that want somebody else to act."""

ID: Final = f"{BASE}/id/"


@dataclass(frozen=True, slots=True)
class Cited:
    """An earlier text, or a place in it, that a directive names; ``iri`` as it would be minted."""

    relation: str
    iri: str
    symbol: str
    pinpoint: str = ""


@dataclass(frozen=True, slots=True)
class DraftDirective:
    """One operative provision of a draft; verbs, actors, targets and themes by IRI.

    ``texts`` are pairs of language and wording; ``deadlines`` pairs of value and
    words, the value a day, a month, a year, or the key of a meeting. ``asks``
    says that it wants somebody else to act; ``tags`` holds why a theme or target
    that nobody stated was recognised.
    """

    number: str
    texts: tuple[tuple[str, str], ...]
    operational: bool
    asks: bool
    verbs: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    deadlines: tuple[tuple[str, str], ...] = ()
    recurs: bool = False
    targets: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    citations: tuple[Cited, ...] = ()
    tags: Mapping[str, TagCandidate] | None = None

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Values by dimension of overlap."""
        return {
            "target": self.targets,
            "theme": self.themes,
            "actor": self.actors,
            "verb": self.verbs,
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft decision; what is not known is "".

    ``instrument`` is an IRI, ``own`` the IRI that its symbol stands for, ``version``
    that of the revision which the symbol names, ``adopted`` a day. ``recitals``
    counts its preambular provisions, which direct nobody.
    """

    title: str
    symbol: str
    kind: str
    instrument: str
    own: str
    adopted: str
    language: str
    recitals: int
    directives: tuple[DraftDirective, ...]
    version: str = ""


def code(scheme: str, key: str) -> str:
    """IRI of a code."""
    return f"{CODES}/{scheme}/{key}"


def target_iri(key: str) -> str:
    """IRI of a target or goal by its key in texts: ``aichi-11``, ``gbf-a``, ``sdg-14.2``."""
    framework, _, number = key.partition("-")
    if framework == "sdg":
        return f"{SDG_FRAMEWORK}/{number}"
    return f"{ID}{'target' if number[:1].isdigit() else 'goal'}/{key}"
