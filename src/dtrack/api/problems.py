"""Every error as ``application/problem+json`` (RFC 9457): one table from error to status."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException

from dtrack.answer.tombstone import Tombstone
from dtrack.api.reports import report_response
from dtrack.errors import (
    ConflictError,
    DtrackError,
    NotConformingError,
    TooManyError,
    UnauthorisedError,
)
from dtrack.model import Report
from dtrack.terms import BASE

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}
"""What goes with every response, problems included."""


@dataclass(frozen=True, slots=True)
class ProblemPlace:
    """Where in the input the problem is; lines and columns count from 1."""

    source: str
    line: int | None
    column: int | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong (RFC 9457), with what to do about it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    remedy: str
    place: ProblemPlace | None = None


def answered(description: str, *others: str) -> dict[str, Any]:
    """Answer of a route that is a problem, for its description; ``others`` are media types too.

    It refers to the schema of problems, which the description has once: as a model, it would
    be built anew for each status of each route, longer than all the rest of the application.
    """
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    content = {MEDIA_TYPE: schema, **{media_type: {} for media_type in others}}
    return {"description": description, "content": content}


def schemas() -> dict[str, Any]:
    """Schemas that such answers refer to, by name."""
    schema = TypeAdapter(Problem).json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    return {**schema.pop("$defs"), "Problem": schema}


class HttpProblem(Exception):  # noqa: N818 - it is the problem
    """A problem of HTTP itself, which no layer below can know."""

    def __init__(
        self,
        status: int,
        detail: str,
        remedy: str = "",
        headers: dict[str, str] | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.remedy = remedy
        self.headers = headers
        self.more = more or {}


class Gone(HttpProblem):
    """A thing that was published and has been withdrawn, with what is left of it."""

    def __init__(self, tombstone: Tombstone) -> None:
        why = f": {tombstone.reason.rstrip('.')}" if tombstone.reason else ""
        super().__init__(
            410,
            f"<{tombstone.iri}> was withdrawn on {tombstone.withdrawn} by {tombstone.agent}{why}.",
            f"Revision {tombstone.revision} is the last that has it.",
            more={"tombstone": asdict(tombstone)},
        )


def problem_response(
    request: Request,
    problem: Problem,
    headers: dict[str, str] | None = None,
    more: Mapping[str, object] | None = None,
) -> Response:
    """A problem as a response: for browsers a page, where the application has one.

    ``more`` are members of its own kind (RFC 9457, 3.2), such as a validation report.
    """
    error_page = getattr(request.app.state, "error_page", None)
    wants_page = "text/html" in request.headers.get("accept", "")
    if error_page and wants_page and not request.url.path.startswith("/api/"):
        page: Response = error_page(request, problem, more or {})
        page.headers.update({**SECURITY_HEADERS, **(headers or {})})
        return page
    return Response(
        json.dumps({**asdict(problem), **(more or {})}, ensure_ascii=False),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={**SECURITY_HEADERS, **(headers or {})},
    )


def problem_type(name: str) -> str:
    """IRI of a kind of problem, from the name of an error class or of a status."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    return f"{BASE}/problem/{re.sub(r'[^a-z0-9]+', '-', words)}"


def problem_of(error: DtrackError, instance: str) -> Problem:
    """Problem that an error of ours is."""
    place = error.place
    return Problem(
        type=problem_type(type(error).__name__.removesuffix("Error")),
        title=error.title,
        status=error.status,
        detail=error.message,
        instance=instance,
        remedy=error.remedy,
        place=ProblemPlace(place.source, place.line, place.column) if place else None,
    )


def _of_http(status: int, detail: str, remedy: str, request: Request) -> Problem:
    phrase = HTTPStatus(status).phrase
    return Problem(problem_type(phrase), phrase, status, detail, request.url.path, remedy)


async def _dtrack_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DtrackError)  # noqa: S101 - registered for it alone
    if isinstance(error, NotConformingError) and isinstance(error.report, Report):
        response = report_response(request, error.report, error.status)
        if response is not None:
            return response
    problem = problem_of(error, request.url.path)
    return problem_response(request, problem, _headers_of(error), _more_of(error))


def _headers_of(error: DtrackError) -> dict[str, str]:
    """Headers that belong to an error."""
    if isinstance(error, TooManyError):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, UnauthorisedError):
        return {"WWW-Authenticate": 'Bearer realm="dtrack"'}
    return {"Retry-After": str(RETRY_SECONDS)} if error.status == 503 else {}


def _more_of(error: DtrackError) -> dict[str, object]:
    """Members of a problem that only its kind has."""
    if isinstance(error, ConflictError) and error.difference:
        return {"difference": error.difference}
    if isinstance(error, NotConformingError) and isinstance(error.report, Report):
        report = error.report
        findings = [asdict(finding) for finding in report.findings]
        return {
            "report": {
                "conforms": report.conforms,
                "findings": findings,
                "turtle": report.turtle,
            }
        }
    return {}


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HttpProblem)  # noqa: S101 - registered for it alone
    problem = _of_http(error.status, error.detail, error.remedy, request)
    return problem_response(request, problem, error.headers, error.more)


async def _framework_error(request: Request, error: Exception) -> Response:
    """404 and 405 of the router."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    headers = dict(error.headers or {})
    detail, remedy = error.detail, ""
    if error.status_code == 404:
        detail, remedy = "There is nothing at this address.", "See /docs for what there is."
    elif error.status_code == 405:
        allowed = headers.get("Allow", "GET")
        detail = f"{request.method} is not possible here."
        remedy = f"Use {allowed}."
    problem = _of_http(error.status_code, detail, remedy, request)
    return problem_response(request, problem, headers)


async def _invalid_request(request: Request, error: Exception) -> Response:
    """A parameter of the wrong type or size; only the first is told."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
    first = error.errors()[0]
    where, *name = (str(part) for part in first["loc"])
    subject = f"{where.capitalize()} parameter '{'.'.join(name)}'" if name else "The request"
    problem = Problem(
        type=problem_type("Parameter"),
        title="Faulty parameter",
        status=400,
        detail=f"{subject}: {first['msg']}.",
        instance=request.url.path,
        remedy="See /docs for what it may be.",
    )
    return problem_response(request, problem)


async def _unexpected(request: Request, _error: Exception) -> Response:
    """A fault of ours. The server logs it; the caller is told nothing about it."""
    log.error("request failed", extra={"method": request.method, "path": request.url.path})
    problem = _of_http(500, "Something failed that should not.", "Tell the operator.", request)
    return problem_response(request, problem)


def install(app: FastAPI) -> None:
    """Answer every error of an application with a problem."""
    app.add_exception_handler(DtrackError, _dtrack_error)
    app.add_exception_handler(HttpProblem, _http_problem)
    app.add_exception_handler(HTTPException, _framework_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(Exception, _unexpected)
