"""Words of the pages, one file per language."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "texts"


@lru_cache(maxsize=1)
def words() -> Mapping[str, Mapping[str, str]]:
    """Words by language and key; English first."""
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.glob("*.toml"), key=lambda path: (path.stem != "en", path.stem))
    }


def relation_words(language: str, relation: str) -> str:
    """How two values relate, in a language; a mapping predicate keeps its name."""
    return words()[language].get(f"relation_{relation}", relation)
