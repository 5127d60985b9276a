"""Who may do what to a proposal, and when.

::

    draft ──submit──> submitted ──approve──> approved ──publish──> published
      ^                 │    ^                  │
      └─ edit           │    └──────rebase──────┤
                        v                       │
                changes-requested <─────────────┘
                 (edit, submit)          reject, from any but the ends: rejected

Rebasing what was approved asks for approval again: what others published
meanwhile was not there when it was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dtrack.errors import RefusedError, StateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dtrack.journal.proposals import Event, Proposal

STATES: Final = (
    "draft", "submitted", "changes-requested", "approved", "published", "rejected",
)  # fmt: skip
SCOPES: Final = ("read", "propose", "review", "publish", "admin")
_EDITABLE: Final = frozenset({"draft", "changes-requested"})
_OPEN: Final = _EDITABLE | {"submitted", "approved"}

CONTRIBUTIONS: Final = frozenset({"propose", "edit", "resolve"})
"""Acts that make who does them one of the authors."""


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts: a name, and what the key or the machine allows."""

    name: str
    scopes: frozenset[str] = frozenset(SCOPES)

    def may(self, *scopes: str) -> bool:
        """Whether one of some scopes is among the agent's; admin has them all."""
        return "admin" in self.scopes or not self.scopes.isdisjoint(scopes)


@dataclass(frozen=True, slots=True)
class Act:
    """An act: scopes of which one is needed, states it is possible in, the state after it."""

    scopes: tuple[str, ...]
    states: frozenset[str]
    after: str | None = None


ACTS: Final[Mapping[str, Act]] = {
    "propose": Act(("propose",), frozenset()),
    "edit": Act(("propose", "review"), _EDITABLE),
    "submit": Act(("propose", "review"), _EDITABLE, "submitted"),
    "comment": Act(("propose", "review"), frozenset(STATES)),
    "decide": Act(("review",), _EDITABLE | {"submitted"}),
    "request-changes": Act(("review",), frozenset({"submitted", "approved"}), "changes-requested"),
    "approve": Act(("review",), frozenset({"submitted"}), "approved"),
    "reject": Act(("propose", "review"), _OPEN, "rejected"),
    "rebase": Act(("propose", "review", "publish"), _OPEN),
    "publish": Act(("publish",), frozenset({"approved"}), "published"),
}


def allow(name: str, agent: Agent, proposal: Proposal | None = None) -> Act:
    """Act of a name, when the agent may do it to the proposal now.

    Raises RefusedError, StateError.
    """
    act = ACTS[name]
    if not agent.may(*act.scopes):
        raise RefusedError(
            f"{agent.name} may not do this: {name}.",
            remedy=f"It takes a key with the scope {' or '.join(act.scopes)}.",
        )
    if proposal is None:
        return act
    if name in {"edit", "submit", "reject", "rebase"}:
        _only_author_or_reviewer(name, agent, proposal)
    if proposal.state not in act.states:
        raise StateError(
            f"Proposal {proposal.number} is {proposal.state}; this is not possible then: {name}.",
            remedy=_REMEDIES.get((name, proposal.state), _ENDED.get(proposal.state, ""))
            or f"It is possible when it is {' or '.join(sorted(act.states))}.",
        )
    return act


def _only_author_or_reviewer(name: str, agent: Agent, proposal: Proposal) -> None:
    if agent.name != proposal.author and not agent.may("review", "publish"):
        raise RefusedError(
            f"Proposal {proposal.number} is {proposal.author}'s: {name} is for its author "
            "and for reviewers.",
            remedy="Comment on it, or make a proposal of your own.",
        )


def contributors(events: Iterable[Event]) -> set[str]:
    """Names of those whose work is in a proposal."""
    return {event.agent for event in events if event.act in CONTRIBUTIONS}


_ENDED: Final = {
    "published": "Make a new proposal; `dtrack revert` takes a revision back.",
    "rejected": "Make a new proposal that answers the reason.",
}
_REMEDIES: Final = {
    ("edit", "submitted"): "Ask a reviewer to request changes.",
    ("edit", "approved"): "Ask a reviewer to request changes.",
    ("approve", "draft"): "Its author submits it first.",
    ("approve", "changes-requested"): "Its author answers and submits it again first.",
    ("publish", "draft"): "It is submitted and approved first.",
    ("publish", "submitted"): "Somebody who did not write it approves it first.",
    ("publish", "changes-requested"): "It is submitted again and approved first.",
    ("decide", "approved"): "Request changes first; approval was given to what it is now.",
}
