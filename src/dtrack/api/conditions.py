"""If-Match and If-None-Match on graphs: an ETag is the digest of the content, in quotes."""

import re

from fastapi import Request

from dtrack.api.changing import Condition
from dtrack.api.compression import TAG_MARK
from dtrack.errors import ConflictError

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
