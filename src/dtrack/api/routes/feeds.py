"""``/feed.atom``: what changed, latest first, for feed readers and portals."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from dtrack.answer.feeding import describe_changes, graphs_telling_of
from dtrack.api.conditions import answer_unchanged
from dtrack.api.context import LanguageOf, ServiceOf
from dtrack.api.documents import LICENSE
from dtrack.api.paging import PageOf, PageRequest, encode_cursor, read_list_query
from dtrack.catalogue import bind
from dtrack.errors import ParameterError
from dtrack.journal import Wanted, timestamp
from dtrack.publish.atom import MEDIA_TYPE, Head, write_atom
from dtrack.terms import BASE
from dtrack.wiring.serving import Service

router = APIRouter(tags=["Feeds"])

_NEVER: Final = "1970-01-01T00:00:00Z"
_KIND: Final = re.compile(r"[a-z][a-z-]{0,40}")


@router.get(
    "/feed.atom",
    summary="What changed, as Atom",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
def get_feed(
    request: Request,
    service: ServiceOf,
    language: LanguageOf,
    wanted: PageOf,
    since: Annotated[
        str | None, Query(description="First day or moment that counts (ISO 8601, UTC)")
    ] = None,
    until: Annotated[
        str | None, Query(description="Last day or moment that counts (ISO 8601, UTC)")
    ] = None,
    type: Annotated[  # noqa: A002 - the name that callers know
        str | None, Query(description="Kind of record, such as decision, meetings, framework")
    ] = None,
    instrument: Annotated[
        str | None, Query(description="Only records that tell of this instrument or forum")
    ] = None,
) -> Response:
    """Changes of records, whatever the store holds by now; withdrawals as deleted entries."""
    headers = {"Content-Language": language}
    tag, answer = answer_unchanged(request, service.journal.last(), language)
    if answer is not None:
        return answer
    journal, base = service.journal, service.settings.base_iri
    filters = Wanted(
        moment(since, "since") if since else "",
        moment(until, "until", at_end=True) if until else "",
        _starts(service, type) if type else (),
        _graphs(service, instrument) if instrument else None,
    )
    found = journal.latest(filters, _place(wanted), wanted.limit + 1)
    changes, _ = describe_changes(journal, found[: wanted.limit], base, language)
    kept = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    first = _address(kept)
    links = {"self": _address(request.query_params.multi_items()), "first": first}
    if len(found) > wanted.limit:
        last = found[wanted.limit - 1]
        place = encode_cursor(f"{last.facts.number} {last.change.graph}")
        links["next"] = _address([*kept, ("cursor", place)])
    links |= {"describedby": f"{BASE}/ontology", "license": LICENSE}
    updated = journal.listed(limit=1)
    head = Head(
        iri=f"{base}/{first}",
        title="dtrack: what changed",
        updated=updated[0].at if updated else _NEVER,
        licence=LICENSE,
        links=links,
    )
    return Response(
        write_atom(head, changes),
        media_type=f"{MEDIA_TYPE}; charset=utf-8",
        headers={**headers, "ETag": tag},
    )


def _address(parameters: list[tuple[str, str]]) -> str:
    """Address of the feed with parameters, relative to itself."""
    return f"feed.atom?{urlencode(parameters)}" if parameters else "feed.atom"


def _place(wanted: PageRequest) -> tuple[int, str] | None:
    number, _, graph = wanted.after.partition(" ")
    if not wanted.after:
        return None
    if not number.isdecimal() or len(number) > 15:
        raise ParameterError(
            "The cursor is not one of this feed.", remedy="Take it from a link to the next page."
        )
    return int(number), graph


def _starts(service: Service, kind: str) -> tuple[str, ...]:
    """Starts of the names of graphs that hold records of a kind. Raises ParameterError."""
    if _KIND.fullmatch(kind):
        bases = dict.fromkeys((service.settings.base_iri, BASE))
        starts = tuple(
            start for base in bases for start in (f"{base}/graph/{kind}/", f"{base}/{kind}/")
        )
        if any(service.journal.has_graphs(start) for start in starts):
            return starts
    raise ParameterError(
        f"There are no records of the kind '{kind[:40]}'.",
        remedy="Kinds are those in the names of graphs: decision, resolution, meetings, codes …",
    )


def _graphs(service: Service, instrument: str) -> frozenset[str]:
    query = read_list_query("publish", "graphs_of_instrument")
    text = bind(query, {"instrument": instrument}, service.answers)
    present = [row["graph"] for row in service.store.select(text).texts()]
    iri = service.answers.key("instrument", instrument)
    return graphs_telling_of(service.journal, iri, present)


def moment(text: str, name: str, *, at_end: bool = False) -> str:
    """Time as the journal writes it, of a day (its start, or its end) or a moment.

    Raises ParameterError.
    """
    try:
        # In an address, + is a space.
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        if at_end and len(text.strip()) <= len("2026-11-21"):
            found += timedelta(days=1) - timedelta(microseconds=1)
        return timestamp(found)
    except (ValueError, OverflowError):
        raise ParameterError(
            f"'{text[:40]}' is no time for '{name}'.",
            remedy="Give a day (2026-11-21) or a moment (2026-11-21T09:30:00Z).",
        ) from None
