"""Fetching from the network: within limits, politely, and from nowhere but where it was sent.

The one module that knows httpx. What the caller names is fetched; addresses
that answers bring (redirects, links to next pages) are followed on the same
host, and elsewhere only when they are public.
"""

from __future__ import annotations

import ipaddress
import json
import random
import socket
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

import httpx

from dtrack import __version__
from dtrack.errors import FetchError, InputError, RefusedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TRY_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
_MOST_REDIRECTS: Final = 5
_LONGEST_WAIT: Final = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how much and how often; times are in seconds.

    ``seconds`` is how long an origin may be silent, ``whole`` how long its answer
    may take in all, ``pause`` what lies between two requests.
    """

    seconds: float = 30.0
    whole: float = 600.0
    megabytes: int = 64
    attempts: int = 4
    pause: float = 0.2


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address holds. ``is_new`` is False when it said that nothing has changed."""

    url: str
    body: bytes
    is_new: bool
    conditions: Mapping[str, str] = field(default_factory=dict)
    """What to send so that it is asked again on condition: header by name."""
    is_immutable: bool = False
    """Whether the answer says that it will never change."""


class Fetcher:
    """Fetches from the hosts that the caller names.

    ``cache`` is a folder where answers are kept with their ETag, so that they
    are asked for again on condition. With ``only_named`` addresses that answers
    bring are followed on the hosts named by the caller alone.
    """

    def __init__(
        self,
        cache: Path | None = None,
        *,
        allow_private: bool = False,
        only_named: bool = False,
        limits: Limits | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._cache = cache
        self._allow_private = allow_private
        self._only_named = only_named
        self._limits = limits or Limits()
        self._sleep = sleep
        self._named: set[tuple[str | None, int | None]] = set()
        self._asked = False
        self._client = httpx.Client(
            timeout=self._limits.seconds,
            follow_redirects=False,
            # httpx looks at redirects all the same, and has no words for bad ones.
            event_hooks={"response": [_check_redirect]},
            headers={
                "User-Agent": f"dtrack/{__version__} (harvester)",
                "Accept": "application/json, */*;q=0.1",
            },
        )

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def name(self, url: str) -> str:
        """Take an address as named by the caller. Raises InputError for what is none."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise InputError(
                f"'{url[:100]}' is no address that is fetched.",
                remedy="Give an http or https address without a user name.",
            )
        self._named.add(_host(url))
        return url

    def get(self, url: str) -> Fetched:
        """What an address holds. Raises FetchError, RefusedError."""
        kept = self._kept(url)
        conditions = _conditions(kept[0]) if kept else {}
        response, body = self._followed(url, conditions, {})
        if response.status_code == 304 and kept is not None:
            return Fetched(url, kept[1], is_new=False, conditions=conditions)
        _check_answered(url, response)
        self._keep(url, response.headers, body)
        is_new = kept is None or kept[1] != body
        return Fetched(url, body, is_new=is_new, conditions=_conditions(response.headers))

    def ask(
        self, url: str, accept: str = "", conditions: Mapping[str, str] | None = None
    ) -> Fetched:
        """What an address holds in a media type, nothing being kept here.

        ``conditions`` are those that an earlier answer gave; ``is_new`` is False
        (and the body empty) where nothing has changed since. Raises FetchError,
        RefusedError.
        """
        conditions = conditions or {}
        response, body = self._followed(url, conditions, {"Accept": accept} if accept else {})
        if response.status_code == 304 and conditions:
            return Fetched(url, b"", is_new=False, conditions=conditions)
        _check_answered(url, response)
        _check_is_data(url, response)
        return Fetched(
            url,
            body,
            is_new=True,
            conditions=_conditions(response.headers),
            is_immutable="immutable" in response.headers.get("cache-control", ""),
        )

    def _followed(
        self, url: str, conditions: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[httpx.Response, bytes]:
        """Answer of an address, or of the one that it sends to."""
        wanted = url
        for _ in range(_MOST_REDIRECTS + 1):
            self._check(wanted)
            sent = {**headers, **(conditions if wanted == url else {})}
            response, body = self._asked_again(wanted, sent)
            if response.status_code not in _REDIRECTS or "location" not in response.headers:
                return response, body
            wanted = urljoin(wanted, response.headers["location"])
        raise FetchError(f"{_short(url)} redirects without end.", remedy="Give the last address.")

    def _check(self, url: str) -> None:
        """Refuse addresses that the caller did not name and that are not public."""
        try:
            parts = urlsplit(_checked_form(url))
        except (ValueError, httpx.InvalidURL) as error:
            raise _no_address(url) from error
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise RefusedError(f"The source sends to '{url[:60]}', which is not fetched.")
        if _host(url) in self._named:
            return
        if self._only_named:
            raise RefusedError(
                f"The source sends to {_short(url)}, a host that nobody has named.",
                remedy="Add that address itself where it is to be trusted.",
            )
        if self._allow_private:
            return
        try:
            found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"There is no host '{parts.hostname}'.") from error
        if not all(ipaddress.ip_address(str(item[4][0])).is_global for item in found):
            raise RefusedError(
                f"The source sends to {_short(url)}, an address inside a private network.",
                remedy="Name that address itself, or say --allow-private.",
            )

    def _asked_again(self, url: str, headers: Mapping[str, str]) -> tuple[httpx.Response, bytes]:
        """Answer, after as many attempts as it takes and the limits allow."""
        trouble, wait = "", 0.0
        for attempt in range(self._limits.attempts):
            if self._asked:
                # Many who were turned away at once should not come back at once.
                spread = random.uniform(1.0, 1.5) if attempt else 1.0  # noqa: S311
                self._sleep(self._limits.pause * 2**attempt * spread)
            self._asked = True
            try:
                response, body = self._once(url, headers)
            except httpx.HTTPError as error:
                trouble = type(error).__name__
                continue
            if response.status_code not in _TRY_AGAIN:
                return response, body
            trouble = str(response.status_code)
            wait = _wait(response.headers.get("retry-after", ""))
            if wait > _LONGEST_WAIT:
                raise FetchError(
                    f"{_short(url)} wants to be asked again in {round(wait)} seconds ({trouble}).",
                    remedy="Try again then; nothing was changed.",
                    code=response.status_code,
                    wait=wait,
                )
            self._sleep(wait)
        raise FetchError(
            f"{_short(url)} does not answer after {self._limits.attempts} attempts ({trouble}).",
            remedy="Try again later; nothing was changed.",
            wait=wait,
        )

    def _once(self, url: str, headers: Mapping[str, str]) -> tuple[httpx.Response, bytes]:
        deadline = time.monotonic() + self._limits.whole
        with self._client.stream("GET", url, headers=dict(headers)) as response:
            self._check_peer(response, url)
            body = bytearray()
            # Unpacked on the way, so that a small answer cannot become a large one unseen.
            for part in response.iter_bytes(65536):
                body += part
                # One that sends a byte now and then is never silent for long.
                if time.monotonic() > deadline:
                    raise FetchError(
                        f"{_short(url)} takes longer than {round(self._limits.whole)} seconds.",
                        remedy="Try again when it is less busy, or ask for smaller pages.",
                    )
                if len(body) > self._limits.megabytes << 20:
                    raise FetchError(
                        f"{_short(url)} answers with more than {self._limits.megabytes} MB.",
                        remedy="Ask for smaller pages ($top).",
                        code=response.status_code,
                    )
        return response, bytes(body)

    def _check_peer(self, response: httpx.Response, url: str) -> None:
        """A name may have been looked up anew since the check: who answers counts."""
        stream = response.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        if _host(url) in self._named or self._allow_private or not peer:
            return
        if not ipaddress.ip_address(str(peer[0])).is_global:
            raise RefusedError(f"{_short(url)} answers from inside a private network.")

    def _path(self, url: str) -> Path | None:
        name = sha256(url.encode()).hexdigest()
        return None if self._cache is None else self._cache / name

    def _kept(self, url: str) -> tuple[dict[str, str], bytes] | None:
        """Conditions and body of the last answer of an address."""
        path = self._path(url)
        try:
            if path is None or not path.is_file():
                return None
            head, _, body = path.read_bytes().partition(b"\n")
            about = json.loads(head)
            return (about, body) if isinstance(about, dict) else None
        except (OSError, ValueError):
            # A damaged copy is as good as none.
            return None

    def _keep(self, url: str, headers: httpx.Headers, body: bytes) -> None:
        path = self._path(url)
        about = {n: headers[n] for n in ("etag", "last-modified") if n in headers}
        if path is None or not about:
            return
        part = path.with_suffix(".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(json.dumps(about).encode() + b"\n" + body)
            part.replace(path)
        except OSError as error:
            raise StoreError(
                "There is no room to keep what was fetched.", remedy="Make room in the home."
            ) from error


def joined(url: str, other: str) -> str:
    """Address that an answer leads to. Raises RefusedError for what is none."""
    try:
        return urljoin(url, other)
    except ValueError as error:
        raise _no_address(other) from error


def _check_redirect(response: httpx.Response) -> None:
    """Refuse a redirect to what is no address, saying whose it is. Raises RefusedError."""
    if not response.has_redirect_location:
        return
    location = response.headers["location"]
    url = str(response.request.url)
    try:
        _checked_form(urljoin(url, location))
    except (ValueError, httpx.InvalidURL) as error:
        raise RefusedError(
            f"{_short(url)} redirects to '{_shown(location)}', which is no address.",
            remedy="Open it in a browser to find where it has moved to, and give that address; "
            "its publisher can mend the redirect.",
        ) from error


def _checked_form(url: str) -> str:
    """Give an address back. Raises ValueError, InvalidURL for what has the form of none."""
    _ = urlsplit(url).port, httpx.URL(url)
    return url


def _no_address(text: str) -> RefusedError:
    return RefusedError(
        f"The source sends to '{_shown(text)}', which is no address.",
        remedy="Its publisher can mend that.",
    )


def _check_answered(url: str, response: httpx.Response) -> None:
    if response.status_code != 200:
        raise FetchError(
            f"{_short(url)} answers {response.status_code}.",
            remedy="Open it in a browser; the service may have moved.",
            code=response.status_code,
        )


def _check_is_data(url: str, response: httpx.Response) -> None:
    """Tell a web page, of which a parser would complain in words that lead nowhere."""
    if response.headers.get("content-type", "").lower().startswith("text/html"):
        raise FetchError(
            f"{_short(url)} gives a web page, no data.",
            remedy="Give the address of the data itself; a node has it at /ldes and /feed.atom.",
            code=response.status_code,
        )


def _conditions(headers: Mapping[str, str]) -> dict[str, str]:
    """What an answer with these headers is asked for again with."""
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {sent: headers[name] for name, sent in names.items() if name in headers}


def _host(url: str) -> tuple[str | None, int | None]:
    """Host and port of an address."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    return parts.hostname, port or {"http": 80, "https": 443}.get(parts.scheme)


def _wait(text: str) -> float:
    """Seconds that a server asks to wait, given as such or as a date; 0 for neither."""
    if text.isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)


def _shown(text: str) -> str:
    """What is no address, without what may hold a secret or would disturb a terminal."""
    start, slashes, rest = text.split("?", 1)[0].split("#", 1)[0].rpartition("//")
    host, slash, path = rest.partition("/")
    kept = f"{start}{slashes}{host.rpartition('@')[2]}{slash}{path}"[:100]
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in kept)


def _short(url: str) -> str:
    """Address without what may hold a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:200]
