"""``POST /api/v1/screenings``: what a draft meets in what is recorded."""

from collections.abc import Sequence
from time import monotonic
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request

from dtrack.api.asking import asked
from dtrack.api.bodies import body_of, checked_media_type, form_parts_of, media_type_of
from dtrack.api.context import LanguageOf, service_of, takes_json
from dtrack.api.linked import LinkedRoute
from dtrack.api.problems import HttpProblem
from dtrack.errors import ParameterError, QueryTimeoutError
from dtrack.screen import ScreeningView
from dtrack.stores.turns import Caller
from dtrack.wiring.screening import screen_draft

router = APIRouter(tags=["Screening"], route_class=LinkedRoute)

MULTIPART: Final = "multipart/form-data"
MOST_BYTES: Final = 10 << 20
_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMES: Final = {
    "text/plain": "draft.txt",
    "text/html": "draft.html",
    "application/pdf": "draft.pdf",
    _DOCX: "draft.docx",
    "application/json": "draft.json",
    "text/turtle": "draft.ttl",
    "application/n-triples": "draft.nt",
}
"""Media types of drafts, with the names that say how they are read."""

_READ: Final = ", ".join([*NAMES, MULTIPART])
_KNOWN: Final = {"instrument", "against", "only", "lang"}
_DRAFT: Final = {"type": "string", "format": "binary", "description": "The draft as a file"}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            **{media: {"schema": {"type": "string"}} for media in NAMES if media[-4:] != "json"},
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "text": {"type": "string"},
                        "instrument": {"type": "string"},
                        "title": {"type": "string"},
                    },
                    "required": ["text"],
                    "additionalProperties": False,
                }
            },
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "properties": {"draft": _DRAFT},
                    "required": ["draft"],
                }
            },
        },
    }
}


@router.post("/screenings", summary="Screen a draft", openapi_extra=_BODY)
async def post_screening(
    request: Request,
    language: LanguageOf,
    instrument: Annotated[
        str | None, Query(description="Who will adopt it: a key or a name")
    ] = None,
    against: Annotated[
        list[str] | None, Query(description="Only provisions of these instruments")
    ] = None,
    only: Annotated[
        str | None, Query(max_length=80, description="The text with this symbol, of several")
    ] = None,
) -> ScreeningView:
    """Say what each directive of a draft repeats, amends, would supersede or contradicts.

    The evidence is that of overlap, and the wording; per instrument, with coverage. Also told is
    what is new in a directive, and whether it lacks a deadline, an addressee or an end. Nothing
    is stored.
    """
    await takes_json(request)
    if unknown := set(request.query_params) - _KNOWN:
        raise ParameterError(
            f"There is no parameter '{min(unknown)[:40]}' here.",
            remedy=f"There are: {', '.join(sorted(_KNOWN))}.",
        )
    data, name = await draft_of(request)
    return await screened(request, data, name, language, instrument, against or (), only)


async def screened(
    request: Request,
    data: bytes,
    name: str,
    language: str,
    instrument: str | None = None,
    against: Sequence[str] = (),
    only: str | None = None,
) -> ScreeningView:
    """Screening of a draft, ended at the deadline of queries and charged to the caller."""
    service = service_of(request)
    seconds = service.settings.query_seconds

    def ask(caller: Caller) -> ScreeningView:
        started = monotonic()

        def watch(_what: str, _done: int, _total: int) -> None:
            caller.check()
            if monotonic() - started > seconds:
                raise QueryTimeoutError(
                    f"The screening was ended after {seconds:g} seconds.",
                    remedy="Screen a part of the draft, or against fewer instruments.",
                )

        try:
            return screen_draft(
                service.answers,
                data,
                name,
                watch,
                language=language,
                instrument=instrument,
                against=against,
                only=only,
            )
        finally:
            caller.charge(monotonic() - started)

    return await asked(request, ask)


async def draft_of(request: Request) -> tuple[bytes, str]:
    """Content of a draft, and a name whose ending says what it is."""
    media = checked_media_type(request.headers.get("content-type", ""))
    if media != MULTIPART:
        return await body_of(request, MOST_BYTES), _name(media_type_of(request))
    parts = [part for part in await form_parts_of(request) if part.content.strip()]
    if [part.name for part in parts] != ["draft"]:
        raise ParameterError(
            "The form must hold one part, 'draft'.", remedy="curl -F draft=@draft.docx …"
        )
    part = parts[0]
    ending = (part.file_name or "draft.txt").rpartition(".")[2].lower()
    known = next((name for name in NAMES.values() if name.endswith(f".{ending}")), None)
    return part.content, known or _name(part.media_type)


def _name(media: str) -> str:
    if media not in NAMES:
        raise HttpProblem(
            415,
            f"Drafts cannot be sent as '{media[:60] or 'nothing'}'.",
            f"Use one of {_READ}.",
            {"Accept-Post": _READ},
        )
    return NAMES[media]
