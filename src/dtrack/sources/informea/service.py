"""A service on the network, page by page: which sets it has, how they are asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from dtrack.errors import FetchError, SyntaxProblem
from dtrack.model import no_progress
from dtrack.sources.fetching import joined
from dtrack.sources.informea.envelope import read_page
from dtrack.sources.informea.fields import SETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtrack.model import Progress
    from dtrack.sources.fetching import Fetcher
    from dtrack.sources.informea.envelope import Page

MOST_PAGES: Final = 10_000
_SAFE: Final = "$',()/:"


def read_service(
    fetcher: Fetcher, url: str, since: str = "", progress: Progress = no_progress
) -> Iterator[tuple[Page, str]]:
    """Pages of a set, or of all sets of a service, each with the address of its set.

    ``since`` is a day; the service is asked for rows updated from it on. Raises
    FetchError, SyntaxProblem, RefusedError.
    """
    fetcher.name(url)
    if _set_of(url):
        yield from _pages(fetcher, url, since, progress)
        return
    for name in _sets(fetcher, url):
        yield from _pages(fetcher, f"{url.split('?', 1)[0].rstrip('/')}/{name}", since, progress)


def _set_of(url: str) -> str:
    last = urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]
    return last if last in SETS else ""


def _sets(fetcher: Fetcher, url: str) -> list[str]:
    """Sets that a service document lists and that are read here."""
    body = fetcher.get(_with(url, {"$format": "json"})).body
    try:
        told = json.loads(body)
        listed = told["d"]["EntitySets"] if "d" in told else [s["name"] for s in told["value"]]
        found = [name for name in SETS if name in listed]
    except (ValueError, KeyError, TypeError, RecursionError):
        found = []
    if not found:
        raise SyntaxProblem(
            "The address is neither an entity set nor a service that lists its sets.",
            remedy=f"Let it end with one of {', '.join(SETS)}.",
        )
    return found


def _pages(
    fetcher: Fetcher, url: str, since: str, progress: Progress
) -> Iterator[tuple[Page, str]]:
    place = url.split("?", 1)[0]
    body: bytes | None
    following, body = _first(fetcher, url, since)
    seen: set[str] = set()
    while following:
        if following in seen or len(seen) >= MOST_PAGES:
            raise FetchError(
                f"The pages of {place} do not end.", remedy="Ask for less: --since, $top."
            )
        seen.add(following)
        page = read_page(body if body is not None else fetcher.get(following).body, place)
        body = None
        yield page, place
        progress(f"Reading {_set_of(url)}", len(seen), 0)
        following = joined(following, page.next) if page.next else _skipped(following, page)


def _first(fetcher: Fetcher, url: str, since: str) -> tuple[str, bytes]:
    """Address and body of the first page: with all that is wanted, else what the service takes.

    Services of version 2 and of version 4 write dates differently, and not all
    expand every field: then those with texts, without which little can be read.
    """
    entity_set = SETS[_set_of(url)]
    wanted = {"$format": "json"}
    fields = dict.fromkeys(((*entity_set.texts, *entity_set.expanded), entity_set.texts, ()))
    expand = [{"$expand": ",".join(some)} if some else {} for some in fields]
    filters = (
        [
            {"$filter": f"updated ge datetime'{since}T00:00:00'"},
            {"$filter": f"updated ge {since}T00:00:00Z"},
        ]
        if since
        else [{}]
    )
    attempts = [wanted | some | f for some in expand for f in filters]
    for number, options in enumerate(attempts, 1):
        address = _with(url, options)
        try:
            return address, fetcher.get(address).body
        except FetchError as error:
            if error.code not in {400, 404, 501} or number == len(attempts):
                raise
    raise AssertionError("there is always an attempt")


def _with(url: str, options: dict[str, str]) -> str:
    """Address with options, those that it has already kept."""
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    query = "&".join(
        f"{quote(n, safe='$')}={quote(v, safe=_SAFE)}" for n, v in (options | given).items()
    )
    return urlunsplit(parts._replace(query=query))


def _skipped(url: str, page: Page) -> str:
    """Address of the next page where the caller asked for pages and the service links none."""
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    top = given.get("$top", "")
    if not top.isdigit() or len(page.rows) < int(top) or not page.rows:
        return ""
    skip = int(given.get("$skip", "0") if given.get("$skip", "0").isdigit() else 0) + int(top)
    return _with(urlunsplit(parts._replace(query="")), given | {"$skip": str(skip)})
