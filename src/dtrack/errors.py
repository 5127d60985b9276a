"""What can go wrong, as one tree.

::

    DtrackError                 exit code   HTTP
    ├── InputError                  2        400   what was handed in is not usable
    │   ├── SettingError            2        500   a setting has a value that cannot be
    │   ├── ParameterError          2        400   a query parameter is missing, unknown, ill-typed
    │   ├── QueryError              2        400   SPARQL text that does not parse
    │   │   ├── ResultTooLargeError 2        400   an answer past the row, byte or memory cap
    │   │   └── NotAcceptableError  2        406   an answer in no format the caller accepts
    │   ├── SyntaxProblem           2        400   RDF or other data that does not parse
    │   └── CatalogueError          2        500   a query file with a faulty header
    ├── NotFoundError               1        404   no such query, record, symbol, instrument
    │   └── GoneError               1        410   a published IRI that has been withdrawn
    ├── NotConformingError          1        422   data that the shapes refuse; carries the report
    ├── ConflictError               1        412   what was to be changed has changed meanwhile
    │   └── StateError              1        409   an act not possible in the state a thing is in
    ├── RefusedError                1        403   an act that the one who asks may not do
    │   └── UnauthorisedError       1        401   a key is missing, unknown, expired or revoked
    ├── TooManyError                3        429   a budget is spent; ``retry_after`` says how long
    ├── MissingExtraError           3        501   an optional library or program is not installed
    ├── ReasonerError               3        500   the OWL reasoner failed or took too long
    ├── FetchError                  3        502   a source on the network does not answer as asked
    └── StoreError                  3        503   the store cannot be read or written
        ├── NoStoreError            3        503   nothing has been loaded yet
        ├── StoreLockedError        3        503   another process is writing
        ├── JournalError            3        503   the journal cannot be read or written
        └── QueryTimeoutError       3        503   a query took longer than it may

Every message says what is wrong, where, and what to do; none holds a secret,
a query of somebody else or an address of the machine.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an input something was found: lines and columns count from 1."""

    source: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Give ``file:line:column`` as far as it is known."""
        parts = [self.source, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


class DtrackError(Exception):
    """The root of the tree.

    ``message`` says what is wrong, ``remedy`` what to do, ``place`` where.
    """

    exit_code = 3
    status = 500
    title = "dtrack failed"

    def __init__(self, message: str, *, remedy: str = "", place: Place | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.place = place

    def __str__(self) -> str:
        """Give place, message and remedy in one line."""
        where = f"{self.place}: " if self.place else ""
        hint = f" {self.remedy}" if self.remedy else ""
        return f"{where}{self.message}{hint}"


class InputError(DtrackError):
    """What was handed in is not usable."""

    exit_code, status, title = 2, 400, "Unusable input"


class SettingError(InputError):
    """A setting has a value that cannot be."""

    status, title = 500, "Faulty setting"


class ParameterError(InputError):
    """A query parameter is missing, unknown or ill-typed."""

    title = "Faulty parameter"


class QueryError(InputError):
    """SPARQL text does not parse, or asks for what this endpoint refuses."""

    title = "Faulty SPARQL query"


class ResultTooLargeError(QueryError):
    """The answer is past a cap; 400, since it is the query that has to change."""

    title = "The answer is too large"


class NotAcceptableError(QueryError):
    """The answer exists in no format that the caller accepts."""

    status, title = 406, "No acceptable format"


class SyntaxProblem(InputError):  # noqa: N818 - "SyntaxError" is Python's own
    """RDF, or another format, does not parse."""

    title = "Unreadable data"


class CatalogueError(InputError):
    """A catalogue query file has a faulty header."""

    status, title = 500, "Faulty catalogue query"


class NotFoundError(DtrackError):
    """No such query, record, symbol or instrument."""

    exit_code, status, title = 1, 404, "Not found"


class GoneError(NotFoundError):
    """A published IRI that has been withdrawn, and is never used again."""

    status, title = 410, "Withdrawn"


class ConflictError(DtrackError):
    """What was to be changed has changed since the caller looked.

    ``difference`` is it in words: lines that came (+) and left (-) meanwhile.
    """

    exit_code, status, title = 1, 412, "Changed meanwhile"

    def __init__(self, message: str, *, remedy: str = "", difference: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.difference = difference


class StateError(ConflictError):
    """An act that is not possible in the state a proposal is in."""

    status, title = 409, "Not possible in this state"


class RefusedError(DtrackError):
    """An act that the one who asks may not do."""

    exit_code, status, title = 1, 403, "Not allowed"


class UnauthorisedError(RefusedError):
    """A key is missing, unknown, expired or revoked."""

    status, title = 401, "A valid key is needed"


class TooManyError(DtrackError):
    """A client's budget is spent; ``retry_after`` is the number of seconds to wait."""

    exit_code, status, title = 3, 429, "Too many requests"

    def __init__(self, message: str, *, remedy: str = "", retry_after: int = 1) -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after


class NotConformingError(DtrackError):
    """Data that the shapes refuse; ``report`` is the validation report."""

    exit_code, status, title = 1, 422, "Data does not conform to the shapes"

    def __init__(self, message: str, report: object, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.report = report


class MissingExtraError(DtrackError):
    """An optional library or program is not installed."""

    exit_code, status, title = 3, 501, "An optional part is not installed"


class ReasonerError(DtrackError):
    """The OWL reasoner failed or took too long."""

    exit_code, status, title = 3, 500, "The reasoner failed"


class FetchError(DtrackError):
    """A source on the network does not answer, or not with what it was asked for.

    ``code`` is the HTTP status that it answered with, 0 where there was none;
    ``wait`` the seconds after which it wants to be asked again, 0 where it said none.
    """

    exit_code, status, title = 3, 502, "The source does not answer"

    def __init__(self, message: str, *, remedy: str = "", code: int = 0, wait: float = 0.0) -> None:
        super().__init__(message, remedy=remedy)
        self.code = code
        self.wait = wait


class StoreError(DtrackError):
    """The store cannot be read or written."""

    exit_code, status, title = 3, 503, "The store has a problem"


class NoStoreError(StoreError):
    """Nothing has been loaded yet."""

    title = "No data has been loaded"


def nothing_loaded() -> NoStoreError:
    """What a home is told in which nothing has begun yet."""
    return NoStoreError(
        "No data has been loaded yet.",
        remedy="Run `dtrack init`; where all is harvested, `dtrack harvest run --all`.",
    )


class StoreLockedError(StoreError):
    """Another process is writing to the store."""

    title = "The store is in use"


class JournalError(StoreError):
    """The journal cannot be read or written."""

    title = "The journal has a problem"


class QueryTimeoutError(StoreError):
    """A query was ended at its deadline; the store itself is well."""

    title = "Query took too long"
