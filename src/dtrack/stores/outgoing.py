"""The one client that calls others: only https, only public addresses, never far.

A name is looked up once, every address it has is checked, and the connection
goes to an address that was, so that a second look-up cannot lead inside.
Nothing that the other side says is repeated in errors.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from dtrack.errors import QueryError

if TYPE_CHECKING:
    from urllib.parse import SplitResult

SECONDS: Final = 10.0
"""How long a call may take, in all."""
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


def post_query(address: str, query: str, *, loopback: bool = False) -> bytes:
    """JSON results of a query that another endpoint answers.

    ``loopback`` lets tests call their own machine. Raises CallError.
    """
    deadline = time.monotonic() + SECONDS
    parts = urlsplit(address)
    connection = _connection(parts, _checked_address(parts, loopback), loopback)
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
        raise CallError(
            "The endpoint that SERVICE names cannot be reached.", remedy="Ask again later."
        ) from None
    finally:
        connection.close()


def _checked_address(parts: SplitResult, loopback: bool) -> str:
    """Address to connect to. Raises CallError where one of the name's is not public."""
    host = parts.hostname or ""
    if parts.scheme != "https" and not loopback:
        raise CallError("SERVICE calls https addresses only.", remedy="Use https.")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        raise CallError(
            "The endpoint that SERVICE names has no address.", remedy="Check its name."
        ) from None
    addresses = [str(info[4][0]) for info in found]
    for address in addresses:
        if not is_public(address) and not (loopback and ipaddress.ip_address(address).is_loopback):
            raise CallError(
                "The endpoint that SERVICE names is not on the public network.",
                remedy="Only public endpoints are called.",
            )
    return addresses[0]


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was checked, whatever its host is called."""

    def __init__(self, parts: SplitResult, address: str, is_encrypted: bool) -> None:
        port = parts.port or (443 if is_encrypted else 80)
        super().__init__(parts.hostname or "", port, timeout=SECONDS)
        self._address = address
        self._is_encrypted = is_encrypted

    def connect(self) -> None:
        """Connect to the address; the certificate must be that of the name."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        if self._is_encrypted:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.host)
        else:
            self.sock = plain


def _connection(parts: SplitResult, address: str, loopback: bool) -> _Connection:
    return _Connection(parts, address, parts.scheme == "https" or not loopback)


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
        left = deadline - time.monotonic()
        if left <= 0:
            raise CallError(
                "The endpoint that SERVICE names takes too long.",
                remedy="Narrow the pattern inside SERVICE.",
            )
        if connection.sock is not None:
            connection.sock.settimeout(left)
        pieces.append(piece)
    return b"".join(pieces)
