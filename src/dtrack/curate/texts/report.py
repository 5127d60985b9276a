"""What an import of decision texts tells: file by file, text by text, citation by citation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dtrack.curate.texts.reading import Document
    from dtrack.extraction.texts import Unclaimed


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file: what its table of contents lists, what was found, what no rule understood.

    ``listed`` is None where a file has no table of contents.
    """

    name: str
    skipped: str = ""
    listed: int | None = None
    found: int = 0
    missing: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    lines: int = 0
    unclaimed: tuple[Unclaimed, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a record that is kept and its text do not say the same.

    ``what`` is structure, verbs or citations; ``record`` and ``text`` are what
    each has and the other has not.
    """

    provision: str
    what: str
    record: tuple[str, ...]
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a text.

    ``became``: ``record`` = a record of its own; ``added`` = what a record that
    is kept does not have was added beside it; ``kept`` = nothing was to be
    added; ``skipped``, and ``why``.
    """

    name: str
    file: str
    line: int
    became: str
    provisions: int = 0
    why: str = ""
    record: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A citation without a record, and no way to make one."""

    symbol: str
    provision: str
    place: str


@dataclass(slots=True)
class Report:
    """All of it. Citations are counted once a provision and text cited."""

    files: list[FileReport] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    inside: int = 0
    held: int = 0
    to_stubs: int = 0
    stubs: int = 0
    candidates: int = 0
    unresolved: list[Unresolved] = field(default_factory=list)

    def read(self, document: Document) -> None:
        """Tell of a file."""
        extraction = document.extraction
        if extraction is None:
            self.files.append(FileReport(document.name, document.why_skipped))
            return
        contents = extraction.contents
        self.files.append(
            FileReport(
                document.name,
                listed=len(contents.listed) or None,
                found=len(extraction.texts),
                missing=contents.missing,
                doubled=contents.doubled,
                unlisted=contents.unlisted,
                lines=extraction.lines,
                unclaimed=extraction.unclaimed,
            )
        )
