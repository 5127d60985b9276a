"""``/update``: the update operation of the SPARQL 1.1 Protocol (its section 2.2)."""

from collections.abc import Callable
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Request, Response

from dtrack.api.asking import asked
from dtrack.api.bodies import Fields, form_of, media_type_of, text_of
from dtrack.api.changing import Author, Changed, Changes, GatedChanges
from dtrack.api.context import service_of
from dtrack.api.problems import HttpProblem
from dtrack.errors import ParameterError
from dtrack.stores.updating import UpdateText

ALLOWED = "POST, OPTIONS"
_READ = "application/sparql-update, application/x-www-form-urlencoded"
_FIELDS = {"update", "using-graph-uri", "using-named-graph-uri"}
_LONGEST_REASON = 500

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/sparql-update": {"schema": {"type": "string"}},
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {"update": {"type": "string"}},
                    "required": ["update"],
                }
            },
        },
    }
}


class Named(Protocol):
    """A key, or what stands for one where none is needed."""

    @property
    def name(self) -> str:
        """Name of whoever has it."""
        ...


def author_of(request: Request, key: Named, what: str) -> Author:
    """Author of a change; the header ``Dtrack-Reason`` says why."""
    reason = request.headers.get("dtrack-reason", "").strip()[:_LONGEST_REASON]
    return Author(key.name, reason or what)


def changes_of(request: Request) -> Changes:
    """Way to change what a request is answered from."""
    changes: Changes | None = getattr(service_of(request), "changes", None)
    return changes or GatedChanges(request.app.state.source.current)


def headers_of(changed: Changed) -> dict[str, str]:
    """Headers that tell what a change has become."""
    revision = changed.revision
    return {} if revision is None else {"Dtrack-Revision": str(revision)}


def create_router(needs_key: Callable[..., Named]) -> APIRouter:
    """Route for updates, for those whom a dependency gives a key."""
    router = APIRouter(tags=["SPARQL"])

    @router.post(
        "/update",
        summary="Run an update",
        status_code=204,
        responses={204: {"description": "Done; Dtrack-Revision names the revision, if any"}},
        response_class=Response,
        openapi_extra=_BODY,
    )
    async def post_update(request: Request, key: Annotated[Named, Depends(needs_key)]) -> Response:
        """Run one or more operations, whole or not at all.

        They must name graphs. LOAD and SERVICE are refused. The header Dtrack-Reason says
        why, for the history.
        """
        update = await _update_of(request)
        author = author_of(request, key, "SPARQL update")
        changes = changes_of(request)
        changed = await asked(request, lambda caller: changes.update(update, author, caller))
        return Response(status_code=204, headers=headers_of(changed))

    @router.api_route("/update", methods=["GET", "PUT", "DELETE", "PATCH"], include_in_schema=False)
    def other_methods(request: Request) -> Response:
        """Say what is possible here."""
        raise HttpProblem(
            405, f"{request.method} is not possible here.", "POST it.", {"Allow": ALLOWED}
        )

    return router


async def _update_of(request: Request) -> UpdateText:
    """Update in a form, or one that is the body itself. Raises HttpProblem, ParameterError."""
    media = media_type_of(request)
    fields: Fields = request.query_params.multi_items()
    if media == "application/x-www-form-urlencoded":
        if fields:
            raise ParameterError(
                "A form has its fields in the body only.", remedy="Move them there."
            )
        fields = await form_of(request)
    elif media == "application/sparql-update":
        if any(name == "update" for name, _ in fields):
            raise ParameterError("There are two updates in the request.", remedy="Send one.")
        fields.append(("update", await text_of(request)))
    else:
        raise HttpProblem(
            415,
            f"An update cannot be sent as '{media[:60] or 'nothing'}'.",
            f"Use one of {_READ}.",
            {"Accept-Post": _READ},
        )
    return _update_in(fields, f"{service_of(request).settings.base_iri}/update")


def _update_in(fields: Fields, base: str) -> UpdateText:
    updates = [value for name, value in fields if name == "update"]
    if len(updates) != 1:
        raise ParameterError(
            f"There are {len(updates)} updates in the request.", remedy="Send one."
        )
    if unknown := {name for name, _ in fields} - _FIELDS:
        raise ParameterError(
            f"There is no parameter '{min(unknown)[:40]}' here.",
            remedy=f"There are: {', '.join(sorted(_FIELDS))}.",
        )
    return UpdateText(
        updates[0],
        base,
        tuple(value for name, value in fields if name == "using-graph-uri"),
        tuple(value for name, value in fields if name == "using-named-graph-uri"),
    )
