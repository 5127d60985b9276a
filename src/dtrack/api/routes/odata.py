"""``/odata``: decisions, meetings and the rest as InforMEA's services give them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response

from dtrack.answer.odata import EntityTables, with_later
from dtrack.api.conditions import answer_unchanged
from dtrack.api.context import ServiceOf
from dtrack.errors import DtrackError, NotAcceptableError, NotFoundError, ParameterError
from dtrack.publish.odata.entities import Entity
from dtrack.publish.odata.metadata import MEDIA_TYPE as XML
from dtrack.publish.odata.metadata import write_metadata
from dtrack.publish.odata.options import Options, Page, page_of, read_options
from dtrack.publish.odata.sets import SETS, EntitySet
from dtrack.publish.odata.wire import Wire
from dtrack.wiring.serving import Service

router = APIRouter(prefix="/odata", tags=["OData"])


@dataclass(frozen=True, slots=True)
class ODataFault:
    """What OData's clients read of an error; ``message`` is an object in version 3."""

    code: str
    message: str | dict[str, str]


@dataclass(frozen=True, slots=True)
class ODataError:
    """An error of the OData service."""

    error: ODataFault


_JSON: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/json": {}, XML: {}, "text/plain": {}}},
    400: {"model": ODataError, "description": "An option cannot be used"},
    404: {"model": ODataError, "description": "There is no such set, entity or property"},
    406: {"model": ODataError, "description": "The format is not offered"},
    503: {"model": ODataError, "description": "The store is busy"},
}

_TABLES: Final = EntityTables()
_PATH: Final = re.compile(
    r"(?P<set>[A-Za-z]+)(?:\((?:id=)?'(?P<key>(?:[^']|'')*)'\))?(?:/(?P<more>\$?[A-Za-z]+))?"
)


@router.get("", summary="The OData service", response_class=Response, responses=_JSON)
@router.get("/", include_in_schema=False)
def get_service(request: Request, service: ServiceOf) -> Response:
    """Service document: which entity sets there are."""
    return _guarded(request, service, "")


@router.get(
    "/{path:path}",
    summary="Entities of an OData set, in InforMEA's shape",
    response_class=Response,
    responses=_JSON,
)
def get_path(request: Request, service: ServiceOf, path: str) -> Response:
    """``Decisions``, ``Decisions('id')``, ``Decisions('id')/title``, ``Decisions/$count``.

    Options: `$filter $orderby $top $skip $expand $select $format $inlinecount $count`.
    """
    return _guarded(request, service, path.strip("/"))


def _guarded(request: Request, service: Service, path: str) -> Response:
    """Answer, or an error as OData's clients read it."""
    wire = Wire(_version(request), f"{service.settings.base_iri}/odata")
    try:
        _refuse_other_formats(request)
        return _answer(request, service, path, wire)
    except DtrackError as error:
        code = type(error).__name__.removesuffix("Error")
        body = wire.error(code, f"{error.message} {error.remedy}".strip())
        return Response(body, error.status, {"content-type": wire.media_type, **wire.headers})


def _answer(request: Request, service: Service, path: str, wire: Wire) -> Response:
    tag, unchanged = answer_unchanged(
        request, service.marker.revision, wire.version, request.headers.get("odata-version")
    )
    if unchanged is not None:
        return unchanged
    headers = {**wire.headers, "ETag": tag}
    if path == "$metadata":
        return Response(write_metadata(wire.version), headers=headers, media_type=XML)
    if not path:
        body = wire.service(SETS)
    else:
        match = _PATH.fullmatch(path)
        if match is None or match["set"] not in SETS:
            raise NotFoundError(
                f"There is no '{path[:60]}' here.",
                remedy=f"There are $metadata, {', '.join(SETS)}.",
            )
        entity_set, key, more = SETS[match["set"]], match["key"], match["more"]
        if key is None and more == "$count":
            return Response(
                _count(request, service, entity_set), headers=headers, media_type="text/plain"
            )
        if key is None and more is None:
            body = _page(request, service, entity_set, wire)
        elif key is None:
            raise NotFoundError(f"{entity_set.name} have no '{more}'.", remedy="Give a key.")
        else:
            body = _one(request, service, entity_set, key.replace("''", "'"), more, wire)
    return Response(body, headers={**headers, "content-type": wire.media_type})


def _entities(service: Service, entity_set: EntitySet) -> Sequence[Entity]:
    state = f"{service.journal.identity} {service.marker.digest} {service.marker.revision}"
    return _TABLES.entities(entity_set, state, service.answers, service.journal)


def _count(request: Request, service: Service, entity_set: EntitySet) -> str:
    options = read_options({**_given(request), "$inlinecount": "allpages"}, entity_set)
    return str(page_of(_entities(service, entity_set), options).total)


def _page(request: Request, service: Service, entity_set: EntitySet, wire: Wire) -> bytes:
    given = _given(request)
    options = read_options(given, entity_set)
    page = page_of(_entities(service, entity_set), options)
    shown = tuple(
        with_later(each, options.expand, entity_set, service.answers) for each in page.entities
    )
    page = type(page)(shown, page.total, page.token, page.left)
    return wire.page(entity_set, page, options, _following(entity_set, given, page))


def _following(entity_set: EntitySet, given: Mapping[str, str], page: Page) -> str:
    """Address of the next page, relative to this one."""
    if not page.token:
        return ""
    kept = {name: value for name, value in given.items() if name != "$skip"}
    if page.left is not None:
        kept["$top"] = str(page.left)
    kept["$skiptoken"] = page.token
    return f"{entity_set.name}?{urlencode(kept, safe='$', quote_via=quote)}"


def _one(
    request: Request,
    service: Service,
    entity_set: EntitySet,
    key: str,
    more: str | None,
    wire: Wire,
) -> bytes:
    options: Options = read_options(_given(request), entity_set)
    found = next((each for each in _entities(service, entity_set) if each.id == key), None)
    if found is None:
        raise NotFoundError(f"{entity_set.name} have no '{key[:60]}'.", remedy="Check the key.")
    if more is None:
        entity = with_later(found, options.expand, entity_set, service.answers)
        return wire.entity(entity_set, entity, options)
    if more not in entity_set.names:
        raise NotFoundError(
            f"{entity_set.name} have no property '{more[:40]}'.",
            remedy=f"There are: {', '.join(entity_set.names)}.",
        )
    return wire.property(entity_set, with_later(found, [more], entity_set, service.answers), more)


def _given(request: Request) -> dict[str, str]:
    """Parameters of a request. Raises ParameterError where one stands twice."""
    pairs = request.query_params.multi_items()
    given = dict(pairs)
    if len(given) < len(pairs):
        raise ParameterError("An option stands twice.", remedy="Give each once.")
    return given


def _version(request: Request) -> int:
    """Version of the wire format: 4 for who says so, else 3, as InforMEA's clients read."""
    named = request.query_params.get("$format", "")
    accept = f"{named},{request.headers.get('accept', '')}"
    asked = (request.headers.get(name, "") for name in ("odata-version", "odata-maxversion"))
    is_new = "odata.metadata=" in accept or any(each.startswith("4") for each in asked)
    return 4 if is_new and "odata=verbose" not in accept else 3


def _refuse_other_formats(request: Request) -> None:
    named = request.query_params.get("$format", "json").partition(";")[0].strip().lower()
    if named not in {"json", "application/json", "verbosejson"} and "$metadata" not in str(
        request.url.path
    ):
        raise NotAcceptableError(
            f"There is no format '{named[:40]}' here.", remedy="Use $format=json."
        )
