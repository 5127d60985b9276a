"""The one client that calls others: only https and public addresses, or what the operator opens.

A name is looked up once, every address it has is checked, and the connection
goes to an address that was, so that a second look-up cannot lead inside.
Nothing that the other side says is repeated in errors.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from dtrack.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult

SECONDS: Final = 10.0
"""How long the calls of a query may take, in all."""
MOST_BYTES: Final = 8 << 20
ACCEPTED: Final = "application/sparql-results+json"
_PIECE: Final = 1 << 16
_INSIDE: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        # Addresses that carry others inside: NAT64, 6to4, Teredo, compatible, mapped.
        "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0/96",
    )
)  # fmt: skip
_NEAR: Final = tuple(
    ipaddress.ip_network(text)
    for text in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fc00::/7")
)


class CallError(QueryError):
    """Another endpoint could not be asked, or gave no answer that is one."""

    title = "Another endpoint failed"


def is_public(address: str) -> bool:
    """Whether an address is one of the open network: not this machine, nor one near it."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and any(ip in network for network in _INSIDE):
        return False
    return ip.is_global and not ip.is_multicast


def is_inside(address: str) -> bool:
    """Whether an address is this machine, or one of a private network that a node may be in.

    Not link-local ones, where clouds tell machines their secrets.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return any(ip in network for network in _NEAR)


def one_deadline(*, inside: bool = False) -> Callable[[str, str], bytes]:
    """Like post_query, for calls that may take no longer together than one alone."""
    deadline = time.monotonic() + SECONDS
    return lambda address, query: post_query(address, query, inside=inside, deadline=deadline)


def post_query(
    address: str, query: str, *, inside: bool = False, deadline: float | None = None
) -> bytes:
    """JSON results of a query that another endpoint answers.

    ``inside`` opens this machine and its private network, and plain http;
    ``deadline`` is on the monotonic clock. Raises CallError.
    """
    deadline = time.monotonic() + SECONDS if deadline is None else deadline
    parts = urlsplit(address)
    connection = _connection(parts, _checked_address(parts, inside), inside, deadline)
    # Each byte starts the time-out of a socket anew, so one that drips has to be cut.
    watch = threading.Timer(deadline - time.monotonic(), connection.cut)
    watch.daemon = True
    watch.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "POST",
            path,
            urlencode({"query": query}),
            {
                "Accept": ACCEPTED,
                "Content-Type": "application/x-www-form-urlencoded",
                "User-Agent": "dtrack",
                "Connection": "close",
            },
        )
        return _body(connection, deadline)
    except (OSError, http.client.HTTPException, ValueError):
        if time.monotonic() >= deadline:
            raise _too_slow() from None
        raise CallError(
            "The endpoint that SERVICE names cannot be reached.", remedy="Ask again later."
        ) from None
    finally:
        watch.cancel()
        connection.close()


def _too_slow() -> CallError:
    return CallError(
        "The endpoint that SERVICE names takes too long.",
        remedy="Narrow the pattern inside SERVICE.",
    )


def _checked_address(parts: SplitResult, inside: bool) -> str:
    """Address to connect to. Raises CallError where one of the name's is not public."""
    host = parts.hostname or ""
    if parts.scheme != "https" and not inside:
        raise CallError(
            "SERVICE calls https addresses only.",
            remedy="Use https; or let the operator set service_inside.",
        )
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        raise CallError(
            "The endpoint that SERVICE names has no address.", remedy="Check its name."
        ) from None
    addresses = [str(info[4][0]) for info in found]
    for address in addresses:
        if not is_public(address) and not (inside and is_inside(address)):
            raise CallError(
                "The endpoint that SERVICE names is not on the public network.",
                remedy="Only public endpoints are called, unless the operator sets service_inside.",
            )
    return addresses[0]


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was checked, whatever its host is called."""

    def __init__(
        self, parts: SplitResult, address: str, is_encrypted: bool, deadline: float
    ) -> None:
        port = parts.port or (443 if is_encrypted else 80)
        left = deadline - time.monotonic()
        if left <= 0:
            raise _too_slow()
        super().__init__(parts.hostname or "", port, timeout=left)
        self._address = address
        self._is_encrypted = is_encrypted
        self._deadline = deadline
        self._plain: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the address; the certificate must be that of the name."""
        plain = self._plain = socket.create_connection((self._address, self.port), self.timeout)
        if time.monotonic() >= self._deadline:
            # There was nothing to cut when the time was up.
            raise TimeoutError
        if self._is_encrypted:
            # The handshake comes apart: until then it is our socket that cut() ends.
            context = ssl.create_default_context()
            self.sock = self._plain = context.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()
        else:
            self.sock = plain

    def cut(self) -> None:
        """End the connection, whatever another thread is reading from it."""
        if self._plain is not None:
            with suppress(OSError):
                # Past encryption, which would first have a word with the other side.
                socket.socket.shutdown(self._plain, socket.SHUT_RDWR)


def _connection(parts: SplitResult, address: str, inside: bool, deadline: float) -> _Connection:
    return _Connection(parts, address, parts.scheme == "https" or not inside, deadline)


def _body(connection: _Connection, deadline: float) -> bytes:
    """Body of an answer, within size and time. Raises CallError."""
    response = connection.getresponse()
    if response.status != http.client.OK:
        raise CallError(
            f"The endpoint that SERVICE names answered with status {response.status}.",
            remedy="Redirects are not followed; ask its operator.",
        )
    pieces, size = [], 0
    while piece := response.read1(_PIECE):
        size += len(piece)
        if size > MOST_BYTES:
            raise CallError(
                "The answer of the endpoint that SERVICE names is too large.",
                remedy="Narrow the pattern inside SERVICE.",
            )
        if time.monotonic() >= deadline:
            raise _too_slow()
        pieces.append(piece)
    if time.monotonic() >= deadline:
        # A connection that was cut ends like one that is through.
        raise _too_slow()
    return b"".join(pieces)
