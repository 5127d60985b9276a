"""``POST /api/v1/validate``: anybody's data, checked by our rules or by anybody's shapes."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from dtrack.api.context import accept_of
from dtrack.api.judging import MULTIPART, judgement_of, parts_to_judge, report_language
from dtrack.api.reports import policy_of
from dtrack.errors import ParameterError
from dtrack.stores.results import negotiate
from dtrack.stores.uploads import DATASET_FORMATS

router = APIRouter(tags=["Validation"])

REPORTS: Final = ("application/json", "text/turtle", "text/html", "text/plain")
_KNOWN: Final = {"graph", "lang"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a shape found at a node; ``messages`` are by language tag."""

    severity: str
    focus: str
    path: str
    value: str
    messages: dict[str, str]
    shape: str
    component: str
    place: str


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """A report; data conform when nothing found is a violation."""

    conforms: bool
    focus_nodes: int
    shapes: int
    findings: list[Finding]
    by_reference: list[str]


_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "model": ValidationReport,
        "description": "The report, whether the data conform or not",
        "content": {media: {} for media in REPORTS if media != "application/json"},
    }
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            **{media: {"schema": {"type": "string"}} for media in DATASET_FORMATS},
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "data": {"type": "string"},
                        "shapes": {"type": "string"},
                        "format": {"type": "string", "description": "of fields: turtle, jsonld …"},
                    },
                    "required": ["data"],
                }
            },
        },
    }
}


@router.post(
    "/validate",
    summary="Check data",
    responses=_ANSWER,
    response_class=Response,
    openapi_extra=_BODY,
)
async def post_validate(
    request: Request,
    graph: Annotated[
        str | None, Query(description="Graph of data that do not say whose they are")
    ] = None,
    lang: Annotated[
        str | None, Query(description="Language of messages: en or zh; else Accept-Language")
    ] = None,
) -> Response:
    """Say whether data conform; nothing is stored.

    By our rules they are checked together with what is recorded here, which they may refer to.
    With a part `shapes` in a multipart form they are checked by those alone, on pySHACL.
    """
    if unknown := set(request.query_params) - _KNOWN:
        raise ParameterError(
            f"There is no parameter '{min(unknown)[:40]}' here.", remedy="There are: graph, lang."
        )
    language = report_language(request, lang)
    media = negotiate(accept_of(request), REPORTS)
    parts = await parts_to_judge(request)
    judgement = await judgement_of(request, parts, media, language, graph)
    headers = {"Content-Language": language}
    if media == "text/html":
        headers["Content-Security-Policy"] = policy_of(judgement.body.decode())
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    return Response(judgement.body, media_type=media + charset, headers=headers)
