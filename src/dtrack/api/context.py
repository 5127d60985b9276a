"""What a request brings with it: the service, a language, the formats it takes."""

import re
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from dtrack.errors import ParameterError
from dtrack.stores.results import negotiate
from dtrack.wiring.serving import Service

TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def service_of(request: Request) -> Service:
    """The snapshot that this request is answered from, from first to last."""
    service: Service = request.state.service
    return service


async def _service(request: Request) -> Service:
    # What waits for nothing is asynchronous, here and below: to hand it to a thread and
    # back takes longer than it does.
    return service_of(request)


ServiceOf = Annotated[Service, Depends(_service)]


def preferred_languages(header: str) -> list[str]:
    """Language tags of an Accept-Language header, best first; unreadable parts are left out."""
    found: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = (piece.strip() for piece in part.partition(";"))
        match = re.fullmatch(r"q=([01](?:\.\d{0,3})?)", weight)
        quality = float(match.group(1)) if match else 1.0
        if TAG.fullmatch(tag) and quality > 0:
            found.append((-quality, place, tag.lower()))
    return [tag for _, _, tag in sorted(found)]


async def language_of(
    request: Request,
    response: Response,
    lang: Annotated[
        str | None,
        Query(description="Language of labels, such as en or zh; else Accept-Language decides"),
    ] = None,
) -> str:
    """Language of labels: asked for, preferred, or the server's own."""
    if lang is not None and not TAG.fullmatch(lang):
        raise ParameterError(f"'{lang[:40]}' is no language tag.", remedy="Give en, zh, fr …")
    preferred = preferred_languages(request.headers.get("accept-language", ""))
    language = (lang or next(iter(preferred), service_of(request).settings.language)).lower()
    response.headers["Content-Language"] = language
    return language


LanguageOf = Annotated[str, Depends(language_of)]


def accept_of(request: Request) -> str:
    """Accept header; several are one list."""
    return ", ".join(request.headers.getlist("accept"))


async def takes_json(request: Request) -> None:
    """Let a request pass that takes JSON. Raises NotAcceptableError."""
    offers = ["application/json", "application/ld+json", "application/problem+json"]
    negotiate(accept_of(request), offers)


async def knows_parameters(request: Request) -> None:
    """Let a request pass whose parameters its route has. Raises ParameterError.

    A filter that is misspelt would otherwise be an answer to another question.
    """
    known = request.app.state.parameters.get(request.scope["route"].path_format)
    for name in request.query_params:
        if known is not None and name not in known:
            raise ParameterError(
                f"There is no parameter '{name[:40]}' here.",
                remedy=f"There are: {', '.join(sorted(known)) or 'none'}.",
            )
