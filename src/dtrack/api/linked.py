"""JSON that is JSON-LD: each answer names the context that says what its keys mean."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Final, get_args

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from dtrack.api.context import accept_of
from dtrack.errors import NotAcceptableError
from dtrack.formats.context import bundled_context
from dtrack.formats.view_terms import VIEW_TERMS
from dtrack.stores.results import negotiate
from dtrack.wiring.serving import Service

JSON: Final = "application/json"
JSON_LD: Final = "application/ld+json"
_RELATION: Final = "http://www.w3.org/ns/json-ld#context"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

router = APIRouter(tags=["Linked data"])


@router.get(
    "/context.jsonld",
    summary="The JSON-LD context",
    response_class=Response,
    responses={200: {"content": {JSON_LD: {}}, "description": "The context"}},
)
def get_context() -> Response:
    """What the keys of the API's JSON and of JSON-LD documents mean."""
    body = json.dumps({"@context": dict(bundled_context())}, ensure_ascii=False, indent=1)
    return Response(body, media_type=JSON_LD)


def context_address(service: Service) -> str:
    """Address of the context on this node."""
    return f"{service.settings.base_iri}/context.jsonld"


class LinkedRoute(APIRoute):
    """Route whose JSON says what its keys mean; as JSON-LD for those who ask for it."""

    def get_route_handler(self) -> Handler:
        """Handler of requests."""
        answer = super().get_route_handler()
        terms = VIEW_TERMS.get(view_name(self.response_model, self.path), {})

        async def handle(request: Request) -> Response:
            return _with_context(request, await answer(request), terms)

        return handle


def view_name(model: object, path: str) -> str:
    """Name of the view that an answer, or each item of a list, is."""
    inner = get_args(model)
    name = str(getattr(inner[0] if inner else model, "__name__", ""))
    if name == "ConceptItem":
        return "ThemeItem" if path.endswith("/themes") else "ActorItem"
    return name


def _with_context(request: Request, response: Response, terms: dict[str, Any]) -> Response:
    """Answer with its context, in the media type that is preferred."""
    media = response.headers.get("content-type", "").partition(";")[0]
    if response.status_code != 200 or media != JSON:
        return response
    address = context_address(request.state.service)
    context = json.dumps([address, terms] if terms else address, separators=(",", ":"))
    try:
        chosen = negotiate(accept_of(request), [JSON, JSON_LD])
    except NotAcceptableError:
        # Whoever takes problems alone has been let pass.
        chosen = JSON
    body = bytes(response.body)
    headers = {
        name: value
        for name, value in response.headers.items()
        if name not in {"content-length", "content-type"}
    }
    if body.startswith(b"{"):
        joint = b"" if body == b"{}" else b","
        body = b'{"@context":' + context.encode() + joint + body[1:]
    elif chosen == JSON_LD:
        body = b'{"@context":' + context.encode() + b',"items":' + body + b"}"
    else:
        # An array has no place for a context; a header names it (JSON-LD 1.1, 6.1).
        headers["link"] = f'<{address}>; rel="{_RELATION}"; type="{JSON_LD}"'
    return Response(body, media_type=chosen, headers=headers)
