"""If-Match and If-None-Match on graphs: an ETag is the digest of the content, in quotes."""

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from fastapi import Request, Response

from dtrack.api.changing import Condition
from dtrack.api.compression import TAG_MARK
from dtrack.errors import ConflictError

if TYPE_CHECKING:
    from dtrack.wiring.serving import Service

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def etag(digest: str) -> str:
    """Entity tag of a graph."""
    return f'"{digest}"'


def condition_of(request: Request) -> Condition | None:
    """Condition of a request to change a graph; None when it makes none."""
    match = ",".join(request.headers.getlist("if-match"))
    none_match = ",".join(request.headers.getlist("if-none-match"))
    if not match and not none_match:
        return None

    def check(digest: str | None) -> None:
        if match and not _names(match, digest):
            raise ConflictError(
                "The graph is not what If-Match says.",
                remedy="Read it again, and send its new ETag.",
            )
        if none_match and _names(none_match, digest):
            raise ConflictError(
                "The graph is what If-None-Match says it must not be.",
                remedy="Read it, and decide anew.",
            )

    return check


def _names(header: str, digest: str | None) -> bool:
    """Whether a header names the state of a graph; ``*`` is any state but absence.

    The digest is one of content, so the tag of a packed answer names it too.
    """
    if digest is None:
        return False
    tags = {tag.removesuffix(TAG_MARK) for tag in _TAG.findall(header)}
    return header.strip() == "*" or digest in tags


def answer_unchanged(request: Request, *state: object) -> tuple[str, Response | None]:
    """Entity tag of what a request asks for in a state; 304 where the reader has just that.

    It costs nothing but the state: nothing is read to find that all is as it was.
    """
    service: Service = request.state.service
    accept = [request.headers.get(name, "") for name in ("accept", "accept-language")]
    parts = [service.journal.identity, *state, *accept, request.url.path, request.url.query]
    tag = etag(sha256(repr(parts).encode()).hexdigest()[:32])
    wanted = ",".join(request.headers.getlist("if-none-match"))
    if wanted and _names(wanted, tag.strip('"')):
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        return tag, Response(status_code=304, headers=headers)
    return tag, None
