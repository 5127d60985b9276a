"""What the engine's complaints about a disk mean, in words that say what to do."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from dtrack.errors import DtrackError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

_SIGNS: Final = {
    ("no space left", "file too large", "quota exceeded"): (
        "The disk of the store is full; nothing of this was stored.",
        "Make room, then try again.",
    ),
    ("read-only file system", "permission denied", "operation not permitted"): (
        "The folder of the store may only be read.",
        "Check the folder's owner and mount.",
    ),
    ("corruption", "checksum mismatch", "bad magic", "input/output error"): (
        "A file of the store is damaged.",
        "Build the store again from the journal: `dtrack rebuild`.",
    ),
}


def disk_trouble(error: Exception) -> StoreError | None:
    """Error that says what a failure of the engine means; None when that is not known.

    The engine's own text is left out: it holds paths of the machine.
    """
    words = str(error).lower()
    for signs, (message, remedy) in _SIGNS.items():
        if any(sign in words for sign in signs):
            return StoreError(message, remedy=remedy)
    return None


def without_traceback(method: Callable[P, T]) -> Callable[P, T]:
    """Let a method's own errors go without the frames below it.

    They hold the engine's solutions, which only the thread that asked may drop.
    """

    @wraps(method)
    def asking(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except DtrackError as error:
            error.__cause__ = error.__context__ = None
            raise error.with_traceback(None) from None

    return asking
