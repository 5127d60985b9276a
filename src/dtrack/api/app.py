"""The API as an application; ``dtrack.web`` adds the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Depends, FastAPI

from dtrack import __version__
from dtrack.api import linked, problems
from dtrack.api.compression import CompressionMiddleware
from dtrack.api.context import knows_parameters, takes_json
from dtrack.api.description import describe, known_parameters
from dtrack.api.metrics import Metrics
from dtrack.api.middleware import ResponseMiddleware
from dtrack.api.observing import ObservingMiddleware
from dtrack.api.problems import answered
from dtrack.api.reports import HTML, TURTLE
from dtrack.api.routes import (
    calendars,
    catalogue,
    concepts,
    descriptions,
    dumps,
    feeds,
    finding,
    graphs,
    harvests,
    keys,
    modules,
    odata,
    operations,
    overlaps,
    patterns,
    proposals,
    records,
    revisions,
    screenings,
    sparql,
    streams,
    update,
    validation,
    versions,
)
from dtrack.api.security import PROTECTED, needs
from dtrack.api.wire import OneLengthMiddleware

if TYPE_CHECKING:
    from dtrack.api.routes.sparql import Editor
    from dtrack.wiring.serving import Source

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: answered("Something in the request is not usable"),
    404: answered("There is no such thing"),
    406: answered("The answer exists in no format that is accepted"),
    500: answered("Something failed that should not"),
    503: answered("The store is busy, or the query took too long"),
}
_POSTED: dict[int | str, dict[str, Any]] = {
    403: answered("This may not be done"),
    413: answered("The body is too large"),
    415: answered("The body is of a type that is not read"),
}

_WRITTEN: dict[int | str, dict[str, Any]] = {
    408: answered("The body did not arrive in time"),
    412: answered("The graph is not what the request says it is"),
    422: answered(
        "The data does not conform to the shapes; the report is in the answer", TURTLE, HTML
    ),
}

DESCRIPTION = (
    "What environmental conventions decide, as linked data: decisions with their provisions, "
    "whom they ask what, which targets they serve, and where conventions overlap. Anybody may "
    "read; changes need a key. "
    "Labels are in the language of `lang` or Accept-Language. Errors are "
    "application/problem+json (RFC 9457)."
)


def create_api(source: Source, editor: Editor | None = None) -> FastAPI:
    """Application that answers from a source's current service.

    ``editor`` shows browsers a form at /sparql.
    """
    app = FastAPI(
        title="dtrack",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        # A redirect would be made of the Host header.
        redirect_slashes=False,
    )
    app.state.source = source
    app.state.editor = editor
    app.include_router(sparql.router, responses={**_PROBLEMS, **_POSTED})
    for router in (update.create_router(needs("publish")), graphs.create_router(needs("publish"))):
        app.include_router(router, responses={**_PROBLEMS, **_POSTED, **PROTECTED, **_WRITTEN})
    app.include_router(
        catalogue.router, prefix="/api/v1", responses=_PROBLEMS
    )  # its parameters and formats are those of each query
    app.include_router(
        catalogue.resolving,
        prefix="/api/v1",
        responses=_PROBLEMS,
        dependencies=[Depends(takes_json), Depends(knows_parameters)],
    )
    for router in (
        modules.router,
        patterns.router,
        overlaps.router,
        records.router,
        concepts.router,
        finding.router,
        harvests.router,
    ):
        app.include_router(
            router,
            responses=_PROBLEMS,
            dependencies=[Depends(takes_json), Depends(knows_parameters)],
        )
    for router in (revisions.router, proposals.router, keys.router):
        app.include_router(router, responses={**_PROBLEMS, **_POSTED, **PROTECTED, **_WRITTEN})
    for router in (validation.router, screenings.router):
        app.include_router(
            router,
            prefix="/api/v1",
            responses={**_PROBLEMS, **_POSTED, 408: _WRITTEN[408], 429: PROTECTED[429]},
        )
    for router in (feeds.router, streams.router, versions.router):
        app.include_router(router, responses=_PROBLEMS, dependencies=[Depends(knows_parameters)])
    for router in (calendars.router, descriptions.router, dumps.router):
        app.include_router(router, responses=_PROBLEMS)
    app.include_router(odata.router)
    app.include_router(linked.router)
    app.include_router(operations.router, responses={503: _PROBLEMS[503]})
    app.add_middleware(CompressionMiddleware)
    app.add_middleware(ResponseMiddleware, source=source)
    app.add_middleware(OneLengthMiddleware)
    app.state.metrics = Metrics(source)
    app.add_middleware(ObservingMiddleware, metrics=app.state.metrics)
    problems.install(app)
    description = describe(app)
    app.state.parameters = known_parameters(description)
    app.openapi = lambda: description  # type: ignore[method-assign]
    return app
