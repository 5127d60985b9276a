"""What the engine's errors mean, in words that say what to do."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from dtrack.errors import DtrackError, QueryError, StoreError
from dtrack.stores.messages import syntax_error
from dtrack.stores.skolem import TooAlikeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

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


_UNKNOWN_FUNCTION: Final = re.compile(r"custom (?:aggregate )?function (<[^<>]*>) is not supported")


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


@contextmanager
def engine_errors(query: str = "") -> Iterator[None]:
    """Give the engine's errors the names of ours; texts of the engine may hold addresses."""
    try:
        yield
    except SyntaxError as error:
        raise syntax_error(query, error.msg) from error
    except TooAlikeError as error:
        raise QueryError(
            f"Blank nodes in the answer cannot be told apart: {error}.",
            remedy="Make IRIs in the template.",
        ) from error
    except UnicodeEncodeError as error:
        raise QueryError(
            "The query holds a character that is none (half a surrogate pair).",
            remedy="Send UTF-8.",
        ) from error
    except (OSError, RuntimeError) as error:
        if unknown := _UNKNOWN_FUNCTION.search(str(error)):
            raise QueryError(
                f"The query calls {unknown[1]}, a function that is not known here.",
                remedy="Use the functions and casts of SPARQL 1.1, which need no IRI but xsd:….",
            ) from error
        log.warning("store failed", extra={"reason": str(error)})
        raise disk_trouble(error) or StoreError(
            "The store failed while it was at work.",
            remedy="Run `dtrack doctor`; `dtrack rebuild` builds the store again.",
        ) from error
