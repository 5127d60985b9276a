"""Keys of the API: made, looked up, revoked; the journal holds only what a secret digests to.

A key reads ``dt_<id>_<secret>``. The secret is 256 random bits, so a plain
SHA-256 of it cannot be turned back by guessing; a slow hash would only make
each request slow.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select, update

from dtrack.errors import InputError, NotFoundError
from dtrack.journal.schema import KEYS
from dtrack.journal.values import timestamp

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection, Row

SCOPES: Final = ("read", "propose", "review", "publish", "admin")
"""What a key may be for; ``admin`` stands for all of them, the others for themselves alone."""

_TOKEN: Final = re.compile(r"dt_([0-9a-f]{12})_([0-9a-f]{64})")
_ID: Final = re.compile(r"[0-9a-f]{12}")
_LONGEST_NAME: Final = 100
_NO_HASH: Final = sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is listed: never its secret. Times are UTC; None = never."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created: str
    expires: str | None = None
    revoked: str | None = None

    def may(self, scope: str) -> bool:
        """Whether the key is for a scope."""
        return scope in self.scopes or "admin" in self.scopes

    @property
    def standing(self) -> str:
        """``valid``, ``expired`` or ``revoked``, as of now."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= timestamp() else "valid"


@dataclass(frozen=True, slots=True)
class Examined:
    """What a token turned out to be.

    ``key`` is set when the secret is right, even if the key no longer opens
    anything; ``fault`` is then expired or revoked, and otherwise malformed or
    unknown. A good token has no fault.
    """

    key: Key | None
    fault: str = ""


def examine(connection: Connection, token: str) -> Examined:
    """What a token is.

    It takes the same steps whether its id is known or not, and compares in
    constant time, so that the time of an answer tells nothing.
    """
    match = _TOKEN.fullmatch(token)
    if match is None:
        return Examined(None, "malformed")
    row = connection.execute(select(KEYS).where(KEYS.c.id == match[1])).first()
    held = _NO_HASH if row is None else row.hash
    is_right = hmac.compare_digest(_hashed(match[2]), held)
    if row is None or not is_right:
        return Examined(None, "unknown")
    key = _key(row)
    return Examined(key, "" if key.standing == "valid" else key.standing)


def create(
    connection: Connection, name: str, scopes: Collection[str], expires: str | None
) -> tuple[Key, str]:
    """A new key and its token, which nobody can read again. Raises InputError."""
    _check_scopes(scopes)
    _check_name(name)
    if any(key.name == name and key.standing == "valid" for key in listed(connection)):
        raise InputError(
            f"There is a key '{name}' already.",
            remedy=f"Choose another name, or revoke it first: `dtrack key revoke '{name}'`.",
        )
    secret = secrets.token_hex(32)
    key = Key(
        id=secrets.token_hex(6),
        name=name,
        scopes=tuple(scope for scope in SCOPES if scope in scopes),
        created=timestamp(),
        expires=expires,
    )
    connection.execute(
        KEYS.insert(),
        {
            "id": key.id,
            "name": key.name,
            "hash": _hashed(secret),
            "scopes": " ".join(key.scopes),
            "created": key.created,
            "expires": key.expires,
        },
    )
    return key, f"dt_{key.id}_{secret}"


def listed(connection: Connection) -> list[Key]:
    """All keys there ever were, first to last."""
    return [_key(row) for row in connection.execute(select(KEYS).order_by(KEYS.c.created))]


def revoke(connection: Connection, which: str) -> Key:
    """End a key, given by id or name; it opens nothing from now on. Raises NotFoundError."""
    meant = or_(KEYS.c.id == which, KEYS.c.name == which)
    connection.execute(
        update(KEYS).where(meant, KEYS.c.revoked.is_(None)).values(revoked=timestamp())
    )
    row = connection.execute(select(KEYS).where(meant).order_by(KEYS.c.created.desc())).first()
    if row is None:
        raise NotFoundError(
            f"There is no key '{which}'.", remedy="`dtrack key list` shows ids and names."
        )
    return _key(row)


def expiry(text: str, now: datetime | None = None) -> str:
    """UTC time at which a key ends, from ``YYYY-MM-DD`` (the end of that day) or ``90d``.

    Raises InputError for what is neither, or is past.
    """
    now = now or datetime.now(UTC)
    try:
        if match := re.fullmatch(r"([0-9]{1,6})d", text):
            moment = now + timedelta(days=int(match[1]))
        else:
            day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
            moment = day + timedelta(days=1, microseconds=-1)
    except (ValueError, OverflowError):
        raise InputError(
            f"'{text[:40]}' is no day on which a key can end.",
            remedy="Write YYYY-MM-DD, or a number of days as 90d.",
        ) from None
    if moment <= now:
        raise InputError(
            f"A key that ends on {moment:%Y-%m-%d} would open nothing.",
            remedy="Give a day to come.",
        )
    return timestamp(moment)


def _check_scopes(scopes: Collection[str]) -> None:
    for scope in scopes:
        if scope not in SCOPES:
            raise InputError(
                f"There is no scope '{scope[:40]}'.", remedy=f"There are: {', '.join(SCOPES)}."
            )
    if not scopes:
        raise InputError("A key needs a scope.", remedy=f"There are: {', '.join(SCOPES)}.")


def _check_name(name: str) -> None:
    if not name.isprintable() or name != name.strip() or not 0 < len(name) <= _LONGEST_NAME:
        raise InputError(
            "The name of a key is empty, too long or holds signs that cannot be printed.",
            remedy=f"Say who uses it and for what, in at most {_LONGEST_NAME} letters.",
        )
    if _ID.fullmatch(name):
        raise InputError(
            f"'{name}' reads like the id of a key.", remedy="Choose a name that says who uses it."
        )


def _hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _key(row: Row[Any]) -> Key:
    return Key(row.id, row.name, tuple(row.scopes.split()), row.created, row.expires, row.revoked)
