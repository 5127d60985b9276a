"""What extraction gives: texts with provisions, elements and citations, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class SourceLine(Protocol):
    """A line of a document, as ``dtrack.sources.documents`` reads it."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def page(self) -> int: ...  # noqa: D102
    @property
    def whole(self) -> bool: ...  # noqa: D102
    @property
    def style(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the source something stands: lines from 1, page 0 where there is none."""

    line: int
    last_line: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when.

    ``value`` is a date, a month, a year (ISO 8601), or the key of a meeting
    such as ``cbd-cop-13``; ``words`` are the source's.
    """

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Element:
    """One directive: verb, kind and actors by their keys; ``name`` is the verb in English.

    ``recurrence`` is a key of the recurrence codes or "", ``inherited_from``
    the number of the provision whose chapeau gives it, or "".
    """

    verb: str
    name: str
    kind: str
    addressees: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    recurrence: str = ""
    inherited_from: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """An earlier text that a provision names.

    ``symbol`` is as written, ``path`` the record's IRI without its base,
    ``pinpoint`` a place in it such as ``4.c`` or ``annex-21.e``, or "".
    """

    symbol: str
    instrument: str
    kind: str
    path: str
    relation: str
    pinpoint: str = ""


@dataclass(frozen=True, slots=True)
class Provision:
    """A paragraph, item or subitem.

    ``number`` is its own within its part (``4.c``), ``key`` is unique in the
    text (``annex-4.c``); ``part`` is preambular, operative or annex; ``level``
    a key of the provision levels; ``parent`` the key above it, or "".
    """

    number: str
    key: str
    part: str
    level: str
    parent: str
    text: str
    spot: Spot
    sort_key: str
    number_known: bool = True
    section: str = ""
    section_title: str = ""
    annex: str = ""
    elements: tuple[Element, ...] = ()
    citations: tuple[Citation, ...] = ()
    targets: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Operational when a directive wants something done, else informational.

        Where a paragraph directs more than once, the last directive decides; a
        word of welcome after it is none.
        """
        kinds = {element.kind for element in self.elements}
        return "operational" if "operational" in kinds else "informational"


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """A decision or resolution; ``slug`` is the end of its IRI, "" for an unknown symbol."""

    instrument: str
    kind: str
    symbol: str
    slug: str
    title: str
    adopted: str
    meeting: str
    language: str
    spot: Spot
    provisions: tuple[Provision, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """What a volume's table of contents says, against what was found.

    Each text is named as kind and symbol: ``resolution 1/CP.21``.
    """

    listed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A line that no rule understood."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that a document holds; ``lines`` counts its lines that are not blank."""

    texts: tuple[ExtractedText, ...]
    contents: Contents
    unclaimed: tuple[Unclaimed, ...]
    lines: int
    claims: dict[str, int] = field(default_factory=dict)
