"""``/api/v1/harvests``: what this node reads from others, and how that goes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from dtrack.api.context import ServiceOf
from dtrack.curate.harvests.showing import (
    HarvestReport,
    HarvestView,
    compare_offer,
    list_harvests,
    report_harvest,
)
from dtrack.curate.looking_back import GraphDifference


def _fresh(response: Response) -> None:
    """Runs change what is told here without a revision, so nobody keeps it."""
    response.headers["Cache-Control"] = "no-store"


router = APIRouter(prefix="/api/v1/harvests", tags=["Harvests"], dependencies=[Depends(_fresh)])


@router.get("", summary="What is harvested, and how it went last")
def get_harvests(service: ServiceOf) -> list[HarvestView]:
    """All harvests by name; addresses without their queries, which may hold secrets."""
    return list_harvests(service.journal)


@router.get("/{name}", summary="A harvest with its conflicts and what was refused")
def get_harvest(
    service: ServiceOf,
    name: str,
    limit: Annotated[int, Query(ge=1, le=1000, description="Most records of each standing")] = 100,
) -> HarvestReport:
    """What the origin offers and does not stand here as it was told: why, and both sides."""
    return report_harvest(service.journal, name, limit=limit)


@router.get("/{name}/difference", summary="A record here and as its origin tells it")
def get_difference(
    service: ServiceOf, name: str, graph: Annotated[str, Query(description="IRI of the graph")]
) -> GraphDifference:
    """Triples that it would gain and lose, were it as it was told."""
    return compare_offer(service.journal, name, graph)
