"""What there is to see of a proposal: its graphs in three versions, differences, conflicts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.curate.candidates import Candidate, Selection, candidates
from dtrack.curate.merging import Choices, Conflict, Difference, Merged, difference, merge
from dtrack.errors import ConflictError, InputError, NotFoundError
from dtrack.sources.ntriples import is_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dtrack.journal import Journal
    from dtrack.journal.proposals import Event, Proposal, Proposed
    from dtrack.model import Report

_LONGEST_TITLE: Final = 200
_LONGEST_TEXT: Final = 20_000
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Content:
    """A graph of a proposal: what it was written against, what it is to be, what is published.

    ``head`` is the digest of what is published now.
    """

    proposed: Proposed
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None
    head: str | None

    @property
    def graph(self) -> str:
        """IRI of the graph."""
        return self.proposed.graph

    @property
    def moved(self) -> bool:
        """Whether others have changed the graph since."""
        return self.head != self.proposed.base

    def merge(self, choices: Choices | None = None) -> Merged:
        """Both sides' changes together."""
        return merge(self.graph, self.base, self.ours, self.theirs, choices)


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal after an act, with what the shapes say to it."""

    proposal: Proposal
    report: Report


@dataclass(frozen=True, slots=True)
class View:
    """All there is to see of a proposal.

    ``moved`` are graphs that others have changed since; ``report`` is what the
    gate says now, None for a proposal that has ended.
    """

    proposal: Proposal
    differences: tuple[Difference, ...]
    moved: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    candidates: tuple[Candidate, ...]
    events: tuple[Event, ...]
    report: Report | None


def is_open(proposal: Proposal) -> bool:
    """Whether a proposal may still become something else."""
    return proposal.state not in {"published", "rejected"}


def view(
    proposal: Proposal,
    contents: Sequence[Content],
    events: Iterable[Event],
    report: Report | None,
) -> View:
    """View of a proposal from its parts."""
    moved = [item for item in contents if item.moved] if is_open(proposal) else []
    return View(
        proposal,
        tuple(difference(item.graph, item.base, item.ours) for item in contents),
        tuple(item.graph for item in moved),
        tuple(conflict for item in moved for conflict in item.merge().conflicts),
        tuple(brought(contents)),
        tuple(events),
        report,
    )


def brought(contents: Iterable[Content]) -> list[Candidate]:
    """Taggings and mappings that graphs bring or change."""
    return [c for item in contents for c in candidates(item.graph, item.base, item.ours)]


def read_contents(journal: Journal, items: Sequence[Proposed]) -> list[Content]:
    """The graphs of a proposal with all three versions of each."""
    heads = journal.heads([item.graph for item in items])
    now = {graph: head.digest for graph, head in heads.items()}
    named = [d for i in items for d in (i.base, i.digest, now.get(i.graph)) if d is not None]
    held = dict(journal.contents(named))

    def text(digest: str | None) -> bytes | None:
        return None if digest is None else held[digest]

    return [
        Content(i, text(i.base), text(i.digest), text(now.get(i.graph)), now.get(i.graph))
        for i in items
    ]


def conflict_error(number: int, conflicts: list[Conflict]) -> ConflictError:
    """Error that shows conflicts triple by triple."""
    return ConflictError(
        f"{len(conflicts)} statements were changed by others too, and not in the same way.",
        remedy=f"Hand the graph in again, or choose: `dtrack rebase {number} --ours NAME` keeps "
        "the proposal's, `--theirs NAME` what is published; NAME is a conflict's, or a graph.",
        difference="\n".join(map(str, conflicts)),
    )


def check_named(number: int, selection: Selection, known: set[str]) -> None:
    """Refuse names of what is no candidate. Raises NotFoundError, InputError."""
    for iri in (*selection.accept, *selection.refuse):
        if iri not in known:
            raise NotFoundError(
                f"Proposal {number} brings no tagging or mapping <{iri}>.",
                remedy=f"`dtrack proposal {number}` lists them.",
            )
    if both := set(selection.accept) & set(selection.refuse):
        raise InputError(f"<{min(both)}> is both accepted and refused.", remedy="Choose one.")


def title_of(text: str) -> str:
    """Title in one line. Raises InputError."""
    title = worded(" ".join(text.split()))
    if not 0 < len(title) <= _LONGEST_TITLE:
        raise InputError(
            "The proposal needs a title of one line.",
            remedy=f"Say what it changes, in at most {_LONGEST_TITLE} letters.",
        )
    return title


def said(text: str, what: str) -> str:
    """Text that says something. Raises InputError."""
    if not text.strip():
        raise InputError(f"The {what} is empty.", remedy="Say it in words.")
    return worded(text)


def worded(text: str) -> str:
    """Text that may be empty. Raises InputError for what is too long or no text."""
    words = text.strip()
    if len(words) > _LONGEST_TEXT:
        raise InputError(
            f"The text has more than {_LONGEST_TEXT} letters.", remedy="Say it shorter."
        )
    if _CONTROLS.search(words):
        raise InputError("The text holds control characters.", remedy="Remove them.")
    return words


def iri_of(text: str | None) -> str | None:
    """IRI that something is about. Raises InputError."""
    if text is not None and not is_iri(text):
        raise InputError(f"'{text[:200]}' is no IRI.", remedy="Give an absolute IRI.")
    return text
