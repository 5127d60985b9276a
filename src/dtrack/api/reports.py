"""Why data was refused, in the format that the caller takes: a problem, Turtle or a page."""

import base64
import re
from hashlib import sha256
from typing import Final

from fastapi import Request, Response

from dtrack.api.context import accept_of, preferred_languages
from dtrack.errors import NotAcceptableError
from dtrack.model import Report
from dtrack.stores.results import negotiate
from dtrack.validation.page import as_html

TURTLE: Final = "text/turtle"
HTML: Final = "text/html"
_PROBLEM: Final = ("application/problem+json", "application/json")
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def report_response(request: Request, report: Report, status: int) -> Response | None:
    """Validation report as Turtle or as a page, where the caller prefers one to a problem."""
    try:
        media = negotiate(accept_of(request), [*_PROBLEM, TURTLE, HTML])
    except NotAcceptableError:
        return None
    if media == TURTLE and report.turtle:
        return Response(report.turtle, status, media_type=TURTLE)
    if media == HTML:
        return _page(request, report, status)
    return None


def _page(request: Request, report: Report, status: int) -> Response:
    preferred = preferred_languages(request.headers.get("accept-language", ""))
    page = as_html(report, next(iter(preferred), "en").partition("-")[0])
    return Response(
        page, status, {"Content-Security-Policy": policy_of(page)}, f"{HTML}; charset=utf-8"
    )


def policy_of(page: str) -> str:
    """Policy that lets a page use the style in it, and nothing else."""
    styles = (sha256(style.encode()).digest() for style in _STYLE.findall(page))
    hashes = " ".join(f"'sha256-{base64.b64encode(each).decode()}'" for each in styles)
    return (
        f"default-src 'none'; style-src {hashes}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
