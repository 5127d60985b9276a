"""Where the words of extraction are: the files of the code lists and records they come from."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dtrack.extraction.codes import read_lexicon
from dtrack.resources import root_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dtrack.extraction.lexicon import Lexicon

_CODES = ("verb", "actor", "citation-relation", "document-type", "symbol-form", "text-cue")
_RECORDS = ("instruments", "meetings", "frameworks")


def _files() -> list[Path]:
    codes = [root_folder("ontology") / "codes" / f"{name}.ttl" for name in _CODES]
    records = [sorted((root_folder("data") / folder).glob("*.ttl")) for folder in _RECORDS]
    return [*codes, *(path for paths in records for path in paths)]


@lru_cache(maxsize=1)
def bundled_lexicon(parse: Callable[[bytes], bytes]) -> Lexicon:
    """Lexicon of this installation; ``parse`` makes N-Triples of Turtle."""
    return read_lexicon(parse(path.read_bytes()) for path in _files())
