"""``/api/v1/keys`` and ``/api/v1/audit``: for administrators."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from dtrack.api.context import ServiceOf
from dtrack.api.paging import Page, PageOf, encode_cursor, link_next, next_address
from dtrack.api.security import PROTECTED, needs
from dtrack.errors import ParameterError
from dtrack.journal import Entry, Key, expiry, start_of

router = APIRouter(prefix="/api/v1", tags=["Keys and audit"], responses=PROTECTED)

Admin = Annotated[Key, Depends(needs("admin"))]


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as it is listed; times are UTC, null = never."""

    id: str
    name: str
    scopes: list[str]
    standing: str
    created: str
    expires: str | None
    revoked: str | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a key is to be: ``expires`` is a day (YYYY-MM-DD) or a number of days (90d)."""

    name: str
    scopes: list[str]
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key that was made; its token is told this once."""

    key: KeyView
    token: str


def _view(key: Key) -> KeyView:
    return KeyView(
        id=key.id,
        name=key.name,
        scopes=list(key.scopes),
        standing=key.standing,
        created=key.created,
        expires=key.expires,
        revoked=key.revoked,
    )


def _private(response: Response) -> None:
    """Let nobody on the way keep an answer."""
    response.headers["Cache-Control"] = "no-store"


@router.get("/keys", summary="All keys, without their secrets", dependencies=[Depends(_private)])
def get_keys(service: ServiceOf, _admin: Admin) -> list[KeyView]:
    """Keys there ever were, first to last."""
    return [_view(key) for key in service.journal.list_keys()]


@router.post("/keys", summary="Make a key", status_code=201, dependencies=[Depends(_private)])
def post_key(service: ServiceOf, admin: Admin, wanted: NewKey) -> MadeKey:
    """Make a key; the journal keeps only what its secret digests to."""
    ends = None if wanted.expires is None else expiry(wanted.expires)
    key, token = service.journal.create_key(wanted.name, wanted.scopes, ends, admin.name, "http")
    return MadeKey(_view(key), token)


@router.delete("/keys/{key}", summary="Revoke a key", dependencies=[Depends(_private)])
def delete_key(key: str, service: ServiceOf, admin: Admin) -> KeyView:
    """End a key, by its id or its name; it opens nothing from now on."""
    return _view(service.journal.revoke_key(key, admin.name, "http"))


@router.get("/audit", summary="Who did what", dependencies=[Depends(_private)])
def get_audit(
    request: Request,
    response: Response,
    service: ServiceOf,
    _admin: Admin,
    wanted: PageOf,
    since: Annotated[
        str | None, Query(description="From this day (YYYY-MM-DD) or UTC time on")
    ] = None,
    agent: Annotated[str | None, Query(description="Of this key, person or address")] = None,
) -> Page[Entry]:
    """Lines of the audit log, latest first; refused attempts are in it."""
    found = service.journal.entries(
        since=None if since is None else start_of(since),
        agent=agent,
        before=_before(wanted.after),
        limit=wanted.limit + 1,
    )
    items = found[: wanted.limit]
    address = None
    if len(found) > wanted.limit:
        address = next_address(request, cursor=encode_cursor(str(items[-1].number)))
    link_next(response, address)
    return Page(items, address)


def _before(cursor: str) -> int | None:
    """Number that a page of the log begins below. Raises ParameterError."""
    if not cursor:
        return None
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise ParameterError(
            "The cursor is not one of this list.", remedy="Take it from the 'next' of a page."
        )
    return int(cursor)
