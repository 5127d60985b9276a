"""Gold annotations of decision texts, as read from ``gold/tuning`` and ``gold/test``.

Either folder may be missing: between two test splits there is none.

The rules of annotation and the format of a file are in
docs/how-to/evaluate-the-extraction.md.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
GOLD = Path(__file__).resolve().parent / "gold"
NEXT = GOLD.with_name("gold_next")
"""What is annotated for the next test split, and not measured before it is whole."""

SPLITS = ("tuning", "test")


@dataclass(frozen=True, slots=True)
class Directive:
    """One verb with those it asks; inherited = it stands in the chapeau above."""

    verb: str
    addressees: tuple[str, ...] = ()
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """A decision or resolution that a paragraph names."""

    instrument: str
    symbol: str
    relation: str
    pinpoint: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What is annotated of one paragraph, item or subitem.

    ``structure_only`` = verbs and all that follows from them were not read.
    Each deadline is a set of readings that are equally right.
    """

    number: str
    role: str
    annex: str | None = None
    section: str | None = None
    kind: str | None = None
    directives: tuple[Directive, ...] = ()
    citations: tuple[Citation, ...] = ()
    targets: tuple[str, ...] = ()
    deadlines: tuple[tuple[str, ...], ...] = ()
    recurrence: str | None = None
    parent: str | None = None
    structure_only: bool = False


@dataclass(frozen=True, slots=True)
class GoldText:
    """One annotated text; ``covers`` names the parts of it that are annotated in full."""

    identifier: str
    split: str
    language: str
    path: Path
    own: bool
    instrument: str | None
    kind: str
    symbol: str | None
    covers: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


def shared_folder() -> Path:
    """Folder of real input beside the checkout; DTRACK_SHARED says where else."""
    return Path(os.environ.get("DTRACK_SHARED", ROOT.parent / "shared"))


def gold_files() -> Iterator[Path]:
    """The annotation files, tuning before test, by name."""
    for split in SPLITS:
        yield from sorted((GOLD / split).glob("*.yaml"))


def read_all() -> list[GoldText]:
    """All annotated texts."""
    return [read(path) for path in gold_files()]


def read_next() -> list[GoldText]:
    """Annotated texts that are in no split yet."""
    return [read(path) for path in sorted(NEXT.glob("*.yaml"))]


def read(path: Path) -> GoldText:
    """The annotated text of one file."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    source, text = content["source"], content["text"]
    beside = source.get("beside")
    return GoldText(
        identifier=content["id"],
        split=path.parent.name,
        language=content["language"],
        path=path.parent / beside if beside else shared_folder() / "data" / source["shared"],
        own=beside is not None,
        instrument=text["instrument"],
        kind=text["kind"],
        symbol=text["symbol"],
        covers=tuple(content["covers"]),
        paragraphs=tuple(_paragraph(entry) for entry in content["paragraphs"]),
    )


def _paragraph(entry: dict[str, Any]) -> Paragraph:
    return Paragraph(
        number=entry["number"],
        role=entry["role"],
        annex=entry.get("annex"),
        section=entry.get("section"),
        kind=entry.get("kind"),
        directives=tuple(
            Directive(each["verb"], tuple(each.get("addressees", ())), each.get("inherited", False))
            for each in entry.get("elements", ())
        ),
        citations=tuple(
            Citation(
                each["instrument"],
                each["symbol"],
                each["relation"],
                tuple(each.get("pinpoint", ())),
            )
            for each in entry.get("citations", ())
        ),
        targets=tuple(entry.get("targets", ())),
        deadlines=tuple(tuple(map(str, each)) for each in entry.get("deadlines", ())),
        recurrence=entry.get("recurrence"),
        parent=entry.get("parent"),
        structure_only=entry.get("annotated") == "structure",
    )
