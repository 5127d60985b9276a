"""Who may do what over HTTP: a bearer key with the scope that a route needs.

::

    @router.post("/…")
    def post(key: Annotated[Key, Depends(needs("publish"))]) -> …

Reading needs no key. Each refusal is in the audit log, under the key's name or
the caller's address, never with the token; who fails too often is told to wait.
"""

import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Callable
from typing import Annotated, Any, Final, Protocol

from fastapi import FastAPI, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from dtrack.api.problems import answered
from dtrack.errors import InputError, RefusedError, StoreError, TooManyError, UnauthorisedError
from dtrack.journal import SCOPES, Examined, Key

log = logging.getLogger(__name__)

FAILURES: Final = 20
"""How often one address, or one key, may be refused in a window; then it has to wait."""
WINDOW: Final = 60.0
"""Seconds of a window."""

PROTECTED: Final[dict[int | str, dict[str, Any]]] = {
    401: answered("A key is missing, unknown, expired or revoked"),
    403: answered("The key is not for this"),
    429: answered("Too many refused attempts"),
}
"""Responses of routes that need a key, for their OpenAPI description."""

_bearer = HTTPBearer(
    scheme_name="key",
    bearerFormat="dt_<id>_<secret>",
    description="A key, made with `dtrack key create`.",
    auto_error=False,
)


class KeyRing(Protocol):
    """What knows the keys and keeps the audit log: the journal."""

    def examine_key(self, token: str) -> Examined:
        """What a token is: a key that opens something, or why it does not."""
        ...

    def list_keys(self) -> list[Key]:
        """All keys, without their secrets."""
        ...

    def note(
        self, agent: str, door: str, action: str, what: str, outcome: str, detail: str = ""
    ) -> None:
        """Add a line to the audit log."""
        ...


def key_ring_of(request: Request) -> KeyRing:
    """The journal of the service that answers a request."""
    ring: KeyRing = request.state.service.journal
    return ring


class Attempts:
    """Counts refusals of addresses and keys, each in windows of time; safe in threads."""

    def __init__(
        self, most: int = FAILURES, seconds: float = WINDOW, callers: int = 10_000
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._callers = callers
        self._windows: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def add(self, caller: str) -> tuple[int, int]:
        """Count a refusal; how many past the limit it is, and the seconds to wait if it is."""
        now = time.monotonic()
        with self._lock:
            started, count = self._windows.pop(caller, (now, 0))
            if now - started >= self._seconds:
                started, count = now, 0
            # The oldest goes, so that callers with ever new addresses fill no memory.
            while len(self._windows) >= self._callers:
                del self._windows[next(iter(self._windows))]
            self._windows[caller] = started, count + 1
        return count + 1 - self._most, max(1, round(started + self._seconds - now))


def needs(*scopes: str) -> Callable[..., Key]:
    """Dependency that gives the key of a request, which must be for one of these scopes.

    It raises UnauthorisedError without a good key, RefusedError for one of
    other scopes or on a node for reading only, TooManyError after too many.
    """
    if not scopes or set(scopes) - set(SCOPES):
        raise ValueError(scopes)
    wanted = " or ".join(scopes)

    def key_of(
        request: Request,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    ) -> Key:
        if getattr(request.app.state, "read_only", False):
            raise RefusedError(
                "This node is for reading only.", remedy="Ask its operator where changes are made."
            )
        if credentials is None:
            found = Examined(None, "missing")
        else:
            found = key_ring_of(request).examine_key(credentials.credentials)
        key = found.key
        if key is None or found.fault:
            caller = address_of(request) if key is None else key.name
            _refused(request, _network(request), caller, f"{found.fault} key")
            raise UnauthorisedError(
                "This needs a key." if found.fault == "missing" else "The key is not valid.",
                remedy="Send 'Authorization: Bearer dt_…'; `dtrack key create` makes keys.",
            )
        if not any(key.may(scope) for scope in scopes):
            _refused(request, f"key {key.id}", key.name, f"needs scope {wanted}")
            raise RefusedError(
                f"The key '{key.name}' is not for this: it has {', '.join(key.scopes)}.",
                remedy=f"Use a key with the scope {wanted}.",
            )
        return key

    return key_of


def address_of(request: Request) -> str:
    """Address that a request came from."""
    return request.client.host if request.client else "unknown"


def _network(request: Request) -> str:
    """Address, or for IPv6 the network that one caller has whole."""
    told = address_of(request)
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return told


def _refused(request: Request, counted: str, agent: str, detail: str) -> None:
    """Count a refusal and note it. Raises TooManyError past the limit.

    Past the limit nothing is noted but that it was reached: the audit log is
    not to be filled from outside.
    """
    over, wait = _attempts(request.app).add(counted)
    if over <= 1:
        what = f"{request.method} {request.url.path}"
        told = detail if over <= 0 else "too many attempts; the next ones are not noted"
        try:
            key_ring_of(request).note(agent, "http", "refuse", what, "refused", told)
        except StoreError as error:
            log.warning("audit log not written", extra={"reason": error.message})
    if over > 0:
        raise TooManyError(
            "Too many attempts were refused.",
            remedy=f"Wait {wait} seconds, then send a valid key.",
            retry_after=wait,
        )


def _attempts(app: FastAPI) -> Attempts:
    """Counter of an application."""
    found = getattr(app.state, "attempts", None)
    if found is None:
        # Two that come here at once lose a count at most.
        found = app.state.attempts = Attempts()
    return found


def check_bind(host: str, ring: KeyRing) -> None:
    """Let a server that takes changes listen on an address.

    Raises InputError where others reach it and there is no valid key: then
    nobody has yet decided who may change what.
    """
    if is_loopback(host) or any(key.standing == "valid" for key in ring.list_keys()):
        return
    raise InputError(
        f"Others could reach {host or 'every address'}, and there is no key yet.",
        remedy="Make one with `dtrack key create --name NAME --scope publish`, "
        "listen on 127.0.0.1, or take no changes with --read-only.",
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address or name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        pass
    if not host:
        return False
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return all(ipaddress.ip_address(address.split("%")[0]).is_loopback for address in found)
