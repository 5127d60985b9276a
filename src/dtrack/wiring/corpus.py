"""The bundled corpus and the catalogue of this installation."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from dtrack.catalogue import Catalogue
from dtrack.resources import root_folder
from dtrack.sources import Corpus
from dtrack.stores.parsing import parse_turtle

if TYPE_CHECKING:
    from pathlib import Path

BUNDLED: Final = "bundled corpus"
"""Name of the source that ships with dtrack."""


@lru_cache(maxsize=1)
def read_catalogue() -> Catalogue:
    """The catalogue of this installation. Raises CatalogueError."""
    return Catalogue.read(root_folder("queries") / "catalogue")


def bundled_corpus(data: Path | None = None) -> Corpus:
    """Source of the ontology and a data folder, by default the bundled one."""
    return Corpus(root_folder("ontology"), data or root_folder("data"), parse_turtle)
