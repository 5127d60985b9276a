"""``/health``, ``/version``: for operators."""

from fastapi import APIRouter, Response

from dtrack.api.context import ServiceOf
from dtrack.api.views import HealthView, VersionView
from dtrack.errors import StoreError

router = APIRouter(tags=["Operations"])


@router.get("/health/live", summary="Whether the process runs")
def get_live(response: Response) -> HealthView:
    """Answer as long as the process can."""
    response.headers["Cache-Control"] = "no-store"
    return HealthView("ok")


@router.get("/health/ready", summary="Whether queries are answered")
def get_ready(response: Response, service: ServiceOf) -> HealthView:
    """Ask the store, through the processes that answer queries."""
    response.headers["Cache-Control"] = "no-store"
    # The first overlap question would otherwise wait for the index.
    _ = service.answers.index
    answer = service.readers.serialise("ASK { ?s ?p ?o }", "text/csv")
    if b"true" not in answer.body:
        raise StoreError("The store is empty.", remedy="Run `dtrack init`.")
    return HealthView("ok")


@router.get("/version", summary="What answers, from which data")
def get_version(service: ServiceOf) -> VersionView:
    """Version of the program, and the marker of the data."""
    marker = service.marker
    return VersionView(
        version=marker.version,
        digest=marker.digest,
        triples=marker.triples,
        graphs=marker.graphs,
        built=marker.built,
        revision=marker.revision,
    )
