"""Taking back: revert, go back, withdraw; each a revision like any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dtrack.errors import ConflictError, NotFoundError
from dtrack.model import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dtrack.curate.writing import Curator
    from dtrack.model import Receipt


def revert(curator: Curator, number: int, agent: str, reason: str, door: str = "cli") -> Receipt:
    """Undo what a revision did, by a new one; what came before it comes again.

    Raises NotFoundError, ConflictError where a graph was changed again since,
    and NotConformingError when the former content no longer fits.
    """
    journal = curator.journal
    facts, changes = journal.facts(number), journal.changes(number)
    heads = journal.heads([change.graph for change in changes])
    now = {graph: head.digest for graph, head in heads.items()}
    later = [change.graph for change in changes if now.get(change.graph) != change.digest]
    if later:
        raise ConflictError(
            f"{len(later)} of the graphs of revision {number} "
            f"{'was' if len(later) == 1 else 'were'} changed again since, "
            f"such as <{later[0]}>.",
            remedy="Revert the later revisions first; `dtrack history IRI` lists them.",
        )
    edit = Edit({}, agent, reason or f"Revert revision {number}", facts.source, door)
    return _to_digests(curator, edit, {change.graph: change.before for change in changes})


def return_to(curator: Curator, number: int, agent: str, reason: str, door: str = "cli") -> Receipt:
    """Make everything again what it was after a revision, by a new one. Raises like revert()."""
    journal = curator.journal
    facts, then = journal.facts(number), journal.state(number)
    now = {graph: head.digest for graph, head in journal.heads().items()}
    digests: dict[str, str | None] = {**dict.fromkeys(now), **then}
    changed = {graph: digest for graph, digest in digests.items() if now.get(graph) != digest}
    edit = Edit({}, agent, reason or f"Return to revision {number}", facts.source, door)
    return _to_digests(curator, edit, changed)


def withdraw_source(
    curator: Curator, source: str, agent: str, reason: str, door: str = "cli"
) -> Receipt:
    """Withdraw every graph of a source, by one revision. Raises NotFoundError."""
    graphs = curator.journal.heads_of_source(source)
    if not graphs:
        known = ", ".join(f"'{name}'" for name in curator.journal.sources())
        raise NotFoundError(f"There is no source '{source}'.", remedy=f"There are: {known}.")
    edit = Edit({}, agent, reason or f"Withdraw the source {source}", source, door)
    return _to_digests(curator, edit, dict.fromkeys(graphs))


def withdraw_graphs(
    curator: Curator, graphs: Sequence[str], agent: str, reason: str, door: str = "cli"
) -> Receipt:
    """Withdraw some graphs, by one revision. Raises NotFoundError."""
    heads = curator.journal.heads(graphs)
    for graph in graphs:
        if graph not in heads:
            raise NotFoundError(
                f"There is no graph <{graph}>.", remedy="`dtrack query changes_since` lists them."
            )
    what = graphs[0] if len(graphs) == 1 else f"{len(graphs)} graphs"
    edit = Edit({}, agent, reason or f"Withdraw {what}", "desk", door)
    return _to_digests(curator, edit, dict.fromkeys(graphs))


def _to_digests(curator: Curator, edit: Edit, digests: Mapping[str, str | None]) -> Receipt:
    """Give graphs digests that the journal knows."""
    journal = curator.journal
    sizes = journal.sizes([digest for digest in digests.values() if digest is not None])
    # What the journal says now is what must still be so when our turn comes.
    heads = journal.heads(list(digests))
    expected = {graph: heads[graph].digest if graph in heads else None for graph in digests}
    return curator.commit(replace(edit, expected=expected), digests, {}, sizes)
