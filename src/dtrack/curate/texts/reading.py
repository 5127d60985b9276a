"""Files to extracted texts; a file that is no document at all is passed over, and told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.errors import InputError, Place
from dtrack.extraction import extract
from dtrack.sources.documents import data_format, read_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dtrack.extraction import Extraction
    from dtrack.extraction.lexicon import Lexicon
    from dtrack.model import Progress

_NO_DECISION = "it holds no decision or resolution"


@dataclass(frozen=True, slots=True)
class Document:
    """A file by name, with what it says, or why it was passed over."""

    name: str
    extraction: Extraction | None
    why_skipped: str = ""


def read_documents(
    paths: Sequence[Path], lexicon: Lexicon, progress: Progress
) -> tuple[Document, ...]:
    """What files say, in their order.

    Among several files, one of data (JSON) or without a decision is passed
    over; damaged, scanned and unreadable ones raise InputError, and so does a
    set without any decision.
    """
    found = []
    for done, path in enumerate(paths):
        progress(f"Reading {path.name}", done, len(paths))
        found.append(_read(path, lexicon))
    if not any(document.extraction for document in found):
        first = found[0]
        raise InputError(
            f"Nothing can be imported: {first.why_skipped}.",
            remedy="A text begins with its symbol, such as 'Decision 15/4' or 'XII/19. Title'.",
            place=Place(first.name),
        )
    names = [document.name for document in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"Two files are named '{twice[0]}'.",
            remedy="Rename one: places in a source are told by the name of the file.",
        )
    return tuple(found)


def _read(path: Path, lexicon: Lexicon) -> Document:
    form = data_format(path)
    if form:
        return Document(path.name, None, f"it is {form} data, not the text of a decision")
    extraction = extract(read_file(path), lexicon)
    if not extraction.texts:
        return Document(path.name, None, _NO_DECISION)
    return Document(path.name, extraction)
