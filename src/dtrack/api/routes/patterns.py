"""``/api/v1/overlaps/…`` and ``/api/v1/leads``: facets, groups, conflicts, effects, leads."""

from typing import Annotated

from fastapi import APIRouter, Query

from dtrack.answer.pattern_views import (
    CommonsView,
    ConflictsView,
    EffectView,
    FacetsView,
    GroupsView,
    LeadsView,
)
from dtrack.api.context import ServiceOf
from dtrack.api.linked import LinkedRoute
from dtrack.api.narrowing import LimitOf, MoreOf, OffsetOf, PatternsOf, SelectionOf

router = APIRouter(prefix="/api/v1", tags=["Overlap"], route_class=LinkedRoute)


@router.get("/overlaps/facets", summary="Provisions counted by what they can be narrowed by")
def get_facets(
    patterns: PatternsOf,
    selection: SelectionOf,
) -> FacetsView:
    """Counts of a selection by instrument, target, theme, actor, force, year and status."""
    return patterns.facets(selection)


@router.get("/overlaps/common", summary="What instruments have in common in a selection")
def get_common(
    more: MoreOf,
    patterns: PatternsOf,
    selection: SelectionOf,
    limit: LimitOf = 50,
    offset: OffsetOf = 0,
) -> CommonsView:
    """Actors, targets and further themes that two or more instruments share.

    With ``theme=capacity-building`` it answers action 5.2 (c) of the options paper.
    """
    view = patterns.common(selection, limit=limit, offset=offset)
    more(view.total, offset + limit)
    return view


@router.get("/overlaps/duplicates", summary="Provisions of several instruments that ask the same")
def get_duplicates(
    more: MoreOf,
    patterns: PatternsOf,
    selection: SelectionOf,
    limit: LimitOf = 20,
    offset: OffsetOf = 0,
) -> GroupsView:
    """Groups with the same targets, actors and force of verb, in overlapping periods."""
    view = patterns.duplicates(selection, limit=limit, offset=offset)
    more(view.total, offset + limit)
    return view


@router.get("/overlaps/clusters", summary="Provisions of many instruments about the same")
def get_clusters(
    more: MoreOf,
    patterns: PatternsOf,
    selection: SelectionOf,
    least: Annotated[int, Query(ge=2, le=100, description="Instruments that must share")] = 3,
    limit: LimitOf = 20,
    offset: OffsetOf = 0,
) -> GroupsView:
    """Groups with the same targets and themes under so many instruments."""
    view = patterns.clusters(selection, instruments=least, limit=limit, offset=offset)
    more(view.total, offset + limit)
    return view


@router.get("/overlaps/conflicts", summary="Where one instrument permits what another restricts")
def get_conflicts(
    more: MoreOf,
    patterns: PatternsOf,
    selection: SelectionOf,
    limit: LimitOf = 20,
    offset: OffsetOf = 0,
) -> ConflictsView:
    """Targets and themes with permissive and restrictive verbs at one time, to be judged."""
    view = patterns.conflicts(selection, limit=limit, offset=offset)
    more(view.total, offset + limit)
    return view


@router.get("/overlaps/effect", summary="What hangs on one mapping")
def get_effect(
    patterns: PatternsOf,
    selection: SelectionOf,
    mapping: Annotated[str, Query(description="IRI of the mapping")],
) -> EffectView:
    """Cells of the matrix and gaps that would read otherwise were the mapping withdrawn."""
    return patterns.effect(mapping, selection)


@router.get("/leads/{key:path}", summary="Who might lead on each target of a framework")
def get_leads(
    key: str,
    service: ServiceOf,
    patterns: PatternsOf,
    selection: SelectionOf,
) -> LeadsView:
    """Instruments by how active and how specific they are on each target: action 7.2 (b)."""
    framework = service.answers.key("framework", key)
    return patterns.leads(framework, selection)
