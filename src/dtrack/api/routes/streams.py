"""``/ldes``: all changes as a Linked Data Event Stream, first to last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response

from dtrack.answer.feeding import describe_changes
from dtrack.api.conditions import answer_unchanged
from dtrack.api.context import ServiceOf, accept_of
from dtrack.api.documents import LICENSE
from dtrack.api.routes.versions import FOREVER
from dtrack.errors import NotFoundError
from dtrack.publish.stream import (
    FAN,
    FORMS,
    PAGE,
    Stream,
    Way,
    about_root,
    about_stream,
    members,
    ways,
    write_page,
)
from dtrack.resources import root_folder
from dtrack.stores.rdf_formats import RDF_FORMATS
from dtrack.stores.results import negotiate

if TYPE_CHECKING:
    from dtrack.publish.statements import Statement
    from dtrack.wiring.serving import Service

router = APIRouter(prefix="/ldes", tags=["Feeds"])

_CONTENT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {media: {} for media in FORMS}}
}


@router.get("", summary="The stream of changes", response_class=Response, responses=_CONTENT)
def get_stream(request: Request, service: ServiceOf) -> Response:
    """Root of the tree: where to find which time."""
    tag, answer = answer_unchanged(request, service.journal.last())
    if answer is not None:
        return answer
    count = service.journal.counted()
    size, kind = (PAGE, "page") if count <= PAGE * FAN else (PAGE * FAN, "index")
    leads = _ways(service, 0, size, -(-count // size), f"ldes/{kind}/")
    stream = _stream(service, "", "ldes")
    found = [*about_stream(stream), *about_root("ldes"), *ways("ldes", leads)]
    return _answer(request, found, {}, {"ETag": tag})


@router.get(
    "/shape",
    summary="What every member of the stream conforms to",
    response_class=Response,
    responses={200: {"content": {"text/turtle": {}}}},
)
def get_shape() -> Response:
    """SHACL shape of the members."""
    text = (root_folder("shapes") / "publish" / "stream.ttl").read_bytes()
    return Response(text, media_type="text/turtle; charset=utf-8")


@router.get(
    "/index/{number}", summary="Pages of a time", response_class=Response, responses=_CONTENT
)
def get_index(request: Request, service: ServiceOf, number: int) -> Response:
    """Node that leads to pages."""
    start = (number - 1) * PAGE * FAN
    count = _refuse_beyond(service, start)
    tag, answer = answer_unchanged(request, min(count, start + PAGE * FAN))
    if answer is not None:
        return answer
    leads = _ways(service, start, PAGE, FAN, "../page/")
    stream = _stream(service, "../", f"index/{number}")
    found = [*about_stream(stream), *ways(f"{number}", leads)]
    return _answer(request, found, {}, _headers(tag, is_full=count >= start + PAGE * FAN))


@router.get(
    "/page/{number}", summary="A page of changes", response_class=Response, responses=_CONTENT
)
def get_page(request: Request, service: ServiceOf, number: int) -> Response:
    """Members in the order they were made; a full page never changes."""
    start = (number - 1) * PAGE
    count = _refuse_beyond(service, start)
    tag, answer = answer_unchanged(request, min(count, start + PAGE))
    if answer is not None:
        return answer
    journal, base = service.journal, service.settings.base_iri
    versions = journal.sequence(start, PAGE)
    changes, contents = describe_changes(journal, versions, base, "en", up="../../")
    stream = _stream(service, "../", f"page/{number}")
    found = [*about_stream(stream), *ways(f"{number}", []), *members(stream.iri, changes)]
    headers = _headers(tag, is_full=len(versions) == PAGE)
    return _answer(request, found, contents, headers)


def _refuse_beyond(service: Service, start: int) -> int:
    """Number of changes. Raises NotFoundError for a node where none are yet."""
    count = service.journal.counted()
    if not 0 <= start < count:
        raise NotFoundError(
            "The stream has no such page.", remedy="Begin at /ldes and follow its relations."
        )
    return count


def _ways(service: Service, start: int, size: int, most: int, place: str) -> list[Way]:
    """Ways to the nodes of runs of members from a place on."""
    if not most:
        return []
    count = service.journal.counted()
    first = start // size + 1
    return [
        Way(f"{place}{first + n}", opened, closed if start + (n + 1) * size <= count else "")
        for n, (opened, closed) in enumerate(service.journal.bounds(start, size, most))
    ]


def _stream(service: Service, up: str, node: str) -> Stream:
    """What a node says of the stream; ``up`` leads from the node to what lies below the root."""
    base = service.settings.base_iri
    return Stream(
        iri=f"{base}/ldes#stream",
        root=f"{up}../ldes" if up else node,
        shape=f"{up}shape" if up else "ldes/shape",
        licence=LICENSE,
        title="dtrack: every change of every record",
    )


def _headers(tag: str, *, is_full: bool) -> dict[str, str]:
    return {"ETag": tag, **({"Cache-Control": FOREVER} if is_full else {})}


def _answer(
    request: Request,
    statements: list[Statement],
    contents: dict[str, bytes],
    headers: dict[str, str],
) -> Response:
    media = negotiate(accept_of(request), list(FORMS))
    write = RDF_FORMATS["jsonld"].write
    body = write_page(FORMS[media], statements, contents, write)
    text = f"{media}; charset=utf-8" if media.startswith("text/") else media
    return Response(body, media_type=text, headers=headers)
