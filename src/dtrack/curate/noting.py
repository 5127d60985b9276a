"""Acts on proposals in the audit log, refused ones included."""

from __future__ import annotations

import logging
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, Protocol, TypeVar

from dtrack.curate.acts import Agent
from dtrack.errors import DtrackError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dtrack.journal import Journal

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
DOOR: Final = "proposal"


class Desk(Protocol):
    """Who has a journal to note in."""

    @property
    def journal(self) -> Journal:
        """The journal."""
        ...


S = TypeVar("S", bound=Desk)


def noted(act: str) -> Callable[[Callable[Concatenate[S, P], T]], Callable[Concatenate[S, P], T]]:
    """Let a method's calls be noted: who, on which proposal, with what outcome."""

    def wrap(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
        @wraps(method)
        def noting(desk: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
            given = [*args, *kwargs.values()]
            agent = next((item.name for item in given if isinstance(item, Agent)), "unknown")
            number = next((item for item in args if isinstance(item, int)), None)
            what = "a new proposal" if number is None else f"proposal {number}"
            try:
                result = method(desk, *args, **kwargs)
            except DtrackError as error:
                outcome = "failed" if error.status >= 500 else "refused"
                _note(desk, agent, act, what, outcome, error.message)
                raise
            _note(desk, agent, act, what, "done", "")
            return result

        return noting

    return wrap


def _note(desk: Desk, agent: str, act: str, what: str, outcome: str, detail: str) -> None:
    """Write a line; a journal that is down is told by the act itself."""
    try:
        desk.journal.note(agent, DOOR, act, what, outcome, detail)
    except StoreError as error:
        log.warning("audit log not written", extra={"reason": error.message})
