"""What decision texts are set beside: records of a store, and the targets and themes there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dtrack.curate.finding import Finder
from dtrack.extraction.provisions import tag_iri
from dtrack.resources import root_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dtrack.answer.answers import Answers


@dataclass(frozen=True, slots=True)
class Beside:
    """How to find the record of a text, and IRIs of what can be tagged with."""

    graph_of: Callable[[str], str | None]
    tags: frozenset[str]


def texts_beside(answers: Answers, themes: Iterable[str]) -> Beside:
    """What a store holds already."""
    query = (root_folder("queries") / "index" / "framework_items.rq").read_text(encoding="utf-8")
    items = {row["item"] for row in answers.store.select(query).texts()}
    finder = Finder(answers.names, answers.store)
    return Beside(finder.graph_of, frozenset({*items, *map(tag_iri, themes)}))
