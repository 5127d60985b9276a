"""``/health``, ``/metrics``, ``/version``: for operators."""

from fastapi import APIRouter, Request, Response

from dtrack.api.context import ServiceOf
from dtrack.api.metrics import MEDIA_TYPE, Metrics
from dtrack.api.problems import RETRY_SECONDS, HttpProblem
from dtrack.api.views import HealthView, VersionView
from dtrack.errors import DtrackError, StoreError
from dtrack.wiring.serving import Service

router = APIRouter(tags=["Operations"])
figures = APIRouter(tags=["Operations"])
"""Routes that any application with metrics has, a plain store too."""


@router.get("/health/live", summary="Whether the process runs")
def get_live(response: Response) -> HealthView:
    """Answer as long as the process can."""
    response.headers["Cache-Control"] = "no-store"
    return HealthView("ok")


@router.get("/health/ready", summary="Whether queries are answered")
def get_ready(response: Response, service: ServiceOf) -> HealthView:
    """Ask the index, the journal and the processes that answer queries; say what is wrong."""
    response.headers["Cache-Control"] = "no-store"
    reasons = []
    for name, check in (
        ("index", _index),
        ("journal", _journal),
        ("queries", _queries),
        ("others", _others),
    ):
        try:
            check(service)
        except DtrackError as error:
            reasons.append({"part": name, "detail": error.message, "remedy": error.remedy})
    if reasons:
        raise HttpProblem(
            503,
            # One cause may stop several parts.
            " ".join(["Not ready:", *dict.fromkeys(reason["detail"] for reason in reasons)]),
            " ".join(dict.fromkeys(reason["remedy"] for reason in reasons)),
            {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"},
            {"reasons": reasons},
        )
    return HealthView("ok")


def _index(service: Service) -> None:
    """Load the index; the first overlap question would otherwise wait for it."""
    _ = service.answers.index


def _journal(service: Service) -> None:
    """Read the journal."""
    service.journal.last()


def _others(service: Service) -> None:
    """Follow the other nodes, and let the remote store follow."""
    if service.trouble is not None:
        raise service.trouble


def _queries(service: Service) -> None:
    """Ask a query process, unless all are at work, which is a good sign too."""
    if service.readers.load().idle:
        answer = service.readers.serialise("ASK { ?s ?p ?o }", "text/csv")
        if b"true" not in answer.body:
            raise StoreError(
                "The store is empty.",
                remedy="Run `dtrack init`; a remote store is filled by itself once it answers.",
            )


@figures.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def get_metrics(request: Request) -> Response:
    """Requests by route and status, their times, query processes, revision and size."""
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


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


router.include_router(figures)
