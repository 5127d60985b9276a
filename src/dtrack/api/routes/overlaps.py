"""``/api/v1/overlaps`` and ``/api/v1/gaps``: the answers, with their evidence."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import TypeAdapter

from dtrack.answer.overlaps import MOST_VALUES
from dtrack.answer.views import AtView, GapsView, MatrixView, NearestView, PairsView
from dtrack.api.context import LanguageOf, ServiceOf
from dtrack.api.linked import JSON, LinkedRoute
from dtrack.api.narrowing import FiltersOf, LimitOf, MoreOf, OffsetOf, SelectionOf, WeightsOf
from dtrack.errors import NotFoundError, ParameterError
from dtrack.terms import BASE

router = APIRouter(prefix="/api/v1", tags=["Overlap"], route_class=LinkedRoute)


_MATRIX: Final = TypeAdapter(MatrixView)


def _told(view: MatrixView) -> bytes:
    """A matrix as JSON."""
    return _MATRIX.dump_json(view)


@router.get("/overlaps", summary="Overlap of every two instruments", response_model=MatrixView)
def get_matrix(
    response: Response,
    service: ServiceOf,
    language: LanguageOf,
    selection: SelectionOf,
    dimensions: WeightsOf,
    values: Annotated[
        int, Query(ge=0, le=10_000, description="Shared values a cell shows, the most telling")
    ] = MOST_VALUES,
) -> Response:
    """One cell for each pair of instruments, with what they share; by default all instruments."""
    # Megabytes of it; it is made once, as the matrix is.
    body = service.answers.overlaps(language).matrix_as(_told, selection, dimensions, values=values)
    return Response(body, media_type=JSON, headers=dict(response.headers))


@router.get("/overlaps/near/{provision:path}", summary="Provisions next to one")
def get_near(
    provision: str,
    service: ServiceOf,
    language: LanguageOf,
    chosen: FiltersOf,
    dimensions: WeightsOf,
    limit: LimitOf = 20,
) -> NearestView:
    """Provisions anywhere that overlap with one, best first.

    The provision is ``{text}/{number}``, such as ``cbd-cop-12-19/4``, or an IRI.
    """
    iri = provision if "://" in provision else f"{BASE}/id/provision/{provision}"
    selection = chosen.selection(service)
    return service.answers.overlaps(language).nearest(iri, selection, dimensions, limit=limit)


@router.get("/overlaps/at/target/{key:path}", summary="Who serves a target")
def get_at_target(
    key: str,
    more: MoreOf,
    service: ServiceOf,
    language: LanguageOf,
    chosen: FiltersOf,
    limit: LimitOf = 100,
    offset: OffsetOf = 0,
) -> AtView:
    """Provisions that serve a target, directly, by a narrower one, or by a mapping."""
    target = service.answers.key("target", key)
    view = service.answers.overlaps(language).at_target(
        target, chosen.selection(service), limit=limit, offset=offset
    )
    more(view.total, offset + limit)
    return view


@router.get("/overlaps/at/theme/{key:path}", summary="Who speaks about a theme")
def get_at_theme(
    key: str,
    more: MoreOf,
    service: ServiceOf,
    language: LanguageOf,
    chosen: FiltersOf,
    limit: LimitOf = 100,
    offset: OffsetOf = 0,
) -> AtView:
    """Provisions on a theme, on a narrower one, or on one mapped to it."""
    theme = service.answers.key("theme", key)
    view = service.answers.overlaps(language).at_theme(
        theme, chosen.selection(service), limit=limit, offset=offset
    )
    more(view.total, offset + limit)
    return view


@router.get("/overlaps/{a}/{b}", summary="Provisions of two instruments that overlap")
def get_pairs(
    a: str,
    b: str,
    more: MoreOf,
    service: ServiceOf,
    language: LanguageOf,
    chosen: FiltersOf,
    dimensions: WeightsOf,
    limit: LimitOf = 20,
    offset: OffsetOf = 0,
) -> PairsView:
    """A page of pairs, best first, each with the evidence for every part of its score."""
    first, second = (service.answers.key("instrument", name) for name in (a, b))
    if first == second:
        raise ParameterError("Overlap takes two instruments.", remedy="Name two different ones.")
    view = service.answers.overlaps(language).pairs(
        first, second, chosen.selection(service), dimensions, limit=limit, offset=offset
    )
    more(view.total, offset + limit)
    return view


@router.get("/gaps/{key:path}", summary="Targets that instruments do not serve")
def get_gaps(
    key: str,
    service: ServiceOf,
    language: LanguageOf,
    selection: SelectionOf,
) -> GapsView:
    """Targets of a framework against instruments: who serves each, and who does not."""
    iri = service.answers.key("framework", key)
    try:
        return service.answers.overlaps(language).gaps(iri, selection)
    except NotFoundError as error:
        raise NotFoundError(error.message, remedy="List them at /api/v1/frameworks.") from error
