"""Who acts in a command: a key where one is set, else whoever runs the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dtrack.curate.acts import Agent
from dtrack.errors import RefusedError, UnauthorisedError

if TYPE_CHECKING:
    from dtrack.cli.context import Session
    from dtrack.journal import Journal


def agent_of(session: Session, journal: Journal) -> Agent:
    """Who acts: the key in DTRACK_KEY, with its scopes; else ``--as`` or who runs the program.

    Whoever may write to the home's files may do all that dtrack can, so without
    a key there is nothing to hold back. Raises UnauthorisedError, RefusedError.
    """
    token = session.settings.key
    if not token:
        return Agent(session.agent)
    key = journal.check_key(token)
    if key is None:
        raise UnauthorisedError(
            "The key in DTRACK_KEY is not valid.",
            remedy="`dtrack key list` shows which are; unset it to act without one.",
        )
    if session.flags.get("agent"):
        raise RefusedError(
            f"The key in DTRACK_KEY says who acts: {key.name}.",
            remedy="Leave --as out, or unset DTRACK_KEY.",
        )
    return Agent(key.name, frozenset(key.scopes))


def publisher(session: Session, journal: Journal) -> str:
    """Name of who acts, when that one may publish. Raises RefusedError, UnauthorisedError."""
    agent = agent_of(session, journal)
    if not agent.may("publish"):
        raise RefusedError(
            f"The key of {agent.name} may not publish: it has {', '.join(sorted(agent.scopes))}.",
            remedy="Propose the change, or use a key with the scope publish.",
        )
    return agent.name
