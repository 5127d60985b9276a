"""SPARQL over HTTP to servers that are not ours: the one module that knows SPARQLWrapper.

Queries and updates go as url-encoded POST (a long GET is cut by servers, and
direct POST hangs on Virtuoso 7.2), always with a time limit, since the library
has none of its own. What a server says of an error stays in our log: it may
hold addresses and queries.
"""

from __future__ import annotations

import logging
import re
import warnings
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit, urlunsplit

from dtrack.errors import (
    MissingExtraError,
    QueryError,
    QueryTimeoutError,
    ResultTooLargeError,
    StoreError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

log = logging.getLogger(__name__)

_DIGEST: Final = "digest"
_ROWS: Final = "application/sparql-results+json"
_GRAPH: Final = "text/turtle"
_MOST_LOGGED: Final = 500
_TIMED_OUT: Final = re.compile(r"tim(ed|e) ?out|S1T00|exceeds the limit", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a SPARQL 1.1 server answers queries and takes updates, and as whom we ask.

    ``seconds`` is how long one request may take.
    """

    query: str
    update: str
    user: str = ""
    password: str = ""
    seconds: float = 30.0

    @classmethod
    def of(cls, query: str, update: str = "", seconds: float = 30.0) -> Endpoint:
        """Endpoint from addresses; ``user:password@`` in the first one is taken out of it.

        Without ``update``, updates go where queries go.
        """
        parts = urlsplit(query)
        host = parts.netloc.rpartition("@")[2]
        plain = urlunsplit(parts._replace(netloc=host))
        return cls(
            plain,
            update or plain,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            seconds,
        )


class Wire:
    """Requests to one endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def ask(
        self,
        query: str,
        *,
        is_graph: bool = False,
        default: Sequence[str] = (),
        named: Sequence[str] = (),
        most_bytes: int | None = None,
    ) -> bytes:
        """Answer of a query: SPARQL JSON results, or for ``is_graph`` Turtle.

        ``default`` and ``named`` are the graphs it reads. Raises QueryError,
        QueryTimeoutError, StoreError, ResultTooLargeError past ``most_bytes``.
        """
        request = self._request(query)
        request.setReturnFormat("turtle" if is_graph else "json")
        # Its further media types and parameters let servers choose another form.
        request.setOnlyConneg(True)
        request.addCustomHttpHeader("Accept", _GRAPH if is_graph else _ROWS)
        # The library guesses the form from the text, and guesses wrong behind some comments.
        request.queryType = "CONSTRUCT" if is_graph else "SELECT"
        for iri in default:
            request.addDefaultGraph(iri)
        for iri in named:
            request.addNamedGraph(iri)
        # The request is sent while the second context is made, inside the first.
        with _named_errors(), closing(request.query().response) as response:
            answer: bytes = response.read(*(() if most_bytes is None else (most_bytes + 1,)))
        if most_bytes is not None and len(answer) > most_bytes:
            raise ResultTooLargeError(
                f"The answer is larger than {most_bytes >> 20} MiB.",
                remedy="Add a LIMIT, or ask for fewer columns; nothing was sent.",
            )
        return answer

    def update(self, text: str) -> None:
        """Send an update. Raises QueryError, QueryTimeoutError, StoreError."""
        request = self._request(text)
        request.queryType = "INSERT"
        with _named_errors():
            request.query().response.read()

    def _request(self, text: str) -> Any:
        library = _library()
        endpoint = self.endpoint
        request = library.SPARQLWrapper(endpoint.query, endpoint.update)
        request.setTimeout(max(1, round(endpoint.seconds)))
        request.setMethod("POST")
        request.setRequestMethod("urlencoded")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            request.setQuery(text)
        if endpoint.user:
            request.setCredentials(endpoint.user, endpoint.password)
            # What Virtuoso wants; a server that knows only basic authentication says so by 401.
            if "sparql-auth" in endpoint.query or "sparql-auth" in endpoint.update:
                request.setHTTPAuth(_DIGEST)
        return request


def _library() -> Any:
    try:
        import SPARQLWrapper
    except ImportError as error:
        raise MissingExtraError(
            "Remote stores need SPARQLWrapper.", remedy="Install dtrack[remote]."
        ) from error
    return SPARQLWrapper


@contextmanager
def _named_errors() -> Iterator[None]:
    """Give the library's errors, and the network's, the names of ours."""
    from SPARQLWrapper import SPARQLExceptions as named  # noqa: N813

    try:
        yield
    except named.SPARQLWrapperException as error:
        said = str(error)
        _note(said)
        if _TIMED_OUT.search(said):
            raise _too_long() from error
        if isinstance(error, named.QueryBadFormed):
            raise QueryError(
                "The remote store does not accept this query.",
                remedy="Its reason is in the log.",
            ) from error
        if isinstance(error, named.Unauthorized):
            raise StoreError(
                "The remote store wants another user or password.",
                remedy="Put them into DTRACK_STORE_URL: https://USER:PASSWORD@HOST/….",
            ) from error
        raise _failed() from error
    except TimeoutError as error:
        raise _too_long() from error
    except (HTTPError, OSError, HTTPException) as error:
        _note(str(error))
        if _TIMED_OUT.search(str(error)):
            raise _too_long() from error
        raise StoreError(
            "The remote store does not answer.",
            remedy="See that it runs and that DTRACK_STORE_URL is right; nothing was lost.",
        ) from error


def _note(said: str) -> None:
    log.warning("remote store refused", extra={"reason": said[:_MOST_LOGGED]})


def _too_long() -> QueryTimeoutError:
    return QueryTimeoutError(
        "The remote store did not answer in time.",
        remedy="Ask for less, or give it more time with DTRACK_QUERY_SECONDS.",
    )


def _failed() -> StoreError:
    return StoreError(
        "The remote store failed while it was at work.", remedy="Its log, and ours, say why."
    )
