"""A change of a graph as feeds tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Changed:
    """What a revision did to a graph.

    ``version`` is the IRI of the graph as the revision left it, ``digest`` that
    of its content (None = withdrawn), ``thing`` what the graph is about.
    ``contents`` are addresses of the content by media type, ``patch`` that of
    what came and left; all relative to the feed.
    """

    graph: str
    version: str
    thing: str
    title: str
    kind: str
    number: int
    revision: str
    at: str
    agent: str
    agent_iri: str
    reason: str
    source: str
    digest: str | None
    is_new: bool
    contents: Mapping[str, str]
    patch: str

    @property
    def is_withdrawn(self) -> bool:
        """Whether the revision took the graph away."""
        return self.digest is None
