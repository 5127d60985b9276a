"""The whole application: pages on top of the API."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.staticfiles import StaticFiles

from dtrack.api.app import create_api
from dtrack.web import (
    checking,
    comparing,
    curating,
    desk,
    figures,
    harvests,
    lists,
    pages,
    patterns,
    querying,
    records,
    screening,
    stating,
    tools,
    tracking,
    vocabularies,
)
from dtrack.web.dataset import dataset_page
from dtrack.web.rendering import render_apart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI, Request, Response

    from dtrack.api.problems import Problem
    from dtrack.wiring.serving import Source


def _error_page(request: Request, problem: Problem, more: Mapping[str, object]) -> Response:
    return render_apart(
        request,
        "error.html",
        problem.status,
        problem=problem,
        tombstone=more.get("tombstone"),
        base=request.state.service.settings.base_iri,
    )


def create_app(source: Source) -> FastAPI:
    """Application with pages, API and SPARQL endpoint over a source of services."""
    app = create_api(source, editor=querying.sparql_form)
    app.state.error_page = _error_page
    app.state.dataset_page = dataset_page
    for router in (
        pages.router,
        lists.router,
        comparing.router,
        tracking.router,
        figures.router,
        querying.router,
        screening.router,
        # Before the desk, whose proposals are numbers.
        curating.router,
        stating.router,
        harvests.router,
        desk.router,
        patterns.router,
        vocabularies.router,
        records.router,
        tools.router,
        checking.router,
    ):
        app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    return app
