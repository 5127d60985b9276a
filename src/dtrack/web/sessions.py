"""Sessions of curators: a key in a cookie that scripts and other sites cannot use.

The cookie holds the key itself, so that any copy of a node knows it; it goes
with the browser's session, to the desk alone. Each form carries a token that
only who has the key can know (against requests that another site makes).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi.security import HTTPAuthorizationCredentials

from dtrack.api.proposing import agent_of
from dtrack.api.security import key_ring_of, needs
from dtrack.errors import RefusedError

if TYPE_CHECKING:
    from fastapi import Request, Response

    from dtrack.curate.acts import Agent

COOKIE: Final = "dtrack-key"
PATH: Final = "/desk"
_PURPOSE: Final = b"a form of the desk"


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, what the key allows, and the token for forms."""

    agent: Agent
    token: str


def session_of(request: Request) -> Session | None:
    """Session of a request; None without a cookie, or with a key that opens nothing."""
    key = request.cookies.get(COOKIE, "")
    if not key:
        return None
    found = key_ring_of(request).examine_key(key)
    if found.key is None or found.fault:
        return None
    return Session(agent_of(found.key), _token(key))


def _token(key: str) -> str:
    return hmac.new(key.encode(), _PURPOSE, hashlib.sha256).hexdigest()


def acts(request: Request, fields: dict[str, str], *scopes: str) -> Agent:
    """Who acts by a form: the key must have one of some scopes.

    Raises RefusedError for a form without the session's token, else like the
    API's own check, which counts and notes what it refuses.
    """
    key = request.cookies.get(COOKIE, "")
    credentials = HTTPAuthorizationCredentials(scheme="Bearer", credentials=key) if key else None
    agent = agent_of(needs(*scopes)(request, credentials))
    if not hmac.compare_digest(fields.get("token", ""), _token(key)):
        raise RefusedError(
            "The form is not of this session.", remedy="Open the page again, and send it anew."
        )
    return agent


def sign_in(request: Request, response: Response, key: str) -> Agent:
    """Let a browser keep a key that is for curation. Raises like acts()."""
    credentials = HTTPAuthorizationCredentials(scheme="Bearer", credentials=key)
    agent = agent_of(needs("propose", "review", "publish")(request, credentials))
    response.set_cookie(
        COOKIE, key, path=PATH, httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return agent


def sign_out(response: Response) -> None:
    """Let a browser forget the key."""
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")
