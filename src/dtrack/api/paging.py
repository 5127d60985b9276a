"""Lists in pages: opaque keyset cursors, so that a page never shifts."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response

from dtrack.answer.finding import FacetView
from dtrack.api.context import service_of
from dtrack.catalogue import Query as ListQuery
from dtrack.catalogue import bind, read_query
from dtrack.errors import ParameterError
from dtrack.resources import root_folder
from dtrack.wiring.serving import Service

MAX_LIMIT = 1000
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of a list in its order; ``next`` is the address of those that follow."""

    items: list[Item]
    next: str | None


@dataclass(frozen=True, slots=True)
class FacetedPage(Generic[Item]):
    """A page; ``facets`` count the whole list by value, when they were asked for."""

    items: list[Item]
    next: str | None
    facets: dict[str, list[FacetView]] | None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted: ``after`` is the sort key of the item before it."""

    limit: int
    after: str


def encode_cursor(key: str) -> str:
    """Cursor behind an item, from its sort key."""
    return base64.urlsafe_b64encode(json.dumps([key]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """Sort key in a cursor. Raises ParameterError."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        (key,) = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
        if not isinstance(key, str):
            raise TypeError
    except (binascii.Error, UnicodeError, ValueError, TypeError):
        raise ParameterError(
            "The cursor is not one of ours.", remedy="Take it from the 'next' of a page."
        ) from None
    return key


async def page_request(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Most items in a page")] = 100,
    cursor: Annotated[str | None, Query(description="Where the page begins, from 'next'")] = None,
) -> PageRequest:
    """Page that a request asks for."""
    return PageRequest(limit, decode_cursor(cursor) if cursor else "")


def place_of(wanted: PageRequest, most: int) -> int:
    """Number of items before a page of a ranked list. Raises ParameterError."""
    if not wanted.after:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", wanted.after):
        raise ParameterError(
            "The cursor is not one of this list.", remedy="Take it from the 'next' of a page."
        )
    if int(wanted.after) + wanted.limit > most:
        raise ParameterError(
            f"Only the best {most} can be listed.", remedy="Narrow the question by its facets."
        )
    return int(wanted.after)


PageOf = Annotated[PageRequest, Depends(page_request)]


@lru_cache
def read_list_query(folder: str, name: str) -> ListQuery:
    """A query of a folder of ``queries``, such as ``lists``."""
    path = root_folder("queries") / folder / f"{name}.rq"
    return read_query(name, path.read_text(encoding="utf-8"), f"queries/{folder}/{path.name}")


def rows_of(service: Service, name: str, values: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows of a list query, as plain text."""
    text = bind(read_list_query("lists", name), values, service.answers)
    return list(service.store.select(text).texts())


def timed_rows_of(service: Service, name: str, values: Mapping[str, str]) -> list[dict[str, str]]:
    """The same, by the processes whose queries are ended at their deadline."""
    text = bind(read_list_query("lists", name), values, service.answers)
    answer = service.readers.serialise(text, "application/sparql-results+json")
    table = json.loads(answer.body)
    return [
        {name: row[name]["value"] if name in row else "" for name in table["head"]["vars"]}
        for row in table["results"]["bindings"]
    ]


def next_address(request: Request, **changes: object) -> str:
    """Address of the same list with some parameters changed; our host is the reader's business."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in changes]
    return f"{request.url.path}?{urlencode([*kept, *changes.items()])}"


def link_next(response: Response, address: str | None) -> None:
    """Say in a Link header where the list goes on."""
    if address:
        response.headers["Link"] = f'<{address}>; rel="next"'


def page(
    request: Request,
    response: Response,
    wanted: PageRequest,
    name: str,
    values: Mapping[str, str | None],
    items: Callable[[list[dict[str, str]]], list[Item]],
    read: Callable[[Service, str, Mapping[str, str]], list[dict[str, str]]] = rows_of,
) -> Page[Item]:
    """A page of a list query; its first column, ``sort``, orders it and tells each row apart."""
    given = {key: value for key, value in values.items() if value is not None}
    service = service_of(request)
    found = read(service, name, {**given, "after": wanted.after, "count": str(wanted.limit + 1)})
    address = None
    if len(found) > wanted.limit:
        address = next_address(request, cursor=encode_cursor(found[wanted.limit - 1]["sort"]))
    link_next(response, address)
    return Page(items(found[: wanted.limit]), address)
